/* SPDX-License-Identifier: MIT */
/*
 * Two coherent CPUs and a bus master: one fills, the other cleans and starts the transfer, as a driver does that runs on whatever CPU. A
 * barrier completes the maintenance of the CPU that executes it, no other's.
 * Broken: the CPU that cleans leaves the DSB to the one that rings the doorbell (SPLIT_CLEAN); nobody cleans (NOBODY); the one that
 * received has old bytes and the other invalidates too early (EARLY).
 *
 * machine: virt cortex-a15 3
 * machine: virt cortex-a7 3
 * variants: SPLIT_CLEAN=incomplete-maintenance@fill+peer NOBODY=stale-device-read@fill+master_copy EARLY=stale-cpu-read@check+master_copy
 * data: any
 */
#include "support/maintain.h"

#define SIZE (3 * LINE)
static volatile uint8_t buffer[SIZE] ALIGNED;
static volatile uint32_t order ALIGNED, done ALIGNED;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i);
}

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i))
            return 1;
    return 0;
}

NOINLINE static void answer(uint32_t number)
{
    dmb();
    done = number;
    __asm__ volatile("dsb ish\n\tsev" ::: "memory");
}

NOINLINE static void ask(uint32_t number)
{
    dmb();
    order = number;
    __asm__ volatile("dsb ish\n\tsev" ::: "memory");
    for (uint32_t i = 0; i < POLLS && done != number; i++)
        __asm__ volatile("sev\n\twfe\n\twfe" ::: "memory");
    dmb();
}

NOINLINE static void peer(void)
{
    for (uint32_t last = 0;;) {
        while (order == last)
            __asm__ volatile("wfe" ::: "memory");
        dmb();
        last = order;
        if (last == 1) {
            for (uint32_t i = 0; i < SIZE; i += LINE)
                dccmvac((uint32_t)(uintptr_t)buffer + i);
#ifndef SPLIT_CLEAN
            dsb();
#else
            done = last;
            for (;;)
                __asm__ volatile("wfe" ::: "memory");
#endif
        } else if (last == 2) {
            invalidate_inline(buffer, SIZE);
        } else if (last == 3) {
            fill();
        }
        answer(last);
    }
}

int main(void)
{
    int wrong = 0;
    master_start();
    cpu_start(1, enter_cached, peer);
    fill();
#ifndef NOBODY
    ask(1);
#endif
    dsb();
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    wrong += outside_check(SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = 0;
    flush_inline(buffer, SIZE);
    if (buffer[5] + buffer[LINE] + buffer[2 * LINE] != 0)
        return 1;
#ifdef EARLY
    ask(2);
    if (buffer[5] + buffer[LINE] + buffer[2 * LINE] != 0)
        return 1;
#endif
    master_copy_start(bus(buffer), bus(outside), SIZE);
    master_wait();
#ifndef EARLY
    ask(2);
#endif
    wrong += check();
    outside_clear(SIZE);
    ask(3); /* the other one's stores, this one's clean */
    clean_inline(buffer, SIZE);
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    wrong += outside_check(SIZE) + check();
    return wrong != 0;
}
