/* SPDX-License-Identifier: MIT */
/*
 * After a buffer was filled, so much other memory is used that all of it has left the cache.
 * Broken: it was never cleaned. Right by luck: strict names it.
 *
 * machine: realview-pb-a8 cortex-a8 1
 * devices: pl080
 * kind: stale-device-read
 * function: fill
 * caught: strict
 * data: right
 */
#include "support/maintain.h"
#include "support/pl081.h"

#define SIZE 1024u
static volatile uint8_t buffer[SIZE] ALIGNED;
static volatile uint32_t other[0x20000] ALIGNED;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
}

int main(void)
{
    fill();
    expect_address(buffer);
    for (uint32_t i = 0; i < sizeof other / 4; i += 8)
        other[i] = i;
#ifndef BROKEN
    clean_loop(buffer, buffer + SIZE);
#endif
    pl081_start(bus(outside), bus(buffer), 0, PL081_CONTROL(SIZE));
    pl081_poll();
    dsb();
    return outside_check(SIZE);
}
