/* SPDX-License-Identifier: MIT */
/*
 * Every third word of a clean buffer is stored to, and the PL081 reads all of it: what is stale has holes.
 * Broken: not cleaned after the stores. interface.py looks at ranges=.
 *
 * machine: realview-pb-a8 cortex-a8 1
 * devices: pl080
 * kind: stale-device-read
 * function: change
 */
#include "support/maintain.h"
#include "support/pl081.h"

#define SIZE 256u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void change(void)
{
    for (uint32_t i = 0; i < SIZE; i += 12)
        *(volatile uint32_t *)&buffer[i] =
            (uint32_t)(pattern(i) | pattern(i + 1) << 8 | pattern(i + 2) << 16) | (uint32_t)pattern(i + 3) << 24;
}

int main(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = i % 12 < 4 ? 0 : pattern(i);
    clean_loop(buffer, buffer + SIZE);
    change();
    expect_address(buffer);
#ifndef BROKEN
    clean_loop(buffer, buffer + SIZE);
#endif
    pl081_start(bus(outside), bus(buffer), 0, PL081_CONTROL(SIZE));
    pl081_poll();
    dsb();
    return outside_check(SIZE);
}
