/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table walk on tables made by hand, each format and attribute field once: ARM ARM DDI 0406C, B3.5, B3.6, B3.8.2.
 */
// link: sim/arm/walk.c
#include "sim/arm/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define TABLES 0x10000u

static uint8_t memory[1 << 17];
static uint64_t beyond; /* first address that cannot be read */

static bool read_table(void *context, uint64_t physical, unsigned bytes, uint64_t *value)
{
    (void)context;
    *value = 0;
    if (physical < TABLES || physical - TABLES + bytes > beyond)
        return false;
    memcpy(value, memory + (physical - TABLES), bytes);
    return true;
}

static void put(uint64_t physical, unsigned bytes, uint64_t value)
{
    memcpy(memory + (physical - TABLES), &value, bytes);
}

static int setup(void **state)
{
    (void)state;
    memset(memory, 0, sizeof(memory));
    beyond = sizeof(memory);
    return 0;
}

#define M 1u
#define C 4u
#define TRE (1u << 28)
#define EAE (1u << 31)

static struct arm_mapping walk(const struct arm_mmu *mmu, uint32_t address, bool expected)
{
    struct arm_mapping mapping;

    assert_int_equal(arm_walk(mmu, address, read_table, NULL, &mapping), expected);
    return mapping;
}

static void test_mmu_off_is_flat_and_uncached(void **state)
{
    struct arm_mmu mmu = {.sctlr = C};
    struct arm_mapping mapping = walk(&mmu, 0x12345678, true);

    (void)state;
    assert_int_equal(mapping.physical, 0x12345678);
    assert_int_equal(mapping.memory, ARM_MEMORY_STRONGLY_ORDERED);
    assert_int_equal(mapping.inner, ARM_NON_CACHEABLE);
}

static void test_section_attributes(void **state)
{
    static const struct {
        uint32_t bits;
        enum arm_memory memory;
        enum arm_policy inner, outer;
    } table[] = {
        {0x0000, ARM_MEMORY_STRONGLY_ORDERED, 0, 0},
        {0x0004, ARM_MEMORY_DEVICE, 0, 0},
        {0x0008, ARM_MEMORY_NORMAL, ARM_WRITE_THROUGH, ARM_WRITE_THROUGH},
        {0x000c, ARM_MEMORY_NORMAL, ARM_WRITE_BACK, ARM_WRITE_BACK},
        {0x1000, ARM_MEMORY_NORMAL, ARM_NON_CACHEABLE, ARM_NON_CACHEABLE},
        {0x100c, ARM_MEMORY_NORMAL, ARM_WRITE_BACK, ARM_WRITE_BACK},
        {0x2000, ARM_MEMORY_DEVICE, 0, 0},
        {0x4000, ARM_MEMORY_NORMAL, ARM_NON_CACHEABLE, ARM_NON_CACHEABLE},
        {0x5008, ARM_MEMORY_NORMAL, ARM_WRITE_THROUGH, ARM_WRITE_BACK},
        {0x6004, ARM_MEMORY_NORMAL, ARM_WRITE_BACK, ARM_WRITE_THROUGH},
    };
    struct arm_mmu mmu = {.sctlr = M | C, .ttbr0 = TABLES};

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        put(TABLES + 4 * 0x801, 4, 0xabc00002 | table[i].bits);
        struct arm_mapping mapping = walk(&mmu, 0x80123456, true);
        assert_int_equal(mapping.physical, 0xabc23456);
        assert_int_equal(mapping.memory, table[i].memory);
        assert_int_equal(mapping.inner, table[i].inner);
        assert_int_equal(mapping.outer, table[i].outer);
    }
    mmu.sctlr = M; /* the data cache off: Normal memory is not cached whatever the tables say */
    put(TABLES + 4 * 0x801, 4, 0xabc0000e);
    assert_int_equal(walk(&mmu, 0x80123456, true).inner, ARM_NON_CACHEABLE);
}

