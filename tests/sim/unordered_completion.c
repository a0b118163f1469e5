/* SPDX-License-Identifier: MIT */
/*
 * The completion is read from a Device register, then the buffer is invalidated.
 * Broken: no barrier between; the invalidate may be done before the master has finished.
 *
 * machine: virt cortex-a15 2
 * kind: unordered-completion
 * function: invalidate_loop
 * data: any
 */
#include "support/maintain.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i))
            return 1;
    return 0;
}

int main(void)
{
    master_start();
    outside_set(SIZE);
    if (buffer[0] + buffer[SIZE - 1] != 0)
        return 1;
    master_copy_start(bus(buffer), bus(outside), SIZE);
    master_poll();
#ifndef BROKEN
    dmb();
#endif
    invalidate_loop(buffer, buffer + SIZE);
    return check();
}
