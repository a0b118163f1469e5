/* SPDX-License-Identifier: MIT */
/*
 * A CPU turns its data cache off, as before a kernel is started, and reads what it wrote. Later it turns it on again.
 * Broken: without cleaning it by set and way. The loads are at the CPU's own addresses: accused, never altered.
 *
 * machine: realview-pb-a8 cortex-a8 1
 * machine: virt cortex-a15 1
 * machine: virt cortex-a7 1
 * kind: stale-device-read
 * data: any
 */
#include "support/maintain.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void fill(uint32_t more)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i + more);
}

NOINLINE static int check(uint32_t more)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i + more))
            return 1;
    return 0;
}

int main(void)
{
    fill(1);
#ifdef BROKEN
    cache_off();
#else
    cache_off_flush();
#endif
    int wrong = check(1);
    fill(2);
    sctlr_on(0);
    wrong |= check(2);
    fill(3);
    cache_off_flush();
    return wrong | check(3);
}
