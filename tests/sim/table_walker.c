/* SPDX-License-Identifier: MIT */
/*
 * The CPU changes a translation table while it is in use; on a Cortex-A8 the table walker does not look into the L1 cache.
 * Broken: the new descriptor is not cleaned.
 *
 * machine: realview-pb-a8 cortex-a8 1
 * kind: stale-device-read
 * function: map
 * data: any
 */
#include "support/maintain.h"

static volatile uint8_t buffer[256] ALIGNED;

NOINLINE static void map(uint32_t virtual, uint32_t physical)
{
    table_cached[virtual >> 20] = (physical & ~0xfffffu) | WRITE_BACK; /* accused */
#ifndef BROKEN
    dccmvac((uint32_t)(uintptr_t)&table_cached[virtual >> 20]);
    dsb();
#endif
    __asm__ volatile("mcr p15, 0, %0, c8, c7, 0\n\tdsb\n\tisb" ::"r"(0) : "memory");
}

int main(void)
{
    const uint32_t physical = (uint32_t)(uintptr_t)buffer;
    map(0x60000000, physical);
    buffer[5] = 99;
    return *(volatile uint8_t *)(0x60000000 + (physical & 0xfffff) + 5) == 99 ? 0 : 1;
}
