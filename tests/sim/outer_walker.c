/* SPDX-License-Identifier: MIT */
/*
 * A translation table changed while in use, on a Cortex-A9 behind an L2C-310: its table walker does not look into the L1 cache, but
 * reads through the outer one where TTBR0 says so (RGN, DDI 0406C, B4.1.154). A clean of L1 is then enough.
 * Broken: no clean at all (NO_CLEAN), or the walks are outer non-cacheable and the outer cache is not cleaned (WALK_PAST).
 *
 * machine: realview-pbx-a9 cortex-a9 1
 * devices: l2c310
 * kind: stale-device-read
 * function: map
 * variants: NO_CLEAN WALK_PAST
 * data: any
 */
#include "support/l2c310.h"
#include "support/maintain.h"

static volatile uint8_t buffer[256] ALIGNED;

#ifdef WALK_PAST
#define TTBR_FLAGS 0x42u /* inner write-back, outer non-cacheable, shareable */
#else
#define TTBR_FLAGS 0x4au
#endif

void mmu_on(uint32_t *table)
{
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 2" ::"r"(0));
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 0" ::"r"((uint32_t)(uintptr_t)table | TTBR_FLAGS));
    __asm__ volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(1));
    sctlr_on(0);
}

NOINLINE static void map(uint32_t virtual, uint32_t physical)
{
    table_cached[virtual >> 20] = (physical & ~0xfffffu) | WRITE_BACK; /* accused */
#ifndef NO_CLEAN
    dccmvac((uint32_t)(uintptr_t)&table_cached[virtual >> 20]);
    dsb();
#endif
    __asm__ volatile("mcr p15, 0, %0, c8, c7, 0\n\tdsb\n\tisb" ::"r"(0) : "memory");
}

int main(void)
{
    const uint32_t physical = (uint32_t)(uintptr_t)buffer;
    l2_on();
    map(0x60000000, physical);
    buffer[5] = 99;
    return *(volatile uint8_t *)(0x60000000 + (physical & 0xfffff) + 5) == 99 ? 0 : 1;
}
