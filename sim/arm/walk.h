/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual address to physical address and memory attributes, by the image's own translation tables: short descriptors with and
 * without TEX remap, and long descriptors (LPAE) with MAIR. ARM ARM DDI 0406C, B3.5 to B3.8.
 *
 * Pure: table words come through a callback. Permissions and domains are not checked: QEMU has done that.
 */
#ifndef SIM_ARM_WALK_H
#define SIM_ARM_WALK_H

#include <stdbool.h>
#include <stdint.h>

/* The registers of the bank (Secure or not) that the CPU uses. */
struct arm_mmu {
    uint32_t sctlr, ttbcr;
    uint64_t ttbr0, ttbr1;
    uint32_t mair0, mair1; /* PRRR and NMRR share their place */
    uint32_t fcseidr;
};

enum arm_memory { ARM_MEMORY_STRONGLY_ORDERED, ARM_MEMORY_DEVICE, ARM_MEMORY_NORMAL };
enum arm_policy { ARM_NON_CACHEABLE, ARM_WRITE_BACK, ARM_WRITE_THROUGH };

struct arm_mapping {
    uint64_t physical; /* of the address asked for */
    enum arm_memory memory;
    enum arm_policy inner, outer;
    bool shareable;
};

/* Reads a naturally aligned table entry of 4 or 8 bytes at a physical address; false: it cannot be read. */
typedef bool (*arm_read)(void *context, uint64_t physical, unsigned bytes, uint64_t *value);

/* false: a translation fault, or a table that cannot be read. SCTLR.C off makes Normal memory non-cacheable. */
bool arm_walk(const struct arm_mmu *mmu, uint32_t address, arm_read read, void *context, struct arm_mapping *mapping);

/* May a table walk itself look into the caches (TTBR.IRGN, or TTBCR with long descriptors)? */
bool arm_walk_is_cacheable(const struct arm_mmu *mmu, uint32_t address);
/* And into an outer one (RGN, ORGN)? */
bool arm_walk_is_outer_cacheable(const struct arm_mmu *mmu, uint32_t address);

#endif
