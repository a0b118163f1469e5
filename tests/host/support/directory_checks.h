/* SPDX-License-Identifier: MIT */
/*
 * The checks of core/directory.c, against a plain array with one state a line. Included by one test for each capacity.
 */
#include "core/directory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHECK_LINES = 60 };

static uint32_t check_random(uint64_t *state, uint32_t bound)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % bound;
}

/* What the directory says of each line; also that it is well formed: sorted, disjoint, not empty, neighbours merged. */
static void expand(const struct directory *directory, enum line_state states[CHECK_LINES])
{
    uint32_t end = 0;

    for (unsigned i = 0; i < CHECK_LINES; i++)
        states[i] = LINE_CLEAN;
    assert_in_range(directory->count, 0, DIRECTORY_EXTENTS);
    for (unsigned i = 0; i < directory->count; i++) {
        const struct extent *extent = &directory->extents[i];

        assert_true(extent->lines.first >= end);
        assert_true(extent->lines.first < extent->lines.end);
        assert_true(extent->lines.end <= CHECK_LINES);
        assert_int_not_equal(extent->state, LINE_CLEAN);
        if (i > 0 && extent->lines.first == end)
            assert_int_not_equal(extent->state, directory->extents[i - 1].state);
        end = extent->lines.end;
        for (uint32_t line = extent->lines.first; line < end; line++)
            states[line] = extent->state;
    }
}

static uint32_t count_extents(const enum line_state states[CHECK_LINES])
{
    uint32_t count = 0;

    for (unsigned i = 0; i < CHECK_LINES; i++)
        count += states[i] != LINE_CLEAN && (i == 0 || states[i] != states[i - 1]);
    return count;
}

/* The iterator, on some range, says the same as the array. */
static void check_iteration(const struct directory *directory, const enum line_state states[CHECK_LINES],
                            struct line_range lines)
{
    enum line_state seen[CHECK_LINES];
    struct extent found;
    uint32_t last = lines.first;

    for (unsigned i = 0; i < CHECK_LINES; i++)
        seen[i] = LINE_CLEAN;
    for (uint32_t cursor = 0; directory_next(directory, lines, &cursor, &found);) {
        assert_true(found.lines.first >= last && found.lines.first < found.lines.end && found.lines.end <= lines.end);
        last = found.lines.end;
        for (uint32_t line = found.lines.first; line < found.lines.end; line++)
            seen[line] = found.state;
    }
    for (uint32_t line = lines.first; line < lines.end; line++)
        assert_int_equal(seen[line], states[line]);
}

/* Random sets: equal to the array while it fits; where it does not, only ever wider, and only into unknown. */
static void check_against_array(uint64_t seed, unsigned steps)
{
    struct directory directory;
    enum line_state wanted[CHECK_LINES], got[CHECK_LINES];
    uint64_t random = seed;
    unsigned widened = 0;

    directory_clear(&directory);
    for (unsigned i = 0; i < CHECK_LINES; i++)
        wanted[i] = LINE_CLEAN;
    for (unsigned step = 0; step < steps; step++) {
        uint32_t first = check_random(&random, CHECK_LINES);
        uint32_t length = check_random(&random, check_random(&random, 3) ? 4 : CHECK_LINES - first + 1);
        struct line_range lines = {first, first + length > CHECK_LINES ? CHECK_LINES : first + length};
        enum line_state state = (enum line_state)check_random(&random, 4);

        for (uint32_t line = lines.first; line < lines.end; line++)
            wanted[line] = state;
        bool short_of_room = count_extents(wanted) > DIRECTORY_EXTENTS;

        directory_set(&directory, &lines, state);
        expand(&directory, got);
        for (unsigned i = 0; i < CHECK_LINES; i++) {
            if (got[i] != wanted[i]) {
                if (got[i] != LINE_UNKNOWN || !short_of_room)
                    print_message("seed %llu step %u line %u\n", (unsigned long long)seed, step, i);
                assert_int_equal(got[i], LINE_UNKNOWN);
                assert_true(short_of_room);
                wanted[i] = LINE_UNKNOWN; /* what is lost stays lost */
                widened++;
            }
        }
        first = check_random(&random, CHECK_LINES);
        check_iteration(&directory, got,
                        (struct line_range){first, first + check_random(&random, CHECK_LINES - first)});
    }
    /* So small a directory that is never short of room would mean that the case is not tested. */
    if (DIRECTORY_EXTENTS < 8)
        assert_true(widened > 0);
}

static void directory_agrees_with_an_array(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++)
        check_against_array(seed, 300);
}
