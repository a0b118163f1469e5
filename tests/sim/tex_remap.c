/* SPDX-License-Identifier: MIT */
/*
 * TEX remap on (SCTLR.TRE): PRRR and NMRR give the attributes (DDI 0406C, B3.8.3), and the encodings mean others than
 * without it: 1, once Device, is write-back; 3, once write-back, is non-cacheable; 4, once non-cacheable, is Device.
 * Broken: the buffer is mapped write-back and not cleaned; in the right version it is non-cacheable.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: stale-device-read
 * function: fill
 */
#include "support/maintain.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] SPECIAL;

static uint32_t remap(uint32_t entry)
{
    const uint32_t base = entry & 0xfff00000u;
    if (entry == 0)
        return 0;
    if ((entry & 0xfffffu) == WRITE_BACK)
        return base | SECTION | SHAREABLE | 0x4;
    if ((entry & 0xfffffu) == NON_CACHEABLE)
        return base | SECTION | SHAREABLE | 0xc;
    return base | SECTION | 0x1000;
}

void adjust_map(void)
{
#ifndef BROKEN
    const uint32_t special = (uint32_t)(uintptr_t)special_start;
    map_sections(table_cached, special, special, 0x100000, NON_CACHEABLE);
#endif
    for (uint32_t i = 0; i < 4096; i++) {
        table_cached[i] = remap(table_cached[i]);
        table_uncached[i] = remap(table_uncached[i]);
    }
}

void mmu_on(uint32_t *table)
{
    const uint32_t prrr = 2u << 2 | 2u << 6 | 1u << 8 | 1u << 19 | 1u << 17;
    const uint32_t nmrr = 1u << 2 | 1u << 18;
    __asm__ volatile("mcr p15, 0, %0, c10, c2, 0\n\tmcr p15, 0, %1, c10, c2, 1" ::"r"(prrr), "r"(nmrr));
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 2" ::"r"(0));
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 0" ::"r"((uint32_t)(uintptr_t)table | 0x4a));
    __asm__ volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(1));
    sctlr_on(1u << 28);
}

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
}

int main(void)
{
    master_start();
    fill();
    dsb();
    expect_address(buffer);
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
