/* SPDX-License-Identifier: MIT */
/*
 * Behind an outer cache a clean is: inner, DSB, outer by physical address, its sync.
 * Broken: no outer clean (INNER_ONLY), the outer one first (OUTER_FIRST), no sync (NO_SYNC).
 *
 * machine: realview-pbx-a9 cortex-a9 1
 * devices: l2c310 pl080
 * kind: stale-device-read
 * function: fill
 * variants: INNER_ONLY OUTER_FIRST NO_SYNC=incomplete-maintenance
 * data: any
 */
#include "support/l2c310.h"
#include "support/maintain.h"
#include "support/pl081.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i);
}

int main(void)
{
    l2_on();
    fill();
    expect_address(buffer);
#ifdef OUTER_FIRST
    l2_range(L2_CLEAN, buffer, SIZE);
    l2_sync();
#endif
    clean_loop(buffer, buffer + SIZE);
#if !defined(INNER_ONLY) && !defined(OUTER_FIRST)
    l2_range(L2_CLEAN, buffer, SIZE);
#ifndef NO_SYNC
    l2_sync();
#endif
#endif
    pl081_start(bus(outside), bus(buffer), 0, PL081_CONTROL(SIZE));
    pl081_poll();
    dsb();
    return outside_check(SIZE);
}
