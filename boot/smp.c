/* SPDX-License-Identifier: MIT */
/*
 * The two ends of a CPU's start: smp_start() on CPU 0, smp_main() on the new CPU, reached through smp_entry in boot/reset.S.
 */
#include "boot/smp.h"

#include "boot/cache.h"
#include "boot/cpu.h"
#include "boot/pmu.h"
#include "boot/registers/barrier.h"

#include <stddef.h>

/* Polls of the new CPU's answer; each is an access to memory beyond the caches. Far more than a start takes, seconds at most. */
#define ANSWER_POLLS 20000000u

/* Read by the new CPU with its caches off, so each direction has lines of its own: request is cleaned by CPU 0, answer is
 * written past the caches. The first word is known to boot/reset.S. */
struct smp_request {
    uint32_t cpu;
    const struct mmu_tables *tables;
    void (*function)(void *argument);
    void *argument;
} __attribute__((aligned(128)));

struct smp_answer {
    volatile uint32_t running;
} __attribute__((aligned(128)));

struct smp_request smp_request;
static struct smp_answer smp_answer;
static bool started[STACK_CPUS];

extern unsigned char smp_entry[];
_Noreturn void smp_main(void);

bool smp_start(unsigned cpu, smp_cpu_on cpu_on, void (*function)(void *argument), void *argument,
               const struct mmu_tables *tables)
{
    uintptr_t block;
    uint32_t mpidr = cp15_read_MPIDR() & 0x00ffff00;
    unsigned polls;

    if (cpu == 0 || cpu >= STACK_CPUS || started[cpu] || (mpidr | cpu) == (cp15_read_MPIDR() & 0x00ffffff)) {
        return false;
    }
    block = (uintptr_t)stacks[cpu];
    smp_request = (struct smp_request){cpu, tables, function, argument};
    smp_answer.running = 0;

    /* The new CPU sees memory: the request; an answer that no dirty line of ours will be written over; the tables' description; a block
     * without any line of ours. */
    if (!cache_clean_range((uintptr_t)&smp_request, sizeof(smp_request)) ||
        !cache_clean_invalidate_range((uintptr_t)&smp_answer, sizeof(smp_answer)) ||
        !cache_clean_invalidate_range(block, STACK_PAGE)) {
        return false;
    }
    if (!cpu_on(mpidr | cpu, (uint32_t)(uintptr_t)smp_entry)) {
        return false;
    }
    started[cpu] = true;
    if (!tables->coherent && !mmu_unmap(block, STACK_CPU_SIZE)) {
        return false;
    }
    for (polls = 0; polls < ANSWER_POLLS; polls++) {
        if (!cache_clean_invalidate_range((uintptr_t)&smp_answer, sizeof(smp_answer))) {
            return false;
        }
        if (smp_answer.running == cpu) {
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

    smp_answer.running = request.cpu; /* before the MMU: to memory */
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
