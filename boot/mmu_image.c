/* SPDX-License-Identifier: MIT */
/*
 * What is mapped: the image's own sections, its stacks with their guard pages, the board's memory map, and later the window
 * of the .uncached section. Called by boot/start.c and by board_init() on CPU 0.
 */
#include "boot/mmu.h"

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
    /* A line that a speculative fetch, or a loader, left of these addresses must not be written back over what goes past the caches
     * from now on. The cacheable mapping exists for this alone: maintenance by address needs one. */
    if (!cache_clean_invalidate_range(base, size) || !mmu_map(base, base + bus_offset, size, MMU_UNCACHED)) {
        return false;
    }
    memset((void *)base, 0, size);
    return true;
}
