/* SPDX-License-Identifier: MIT */
/*
 * What is mapped: the image's own sections, its stacks with their guard pages, the board's memory map, and later the
 * window of the .uncached section. Called by boot/start.c and by board_init() on CPU 0.
 */
#include "boot/mmu.h"

#include "boot/board.h"
#include "boot/cache.h"
#include "boot/image.h"
#include "boot/stack.h"

#include <string.h>

static bool map_both(uintptr_t base, size_t size, enum mmu_attribute attribute)
{
    if (size == 0) {
        return true;
    }
    return mmu_map(base, base, size, attribute) && mmu_tables_map(&mmu_tables_engine, base, base, size, attribute);
}

static bool map_span(const unsigned char *start, const unsigned char *end, enum mmu_attribute attribute)
{
    return map_both((uintptr_t)start, (size_t)(end - start), attribute);
}

/* One CPU's block: its data page, then guard and stack in turn. */
static bool map_stacks(unsigned cpu)
{
    static const struct {
        uint32_t top, size;
    } all[] = {
        {STACK_PAGE, STACK_PAGE},        {STACK_SVC_TOP, STACK_SVC_SIZE}, {STACK_IRQ_TOP, STACK_IRQ_SIZE},
        {STACK_ABT_TOP, STACK_ABT_SIZE}, {STACK_UND_TOP, STACK_UND_SIZE}, {STACK_FIQ_TOP, STACK_FIQ_SIZE},
    };
    unsigned i;

    for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (!map_both((uintptr_t)stacks[cpu] + all[i].top - all[i].size, all[i].size, MMU_DATA)) {
            return false;
        }
    }
    return true;
}

const char *mmu_build(const struct mmu_region *board_map)
{
    const struct mmu_region *region;
    unsigned cpu;

    if (!map_span(__text_start, __text_end, MMU_TEXT)) {
        return "text";
    }
    if (!map_span(__rodata_start, __rodata_end, MMU_RODATA)) {
        return "rodata";
    }
    if (!map_span(__data_start, __data_end, MMU_DATA) || !map_span(__tables_start, __tables_end, MMU_DATA)) {
        return "data";
    }
    for (cpu = 0; cpu < STACK_CPUS; cpu++) {
        if (!map_stacks(cpu)) {
            return "stacks";
        }
    }
    if (!map_span(__heap_start, __heap_end, MMU_DATA) || !map_span(__pool_start, __pool_end, MMU_DATA)) {
        return "heap and pool";
    }
    for (region = board_map; region->size != 0; region++) {
        bool done = region->attribute == MMU_NONE
                        ? mmu_tables_map(&mmu_tables_engine, region->base, region->base, region->size, MMU_UNCACHED)
                        : map_both(region->base, region->size, region->attribute);

        if (!done) {
            return region->name;
        }
    }
    return NULL;
}

/* Lines of the window go, from the inner caches and then an outer one. */
static bool clean_out(uintptr_t base, size_t size, uint32_t bus_offset)
{
    return cache_clean_invalidate_range(base, size) &&
           (board_outer == NULL || board_outer->clean_invalidate((uint32_t)base + bus_offset, size));
}

bool mmu_map_uncached_window(uint32_t bus_offset)
{
    uintptr_t base = (uintptr_t)__uncached_start;
    size_t size = (size_t)(__uncached_end - __uncached_start);

    if (size == 0) {
        return true;
    }
    if (!mmu_tables_map(&mmu_tables_engine, base, base + bus_offset, size, MMU_UNCACHED) ||
        !mmu_map(base, base + bus_offset, size, MMU_DATA)) {
        return false;
    }
    /* A line that a speculative fetch, or a loader, left of these addresses must not be written back over what goes
     * past the caches from now on: it is cleaned out through the cacheable mapping, which exists for this alone. */
    if (!clean_out(base, size, bus_offset) || !mmu_map(base, base + bus_offset, size, MMU_UNCACHED)) {
        return false;
    }
    /* Until that mapping was gone, speculation may have fetched lines again, clean ones, and whether an uncached access
     * hits a line is IMPLEMENTATION DEFINED: so once more, now that nothing fetches anew. The non-cacheable mapping
     * serves: an operation by address needs a valid translation and works on its physical address; with the
     * Multiprocessing Extensions, which Cortex-A7, A9 and A15 have, the attributes only choose whose caches it reaches
     * (ARM ARM DDI 0406B, B2.2.8). */
    if (!clean_out(base, size, bus_offset)) {
        return false;
    }
    memset((void *)base, 0, size);
    return true;
}
