/* SPDX-License-Identifier: MIT */
/*
 * Page tables: making and changing their entries. What boot/ maps with them is in boot/mmu_image.c. Called on any CPU, one at a
 * time; touches the tables, TLBs and branch predictor.
 */
#include "boot/mmu.h"

#include "boot/board.h"
#include "boot/cache.h"
#include "boot/cpu.h"
#include "boot/image.h"
#include "boot/mmu_descriptor.h"
#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"
#include "boot/sctlr.h"
#include "boot/stack.h"

#include <stdlib.h>

#define LEVEL2_TABLES 64u

/* TTBR0: walks inner and outer write-back write-allocate. With the multiprocessing extensions IRGN is in bits 0 and 6. */
#define TTBR_RGN_WBWA (1u << 3)
#define TTBR_S (1u << 1)
#define TTBR_IRGN_WBWA (1u << 6)
#define TTBR_C (1u << 0)

static uint32_t level1_cpu[MMU_LEVEL1_ENTRIES] __attribute__((section(".tables"), aligned(0x4000)));
static uint32_t level1_engine[MMU_LEVEL1_ENTRIES] __attribute__((section(".tables"), aligned(0x4000)));
static uint32_t level2[LEVEL2_TABLES][MMU_LEVEL2_ENTRIES] __attribute__((section(".tables"), aligned(0x400)));
static unsigned level2_used;

const struct mmu_tables mmu_tables_cpu = {level1_cpu, true};
const struct mmu_tables mmu_tables_engine = {level1_engine, false};

