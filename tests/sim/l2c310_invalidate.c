/* SPDX-License-Identifier: MIT */
/*
 * Behind an outer cache an invalidate after a device's write is: outer by physical address, its sync, then inner.
 * Broken: the inner one only; the outer cache gives the old line again.
 *
 * machine: realview-pbx-a9 cortex-a9 1
 * devices: l2c310 pl080
 * kind: stale-cpu-read
 * function: check
 */
#include "support/l2c310.h"
#include "support/maintain.h"
#include "support/pl081.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i)) /* accused */
            return 1;
    return 0;
}

int main(void)
{
    uint32_t sum = 0;
    l2_on();
    outside_set(SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        sum += buffer[i];
    expect_address(buffer);
    pl081_start(bus(buffer), bus(outside), 0, PL081_CONTROL(SIZE));
    pl081_poll();
    dsb();
#ifndef BROKEN
    l2_range(L2_INVALIDATE, buffer, SIZE);
    l2_sync();
#endif
    invalidate_loop(buffer, buffer + SIZE);
    return check() || sum != 0;
}