static void test_pages_and_faults(void **state)
{
    struct arm_mmu mmu = {.sctlr = M | C, .ttbr0 = TABLES};
    uint32_t pages = TABLES + 0x8000;

    (void)state;
    put(TABLES + 4 * 0x100, 4, pages | 1);
    put(pages + 4 * 0x23, 4, 0x77777000 | 0x1c0 | 2 | 0x400); /* small, TEX 7: reserved bits, outer WB, inner NC */
    put(pages + 4 * 0x30, 4, 0x88880000 | 0xc | 1);           /* large, write-back */
    struct arm_mapping mapping = walk(&mmu, 0x10023abc, true);
    assert_int_equal(mapping.physical, 0x77777abc);
    assert_true(mapping.shareable);
    assert_int_equal(mapping.inner, ARM_NON_CACHEABLE);
    assert_int_equal(mapping.outer, ARM_WRITE_BACK);
    mapping = walk(&mmu, 0x1003f123, false); /* the other 15 entries of the large page are missing */
    put(pages + 4 * 0x3f, 4, 0x88880000 | 0xc | 1);
    mapping = walk(&mmu, 0x1003f123, true);
    assert_int_equal(mapping.physical, 0x8888f123);
    assert_int_equal(mapping.inner, ARM_WRITE_BACK);
    walk(&mmu, 0x10024000, false);
    walk(&mmu, 0x20000000, false);
    put(TABLES + 4 * 0x301, 4, 0x90040002 | 3u << 20); /* one of a supersection's 16 entries: 0x3:90000000 */
    mapping = walk(&mmu, 0x30123456, true);
    assert_true(mapping.physical == 0x390123456ull);
    beyond = 4 * 0x100;
    walk(&mmu, 0x10023abc, false); /* a table that cannot be read */
}

static void test_split(void **state)
{
    struct arm_mmu mmu = {.sctlr = M | C, .ttbcr = 2, .ttbr0 = TABLES, .ttbr1 = TABLES + 0x8000};

    (void)state;
    put(TABLES + 4 * 0x123, 4, 0x11100002);
    put(TABLES + 0x8000 + 4 * 0x400, 4, 0x22200002);
    assert_int_equal(walk(&mmu, 0x12300000, true).physical, 0x11100000);
    assert_int_equal(walk(&mmu, 0x40000000, true).physical, 0x22200000);
    mmu.ttbcr |= 1 << 4;
    walk(&mmu, 0x12300000, false);
    mmu.ttbcr = 2 | 1 << 5;
    walk(&mmu, 0x40000000, false);
    assert_int_equal(walk(&mmu, 0x12300000, true).physical, 0x11100000);
}

static void test_tex_remap(void **state)
{
    /* Index 0: Device; 1: Normal, inner WB WA, outer NC; 4 (TEX 1): Normal, inner WT, outer WB. */
    struct arm_mmu mmu = {.sctlr = M | C | TRE, .ttbr0 = TABLES};

    (void)state;
    mmu.mair0 = 1u << 0 | 2u << 2 | 2u << 8;
    mmu.mair1 = 1u << 2 | 2u << 8 | 0u << 18 | 1u << 24;
    put(TABLES, 4, 0x00000002);
    assert_int_equal(walk(&mmu, 0, true).memory, ARM_MEMORY_DEVICE);
    put(TABLES, 4, 0x00000006);
    assert_int_equal(walk(&mmu, 0, true).inner, ARM_WRITE_BACK);
    assert_int_equal(walk(&mmu, 0, true).outer, ARM_NON_CACHEABLE);
    put(TABLES, 4, 0x00001002);
    assert_int_equal(walk(&mmu, 0, true).inner, ARM_WRITE_THROUGH);
    assert_int_equal(walk(&mmu, 0, true).outer, ARM_WRITE_BACK);
    put(TABLES, 4, 0x00006002 | 4); /* TEX 6: the upper two bits are the system's; index 1 again */
    assert_int_equal(walk(&mmu, 0, true).inner, ARM_WRITE_BACK);
}

