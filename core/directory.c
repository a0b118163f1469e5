/* SPDX-License-Identifier: MIT */
/*
 * The sorted array of extents behind a directory: splitting, merging, and what happens when it is full.
 * Every loop runs over at most DIRECTORY_EXTENTS + 2 entries.
 */
#include "core/directory.h"

void directory_clear(struct directory *directory)
{
    directory->count = 0;
    directory->extents[0].state = LINE_CLEAN;
    directory->not_dirty = false;
}

/* What the header promises of not_dirty and of an empty directory. */
static void summarize(struct directory *directory)
{
    bool not_dirty = false;

    for (uint32_t i = 0; i < directory->count; i++)
        not_dirty |= directory->extents[i].state != LINE_DIRTY;
    directory->not_dirty = not_dirty;
    if (directory->count == 0)
        directory->extents[0].state = LINE_CLEAN;
}

static uint32_t length(struct line_range lines)
{
    return lines.end - lines.first;
}

/* Puts count pieces where the extents [from, to) are; the ones behind move. */
static void replace(struct directory *directory, uint32_t from, uint32_t to, const struct extent *pieces,
                    uint32_t count)
{
    uint32_t behind = directory->count - to;
    struct extent *source = &directory->extents[to];
    struct extent *target = &directory->extents[from + count];

    if (target < source) {
        for (uint32_t i = 0; i < behind; i++)
            target[i] = source[i];
    } else if (target > source) {
        for (uint32_t i = behind; i-- > 0;)
            target[i] = source[i];
    }
    for (uint32_t i = 0; i < count; i++)
        directory->extents[from + i] = pieces[i];
    directory->count = from + count + behind;
}

/* Maintenance operations that merging two neighbours into one unknown extent adds: two for each line of the gap, one
 * more for each line whose state was known. No overflow: granules have at least 4 bytes, so a buffer has at most 2^30
 * lines. */
static uint32_t merge_cost(const struct extent *left, const struct extent *right)
{
    uint32_t cost = 2 * (right->lines.first - left->lines.end);

    if (left->state != LINE_UNKNOWN)
        cost += length(left->lines);
    if (right->state != LINE_UNKNOWN)
        cost += length(right->lines);
    return cost;
}

/* R4: makes room by merging the cheapest neighbours, the gap between them included, into unknown. */
static void widen(struct directory *directory)
{
    struct extent *extents = directory->extents;
    uint32_t from = 0, best = UINT32_MAX;

    for (uint32_t i = 0; i + 1 < directory->count; i++) {
        uint32_t cost = merge_cost(&extents[i], &extents[i + 1]);
        if (cost < best) {
            best = cost;
            from = i;
        }
    }

    uint32_t to = from + 2;
    /* An unknown neighbour that touches belongs to it. There is none on the left: with it the merge would have been
     * cheaper. */
    if (to < directory->count && extents[to].state == LINE_UNKNOWN &&
        extents[to].lines.first == extents[to - 1].lines.end)
        to++;

    const struct extent merged = {{extents[from].lines.first, extents[to - 1].lines.end}, LINE_UNKNOWN};
    replace(directory, from, to, &merged, 1);
}

void directory_set(struct directory *directory, const struct line_range *range, enum line_state state)
{
    struct line_range lines = *range;
    struct extent *extents = directory->extents;
    uint32_t from = 0, to, count = 0;
    struct extent pieces[3];

    if (lines.first >= lines.end)
        return;

    /* [from, to): the extents that meet the lines, or touch them. */
    while (from < directory->count && extents[from].lines.end < lines.first)
        from++;
    to = from;
    while (to < directory->count && extents[to].lines.first <= lines.end)
        to++;

    /* What sticks out of the lines on either side keeps its state. */
    struct line_range left = {lines.first, lines.first}, right = {lines.end, lines.end};
    enum line_state left_state = LINE_CLEAN, right_state = LINE_CLEAN;

    if (from < to) {
        left_state = extents[from].state;
        right_state = extents[to - 1].state;
        if (extents[from].lines.first < lines.first)
            left.first = extents[from].lines.first;
        if (extents[to - 1].lines.end > lines.end)
            right.end = extents[to - 1].lines.end;
    }

    /* What has the same state becomes one extent with them. */
    if (length(left) > 0 && left_state == state)
        lines.first = left.first;
    else if (length(left) > 0)
        pieces[count++] = (struct extent){left, left_state};

    bool right_joins = length(right) > 0 && right_state == state;
    if (right_joins)
        lines.end = right.end;
    if (state != LINE_CLEAN)
        pieces[count++] = (struct extent){lines, state};
    if (length(right) > 0 && !right_joins)
        pieces[count++] = (struct extent){right, right_state};

    replace(directory, from, to, pieces, count);
    /* One became at most three, so this runs at most twice. */
    while (directory->count > DIRECTORY_EXTENTS)
        widen(directory);
    summarize(directory);
}

bool directory_next(const struct directory *directory, struct line_range lines, uint32_t *cursor, struct extent *found)
{
    if (lines.first >= lines.end)
        return false;
    for (uint32_t i = *cursor; i < directory->count; i++) {
        const struct extent *extent = &directory->extents[i];

        if (extent->lines.end <= lines.first)
            continue;
        if (extent->lines.first >= lines.end)
            break;
        *cursor = i + 1;
        *found = *extent;
        if (found->lines.first < lines.first)
            found->lines.first = lines.first;
        if (found->lines.end > lines.end)
            found->lines.end = lines.end;
        return true;
    }
    return false;
}
