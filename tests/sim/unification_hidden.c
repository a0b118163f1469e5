/* SPDX-License-Identifier: MIT */
/*
 * A Cortex-A8 has a second level between the points of unification and of coherency, which QEMU's does not report: a clean to the
 * point of unification is enough for its table walker, not for a device.
 * Broken: DCCMVAU where DCCMVAC belongs; and stored again after a DCCMVAU of the table (WALKER).
 *
 * machine: realview-pb-a8 cortex-a8 1
 * devices: pl080
 * variants: DEVICE_READS=stale-device-read@fill WALKER=stale-device-read@map
 * data: any
 */
#include "support/maintain.h"
#include "support/pl081.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
}

NOINLINE static void map(uint32_t virtual, uint32_t physical)
{
    table_cached[virtual >> 20] = (physical & ~0xfffffu) | WRITE_BACK;
    dccmvau((uint32_t)(uintptr_t)&table_cached[virtual >> 20]);
#ifdef WALKER
    table_cached[virtual >> 20] = (physical & ~0xfffffu) | WRITE_BACK; /* accused */
#endif
    dsb();
    __asm__ volatile("mcr p15, 0, %0, c8, c7, 0\n\tdsb\n\tisb" ::"r"(0) : "memory");
}

int main(void)
{
    const uint32_t physical = (uint32_t)(uintptr_t)buffer;
    map(0x60000000, physical);
    if (*(volatile uint8_t *)(0x60000000 + (physical & 0xfffff) + 5) != 0)
        return 1;
    fill();
    for (uint32_t at = physical; at < physical + SIZE; at += LINE)
#ifdef DEVICE_READS
        dccmvau(at);
#else
        dccmvac(at);
#endif
    dsb();
    pl081_start(bus(outside), bus(buffer), 0, PL081_CONTROL(SIZE));
    pl081_poll();
    dsb();
    return outside_check(SIZE);
}
