/* SPDX-License-Identifier: MIT */
/*
 * A bus master writes a buffer of which the CPU has a copy in its cache.
 * Broken: no invalidate.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: stale-cpu-read
 * function: check
 * function: master_copy
 */
#include "support/maintain.h"

#define SIZE 1024u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static uint32_t read_old(void)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < SIZE; i++)
        sum += buffer[i];
    return sum;
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
    if (read_old() != 0)
        return 1;
    expect_address(buffer);
    master_copy_start(bus(buffer), bus(outside), SIZE);
    master_wait();
#ifndef BROKEN
    invalidate_counted(buffer, SIZE);
#endif
    return check();
}
