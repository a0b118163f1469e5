/* SPDX-License-Identifier: MIT */
/*
 * Network controllers tell by a status word in the CPU's cached memory that they are done: it is invalidated and read again
 * and again. The data lies in front of it and is written first.
 * Broken: the status is not invalidated before each read (POLL), or the data, of which the cache has an old copy, is not after
 * (DATA).
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * variants: POLL=stale-cpu-read@poll+master_copy DATA=stale-cpu-read@check+master_copy
 * data: any
 */
#include "support/maintain.h"

#define SIZE 512u
static struct {
    volatile uint8_t data[SIZE], status[LINE];
} ring ALIGNED;

NOINLINE static bool poll(void)
{
    for (uint32_t i = 0; i < POLLS; i++) {
#ifndef POLL
        dcimvac((uint32_t)(uintptr_t)ring.status);
        dsb();
#endif
        if (ring.status[3] == pattern(SIZE + 3))
            return true;
        __asm__ volatile("wfe" ::: "memory");
    }
    return false;
}

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (ring.data[i] != pattern(i))
            return 1;
    return 0;
}

int main(void)
{
    uint32_t sum = 0;
    master_start();
    outside_set(SIZE + 4);
    for (uint32_t i = 0; i < SIZE + 4; i++)
        sum += ring.data[i % SIZE] + ring.status[i % LINE];
    if (sum != 0)
        return 1;
    master_copy_start(bus(&ring), bus(outside), SIZE + 4);
    if (!poll())
        return 1;
    dmb();
#ifndef DATA
    invalidate_loop(ring.data, ring.data + SIZE);
#endif
    return check();
}
