/* SPDX-License-Identifier: MIT */
/*
 * The directory of a buffer: which of its lines are not the same in cache and memory, and which side may be newer.
 *
 * A bounded, sorted array of disjoint extents of lines. A line in no extent is clean: equal in both domains. When the
 * array would overflow, neighbours are merged into UNKNOWN, which is safe for every line (docs/OWNERSHIP.md, R4);
 * dirty is never widened over a stale line, nor stale over a dirty one.
 *
 * Pure data: called by core/rules.c and by queries, under the instance's lock; touches nothing else.
 */
#ifndef BATON_CORE_DIRECTORY_H
#define BATON_CORE_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

/* Extents that a directory keeps. More of them maintain fewer lines of a very fragmented buffer, and cost 12 bytes
 * each. */
#ifndef DIRECTORY_EXTENTS
#define DIRECTORY_EXTENTS 16
#endif

enum line_state {
    LINE_CLEAN,   /* cache and memory hold the same; never stored in an extent */
    LINE_DIRTY,   /* the cache may be newer */
    LINE_STALE,   /* memory may be newer */
    LINE_UNKNOWN, /* one of the two, the hardware knows which */
};

/* Lines [first, end) of a buffer, counted from its start. */
struct line_range {
    uint32_t first, end;
};

struct extent {
    struct line_range lines;
    enum line_state state;
};

struct directory {
    union {
        struct {
            uint8_t owner
                [3]; /* the directory's owner may keep flags of its own here: one look tells whether it has none and */
            bool not_dirty; /* no extent is anything but DIRTY */
        };
        uint32_t uncommon;
    };
    uint32_t count;                               /* when 0, the first extent's state is CLEAN */
    struct extent extents[DIRECTORY_EXTENTS + 2]; /* two spare: a split makes three of one before it is merged again */
};

/* All lines clean. The owner's bytes stay. */
void directory_clear(struct directory *directory);

/* Gives the lines this state, whatever they had; other lines keep theirs, or become unknown where room is short. An
 * empty range changes nothing. */
void directory_set(struct directory *directory, const struct line_range *lines, enum line_state state);

/* directory_set() to DIRTY or STALE, with the frequent cases inline: nothing new, or no other extent. */
static inline void directory_mark(struct directory *directory, const struct line_range *lines, unsigned state)
{
    struct extent *first = &directory->extents[0];

    if (first->state == state && first->lines.first <= lines->first && first->lines.end >= lines->end)
        return;
    if (directory->count == 0) {
        first->lines = *lines;
        first->state = (enum line_state)state;
        directory->count = 1;
        if (state != LINE_DIRTY)
            directory->not_dirty = true;
    } else {
        directory_set(directory, lines, (enum line_state)state);
    }
}

/* The next extent that meets the lines, cut to them; *cursor starts at 0. false: no more. */
bool directory_next(const struct directory *directory, struct line_range lines, uint32_t *cursor, struct extent *found);

#endif
