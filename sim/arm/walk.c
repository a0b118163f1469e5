/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The translation table walk.
 */
#include "sim/arm/walk.h"

#define SCTLR_M (1u << 0)
#define SCTLR_C (1u << 2)
#define SCTLR_TRE (1u << 28)
#define TTBCR_EAE (1u << 31)

/* The two-bit policy of TEX, NMRR and TTBR fields: NC, WB WA, WT, WB no WA. */
static enum arm_policy policy_of(unsigned field)
{
    static const enum arm_policy policies[] = {ARM_NON_CACHEABLE, ARM_WRITE_BACK, ARM_WRITE_THROUGH, ARM_WRITE_BACK};

    return policies[field & 3];
}

static void normal(struct arm_mapping *mapping, enum arm_policy inner, enum arm_policy outer)
{
    mapping->memory = ARM_MEMORY_NORMAL;
    mapping->inner = inner;
    mapping->outer = outer;
}

static void attributes_short(const struct arm_mmu *mmu, unsigned tex, unsigned cb, struct arm_mapping *mapping)
{
    if (mmu->sctlr & SCTLR_TRE) {
        unsigned n = (tex & 1) << 2 | cb;
        unsigned type = mmu->mair0 >> (2 * n) & 3;

        if (type == 2)
            normal(mapping, policy_of(mmu->mair1 >> (2 * n)), policy_of(mmu->mair1 >> (16 + 2 * n)));
        else
            mapping->memory = type == 1 ? ARM_MEMORY_DEVICE : ARM_MEMORY_STRONGLY_ORDERED;
    } else if (tex & 4) {
        normal(mapping, policy_of(cb), policy_of(tex));
    } else {
        switch (tex << 2 | cb) {
        case 0:
            mapping->memory = ARM_MEMORY_STRONGLY_ORDERED;
            break;
        case 2:
            normal(mapping, ARM_WRITE_THROUGH, ARM_WRITE_THROUGH);
            break;
        case 3:
        case 7:
            normal(mapping, ARM_WRITE_BACK, ARM_WRITE_BACK);
            break;
        case 4:
            normal(mapping, ARM_NON_CACHEABLE, ARM_NON_CACHEABLE);
            break;
        default: /* Device, shareable (1) or not (8); the rest is reserved */
            mapping->memory = ARM_MEMORY_DEVICE;
        }
    }
}

static bool walk_short(const struct arm_mmu *mmu, uint32_t address, arm_read read, void *context,
                       struct arm_mapping *mapping)
{
    unsigned n = mmu->ttbcr & 7;
    bool upper = n && address >> (32 - n);
    uint32_t base = upper ? (uint32_t)mmu->ttbr1 & ~0x3fffu : (uint32_t)mmu->ttbr0 & ~((0x4000u >> n) - 1);
    uint32_t index = upper || !n ? address >> 20 : (address << n) >> n >> 20;
    uint64_t first, second;

    if (mmu->ttbcr & (upper ? 1u << 5 : 1u << 4))
        return false;
    if (!read(context, base + index * 4, 4, &first))
        return false;
    switch (first & 3) {
    case 0:
        return false;
    case 1:
        if (!read(context, ((uint32_t)first & ~0x3ffu) + (address >> 12 & 0xff) * 4, 4, &second))
            return false;
        if ((second & 3) == 0)
            return false;
        mapping->shareable = second >> 10 & 1;
        if ((second & 3) == 1) {
            mapping->physical = ((uint32_t)second & ~0xffffu) | (address & 0xffff);
            attributes_short(mmu, second >> 12 & 7, second >> 2 & 3, mapping);
        } else {
            mapping->physical = ((uint32_t)second & ~0xfffu) | (address & 0xfff);
            attributes_short(mmu, second >> 6 & 7, second >> 2 & 3, mapping);
        }
        return true;
    default:
        mapping->shareable = first >> 16 & 1;
        if (first & 1u << 18)
            mapping->physical = ((uint32_t)first & ~0xffffffu) | (address & 0xffffff) | (first >> 20 & 0xf) << 32 |
                                (first >> 5 & 0xf) << 36;
        else
            mapping->physical = ((uint32_t)first & ~0xfffffu) | (address & 0xfffff);
        attributes_short(mmu, first >> 12 & 7, first >> 2 & 3, mapping);
        return true;
    }
}

/* A nibble of MAIR: 0100 non-cacheable, 1xxx and 01xx write-back, 10xx and 00xx write-through. */
static enum arm_policy mair_policy(unsigned nibble)
{
    if (nibble == 4)
        return ARM_NON_CACHEABLE;
    return nibble & 4 ? ARM_WRITE_BACK : ARM_WRITE_THROUGH;
}

