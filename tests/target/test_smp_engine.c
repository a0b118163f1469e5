/* SPDX-License-Identifier: MIT */
/*
 * CPU 1 with the engine's tables: outside the coherence, everything non-cacheable, RAM of both halves reachable, its own block hidden from
 * CPU 0. In Hyp mode this time, so that its start there is covered. What would break it: a cacheable mapping in the engine's tables, a
 * window that only CPU 0 sees.
 *
 * boards: virt
 * qemu-args: -machine virtualization=on
 */
#include "boot/cache.h"
#include "boot/cpu.h"
#include "boot/exception.h"
#include "boot/fault.h"
#include "boot/image.h"
#include "boot/mmu.h"
#include "boot/registers/barrier.h"
#include "boot/sctlr.h"
#include "boot/smp.h"
#include "tests/target/support/tap.h"

#include <stddef.h>

#define POLLS 2000000000u

static struct {
    volatile uint32_t done;
    uint32_t number, sctlr, ttbr0, word, upper;
    bool text, null, own, hole;
    struct abort_record record;
} shared __attribute__((section(".uncached"), aligned(64)));

static const uint32_t constant = 0xc0ffee;

static void load(void *address)
{
    (void)*(volatile uint32_t *)address;
}

static void store(void *address)
{
    *(volatile uint32_t *)address = 1;
}

static void on_engine(void *argument)
{
    struct abort_record record = {0};

    shared.number = cpu_number();
    shared.sctlr = cp15_read_SCTLR();
    shared.ttbr0 = cp15_read_TTBR0();
    shared.word = *(volatile uint32_t *)argument + *(const volatile uint32_t *)&constant;
    *(volatile uint32_t *)0x48000000 = 0x1234;
    shared.upper = *(volatile uint32_t *)0x48000000;
    shared.text = abort_guard(store, __text_start, &record);
    shared.null = abort_guard(load, NULL, &record);
    shared.hole = abort_guard(load, (void *)0x0b000000, &record);
    shared.own = abort_guard(load, stacks[1], &record);
    (void)abort_guard(store, (void *)0x3ffffffc, &record);
    shared.record = record;
    dsb();
    shared.done = 1;
    sev();
}

static bool non_cacheable(uint32_t entry)
{
    return (entry & 0xc) != 0xc;
}

/* Reads the engine's tables themselves: no mapping in them is write-back. */
static unsigned cacheable_entries(void)
{
    unsigned i, j, count = 0;

    for (i = 0; i < 4096; i++) {
        uint32_t entry = mmu_tables_engine.level1[i];

        if ((entry & 3) == 1) {
            const uint32_t *table = (const uint32_t *)(uintptr_t)(entry & 0xfffffc00);

            for (j = 0; j < 256; j++) {
                count += !non_cacheable(table[j]);
            }
        } else if ((entry & 3) == 2) {
            count += !non_cacheable(entry);
        }
    }
    return count;
}

int main(void)
{
    volatile uint32_t *word = (volatile uint32_t *)__pool_start;
    uint32_t polls;
    struct abort_record record;

    tap_plan(15);
    *word = 7;
    tap_ok(cache_clean_range((uintptr_t)word, 4), "a word is cleaned for the engine");
    tap_ok(smp_start(1, on_engine, (void *)(uintptr_t)word, &mmu_tables_engine), "the engine starts");
    for (polls = 0; shared.done == 0 && polls < POLLS; polls++) {
        wfe();
    }
    tap_equal(shared.done, 1, "and answers through the uncached window");
    tap_equal(shared.number, 1, "as CPU 1");
    tap_equal(shared.sctlr & (SCTLR_M | SCTLR_C), SCTLR_M, "MMU on, data caches off");
    tap_equal(shared.ttbr0, (uint32_t)(uintptr_t)mmu_tables_engine.level1, "walks of its tables are non-cacheable");
    tap_equal(shared.word, 7 + 0xc0ffee, "it reads RAM and constants");
    tap_equal(shared.upper, 0x1234, "and uses the upper half of RAM");
    tap_ok(!shared.text, "it cannot write text");
    tap_ok(!shared.null && !shared.hole, "nor use what is not mapped");
    tap_ok(shared.own, "its own block it can");
    tap_ok(shared.record.kind == EXCEPTION_DATA_ABORT && shared.record.address == 0x3ffffffc &&
               fault_is_write(shared.record.status),
           "what aborts is recorded with its address");
    tap_ok(!abort_guard(load, stacks[1], &record) && record.address == (uint32_t)(uintptr_t)stacks[1],
           "CPU 0 cannot touch the engine's block");
    tap_ok(!abort_guard(load, stacks[1] + STACK_SVC_TOP - 64, &record), "nor its stack");
    tap_equal(cacheable_entries(), 0, "no entry of the engine's tables is cacheable");
    return tap_done();
}
