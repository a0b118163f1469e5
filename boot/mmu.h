/* SPDX-License-Identifier: MIT */
/*
 * Address translation: short-descriptor page tables, 1 MiB sections and 4 KiB pages, privileged access only, domain 0 as client so
 * that permissions hold. What is not mapped faults, the page at address 0 included.
 *
 * There are two sets of tables. mmu_tables_cpu is what the CPUs of one coherence domain use; mmu_map() and its kin change it at
 * run time. mmu_tables_engine is for a CPU that plays a non-coherent bus master: the same devices, the image's text read-only
 * and executable, all RAM of the board flat, and everything Normal non-cacheable.
 *
 * A change is made break-before-make (ARM ARM DDI 0406C, B3.10.1): the old entry is zeroed, DSB, the TLB entries (of all CPUs of the
 * inner-shareable domain) and the branch predictor are invalidated, DSB, ISB, then the new entry is written. An address under
 * change faults for a moment on whoever uses it, so nobody may: one CPU changes tables at a time, which is the caller's to see to;
 * interrupts are masked on that CPU meanwhile. Any context.
 *
 * Part of a 1 MiB section is changed by splitting the section first, which takes all of it away for that moment, and a second-level
 * table out of a fixed number. mmu_split() does that beforehand. Tables are never given back.
 *
 * The caller sees to the caches: dirty lines are cleaned before their mapping goes (maintenance needs one), a page that becomes
 * non-cacheable is cleaned and invalidated first, and instructions written are cleaned and invalidated by their writer.
 */
#ifndef BATON_BOOT_MMU_H
#define BATON_BOOT_MMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MMU_PAGE 0x1000u
#define MMU_SECTION 0x100000u

enum mmu_attribute {
    MMU_NONE,     /* not mapped */
    MMU_TEXT,     /* Normal write-back, read-only, executable */
    MMU_RODATA,   /* Normal write-back, read-only, execute-never */
    MMU_DATA,     /* Normal write-back write-allocate, read-write, execute-never */
    MMU_UNCACHED, /* Normal non-cacheable, read-write, execute-never */
    MMU_DEVICE,   /* Device, read-write, execute-never */
};

/* Part of a board's memory map (boot/board.h), physical = virtual, page-aligned. MMU_NONE: RAM that this image leaves alone but
 * that a bus master may reach: only mmu_tables_engine maps it. */
struct mmu_region {
    const char *name;
    uintptr_t base;
    size_t size;
    enum mmu_attribute attribute;
};

struct mmu_tables {
    uint32_t *level1; /* 4096 entries */
    bool coherent;    /* false: of a CPU whose walks and accesses see memory alone */
};

extern const struct mmu_tables mmu_tables_cpu, mmu_tables_engine;

/* Maps [address, address + size) to physical...; replaces what was mapped there. false, and nothing changed: an address or size
 * that is not page-aligned, size 0, a range that wraps, no second-level table left, or a split of a section that
 * holds the image itself. With MMU_NONE: unmaps. */
__attribute__((warn_unused_result)) bool mmu_map(uintptr_t address, uintptr_t physical, size_t size,
                                                 enum mmu_attribute attribute);

__attribute__((warn_unused_result)) bool mmu_unmap(uintptr_t address, size_t size);

/* The same for a given set of tables. */
__attribute__((warn_unused_result)) bool mmu_tables_map(const struct mmu_tables *tables, uintptr_t address,
                                                        uintptr_t physical, size_t size, enum mmu_attribute attribute);

/* Gives each section of the range its second-level table, mappings unchanged, so that later changes of its pages neither fail
 * nor disturb their neighbours. */
__attribute__((warn_unused_result)) bool mmu_split(uintptr_t address, size_t size);

/* What one address translates to in mmu_tables_cpu. */
struct mmu_translation {
    uintptr_t physical;
    enum mmu_attribute attribute; /* MMU_NONE: not mapped, the rest is 0 */
    bool page;                    /* by a 4 KiB page, not a section */
    uint32_t descriptor;          /* the entry itself */
    uint32_t par;                 /* PAR after ATS1CPR: the CPU's own answer; bit 0: fault */
};

struct mmu_translation mmu_lookup(uintptr_t address);

/* Asks the CPU whether a privileged load would translate (ATS1CPR). */
bool mmu_readable(uintptr_t address);

/* The same for a store (ATS1CPW). */
bool mmu_writable(uintptr_t address);

/* Maps the image's .uncached section, non-cacheable, in both sets of tables: virtual P to physical P + bus_offset, and fills it with
 * zeros. Once, from board_init(); until then its addresses fault. false: bus_offset is not page-aligned. */
__attribute__((warn_unused_result)) bool mmu_map_uncached_window(uint32_t bus_offset);

/* Inside boot/ */

/* Builds both sets of tables, MMU off. NULL, or the name of the region that could not be mapped. */
const char *mmu_build(const struct mmu_region *board_map);

/* Turns this CPU's MMU on with these tables; with coherent ones the data caches too. Instruction cache and branch prediction
 * either way. */
void mmu_enable(const struct mmu_tables *tables);

/* Second-level tables not taken yet. */
unsigned mmu_tables_left(void);

#endif
