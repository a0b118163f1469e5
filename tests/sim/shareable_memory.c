/* SPDX-License-Identifier: MIT */
/*
 * A Cortex-A8 does not cache memory that is Shareable, and a Cortex-A9 does so only once its ACTLR.SMP is set: a barrier is all that a
 * device needs then.
 * Broken: the buffer is not Shareable, and so cached.
 *
 * machine: realview-pb-a8 cortex-a8 1
 * machine: realview-pbx-a9 cortex-a9 1
 * devices: pl080
 * kind: stale-device-read
 * function: fill
 */
#include "support/maintain.h"
#include "support/pl081.h"

#define SIZE 1024u
static volatile uint8_t buffer[SIZE] SPECIAL;

/* Outside the coherence: what start.S has set is taken back, and all but the buffer is not Shareable. */
void adjust_map(void)
{
    uint32_t actlr;
    __asm__ volatile("mrc p15, 0, %0, c1, c0, 1" : "=r"(actlr));
    __asm__ volatile("mcr p15, 0, %0, c1, c0, 1" ::"r"(actlr & ~0x40u));
#ifdef BROKEN
    const uint32_t shareable = 0;
#else
    const uint32_t shareable = 0x00010000u;
#endif
    for (uint32_t i = 0; i < 4096; i++)
        if ((table_cached[i] & 0xfffffu) == WRITE_BACK)
            table_cached[i] &= ~0x00010000u;
    map_sections(table_cached, (uint32_t)(uintptr_t)special_start, (uint32_t)(uintptr_t)special_start, 0x100000,
                 (WRITE_BACK & ~SHAREABLE) | shareable);
}

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
}

int main(void)
{
    fill();
    dsb();
    expect_address(buffer);
    pl081_start(bus(outside), bus(buffer), 0, PL081_CONTROL(SIZE));
    pl081_poll();
    dsb();
    return outside_check(SIZE);
}