static bool multiprocessing(void)
{
    return (cp15_read_MPIDR() & 0x80000000) != 0;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Changing entries */

/* Writes an entry where the walker sees it. Complete after the next DSB. */
static void write_entry(const struct mmu_tables *tables, uint32_t *entry, uint32_t value)
{
    *(volatile uint32_t *)entry = value;
    if ((cp15_read_SCTLR() & SCTLR_C) == 0) {
        return; /* stored with the cache off: in memory already */
    }
    if (!tables->coherent) {
        cp15_write_DCCMVAC((uint32_t)(uintptr_t)entry);
        /* Such walks go past an outer cache, too. One that does not end its operation is broken. */
        if (board_outer != NULL && !board_outer->clean((uint32_t)(uintptr_t)entry, sizeof(*entry))) {
            abort();
        }
    } else if ((cp15_read_ID_MMFR3() >> 20 & 0xf) == 0) {
        cp15_write_DCCMVAU((uint32_t)(uintptr_t)entry); /* walks do not look into the data cache (CohWalk) */
    }
}

/* TLBIMVAAIS, and TLBIMVAA, came with the multiprocessing extensions (ARM ARM DDI 0406C, B4.1: TLB maintenance operations); a Cortex-A8 has
 * neither (DDI 0344, 3.2.31). TLBIMVA takes an ASID beside the address, of no matter here: all entries are global. */
static void tlb_invalidate(uintptr_t address)
{
    if (multiprocessing()) {
        cp15_write_TLBIMVAAIS((uint32_t)address & ~(MMU_PAGE - 1));
    } else {
        cp15_write_TLBIMVA((uint32_t)address & ~(MMU_PAGE - 1));
    }
}

/* After the entries were zeroed: nobody uses what they said any more. */
static void broken(void)
{
    if (multiprocessing()) {
        cp15_write_BPIALLIS(0);
    } else {
        cp15_write_BPIALL(0);
    }
    dsb();
    isb();
}

/* Puts a second-level table with the same mappings in the place of a section or of nothing. */
static void split(const struct mmu_tables *tables, uintptr_t address)
{
    uint32_t *first = &tables->level1[address / MMU_SECTION];
    uint32_t old = *first, *table = level2[level2_used++];
    unsigned i;

    for (i = 0; i < MMU_LEVEL2_ENTRIES; i++) {
        write_entry(tables, &table[i],
                    old == 0 ? 0 : ((old & ~(MMU_SECTION - 1)) + i * MMU_PAGE) | mmu_page_of_section(old));
    }
    dsb();
    if (old != 0) {
        write_entry(tables, first, 0);
        dsb();
        tlb_invalidate(address);
        broken();
    }
    write_entry(tables, first, (uint32_t)(uintptr_t)table | MMU_TABLE);
    dsb();
    isb();
}

static bool holds_image(uintptr_t section)
{
    return section + (MMU_SECTION - 1) >= (uintptr_t)__image_start && section < (uintptr_t)__image_end;
}

/* May the sections that are not tables be split, as far as the range needs it? pages: all of them, not only those that the range covers
 * in part or that physical is no section of. last is the range's last byte. */
static bool can_split(const struct mmu_tables *tables, uintptr_t address, uintptr_t last, bool pages)
{
    uintptr_t section;
    unsigned needed = 0;

    for (section = address & ~(MMU_SECTION - 1);; section += MMU_SECTION) {
        uint32_t entry = tables->level1[section / MMU_SECTION];
        bool whole = section >= address && last - section >= MMU_SECTION - 1;

        if (!mmu_is_table(entry) && (pages || !whole)) {
            if (entry != 0 && holds_image(section)) {
                return false;
            }
            needed++;
        }
        if (last - section < MMU_SECTION) {
            break;
        }
    }
    return needed <= LEVEL2_TABLES - level2_used;
}

static void split_all(const struct mmu_tables *tables, uintptr_t address, uintptr_t last, bool pages)
{
    uintptr_t section;

    for (section = address & ~(MMU_SECTION - 1);; section += MMU_SECTION) {
        bool whole = section >= address && last - section >= MMU_SECTION - 1;

        if (!mmu_is_table(tables->level1[section / MMU_SECTION]) && (pages || !whole)) {
            split(tables, section);
        }
        if (last - section < MMU_SECTION) {
            break;
        }
    }
}

static bool valid_range(uintptr_t address, size_t size)
{
    return size != 0 && (address | size) % MMU_PAGE == 0 && size - 1 <= UINTPTR_MAX - address;
}

bool mmu_tables_map(const struct mmu_tables *tables, uintptr_t address, uintptr_t physical, size_t size,
                    enum mmu_attribute attribute)
{
    uint32_t section = mmu_section_descriptor(tables, attribute), page = mmu_page_descriptor(tables, attribute), state;
    bool pages = attribute != MMU_NONE && (physical - address) % MMU_SECTION != 0, broke = false;
    uintptr_t at, last = address + (size - 1);

    if (!valid_range(address, size) || (attribute != MMU_NONE && !valid_range(physical, size)) ||
        attribute > MMU_DEVICE) {
        return false;
    }
    state = cpu_irq_save();
    if (!can_split(tables, address, last, pages)) {
        cpu_irq_restore(state);
        return false;
    }
    split_all(tables, address, last, pages);

    /* Break all entries that will differ, then make them: two barriers for the whole range. */
    for (unsigned make = 0; make < 2; make++) {
        at = address;
        for (;;) {
            uint32_t *entry = mmu_entry_of(tables, at);
            bool is_page = mmu_is_table(tables->level1[at / MMU_SECTION]);
            uint32_t target = (uint32_t)(physical + (at - address));
            uint32_t value = attribute == MMU_NONE ? 0 : target | (is_page ? page : section);
            uintptr_t step = is_page ? MMU_PAGE : MMU_SECTION;

            if (make && *entry != value) {
                write_entry(tables, entry, value);
            } else if (!make && *entry != value && *entry != 0) {
                write_entry(tables, entry, 0);
                broke = true;
            }
            if (last - at < step) {
                break;
            }
            at += step;
        }
        dsb();
        if (!make && broke) {
            for (at = address;; at += MMU_PAGE) {
                bool is_page = mmu_is_table(tables->level1[at / MMU_SECTION]);

                if (is_page || at % MMU_SECTION == 0) {
                    tlb_invalidate(at);
                }
                if (last - at < MMU_PAGE) {
                    break;
                }
            }
            broken();
        }
    }
    isb();
    cpu_irq_restore(state);
    return true;
}

bool mmu_map(uintptr_t address, uintptr_t physical, size_t size, enum mmu_attribute attribute)
{
    return mmu_tables_map(&mmu_tables_cpu, address, physical, size, attribute);
}

bool mmu_unmap(uintptr_t address, size_t size)
{
    return mmu_tables_map(&mmu_tables_cpu, address, 0, size, MMU_NONE);
}

bool mmu_split(uintptr_t address, size_t size)
{
    uint32_t state;
    bool possible;

    if (!valid_range(address, size)) {
        return false;
    }
    state = cpu_irq_save();
    possible = can_split(&mmu_tables_cpu, address, address + (size - 1), true);
    if (possible) {
        split_all(&mmu_tables_cpu, address, address + (size - 1), true);
    }
    cpu_irq_restore(state);
    return possible;
}

unsigned mmu_tables_left(void)
{
    return LEVEL2_TABLES - level2_used;
}

/* What this CPU has stored with the MMU off, on its stack and in its page of data, went past the caches. A CPU of the same domain may
 * have fetched those lines by speculation, and would answer this one's cached loads with them; so would an outer cache. No store to them that
 * is still needed may follow until the caches are on. */
static void drop_early_lines(void)
{
    uintptr_t block = (uintptr_t)stacks[cpu_number()];
    uintptr_t stack = block + STACK_SVC_TOP - STACK_PAGE;

    if ((board_outer != NULL && (!board_outer->invalidate((uint32_t)block, STACK_PAGE) ||
                                 !board_outer->invalidate((uint32_t)stack, STACK_PAGE))) ||
        !cache_invalidate_range(block, STACK_PAGE) || !cache_invalidate_range(stack, STACK_PAGE)) {
        for (;;) { /* page-aligned constants: it cannot come here but by a broken outer cache */
        }
    }
}

void mmu_enable(const struct mmu_tables *tables)
{
    uint32_t ttbr = (uint32_t)(uintptr_t)tables->level1;

    if (tables->coherent) {
        ttbr |= TTBR_RGN_WBWA | (multiprocessing() ? TTBR_IRGN_WBWA : TTBR_C) | (mmu_shareable() ? TTBR_S : 0);
    }
    dsb();
    cp15_write_TTBCR(0);
    cp15_write_TTBR0(ttbr);
    cp15_write_DACR(1); /* domain 0: client */
    cp15_write_CONTEXTIDR(0);
    cp15_write_TLBIALL(0);
    dsb();
    isb();
    if (tables->coherent && cpu_number() != 0) {
        drop_early_lines();
    }
    cp15_write_SCTLR(cp15_read_SCTLR() | SCTLR_M | SCTLR_I | SCTLR_Z | (tables->coherent ? SCTLR_C : 0));
    isb();
}
