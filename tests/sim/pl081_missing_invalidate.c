/* SPDX-License-Identifier: MIT */
/*
 * The PL081 of a RealView board writes a buffer.
 * Broken: the buffer is not invalidated after (AFTER), or without a barrier after the status was read (UNORDERED).
 *
 * machine: realview-pb-a8 cortex-a8 1
 * devices: pl080
 * variants: AFTER=stale-cpu-read@check UNORDERED=unordered-completion@invalidate_counted
 * data: any
 */
#include "support/maintain.h"
#include "support/pl081.h"

#define SIZE 1024u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i))
            return 1;
    return 0;
}

int main(void)
{
    uint32_t sum = 0;
    outside_set(SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        sum += buffer[i];
    pl081_start(bus(buffer), bus(outside), 0, PL081_CONTROL(SIZE));
    pl081_poll();
#ifndef UNORDERED
    dmb();
#endif
#ifndef AFTER
    invalidate_counted(buffer, SIZE);
#endif
    return check() || sum != 0;
}
