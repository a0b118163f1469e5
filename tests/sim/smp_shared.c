/* SPDX-License-Identifier: MIT */
/*
 * Two coherent CPUs share counters under a lock made of exclusives, line by line in both caches; one of them cleans, by
 * address, what both wrote. Nothing is to be reported.
 *
 * machine: virt cortex-a15 3
 * machine: virt cortex-a7 3
 * only: right
 */
#include "support/maintain.h"

#define ROUNDS 64u
static volatile uint32_t lock ALIGNED, finished ALIGNED;
static volatile uint32_t counters[64] ALIGNED;

static void take(void)
{
    uint32_t value, failed;
    for (;;) {
        __asm__ volatile("ldrex %0, [%1]" : "=r"(value) : "r"(&lock) : "memory");
        if (value != 0) {
            __asm__ volatile("clrex\n\twfe" ::: "memory");
            continue;
        }
        __asm__ volatile("strex %0, %2, [%1]" : "=&r"(failed) : "r"(&lock), "r"(1) : "memory");
        if (failed == 0)
            break;
    }
    dmb();
}

static void release(void)
{
    dmb();
    lock = 0;
    __asm__ volatile("dsb ish\n\tsev" ::: "memory");
}

static void count(void)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        take();
        for (uint32_t i = 0; i < 64; i++)
            counters[i] += i;
        release();
        __asm__ volatile("wfe" ::: "memory");
    }
}

static void peer(void)
{
    count();
    dmb();
    finished = 1;
    __asm__ volatile("dsb\n\tsev" ::: "memory");
}

int main(void)
{
    master_start();
    cpu_start(1, enter_cached, peer);
    count();
    for (uint32_t i = 0; i < POLLS && finished == 0; i++)
        __asm__ volatile("sev\n\twfe\n\twfe" ::: "memory");
    dmb();
    clean_loop(counters, counters + 64);
    master_copy_start(bus(outside), bus(counters), sizeof counters);
    master_wait();
    for (uint32_t i = 0; i < 64; i++)
        if (((volatile uint32_t *)outside)[i] != 2 * ROUNDS * i)
            return 1;
    return 0;
}
