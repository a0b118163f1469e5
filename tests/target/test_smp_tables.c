/* SPDX-License-Identifier: MIT */
/*
 * Tables that change under a CPU whose walks go past all caches: CPU 0 maps a page for the engine's tables while CPU 1 runs with them.
 * What would break it: an entry that is not cleaned, or, where there is an outer cache, into that one alone.
 *
 * cores: 2
 */
#include "boot/cpu.h"
#include "boot/exception.h"
#include "boot/image.h"
#include "boot/mmu.h"
#include "boot/registers/barrier.h"
#include "boot/smp.h"
#include "tests/target/support/tap.h"

#include <stddef.h>

#define PAGE 0xc0100000u /* nothing is there on any board */
#define POLLS 2000000000u

static struct {
    volatile uint32_t stage;
    uint32_t word;
    bool before, after;
} shared __attribute__((section(".uncached"), aligned(64)));

static void load(void *address)
{
    shared.word = *(volatile uint32_t *)address;
}

static void wait_for(uint32_t stage)
{
    for (uint32_t polls = 0; shared.stage != stage && polls < POLLS; polls++) {
        wfe();
    }
    dmb();
}

static void go(uint32_t stage)
{
    dsb();
    shared.stage = stage;
    sev();
}

static void on_engine(void *argument)
{
    struct abort_record record;

    (void)argument;
    shared.before = abort_guard(load, (void *)PAGE, &record);
    go(1);
    wait_for(2);
    shared.after = abort_guard(load, (void *)PAGE, &record);
    go(3);
}

int main(void)
{
    tap_plan(5);
    if (!tap_ok(smp_start(1, on_engine, NULL, &mmu_tables_engine), "CPU 1 runs with the engine's tables")) {
        return tap_done();
    }
    wait_for(1);
    tap_ok(shared.stage == 1 && !shared.before, "where a page is not mapped");
    /* Text: it has been in memory since before the caches were on. */
    tap_ok(mmu_tables_map(&mmu_tables_engine, PAGE, (uintptr_t)__text_start, MMU_PAGE, MMU_RODATA), "CPU 0 maps it");
    go(2);
    wait_for(3);
    tap_ok(shared.stage == 3 && shared.after, "CPU 1 reads it");
    tap_equal(shared.word, *(const uint32_t *)(const void *)__text_start, "and what is there");
    return tap_done();
}