static void test_long_descriptors(void **state)
{
    struct arm_mmu mmu = {.sctlr = M | C, .ttbcr = EAE, .ttbr0 = TABLES};

    (void)state;
    mmu.mair0 = 0x00bb44ff;         /* 0: write-back, 1: non-cacheable, 2: write-through, 3: Strongly-ordered */
    mmu.mair1 = 0x00000004;         /* 4: Device */
    put(TABLES + 8, 8, 0x40000001); /* 1 GiB, write-back */
    assert_int_equal(walk(&mmu, 0x52345678, true).physical, 0x52345678);
    assert_int_equal(walk(&mmu, 0x52345678, true).inner, ARM_WRITE_BACK);
    put(TABLES + 16, 8, (TABLES + 0x1000) | 3);                   /* a second level */
    put(TABLES + 0x1000 + 8 * 5, 8, 0x100200000ull | 1 << 2 | 1); /* 2 MiB above 4 GiB, non-cacheable */
    put(TABLES + 0x1000 + 8 * 6, 8, (TABLES + 0x2000) | 3);
    put(TABLES + 0x2000 + 8 * 7, 8, 0x55555000 | 2 << 2 | 3); /* 4 KiB, write-through */
    put(TABLES + 0x2000 + 8 * 8, 8, 0x55555000 | 4 << 2 | 3); /* Device */
    put(TABLES + 0x2000 + 8 * 9, 8, 0x55555000 | 1);          /* reserved at level 3 */
    struct arm_mapping mapping = walk(&mmu, 0x80a12345, true);
    assert_true(mapping.physical == 0x100212345ull);
    assert_int_equal(mapping.memory, ARM_MEMORY_NORMAL);
    assert_int_equal(mapping.inner, ARM_NON_CACHEABLE);
    mapping = walk(&mmu, 0x80c07abc, true);
    assert_int_equal(mapping.physical, 0x55555abc);
    assert_int_equal(mapping.inner, ARM_WRITE_THROUGH);
    assert_int_equal(walk(&mmu, 0x80c08000, true).memory, ARM_MEMORY_DEVICE);
    walk(&mmu, 0x80c09000, false);
    walk(&mmu, 0xc0000000, false);
}

static void test_long_split(void **state)
{
    struct arm_mmu mmu = {.sctlr = M | C, .ttbr0 = TABLES, .ttbr1 = TABLES + 0x3000};

    (void)state;
    /* T0SZ 2: the lowest GiB by TTBR0, from level 2 on; T1SZ 1: the upper 2 GiB by TTBR1; a hole between. */
    mmu.ttbcr = EAE | 2 | 1 << 16;
    mmu.mair0 = 0xff;
    put(TABLES + 8 * 3, 8, 0x12600000 | 1);
    put(TABLES + 0x3000 + 8, 8, 0x40000001);
    assert_int_equal(walk(&mmu, 0x00601234, true).physical, 0x12601234);
    walk(&mmu, 0x40000000, false);
    assert_int_equal(walk(&mmu, 0xc0001234, true).physical, 0x40001234);
    mmu.ttbcr |= 1 << 7;
    walk(&mmu, 0x00601234, false);
}

static void test_walks_that_are_cached(void **state)
{
    struct arm_mmu mmu = {.sctlr = M | C, .ttbr0 = TABLES | 0x40, .ttbr1 = TABLES};

    (void)state;
    assert_true(arm_walk_is_cacheable(&mmu, 0));
    mmu.ttbcr = 1;
    assert_false(arm_walk_is_cacheable(&mmu, 0x80000000));
    mmu.ttbcr = EAE | 1 << 8;
    assert_true(arm_walk_is_cacheable(&mmu, 0));
    mmu.ttbcr = EAE;
    assert_false(arm_walk_is_cacheable(&mmu, 0));
}

static void test_walks_through_an_outer_cache(void **state)
{
    struct arm_mmu mmu = {.sctlr = M | C, .ttbr0 = TABLES | 1 << 3, .ttbr1 = TABLES | 1 << 6};

    (void)state;
    assert_true(arm_walk_is_outer_cacheable(&mmu, 0));
    mmu.ttbcr = 1;
    assert_false(arm_walk_is_outer_cacheable(&mmu, 0x80000000));
    mmu.ttbcr = EAE | 1 << 11;
    assert_true(arm_walk_is_outer_cacheable(&mmu, 0));
    mmu.ttbcr = EAE | 1 << 8;
    assert_false(arm_walk_is_outer_cacheable(&mmu, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_mmu_off_is_flat_and_uncached, setup),
        cmocka_unit_test_setup(test_section_attributes, setup),
        cmocka_unit_test_setup(test_pages_and_faults, setup),
        cmocka_unit_test_setup(test_split, setup),
        cmocka_unit_test_setup(test_tex_remap, setup),
        cmocka_unit_test_setup(test_long_descriptors, setup),
        cmocka_unit_test_setup(test_long_split, setup),
        cmocka_unit_test_setup(test_walks_that_are_cached, setup),
        cmocka_unit_test_setup(test_walks_through_an_outer_cache, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
