/* SPDX-License-Identifier: MIT */
/*
 * Write-through memory needs no clean, but an invalidate as every other cacheable memory.
 * Broken: no invalidate.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: stale-cpu-read
 * function: check
 * function: master_copy
 */
#include "support/maintain.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] SPECIAL;

void adjust_map(void)
{
    map_sections(table_cached, (uint32_t)(uintptr_t)special_start, (uint32_t)(uintptr_t)special_start, 0x100000,
                 WRITE_THROUGH);
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
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i);
    dsb();
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    if (outside_check(SIZE) != 0)
        return 1;
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = 0;
    dsb();
    if (buffer[0] + buffer[64] + buffer[128] != 0)
        return 1;
    expect_address(buffer);
    master_copy_start(bus(buffer), bus(outside), SIZE);
    master_wait();
#ifndef BROKEN
    invalidate_loop(buffer, buffer + SIZE);
#endif
    return check();
}
