/* SPDX-License-Identifier: MIT */
/*
 * An image of several MiB is mapped in sections where it can be, and none of those is ever split, since the tables, the stack
 * or the code that does it may lie in it.
 */
#include "boot/mmu.h"
#include "tests/target/support/tap.h"

static unsigned char large[4 * MMU_SECTION];

int main(void)
{
    uintptr_t section = ((uintptr_t)large + 2 * MMU_SECTION) & ~(uintptr_t)(MMU_SECTION - 1);
    unsigned left = mmu_tables_left();
    struct mmu_translation is;

    tap_plan(4);
    tap_ok(mmu_lookup(section).attribute == MMU_DATA && !mmu_lookup(section).page, "the middle of .bss is a section");
    tap_ok(!mmu_unmap(section, MMU_PAGE) && !mmu_map(section + MMU_PAGE, section, MMU_PAGE, MMU_DATA) &&
               !mmu_split(section, MMU_SECTION),
           "which is not split");
    is = mmu_lookup(section + 5);
    tap_ok(is.attribute == MMU_DATA && !is.page && is.physical == section + 5 && mmu_tables_left() == left,
           "nor changed by the refusal");
    large[2 * MMU_SECTION] = 1;
    tap_equal(((volatile unsigned char *)large)[2 * MMU_SECTION], 1, "and still there");
    return tap_done();
}
