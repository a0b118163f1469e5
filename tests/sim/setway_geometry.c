/* SPDX-License-Identifier: MIT */
/*
 * On one CPU, with nothing else running, a clean by set and way publishes all that the CPU wrote.
 * Broken: the set number is shifted for lines of half the size, so that half of the sets are not reached.
 *
 * machine: realview-pb-a8 cortex-a8 1
 * devices: pl080
 * kind: stale-device-read
 * function: fill
 */
#include "support/maintain.h"
#include "support/pl081.h"

#define SIZE 4080u
static volatile uint8_t buffer[4096] __attribute__((aligned(4096)));

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
}

#ifdef BROKEN
NOINLINE static void clean_half(void)
{
    uint32_t ccsidr;
    __asm__ volatile("mcr p15, 2, %1, c0, c0, 0\n\tisb\n\tmrc p15, 1, %0, c0, c0, 0" : "=r"(ccsidr) : "r"(0));
    for (uint32_t way = 0; way <= (ccsidr >> 3 & 0x3ff); way++)
        for (uint32_t set = 0; set <= (ccsidr >> 13 & 0x7fff); set++)
            dccsw(way << 30 | set << ((ccsidr & 7) + 3));
    dsb();
}
#endif

int main(void)
{
    fill();
#ifdef BROKEN
    clean_half();
#else
    clean_all();
#endif
    pl081_start(bus(outside), bus(buffer), 0, PL081_CONTROL(SIZE));
    pl081_poll();
    dsb();
    return outside_check(SIZE);
}
