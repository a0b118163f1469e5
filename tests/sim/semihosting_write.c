/* SPDX-License-Identifier: MIT */
/*
 * A buffer that a bus master wrote goes out by semihosting.
 * Broken: it was not invalidated, the console gets old bytes.
 *
 * machine: virt cortex-a15 2
 * kind: stale-cpu-read
 * function: print
 * function: master_copy
 * data: any
 */
#include "support/maintain.h"

#define SIZE 128u
static volatile uint8_t buffer[SIZE] ALIGNED;

int main(void)
{
    master_start();
    for (uint32_t i = 0; i < SIZE; i++)
        outside[i] = (uint8_t)(i + 1 < SIZE ? 'a' + i % 26 : 0);
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != 0)
            return 1;
    expect_address(buffer);
    dsb();
    master_copy_start(bus(buffer), bus(outside), SIZE);
    master_wait();
#ifndef BROKEN
    invalidate_inline(buffer, SIZE);
#endif
    print((const char *)buffer);
    print("\n");
    return 0;
}
