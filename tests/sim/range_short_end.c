/* SPDX-License-Identifier: MIT */
/*
 * A buffer that does not start on a line.
 * Broken: the number of lines is size / line; the last line is not cleaned.
 *
 * machine: virt cortex-a15 2
 * kind: stale-device-read
 * function: fill
 */
#include "support/maintain.h"

#define SIZE 1024u
static uint8_t memory[SIZE + 2 * LINE] ALIGNED;
static uint8_t *const buffer = memory + 16;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
}

#ifdef BROKEN
NOINLINE static void clean_lines(uint32_t address, uint32_t size)
{
    for (uint32_t n = size / LINE; n > 0; n--, address += LINE)
        dccmvac(address);
    dsb();
}
#endif

int main(void)
{
    master_start();
    fill();
    expect_address(memory + SIZE);
#ifdef BROKEN
    clean_lines((uint32_t)(uintptr_t)buffer, SIZE);
#else
    clean_counted(buffer, SIZE);
#endif
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
