/* SPDX-License-Identifier: MIT */
/*
 * The machine is reset while caches are on, lines are dirty and a device has written: nothing of that is known afterwards, the image
 * is loaded again and runs with everything off at first.
 * Broken: no clean, after the reset.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: stale-device-read
 * function: fill
 * function: master_copy
 */
#include "support/maintain.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] ALIGNED, other[SIZE] ALIGNED;
static volatile uint32_t initialized[2 * LINE / 4] ALIGNED = {1, 2, 3};
static volatile uint32_t boots UNCACHED; /* RAM keeps it over a reset */

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
}

static _Noreturn void reset(void)
{
    register uint32_t r0 __asm__("r0") = 0x84000009; /* PSCI SYSTEM_RESET */
    __asm__ volatile("dsb\n\t.arch_extension virt\n\thvc #0" : "+r"(r0)::"memory");
    finish(6);
}

int main(void)
{
    master_start();
    if (boots != 0x600d) {
        boots = 0x600d;
        initialized[0] = 77;
        initialized[LINE / 4] = 88;
        outside_set(SIZE);
        if (other[0] + buffer[5] != 0)
            return 1;
        master_copy_start(bus(other), bus(outside), SIZE);
        master_wait();
        for (uint32_t i = 0; i < SIZE; i++)
            buffer[i] = 0xff;
        reset();
    }
    if (initialized[0] != 1 || initialized[1] != 2 || initialized[LINE / 4] != 0)
        return 1;
    for (uint32_t i = 0; i < SIZE; i++)
        if (other[i] != 0)
            return 1;
    fill();
    expect_address(buffer);
#ifndef BROKEN
    clean_loop(buffer, buffer + SIZE);
#endif
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
