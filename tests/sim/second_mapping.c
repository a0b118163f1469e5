/* SPDX-License-Identifier: MIT */
/*
 * Maintenance through another mapping than the one stored through: the caches are tagged by physical addresses, so it counts. The
 * driver's own mapping is write-back too, elsewhere (a kernel's linear map), or non-cacheable.
 * Broken: the driver's mapping is of other memory (the next mebibyte), the operation given a physical address that is mapped as a
 * virtual one elsewhere, or not at all; the alias is stored to uncached while the cached mapping is dirty, or read without a clean.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * variants: NEXT=stale-device-read@fill+master_copy PHYSICAL=stale-device-read@fill+master_copy UNMAPPED=maintenance-fault@clean_by
 * variants: UNCACHED_STORE=lost-update@patch UNCACHED_LOAD=stale-device-read@fill+peek
 * flags: -Wno-unused-function
 * data: any
 */
#include "support/maintain.h"

#define SIZE (2 * LINE)
#define LINEAR 0xc0000000u
static volatile uint8_t buffer[SIZE] SPECIAL;

static uint32_t at(uint32_t base)
{
    return base + ((uint32_t)(uintptr_t)buffer - (uint32_t)(uintptr_t)special_start);
}

void adjust_map(void)
{
    const uint32_t special = (uint32_t)(uintptr_t)special_start;
    map_sections(table_cached, LINEAR, special, 0x100000, WRITE_BACK);
    map_sections(table_cached, LINEAR + 0x100000, special, 0x100000, NON_CACHEABLE);
#ifdef PHYSICAL
    /* the buffer is only known elsewhere; where its physical address is, there is other memory */
    map_sections(table_cached, special, special + 0x100000, 0x100000, WRITE_BACK);
#endif
}

NOINLINE static void fill(uint32_t virtual)
{
    for (uint32_t i = 0; i < SIZE; i++)
        ((volatile uint8_t *)virtual)[i] = pattern(i); /* accused */
}

NOINLINE static void clean_by(uint32_t virtual)
{
    for (uint32_t i = 0; i < SIZE; i += LINE)
        dccmvac(virtual + i); /* accused */
    dsb();
}

NOINLINE static void patch(void)
{
    ((volatile uint8_t *)at(LINEAR + 0x100000))[4] = 0xee; /* accused */
    dsb();
}

NOINLINE static int peek(void)
{
    return ((volatile uint8_t *)at(LINEAR + 0x100000))[4] != pattern(4);
}

int main(void)
{
    const uint32_t here = (uint32_t)(uintptr_t)buffer;
    master_start();
    fill(at(LINEAR));
#if defined(NEXT)
    clean_by(at(LINEAR) ^ 0x80);
#elif defined(PHYSICAL)
    clean_by(here);
#elif defined(UNMAPPED)
    clean_by(at(LINEAR + 0x00200000));
#elif defined(UNCACHED_STORE)
    patch();
    clean_by(here);
    return ((volatile uint8_t *)here)[4] != 0xee;
#elif defined(UNCACHED_LOAD)
    return peek();
#else
    clean_by(here);
    if (peek() != 0)
        return 1;
    fill(here);
    clean_by(at(LINEAR + 0x100000));
    fill(at(LINEAR));
    clean_by(at(LINEAR));
#endif
    master_copy_start(bus(outside), here + bus_offset, SIZE);
    master_wait();
    return outside_check(SIZE);
}
