/* SPDX-License-Identifier: MIT */
/*
 * Page tables: making and changing their entries. What boot/ maps with them is in boot/mmu_image.c. Called on any CPU, one at a
 * time; touches the tables, TLBs and branch predictor.
 */
#include "boot/mmu.h"

#include "boot/cpu.h"
#include "boot/image.h"
#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"

#define LEVEL1_ENTRIES 4096u
#define LEVEL2_ENTRIES 256u
#define LEVEL2_TABLES 64u

/* Short-descriptor formats, TEX remap and access flag off, domain 0 (ARM ARM B3.5.1, B3.8.2, table B3-10). */
#define L1_TABLE 0x1u
#define L1_TYPE 0x3u
#define L1_TABLE_ADDRESS 0xfffffc00u
#define SECTION 0x2u
#define SECTION_XN (1u << 4)
#define SECTION_ATTRIBUTES(b, c, tex) ((b) << 2 | (c) << 3 | (uint32_t)(tex) << 12)
#define SECTION_AP_RW (0x1u << 10) /* AP[2:0] = 001: privileged read-write, unprivileged nothing */
#define SECTION_AP_RO (0x1u << 15 | 0x1u << 10)
#define SECTION_S (1u << 16)
#define PAGE 0x2u
#define PAGE_XN 0x1u
#define PAGE_ATTRIBUTES(b, c, tex) ((b) << 2 | (c) << 3 | (uint32_t)(tex) << 6)
#define PAGE_AP_RW (0x1u << 4)
#define PAGE_AP_RO (0x1u << 9 | 0x1u << 4)
#define PAGE_S (1u << 10)

/* TTBR0: walks inner and outer write-back write-allocate. With the multiprocessing extensions IRGN is in bits 0 and 6. */
#define TTBR_RGN_WBWA (1u << 3)
#define TTBR_S (1u << 1)
#define TTBR_IRGN_WBWA (1u << 6)
#define TTBR_C (1u << 0)

#define SCTLR_M (1u << 0)
#define SCTLR_C (1u << 2)
#define SCTLR_Z (1u << 11)
#define SCTLR_I (1u << 12)

static uint32_t level1_cpu[LEVEL1_ENTRIES] __attribute__((section(".tables"), aligned(0x4000)));
static uint32_t level1_engine[LEVEL1_ENTRIES] __attribute__((section(".tables"), aligned(0x4000)));
static uint32_t level2[LEVEL2_TABLES][LEVEL2_ENTRIES] __attribute__((section(".tables"), aligned(0x400)));
static unsigned level2_used;

const struct mmu_tables mmu_tables_cpu = {level1_cpu, true};
const struct mmu_tables mmu_tables_engine = {level1_engine, false};

static bool multiprocessing(void)
{
    return (cp15_read_MPIDR() & 0x80000000) != 0;
}

