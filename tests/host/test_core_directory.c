/* SPDX-License-Identifier: MIT */
/*
 * The directory with its usual capacity.
 * link: core/directory.c
 */
#include "tests/host/support/directory_checks.h"

static struct directory directory;

static void set(uint32_t first, uint32_t end, enum line_state state)
{
    directory_set(&directory, &(struct line_range){first, end}, state);
}

static void check_extent(uint32_t index, uint32_t first, uint32_t end, enum line_state state)
{
    assert_in_range(directory.count, index + 1, DIRECTORY_EXTENTS);
    assert_int_equal(directory.extents[index].lines.first, first);
    assert_int_equal(directory.extents[index].lines.end, end);
    assert_int_equal(directory.extents[index].state, state);
}

static void a_set_inside_splits(void **state)
{
    (void)state;
    directory_clear(&directory);
    set(0, 10, LINE_DIRTY);
    set(4, 6, LINE_STALE);
    assert_int_equal(directory.count, 3);
    check_extent(0, 0, 4, LINE_DIRTY);
    check_extent(1, 4, 6, LINE_STALE);
    check_extent(2, 6, 10, LINE_DIRTY);
    set(4, 6, LINE_CLEAN);
    assert_int_equal(directory.count, 2);
    check_extent(1, 6, 10, LINE_DIRTY);
}

static void neighbours_of_one_state_merge(void **state)
{
    (void)state;
    directory_clear(&directory);
    set(0, 2, LINE_DIRTY);
    set(4, 6, LINE_DIRTY);
    set(2, 4, LINE_DIRTY);
    assert_int_equal(directory.count, 1);
    check_extent(0, 0, 6, LINE_DIRTY);
    set(6, 8, LINE_STALE);
    assert_int_equal(directory.count, 2);
}

static void an_empty_range_changes_nothing(void **state)
{
    struct extent found;
    uint32_t cursor = 0;

    (void)state;
    directory_clear(&directory);
    set(3, 3, LINE_DIRTY);
    assert_int_equal(directory.count, 0);
    set(0, 10, LINE_DIRTY);
    set(5, 5, LINE_CLEAN);
    assert_int_equal(directory.count, 1);
    assert_false(directory_next(&directory, (struct line_range){5, 5}, &cursor, &found));
}

/* Full: the two nearest neighbours become one unknown extent, gap included; the far ones keep their states. */
static void overflow_merges_the_cheapest(void **state)
{
    (void)state;
    directory_clear(&directory);
    for (uint32_t i = 0; i < DIRECTORY_EXTENTS; i++)
        set(100 * i, 100 * i + 1, i % 2 ? LINE_DIRTY : LINE_STALE);
    assert_int_equal(directory.count, DIRECTORY_EXTENTS);
    set(303, 304, LINE_DIRTY);
    assert_int_equal(directory.count, DIRECTORY_EXTENTS);
    check_extent(2, 200, 201, LINE_STALE);
    check_extent(3, 300, 304, LINE_UNKNOWN);
    check_extent(4, 400, 401, LINE_STALE);
}

/* Cheap is what adds few operations: two for a line of the gap, one for a line whose state was known, none for an
 * unknown one. */
static void check_merge(uint32_t long_left, uint32_t long_right, enum line_state state_of_long, uint32_t merged_first)
{
    uint32_t at = 0;

    directory_clear(&directory);
    /* Lines apart by 4: one of two pairs of neighbours is dearer for its length, unless that is unknown already. */
    for (uint32_t i = 0; i <= DIRECTORY_EXTENTS; i++) {
        uint32_t lines = i == long_left || i == long_right ? 100 : 1;
        uint32_t gap = i == 1 || i == 3 ? 4 : 1000;

        at += gap;
        set(at, at + lines, lines > 1 ? state_of_long : i % 2 ? LINE_DIRTY : LINE_STALE);
        at += lines;
    }
    for (uint32_t i = 0; i < directory.count; i++) {
        if (i == merged_first)
            assert_int_equal(directory.extents[i].lines.end - directory.extents[i].lines.first >= 6, true);
        if (directory.extents[i].state == LINE_UNKNOWN && state_of_long != LINE_UNKNOWN)
            assert_int_equal(i, merged_first);
    }
}

static void overflow_counts_operations(void **state)
{
    (void)state;
    check_merge(0, 99, LINE_DIRTY, 2);   /* left of the first pair is long */
    check_merge(1, 99, LINE_DIRTY, 2);   /* right of the first pair */
    check_merge(2, 99, LINE_DIRTY, 0);   /* left of the second */
    check_merge(3, 99, LINE_DIRTY, 0);   /* right of the second */
    check_merge(0, 99, LINE_UNKNOWN, 0); /* long, but unknown: nothing is added */
}

/* The largest buffer of the smallest granule has 2^30 lines: costs must not overflow there. */
static void overflow_at_the_largest_buffer(void **state)
{
    const uint32_t top = 1u << 30;

    (void)state;
    directory_clear(&directory);
    for (uint32_t i = 0; i < DIRECTORY_EXTENTS; i++)
        set(2 * i, 2 * i + 1, LINE_DIRTY);
    set(top - 1, top, LINE_STALE);
    assert_int_equal(directory.count, DIRECTORY_EXTENTS);
    check_extent(0, 0, 3, LINE_UNKNOWN);
    check_extent(DIRECTORY_EXTENTS - 1, top - 1, top, LINE_STALE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_inside_splits),
        cmocka_unit_test(neighbours_of_one_state_merge),
        cmocka_unit_test(an_empty_range_changes_nothing),
        cmocka_unit_test(overflow_merges_the_cheapest),
        cmocka_unit_test(overflow_counts_operations),
        cmocka_unit_test(overflow_at_the_largest_buffer),
        cmocka_unit_test(directory_agrees_with_an_array),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
