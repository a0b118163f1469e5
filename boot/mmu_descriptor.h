/* SPDX-License-Identifier: MIT */
/*
 * Short-format translation table entries (ARM ARM DDI 0406C, B3.5.1), TEX remap and access flag off, domain 0. Pure but for
 * MPIDR, which decides on shareability. Used by boot/mmu.c and boot/mmu_query.c.
 */
#ifndef BATON_BOOT_MMU_DESCRIPTOR_H
#define BATON_BOOT_MMU_DESCRIPTOR_H

#include "boot/mmu.h"

#include <stdbool.h>
#include <stdint.h>

#define MMU_LEVEL1_ENTRIES 4096u
#define MMU_LEVEL2_ENTRIES 256u

/* A first-level entry that names a second-level table. */
#define MMU_TABLE 0x1u
#define MMU_TYPE 0x3u
#define MMU_TABLE_ADDRESS 0xfffffc00u

static inline bool mmu_is_table(uint32_t entry)
{
    return (entry & MMU_TYPE) == MMU_TABLE;
}

static inline uint32_t *mmu_table_of(uint32_t entry)
{
    return (uint32_t *)(uintptr_t)(entry & MMU_TABLE_ADDRESS);
}

/* The entry that decides on an address: of a second-level table if there is one, else of the first. */
static inline uint32_t *mmu_entry_of(const struct mmu_tables *tables, uintptr_t address)
{
    uint32_t *first = &tables->level1[address / MMU_SECTION];

    return mmu_is_table(*first) ? &mmu_table_of(*first)[address / MMU_PAGE % MMU_LEVEL2_ENTRIES] : first;
}

/* Without address; 0 for MMU_NONE. */
uint32_t mmu_section_descriptor(const struct mmu_tables *tables, enum mmu_attribute attribute);
uint32_t mmu_page_descriptor(const struct mmu_tables *tables, enum mmu_attribute attribute);

/* The page descriptor that means what a section descriptor does; both without address. */
uint32_t mmu_page_of_section(uint32_t section);

/* Memory is shared with other cores: not on a uniprocessor (MPIDR.U), where some cores do not cache shareable memory. */
bool mmu_shareable(void);

#endif
