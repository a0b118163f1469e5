/* SPDX-License-Identifier: MIT */
/*
 * Second-level tables: small pages, a large page, attributes that differ from page to page; TTBR1 for the upper half of the
 * address space; one line at two virtual addresses (right: maintained by the other one).
 * Broken: a write-back buffer in one of them is not cleaned.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: stale-device-read
 * variants: SMALL=stale-device-read@fill_small LARGE=stale-device-read@fill_large UPPER=stale-device-read@fill_upper
 */
#include "support/maintain.h"

#define SIZE 256u
static volatile uint8_t memory[0x20000] SPECIAL;
static uint32_t table_upper[4096] __attribute__((aligned(16384)));
static uint32_t pages[256] __attribute__((aligned(1024)));

#define SMALL_WRITE_BACK 0x0000047eu
#define SMALL_NON_CACHEABLE 0x00000472u
#define LARGE_WRITE_BACK 0x0000143du
#define UPPER_ADDRESS 0xc0000000u

void adjust_map(void)
{
    const uint32_t base = (uint32_t)(uintptr_t)memory;
    for (uint32_t i = 0; i < 256; i++)
        pages[i] = (base + i * 4096) | (i == 1 ? SMALL_NON_CACHEABLE : SMALL_WRITE_BACK);
    for (uint32_t i = 16; i < 32; i++)
        pages[i] = (base + 0x10000) | LARGE_WRITE_BACK;
    table_cached[base >> 20] = (uint32_t)(uintptr_t)pages | 1;
    map_sections(table_upper, UPPER_ADDRESS, base, 0x100000, WRITE_BACK);
}

void mmu_on(uint32_t *table)
{
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 2" ::"r"(table == table_cached));
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 0" ::"r"((uint32_t)(uintptr_t)table | 0x4a));
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 1" ::"r"((uint32_t)(uintptr_t)table_upper | 0x4a));
    __asm__ volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(1));
    sctlr_on(0);
}

#define FILL(name)                                                                                                     \
    NOINLINE static void name(volatile uint8_t *to)                                                                    \
    {                                                                                                                  \
        for (uint32_t i = 0; i < SIZE; i++)                                                                            \
            to[i] = pattern(i);                                                                                        \
        dmb();                                                                                                         \
    }
FILL(fill_small)
FILL(fill_uncached)
FILL(fill_large)
FILL(fill_upper)

static int send(const volatile uint8_t *from)
{
    outside_clear(SIZE);
    master_copy_start(bus(outside), bus(from), SIZE);
    master_wait();
    return outside_check(SIZE);
}

int main(void)
{
    volatile uint8_t *upper = (volatile uint8_t *)UPPER_ADDRESS;
    int wrong = 0;
    master_start();
    fill_small(memory);
#ifndef SMALL
    clean_loop(memory, memory + SIZE);
#endif
    wrong |= send(memory);
    fill_uncached(memory + 0x1000);
    wrong |= send(memory + 0x1000);
    fill_large(memory + 0x18000);
#ifndef LARGE
    clean_counted(upper + 0x18000, SIZE);
#endif
    wrong |= send(memory + 0x18000);
    fill_upper(upper + 0x4000);
#ifndef UPPER
    clean_inline(memory + 0x4000, SIZE);
#endif
    wrong |= send(memory + 0x4000);
    return wrong;
}
