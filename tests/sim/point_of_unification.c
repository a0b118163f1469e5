/* SPDX-License-Identifier: MIT */
/*
 * A clean to the point of unification makes code visible to instruction fetch, not data to a device.
 * Broken: DCCMVAU where DCCMVAC belongs.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: stale-device-read
 * function: fill
 * function: master_copy
 */
#include "support/maintain.h"

#define SIZE 512u
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
    FOR_EACH_LINE(line, buffer, SIZE)
    {
#ifdef BROKEN
        dccmvau(line);
#else
        dccmvac(line);
#endif
    }
    dsb();
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
