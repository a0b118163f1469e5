/* SPDX-License-Identifier: MIT */
/*
 * Changing mappings at run time: pages revoked and restored, sections split, and what is refused. What would break it:
 * a TLB entry that survives (the emulator keeps them), a split that loses a neighbour's mapping, a failed call that changes something.
 */
#include "apps/platform.h"
#include "boot/exception.h"
#include "boot/fault.h"
#include "boot/image.h"
#include "boot/mmu.h"
#include "tests/target/support/tap.h"

#define ALIAS 0x80000000u /* virtual addresses that nobody uses */

static volatile uint32_t *word(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

static void load(void *address)
{
    (void)*(volatile uint32_t *)address;
}

static void store(void *address)
{
    *(volatile uint32_t *)address = 0x5a5a5a5a;
}

static bool faults(void (*function)(void *), uintptr_t address, enum fault_status status)
{
    struct abort_record record;

    return !abort_guard(function, (void *)address, &record) && record.kind == EXCEPTION_DATA_ABORT &&
           fault_status(record.status) == status && record.address == address;
}

static bool same(struct mmu_translation a, struct mmu_translation b)
{
    return a.physical == b.physical && a.attribute == b.attribute && a.descriptor == b.descriptor;
}

static void check_pages(uintptr_t pool)
{
    uintptr_t page = pool + 3 * MMU_PAGE;
    unsigned left = mmu_tables_left();
    uint32_t i, wrong = 0;

    for (i = 0; i < MMU_SECTION; i += MMU_PAGE) {
        *word(pool + i) = i;
    }
    tap_ok(mmu_unmap(page, MMU_PAGE), "a page of a section is revoked");
    tap_ok(faults(load, page, FAULT_TRANSLATION_PAGE), "and faults on a read");
    tap_ok(faults(store, page + 0xffc, FAULT_TRANSLATION_PAGE), "and on a write to its last word");
    tap_ok(!faults(load, page - 4, FAULT_TRANSLATION_PAGE) && !faults(load, page + MMU_PAGE, FAULT_TRANSLATION_PAGE),
           "its neighbours do not");
    tap_equal(left - mmu_tables_left(), 1, "the section took one second-level table");
    tap_ok(mmu_map(page, page, MMU_PAGE, MMU_RODATA) && *word(page) == 3 * MMU_PAGE &&
               faults(store, page, FAULT_PERMISSION_PAGE),
           "given back for reading, it faults on a write only");
    tap_ok(mmu_map(page, page, MMU_PAGE, MMU_DATA), "given back whole");
    *word(page) = 3 * MMU_PAGE;
    for (i = 0; i < MMU_SECTION; i += MMU_PAGE) {
        struct mmu_translation is = mmu_lookup(pool + i);

        wrong += *word(pool + i) != i || is.physical != pool + i || is.attribute != MMU_DATA || !is.page;
    }
    tap_equal(wrong, 0, "all pages of the section translate and hold what they did");
    tap_ok(!mmu_lookup(pool + MMU_SECTION).page && mmu_lookup(pool + MMU_SECTION).attribute == MMU_DATA,
           "the next section is still one");

    for (i = 0, wrong = 0; i < 100; i++) {
        wrong += !mmu_unmap(page, 5 * MMU_PAGE) || !faults(load, page + 4 * MMU_PAGE, FAULT_TRANSLATION_PAGE) ||
                 !mmu_map(page, page, 5 * MMU_PAGE, MMU_DATA) ||
                 faults(load, page + 4 * MMU_PAGE, FAULT_TRANSLATION_PAGE);
    }
    tap_equal(wrong, 0, "a hundred times revoked and restored");
    tap_equal(left - mmu_tables_left(), 1, "without another table");
}

static void check_aliases(uintptr_t pool)
{
    uintptr_t other = pool + 0x10000;
    struct mmu_translation is;

    *word(pool) = 1;
    *word(other) = 2;
    tap_ok(mmu_map(ALIAS, pool, MMU_PAGE, MMU_DATA) && *word(ALIAS) == 1, "a second address of a page");
    tap_ok(mmu_map(ALIAS, other, MMU_PAGE, MMU_DATA) && *word(ALIAS) == 2, "moved to another page, at once");
    is = mmu_lookup(ALIAS + 0x123);
    tap_ok(is.physical == other + 0x123 && is.page, "and told so");
    tap_ok(mmu_map(ALIAS, pool, 0x20000, MMU_DATA) && *word(ALIAS) == 1 && *word(ALIAS + 0x10000) == 2,
           "a run of pages");
    tap_ok(mmu_map(ALIAS + 0x1000, pool, 2 * MMU_SECTION, MMU_DATA) && *word(ALIAS + 0x1000) == 1 &&
               *word(ALIAS + 0x11000) == 2 && mmu_lookup(ALIAS + 0x1ff123).physical == pool + 0x1fe123,
           "over section boundaries, out of step with them");
    tap_ok(mmu_unmap(ALIAS, 0x300000) && faults(load, ALIAS, FAULT_TRANSLATION_PAGE) &&
               faults(load, ALIAS + 0x200000, FAULT_TRANSLATION_PAGE),
           "and none");
    tap_ok(mmu_map(0xfff00000, pool, MMU_SECTION, MMU_DATA) && *word(0xfff00000) == 1 &&
               mmu_lookup(0xfffffffc).physical == pool + MMU_SECTION - 4 && !mmu_lookup(0xfffffffc).page,
           "the last section of the address space");
    tap_ok(mmu_unmap(0xfffff000, MMU_PAGE) && faults(load, 0xfffff000, FAULT_TRANSLATION_PAGE) &&
               *word(0xfff00000) == 1,
           "and its last page");
    tap_ok(mmu_unmap(0xfff00000, MMU_SECTION), "all of it");
}

static void check_refusals(uintptr_t pool)
{
    uintptr_t fresh = pool + 8 * MMU_SECTION, at;
    struct mmu_translation text = mmu_lookup((uintptr_t)__text_start);
    unsigned before = mmu_tables_left();

    tap_ok(!mmu_map(ALIAS + 1, pool, MMU_PAGE, MMU_DATA) && !mmu_map(ALIAS, pool + 4, MMU_PAGE, MMU_DATA) &&
               !mmu_map(ALIAS, pool, 100, MMU_DATA) && !mmu_map(ALIAS, pool, 0, MMU_DATA),
           "what is not a page is refused");
    tap_ok(!mmu_map(0xfffff000, pool, 2 * MMU_PAGE, MMU_DATA) && !mmu_map(ALIAS, 0xfffff000, 2 * MMU_PAGE, MMU_DATA) &&
               !mmu_unmap(0xfffff000, 2 * MMU_PAGE),
           "what wraps is refused");
    tap_ok(!mmu_map(ALIAS, pool, MMU_PAGE, (enum mmu_attribute)(MMU_DEVICE + 1)),
           "an attribute that is none is refused");
    tap_equal(mmu_tables_left(), before, "that took no table");
    tap_ok(same(text, mmu_lookup((uintptr_t)__text_start)), "and changed nothing");

    tap_ok(mmu_split(fresh, 2 * MMU_SECTION) && mmu_lookup(fresh).page && mmu_lookup(fresh + MMU_SECTION).page &&
               mmu_lookup(fresh).physical == fresh && mmu_lookup(fresh).attribute == MMU_DATA,
           "split beforehand, the same mappings");
    tap_equal(before - mmu_tables_left(), 2, "for a table each");
    tap_ok(!mmu_split(ALIAS + 4, MMU_PAGE), "an unaligned split is refused");

    /* All that are left, then one more. */
    for (at = ALIAS; mmu_tables_left() > 1; at += MMU_SECTION) {
        if (!mmu_map(at, pool, MMU_PAGE, MMU_DATA)) {
            break;
        }
    }
    tap_equal(mmu_tables_left(), 1, "all but one table are used");
    tap_ok(!mmu_map(0xa0000000 - MMU_PAGE, pool, 2 * MMU_PAGE, MMU_DATA), "a mapping that needs two is refused");
    tap_ok(mmu_tables_left() == 1 && mmu_lookup(0xa0000000 - MMU_PAGE).attribute == MMU_NONE &&
               mmu_lookup(0xa0000000).attribute == MMU_NONE,
           "and did not take the one");
    tap_ok(mmu_map(0xa0000000, pool, MMU_PAGE, MMU_DATA) && !mmu_map(0xb0000000, pool, MMU_PAGE, MMU_DATA),
           "the last one serves, one more does not");
    tap_ok(mmu_map(0xb0000000, pool, MMU_SECTION, MMU_DATA) && *word(0xb0000000) == *word(pool), "sections need none");
}

int main(void)
{
    uintptr_t pool = (uintptr_t)platform()->memory.cpu;

    tap_plan(33);
    check_pages(pool);
    check_aliases(pool);
    check_refusals(pool);
    return tap_done();
}
