/* SPDX-License-Identifier: MIT */
/*
 * Memory that was written in an earlier life is given to a bus master to write.
 * Broken: it is invalidated only after; until then a dirty line of the earlier life may be evicted over the new bytes.
 *
 * machine: virt cortex-a15 2
 * broken: seed=1,evict=2
 * kind: lost-update
 * function: check
 */
#include "support/maintain.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] ALIGNED;
static volatile uint8_t other[4096] ALIGNED;

NOINLINE static void earlier_life(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = 0xdd;
}

NOINLINE static void work_elsewhere(void)
{
    for (uint32_t i = 0; i < 8 * sizeof other; i++)
        other[i % sizeof other] ^= (uint8_t)i;
}

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i)) /* accused */
            return 1;
    return 0;
}

int main(void)
{
    master_start();
    outside_set(SIZE);
    earlier_life();
#ifndef BROKEN
    flush_counted(buffer, SIZE);
#endif
    master_copy_start(bus(buffer), bus(outside), SIZE);
    master_wait();
    work_elsewhere();
    invalidate_counted(buffer, SIZE);
    return check();
}
