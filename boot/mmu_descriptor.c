/* SPDX-License-Identifier: MIT */
/*
 * What an attribute is in a translation table entry.
 */
#include "boot/mmu_descriptor.h"

#include "boot/registers/cp15.h"

/* ARM ARM B3.5.1; memory attributes, B3.8.2, table B3-10. */
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

bool mmu_shareable(void)
{
    return (cp15_read_MPIDR() & 0xc0000000) == 0x80000000;
}

/* Without the multiprocessing extensions (MPIDR bit 31). */
static bool alone(void)
{
    return (cp15_read_MPIDR() & 0x80000000) == 0;
}

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
        /* On a core that has no others a device is not shareable: accesses to one that is may change their order on a Cortex-A8
         * (erratum 709718, which barebox and others avoid in the same way). */
        type = alone() ? (struct type){0, 0, 2, true, false} : (struct type){1, 0, 0, true, false};
        break;
    default:
        break;
    }
    return type;
}

uint32_t mmu_section_descriptor(const struct mmu_tables *tables, enum mmu_attribute attribute)
{
    struct type type = type_of(tables, attribute);

    if (attribute == MMU_NONE) {
        return 0;
    }
    return SECTION | SECTION_ATTRIBUTES(type.b, type.c, type.tex) | (type.writable ? SECTION_AP_RW : SECTION_AP_RO) |
           (type.executable ? 0 : SECTION_XN) | (mmu_shareable() ? SECTION_S : 0);
}

uint32_t mmu_page_descriptor(const struct mmu_tables *tables, enum mmu_attribute attribute)
{
    struct type type = type_of(tables, attribute);

    if (attribute == MMU_NONE) {
        return 0;
    }
    return PAGE | PAGE_ATTRIBUTES(type.b, type.c, type.tex) | (type.writable ? PAGE_AP_RW : PAGE_AP_RO) |
           (type.executable ? 0 : PAGE_XN) | (mmu_shareable() ? PAGE_S : 0);
}

uint32_t mmu_page_of_section(uint32_t section)
{
    return PAGE | (section & 0xc) | (section >> 4 & PAGE_XN) | (section >> 6 & 0x30) | (section >> 6 & 0x1c0) |
           (section >> 6 & 0x200) | (section >> 6 & PAGE_S);
}
