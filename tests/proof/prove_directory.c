/* SPDX-License-Identifier: MIT */
/*
 * Proofs of core/directory.c: what a set does to any line of any directory, and that the iterator tells the truth.
 */
#include "tests/proof/proof.h"

void prove_directory_set(void)
{
    struct directory directory = any_directory();
    const struct directory before = directory;
    const struct line_range lines = any_lines();
    const enum line_state state = any_state();
    const uint32_t line = any_line();
    const enum line_state was = state_of(&before, line);
    const enum line_state wanted = in_lines(lines, line) ? state : was;
    enum line_state now;

    directory_set(&directory, &lines, state);
    now = state_of(&directory, line);
    PROVE(well_formed(&directory), "sorted, disjoint, merged, within its capacity");
    PROVE(now == wanted || now == LINE_UNKNOWN, "the line has the state it was given, or widens into unknown");
    if (now != wanted) {
        /* One extent became at most three; a widening takes away one, or two where a neighbour touches. */
        PROVE(before.count + 2 > DIRECTORY_EXTENTS, "widened only where room is short");
        PROVE(directory.count + 1 >= DIRECTORY_EXTENTS, "widened no further than needed");
        REACHED("a set that widens");
    }
    if (in_lines(lines, line) && now == state)
        REACHED("a set that is exact");
    if (lines.first >= lines.end) {
        PROVE(directory.count == before.count, "an empty range changes nothing");
        REACHED("an empty set");
    }
}

void prove_directory_mark(void)
{
    struct directory directory = any_directory();
    const struct directory before = directory;
    const struct line_range lines = any_lines();
    const enum line_state state = nondet_bool() ? LINE_DIRTY : LINE_STALE;
    const uint32_t line = any_line();
    const enum line_state wanted = in_lines(lines, line) ? state : state_of(&before, line);
    enum line_state now;

    ASSUME(lines.first < lines.end);
    directory_mark(&directory, &lines, state);
    now = state_of(&directory, line);
    PROVE(well_formed(&directory), "sorted, disjoint, merged, within its capacity");
    PROVE(now == wanted || (now == LINE_UNKNOWN && before.count + 2 > DIRECTORY_EXTENTS), "the short way is a set");
    REACHED("a mark");
}

void prove_directory_next(void)
{
    const struct directory directory = any_directory();
    const struct line_range lines = any_lines();
    const uint32_t line = any_line();
    enum line_state told = LINE_CLEAN;
    uint32_t cursor = 0, end = lines.first, times = 0;
    struct extent found;

    for (uint32_t i = 0; i <= DIRECTORY_EXTENTS; i++) {
        if (!directory_next(&directory, lines, &cursor, &found))
            break;
        PROVE(i < DIRECTORY_EXTENTS, "no more than there are");
        PROVE(found.lines.first >= end && found.lines.first < found.lines.end && found.lines.end <= lines.end,
              "in order, not empty, within the lines");
        end = found.lines.end;
        if (in_lines(found.lines, line)) {
            told = found.state;
            times++;
        }
    }
    PROVE(told == (in_lines(lines, line) ? state_of(&directory, line) : LINE_CLEAN),
          "the line's state, if it is asked");
    PROVE(times <= 1, "once");
    if (times == 1)
        REACHED("a line that is told");
}
