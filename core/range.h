/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic on ranges of bytes and of lines. Pure; used by all of core/.
 */
#ifndef BATON_CORE_RANGE_H
#define BATON_CORE_RANGE_H

#include "core/api/types.h"
#include "core/directory.h"

/* Not empty, no overflow, within the buffer. */
static inline bool range_is_within(struct baton_range range, uint32_t size)
{
    return range.offset < size && range.length - 1 < size - range.offset; /* length 0: the largest number */
}

/* part lies within whole (which is valid); an empty part does, wherever it is. */
static inline bool range_covers(struct baton_range whole, struct baton_range part)
{
    uint32_t start = part.offset - whole.offset; /* before the whole: a very large number */

    return part.length == 0 || (start < whole.length && part.length <= whole.length - start);
}

/* The lines that hold a byte of a range (which may be empty). */
static inline struct line_range range_lines(struct baton_range range, uint32_t shift)
{
    struct line_range lines = {range.offset >> shift, range.offset >> shift};

    if (range.length != 0)
        lines.end = ((range.offset + (range.length - 1)) >> shift) + 1;
    return lines;
}

/* Those of them that hold no byte outside of the range; what pads the last line of a buffer of that size is nobody's. If
 * there are none the end is not above the first. */
static inline struct line_range range_whole_lines(struct baton_range range, uint32_t size, uint32_t shift)
{
    struct line_range lines = range_lines(range, shift);
    uint32_t end = range.offset + range.length;

    if (range.offset & ((1u << shift) - 1))
        lines.first++;
    if ((end & ((1u << shift) - 1)) && end != size)
        lines.end--;
    return lines;
}

/* What two ranges of lines have in common; empty (first >= end) if nothing. */
static inline struct line_range lines_in_common(struct line_range a, struct line_range b)
{
    return (struct line_range){a.first > b.first ? a.first : b.first, a.end < b.end ? a.end : b.end};
}

static inline bool lines_meet(struct line_range a, struct line_range b)
{
    return a.first < b.end && b.first < a.end;
}

#endif
