/* SPDX-License-Identifier: MIT */
/*
 * The PL081 of a RealView board copies a buffer.
 * Broken: its source is not cleaned.
 *
 * machine: realview-pb-a8 cortex-a8 1
 * machine: versatilepb cortex-a8 1
 * devices: pl080
 * kind: stale-device-read
 * function: fill
 */
#include "support/maintain.h"
#include "support/pl081.h"

#define SIZE 1024u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
}

int main(void)
{
    fill();
    expect_address(buffer);
#ifndef BROKEN
    clean_loop(buffer, buffer + SIZE);
#endif
    pl081_start(bus(outside), bus(buffer), 0, PL081_CONTROL(SIZE));
    pl081_poll();
    dsb();
    return outside_check(SIZE);
}
