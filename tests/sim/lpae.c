/* SPDX-License-Identifier: MIT */
/*
 * Long descriptors (LPAE) with MAIR: 2 MiB blocks, and 4 KiB pages where the image's sections differ.
 * Broken: no clean (CLEAN), no invalidate (INVALIDATE).
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * variants: MISSING_CLEAN=stale-device-read@fill+master_copy MISSING_INVALIDATE=stale-cpu-read@check+master_copy
 */
#include "support/maintain.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] ALIGNED;

#define BLOCK 0x200000u
#define ATTRIBUTES(index) (0x701u | (index) << 2) /* AF, inner shareable; valid */
enum { DEVICE_INDEX, NON_CACHEABLE_INDEX, WRITE_BACK_INDEX };

struct tables {
    uint64_t level2[4][512], level3[512], level1[4];
};
static struct tables cached __attribute__((aligned(4096))), uncached __attribute__((aligned(4096)));

static uint64_t attributes(uint32_t address, uint32_t memory)
{
    if (address < RAM_BASE)
        return ATTRIBUTES(DEVICE_INDEX);
    return ATTRIBUTES(address - RAM_BASE < 0x08000000 ? memory : (uint32_t)NON_CACHEABLE_INDEX);
}

static void build(struct tables *tables, uint32_t memory)
{
    const uint32_t window = (uint32_t)(uintptr_t)outside & ~0xfffffu;
    const uint32_t mixed = window & ~(BLOCK - 1);
    for (uint32_t i = 0; i < 4; i++) {
        tables->level1[i] = (uint32_t)(uintptr_t)tables->level2[i] | 3;
        for (uint32_t j = 0; j < 512; j++) {
            const uint32_t address = i << 30 | j << 21;
            tables->level2[i][j] = address | attributes(address, memory);
        }
    }
    tables->level2[mixed >> 30][mixed >> 21 & 511] = (uint32_t)(uintptr_t)tables->level3 | 3;
    for (uint32_t j = 0; j < 512; j++) {
        const uint32_t address = mixed + j * 4096;
        tables->level3[j] = address - window < 0x100000 ? (address + bus_offset) | ATTRIBUTES(NON_CACHEABLE_INDEX) | 2
                                                        : address | attributes(address, memory) | 2;
    }
}

void mmu_on(uint32_t *table)
{
    struct tables *const tables = table == table_cached ? &cached : &uncached;
    build(tables, table == table_cached ? WRITE_BACK_INDEX : NON_CACHEABLE_INDEX);
    dsb();
    __asm__ volatile("mcr p15, 0, %0, c10, c2, 0" ::"r"(0x00ff4404)); /* MAIR0 */
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 2" ::"r"(0x80003500));  /* TTBCR.EAE, walks write-back inner shareable */
    __asm__ volatile("mcrr p15, 0, %0, %1, c2" ::"r"((uint32_t)(uintptr_t)tables->level1), "r"(0));
    sctlr_on(0);
}

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
}

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i)) /* accused */
            return 1;
    return 0;
}

int main(void)
{
    master_start();
    fill();
    expect_address(buffer);
#ifndef MISSING_CLEAN
    clean_loop(buffer, buffer + SIZE);
#endif
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    if (outside_check(SIZE) != 0)
        return 1;
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = 0;
    flush_loop(buffer, buffer + SIZE);
    if (buffer[0] + buffer[64] + buffer[448] != 0)
        return 1;
    master_copy_start(bus(buffer), bus(outside), SIZE);
    master_wait();
#ifndef MISSING_INVALIDATE
    invalidate_loop(buffer, buffer + SIZE);
#endif
    return check();
}