/* Shared with other cores: not on a uniprocessor (MPIDR.U), where some cores do not cache shareable memory. */
static bool shareable(void)
{
    return (cp15_read_MPIDR() & 0xc0000000) == 0x80000000;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Descriptors */

struct type {
    unsigned b, c, tex;
    bool writable, executable;
};

static struct type type_of(const struct mmu_tables *tables, enum mmu_attribute attribute)
{
    /* An engine's RAM is non-cacheable whatever it is for. */
    struct type type = tables->coherent ? (struct type){1, 1, 1, false, false} : (struct type){0, 0, 1, false, false};

    switch (attribute) {
    case MMU_TEXT:
        type.executable = true;
        break;
    case MMU_DATA:
        type.writable = true;
        break;
    case MMU_UNCACHED:
        type = (struct type){0, 0, 1, true, false};
        break;
    case MMU_DEVICE:
        type = (struct type){1, 0, 0, true, false};
        break;
    default:
        break;
    }
    return type;
}

static uint32_t section_descriptor(const struct mmu_tables *tables, enum mmu_attribute attribute)
{
    struct type type = type_of(tables, attribute);

    if (attribute == MMU_NONE) {
        return 0;
    }
    return SECTION | SECTION_ATTRIBUTES(type.b, type.c, type.tex) | (type.writable ? SECTION_AP_RW : SECTION_AP_RO) |
           (type.executable ? 0 : SECTION_XN) | (shareable() ? SECTION_S : 0);
}

static uint32_t page_descriptor(const struct mmu_tables *tables, enum mmu_attribute attribute)
{
    struct type type = type_of(tables, attribute);

    if (attribute == MMU_NONE) {
        return 0;
    }
    return PAGE | PAGE_ATTRIBUTES(type.b, type.c, type.tex) | (type.writable ? PAGE_AP_RW : PAGE_AP_RO) |
           (type.executable ? 0 : PAGE_XN) | (shareable() ? PAGE_S : 0);
}

/* The page descriptor that means what a section descriptor does; both without address. */
static uint32_t page_of_section(uint32_t section)
{
    return PAGE | (section & 0xc) | (section >> 4 & PAGE_XN) | (section >> 6 & 0x30) | (section >> 6 & 0x1c0) |
           (section >> 6 & 0x200) | (section >> 6 & PAGE_S);
}

static bool is_table(uint32_t entry)
{
    return (entry & L1_TYPE) == L1_TABLE;
}

static uint32_t *table_of(uint32_t entry)
{
    return (uint32_t *)(uintptr_t)(entry & L1_TABLE_ADDRESS);
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Changing entries */

/* Writes an entry where the walker sees it. Complete after the next DSB. */
static void write_entry(const struct mmu_tables *tables, uint32_t *entry, uint32_t value)
{
    *(volatile uint32_t *)entry = value;
    if (!tables->coherent) {
        cp15_write_DCCMVAC((uint32_t)(uintptr_t)entry);
    } else if ((cp15_read_ID_MMFR3() >> 20 & 0xf) == 0) {
        cp15_write_DCCMVAU((uint32_t)(uintptr_t)entry); /* walks do not look into the data cache (CohWalk) */
    }
}

static void tlb_invalidate(uintptr_t address)
{
    if (multiprocessing()) {
        cp15_write_TLBIMVAAIS((uint32_t)address & ~(MMU_PAGE - 1));
    } else {
        cp15_write_TLBIMVAA((uint32_t)address & ~(MMU_PAGE - 1));
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

static uint32_t *entry_of(const struct mmu_tables *tables, uintptr_t address)
{
    uint32_t *first = &tables->level1[address / MMU_SECTION];

    return is_table(*first) ? &table_of(*first)[address / MMU_PAGE % LEVEL2_ENTRIES] : first;
}

/* Puts a second-level table with the same mappings in the place of a section or of nothing. */
static void split(const struct mmu_tables *tables, uintptr_t address)
{
    uint32_t *first = &tables->level1[address / MMU_SECTION];
    uint32_t old = *first, *table = level2[level2_used++];
    unsigned i;

    for (i = 0; i < LEVEL2_ENTRIES; i++) {
        write_entry(tables, &table[i],
                    old == 0 ? 0 : ((old & ~(MMU_SECTION - 1)) + i * MMU_PAGE) | page_of_section(old));
    }
    dsb();
    if (old != 0) {
        write_entry(tables, first, 0);
        dsb();
        tlb_invalidate(address);
        broken();
    }
    write_entry(tables, first, (uint32_t)(uintptr_t)table | L1_TABLE);
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

        if (!is_table(entry) && (pages || !whole)) {
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

        if (!is_table(tables->level1[section / MMU_SECTION]) && (pages || !whole)) {
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
    uint32_t section = section_descriptor(tables, attribute), page = page_descriptor(tables, attribute), state;
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
            uint32_t *entry = entry_of(tables, at);
            bool is_page = is_table(tables->level1[at / MMU_SECTION]);
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
                bool is_page = is_table(tables->level1[at / MMU_SECTION]);

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

/* ---------------------------------------------------------------------------------------------------------------- */
/* Asking */

static uint32_t translate(uintptr_t address)
{
    uint32_t state = cpu_irq_save(), par; /* PAR is one register for everybody on this CPU */

    cp15_write_ATS1CPR((uint32_t)address);
    isb();
    par = cp15_read_PAR();
    cpu_irq_restore(state);
    return par;
}

bool mmu_readable(uintptr_t address)
{
    return (translate(address) & 1) == 0;
}

struct mmu_translation mmu_lookup(uintptr_t address)
{
    const struct mmu_tables *tables = &mmu_tables_cpu;
    struct mmu_translation translation = {0};
    bool page = is_table(tables->level1[address / MMU_SECTION]);
    uintptr_t size = page ? MMU_PAGE : MMU_SECTION;
    enum mmu_attribute attribute;

    translation.par = translate(address);
    translation.descriptor = *entry_of(tables, address);
    if (translation.descriptor == 0) {
        return translation;
    }
    translation.page = page;
    translation.physical = (translation.descriptor & ~(size - 1)) | (address & (size - 1));
    for (attribute = MMU_TEXT; attribute <= MMU_DEVICE; attribute++) {
        uint32_t bits = page ? page_descriptor(tables, attribute) : section_descriptor(tables, attribute);

        if ((translation.descriptor & (size - 1)) == bits) {
            translation.attribute = attribute;
        }
    }
    return translation;
}

void mmu_enable(const struct mmu_tables *tables)
{
    uint32_t ttbr = (uint32_t)(uintptr_t)tables->level1;

    if (tables->coherent) {
        ttbr |= TTBR_RGN_WBWA | (multiprocessing() ? TTBR_IRGN_WBWA : TTBR_C) | (shareable() ? TTBR_S : 0);
    }
    dsb();
    cp15_write_TTBCR(0);
    cp15_write_TTBR0(ttbr);
    cp15_write_DACR(1); /* domain 0: client */
    cp15_write_CONTEXTIDR(0);
    cp15_write_TLBIALL(0);
    dsb();
    isb();
    cp15_write_SCTLR(cp15_read_SCTLR() | SCTLR_M | SCTLR_I | SCTLR_Z | (tables->coherent ? SCTLR_C : 0));
    isb();
}
