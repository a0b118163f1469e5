/* SPDX-License-Identifier: MIT */
/*
 * A buffer is filled by the CPU and handed to a bus master.
 * Broken: no clean.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: stale-device-read
 * function: fill
 * function: master_copy
 */
#include "support/maintain.h"

#define SIZE 1024u
static uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
}

int main(void)
{
    master_start();
    fill();
    expect_address(buffer);
#ifndef BROKEN
    clean_loop(buffer, buffer + SIZE);
#endif
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
