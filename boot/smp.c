/* SPDX-License-Identifier: MIT */
/*
 * The two ends of a CPU's start: smp_start() on CPU 0, smp_main() on the new CPU, reached through smp_entry in boot/reset.S.
 */
#include "boot/smp.h"

#include "boot/board.h"
#include "boot/cache.h"
#include "boot/cpu.h"
#include "boot/pmu.h"
#include "boot/registers/barrier.h"

#include <stddef.h>

/* Polls of the new CPU's answer; each is an access past the caches. Far more than a start takes, seconds at most. */
#define ANSWER_POLLS 20000000u

/* Read by the new CPU with its caches off: cleaned by CPU 0, in lines of its own. The first word is known to boot/reset.S. */
struct smp_request {
    uint32_t cpu;
    const struct mmu_tables *tables;
    void (*function)(void *argument);
    void *argument;
    volatile uint32_t *answer; /* by its physical address: the new CPU's MMU is off */
} __attribute__((aligned(128)));

struct smp_request smp_request;
/* The new CPU's number, when it runs. Past the caches on both sides: a cached line may be fetched again between its invalidate and
 * the other's store, however often one polls. */
static volatile uint32_t smp_answer __attribute__((section(".uncached")));
static bool started[STACK_CPUS];

/* Read by CPUs in boot/pen.S from the first moment on, before anything is cleared: hence not in .bss. In a line of its own. */
struct smp_pen {
    uint32_t cpu, entry; /* affinity fields of MPIDR; never 0 for one that waits */
} __attribute__((aligned(128)));

struct smp_pen smp_pen __attribute__((section(".data.smp_pen")));

extern unsigned char smp_entry[];
_Noreturn void smp_main(void);

/* To memory, past all caches. The image is mapped flat. A DSB first: Cortex-A9, erratum 764369. */
static bool clean(const void *start, size_t length)
{
    dsb();
    return cache_clean_range((uintptr_t)start, length) &&
           (board_outer == NULL || board_outer->clean((uint32_t)(uintptr_t)start, length));
}

static bool clean_invalidate(const void *start, size_t length)
{
    dsb();
    return cache_clean_invalidate_range((uintptr_t)start, length) &&
           (board_outer == NULL || board_outer->clean_invalidate((uint32_t)(uintptr_t)start, length));
}

bool smp_release(uint32_t mpidr, uint32_t entry)
{
    smp_pen = (struct smp_pen){mpidr, entry};
    if (!clean(&smp_pen, sizeof(smp_pen))) {
        return false;
    }
    sev();
    return true;
}

bool smp_start(unsigned cpu, void (*function)(void *argument), void *argument, const struct mmu_tables *tables)
{
    struct mmu_translation answer = mmu_lookup((uintptr_t)&smp_answer);
    uint32_t mpidr = cp15_read_MPIDR() & 0x00ffff00;
    unsigned polls;

    if (cpu == 0 || cpu >= STACK_CPUS || started[cpu] || answer.attribute != MMU_UNCACHED ||
        (mpidr | cpu) == (cp15_read_MPIDR() & 0x00ffffff)) {
        return false;
    }
    smp_request = (struct smp_request){cpu, tables, function, argument, (volatile uint32_t *)answer.physical};
    smp_answer = 0;

    /* The new CPU sees memory: the request; a block without any line of ours that would be written over it. */
    if (!clean(&smp_request, sizeof(smp_request)) || !clean_invalidate(stacks[cpu], STACK_PAGE)) {
        return false;
    }
    if (!board_cpu_on(mpidr | cpu, (uint32_t)(uintptr_t)smp_entry)) {
        return false;
    }
    started[cpu] = true;
    if (!tables->coherent && !mmu_unmap((uintptr_t)stacks[cpu], STACK_CPU_SIZE)) {
        return false;
    }
    for (polls = 0; polls < ANSWER_POLLS; polls++) {
        if (smp_answer == cpu) {
            return true;
        }
        /* WFE, to give an emulator's turn to the other CPU; after a SEV, so that it cannot sleep if that never comes. */
        sev();
        wfe();
    }
    return false;
}

void smp_main(void)
{
    struct smp_request request = smp_request; /* MMU off: from memory */

    *request.answer = request.cpu;
    dsb();
    sev();
    mmu_enable(request.tables);
    pmu_start();
    __asm__ volatile("cpsie a" ::: "memory");
    request.function(request.argument);
    for (;;) {
        wfi();
    }
}
