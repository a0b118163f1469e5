/* SPDX-License-Identifier: MIT */
/*
 * CPU 1 in the coherence of CPU 0: its state, its own stacks, its guard, and mappings that change under it. What would break it: shared
 * stacks or vectors' data, a TLB that is invalidated on one CPU only, a request that is not cleaned before the start.
 *
 * cores: 2
 */
#include "boot/cpu.h"
#include "boot/exception.h"
#include "boot/fault.h"
#include "boot/image.h"
#include "boot/mmu.h"
#include "boot/pmu.h"
#include "boot/registers/barrier.h"
#include "boot/smp.h"
#include "tests/target/support/tap.h"

#include <stddef.h>

#define POLLS 2000000000u
#define INCREMENTS 20000u

extern unsigned char vectors[];

static struct {
    uint32_t number, cpsr, sctlr, vbar, dacr, sp, fpexc, cycles, mpidr, ttbr0;
} seen;
static volatile uint32_t stage;
static uint32_t counter;
static volatile uint32_t reads;
static struct abort_record record_one;
static volatile bool guarded;

static void wait_for(uint32_t wanted)
{
    uint32_t polls;

    for (polls = 0; stage != wanted && polls < POLLS; polls++) {
        wfe();
    }
    dmb();
}

static void go(uint32_t next)
{
    dmb();
    stage = next;
    sev();
}

static void add(void)
{
    uint32_t i;

    for (i = 0; i < INCREMENTS; i++) {
        __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED);
    }
}

static void read_for_ever(void *address)
{
    for (;;) {
        (void)*(volatile uint32_t *)address;
        reads = reads + 1;
    }
}

static void on_cpu1(void *argument)
{
    seen.number = cpu_number();
    seen.cpsr = cpu_read_cpsr();
    seen.sctlr = cp15_read_SCTLR();
    seen.vbar = cp15_read_VBAR();
    seen.dacr = cp15_read_DACR();
    seen.ttbr0 = cp15_read_TTBR0();
    seen.mpidr = cp15_read_MPIDR();
    seen.sp = (uint32_t)(uintptr_t)__builtin_frame_address(0);
    __asm__ volatile("vmrs %0, fpexc" : "=r"(seen.fpexc));
    seen.cycles = pmu_cycles();
    seen.cycles = pmu_cycles() - seen.cycles;
    go(1);
    wait_for(2);
    add();
    go(3);
    wait_for(4);
    guarded = abort_guard(read_for_ever, argument, &record_one);
    go(5);
}

int main(void)
{
    uintptr_t page = (uintptr_t)__pool_start + 7 * MMU_PAGE;
    uint32_t own = (uint32_t)(uintptr_t)stacks[1], polls;
    struct abort_record record;

    tap_plan(23);
    tap_ok(!smp_start(0, on_cpu1, NULL, &mmu_tables_cpu), "CPU 0 is not started");
    tap_ok(!smp_start(STACK_CPUS, on_cpu1, NULL, &mmu_tables_cpu), "nor one beyond those with stacks");
    if (!tap_ok(smp_start(1, on_cpu1, (void *)page, &mmu_tables_cpu), "CPU 1 is")) {
        return tap_done();
    }
    tap_ok(!smp_start(1, on_cpu1, NULL, &mmu_tables_cpu), "once");
    wait_for(1);
    tap_equal(seen.number, 1, "it knows its number");
    tap_equal(seen.mpidr & 0xff, 1, "and is another core");
    tap_equal(seen.cpsr & (CPSR_MODE | CPSR_I | CPSR_F | CPSR_A), MODE_SVC | CPSR_I | CPSR_F,
              "SVC mode, interrupts masked, asynchronous aborts not");
    tap_equal(seen.sctlr, cp15_read_SCTLR(), "SCTLR as on CPU 0");
    tap_equal(seen.vbar, (uint32_t)(uintptr_t)vectors, "VBAR too");
    tap_equal(seen.dacr, cp15_read_DACR(), "DACR too");
    tap_equal(seen.ttbr0, cp15_read_TTBR0(), "TTBR0 too");
    tap_ok(seen.sp > own + STACK_SVC_TOP - STACK_SVC_SIZE && seen.sp <= own + STACK_SVC_TOP, "a stack of its own");
    tap_ok((seen.fpexc & 1u << 30) != 0, "FP is on");
    tap_ok(seen.cycles != 0, "its cycle counter counts");

    go(2);
    add();
    wait_for(3);
    tap_equal(counter, 2 * INCREMENTS, "exclusives of both CPUs exclude each other");

    /* CPU 1 reads a page over and over; CPU 0 takes it away. */
    go(4);
    for (polls = 0; reads < 1000 && polls < POLLS; polls++) {
        wfe();
    }
    tap_ok(reads >= 1000 && stage == 4, "CPU 1 reads a page");
    tap_ok(mmu_unmap(page, MMU_PAGE), "which CPU 0 revokes");
    wait_for(5);
    tap_equal(stage, 5, "so that CPU 1 aborts");
    tap_ok(!guarded && record_one.kind == EXCEPTION_DATA_ABORT && record_one.address == page,
           "in its own guard, there");
    tap_ok(fault_status(record_one.status) == FAULT_TRANSLATION_PAGE || /* or in the moment of the section's split */
               fault_status(record_one.status) == FAULT_TRANSLATION_SECTION,
           "by a translation fault");
    tap_ok(cpu_local()->guard == NULL && ((struct cpu_local *)stacks[1])->guard == NULL, "no guard is left on either");
    tap_ok(!abort_guard(read_for_ever, (void *)page, &record) && record.address == page, "and CPU 0 aborts there too");
    tap_ok(mmu_map(page, page, MMU_PAGE, MMU_DATA), "given back");
    return tap_done();
}
