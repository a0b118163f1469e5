/* SPDX-License-Identifier: MIT */
/*
 * A buffer that does not start on a line, as A32 code.
 * Broken: its start is rounded up; the first line is not cleaned.
 *
 * machine: virt cortex-a15 2
 * flags: -marm
 * kind: stale-device-read
 * function: fill
 */
#include "support/maintain.h"

#define SIZE 1024u
static uint8_t memory[SIZE + 2 * LINE] ALIGNED;
static uint8_t *const buffer = memory + 20;

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
#ifdef BROKEN
    clean_loop((void *)(((uintptr_t)buffer + LINE - 1) & ~(uintptr_t)(LINE - 1)), buffer + SIZE);
#else
    clean_loop(buffer, buffer + SIZE);
#endif
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
