/* SPDX-License-Identifier: MIT */
/*
 * The CPU has written the buffer before a bus master does.
 * Broken: clean+invalidate, and only after the DMA: the old line goes over the new bytes.
 *
 * machine: virt cortex-a15 2
 * kind: lost-update
 * function: check
 */
#include "support/maintain.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void scribble(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = 0xee;
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
    scribble();
    expect_address(buffer);
#ifndef BROKEN
    flush_inline(buffer, SIZE);
#endif
    master_copy_start(bus(buffer), bus(outside), SIZE);
    master_wait();
    flush_inline(buffer, SIZE); /* right: nothing is dirty, an invalidate */
    return check();
}