static void attributes_long(const struct arm_mmu *mmu, uint64_t entry, struct arm_mapping *mapping)
{
    unsigned index = entry >> 2 & 7;
    unsigned attribute = (index < 4 ? mmu->mair0 : mmu->mair1) >> (8 * (index & 3)) & 0xff;

    mapping->shareable = entry >> 9 & 1;
    if (attribute >> 4)
        normal(mapping, mair_policy(attribute & 15), mair_policy(attribute >> 4));
    else
        mapping->memory = attribute == 4 ? ARM_MEMORY_DEVICE : ARM_MEMORY_STRONGLY_ORDERED;
}

/* Which half of a long-descriptor address space: 0, 1, or -1 for the hole between. */
static int long_half(const struct arm_mmu *mmu, uint32_t address)
{
    unsigned t0 = mmu->ttbcr & 7, t1 = mmu->ttbcr >> 16 & 7;

    if (t0 == 0 ? !(t1 && address >> (32 - t1) == (1u << t1) - 1) : address >> (32 - t0) == 0)
        return 0;
    if (t1 == 0 || address >> (32 - t1) == (1u << t1) - 1)
        return 1;
    return -1;
}

static bool walk_long(const struct arm_mmu *mmu, uint32_t address, arm_read read, void *context,
                      struct arm_mapping *mapping)
{
    int half = long_half(mmu, address);
    unsigned size, level;
    uint64_t table, entry;

    if (half < 0 || mmu->ttbcr & (half ? 1u << 23 : 1u << 7))
        return false;
    size = half ? mmu->ttbcr >> 16 & 7 : mmu->ttbcr & 7;
    level = size > 1 ? 2 : 1;
    table = (half ? mmu->ttbr1 : mmu->ttbr0) & 0xfffffffff8ull;
    if (size)
        address &= 0xffffffffu >> size;
    for (;; level++) {
        unsigned shift = 39 - 9 * level;

        if (!read(context, (table & ~7ull) + (address >> shift & 0x1ff) * 8, 8, &entry) || !(entry & 1))
            return false;
        if (level == 3 ? (entry & 2) != 0 : !(entry & 2)) {
            uint64_t mask = (1ull << shift) - 1;

            mapping->physical = (entry & 0xfffffff000ull & ~mask) | (address & mask);
            attributes_long(mmu, entry, mapping);
            return true;
        }
        if (level == 3)
            return false;
        table = entry & 0xfffffff000ull;
    }
}

bool arm_walk(const struct arm_mmu *mmu, uint32_t address, arm_read read, void *context, struct arm_mapping *mapping)
{
    bool found = true;

    *mapping = (struct arm_mapping){.physical = address, .memory = ARM_MEMORY_STRONGLY_ORDERED};
    if (!(mmu->sctlr & SCTLR_M))
        return true;
    if (mmu->fcseidr >> 25 && address < 32u << 20)
        address |= mmu->fcseidr & 0xfe000000;
    found = mmu->ttbcr & TTBCR_EAE ? walk_long(mmu, address, read, context, mapping)
                                   : walk_short(mmu, address, read, context, mapping);
    if (!(mmu->sctlr & SCTLR_C))
        mapping->inner = mapping->outer = ARM_NON_CACHEABLE;
    return found;
}

bool arm_walk_is_cacheable(const struct arm_mmu *mmu, uint32_t address)
{
    unsigned n = mmu->ttbcr & 7;
    uint64_t ttbr;

    if (!(mmu->sctlr & SCTLR_C))
        return false;
    if (mmu->ttbcr & TTBCR_EAE)
        return mmu->ttbcr & (long_half(mmu, address) == 1 ? 3u << 24 : 3u << 8);
    ttbr = n && address >> (32 - n) ? mmu->ttbr1 : mmu->ttbr0;
    /* With the multiprocessing extensions IRGN is bits 6 and 0; without them bit 0 alone is C. */
    return ttbr & (1u << 6 | 1u << 0);
}

bool arm_walk_is_outer_cacheable(const struct arm_mmu *mmu, uint32_t address)
{
    unsigned n = mmu->ttbcr & 7;
    uint64_t ttbr;

    if (mmu->ttbcr & TTBCR_EAE)
        return mmu->ttbcr & (long_half(mmu, address) == 1 ? 3u << 26 : 3u << 10);
    ttbr = n && address >> (32 - n) ? mmu->ttbr1 : mmu->ttbr0;
    return ttbr & 3u << 3;
}
