/* SPDX-License-Identifier: MIT */
/*
 * What the hardware may have made of one line: every state that a two-level cache and the holders of the line could have reached,
 * as one set. Used by explore.c.
 *
 * Neither the core nor anybody who calls it sees what a cache does with a line, nor when a holder stores a byte of it: the core's
 * behaviour does not depend on it, and lines do not depend on each other. So instead of exploring the caches' moves one by one,
 * each line of a state of the core has the set of all states in which the line may be by then. That is exact: a byte is read too
 * old in one of the runs if and only if it is in one state of a set.
 *
 * A line has CELLS parts, and for each part every place (inner cache, outer cache, memory; of the buffer, and of a bounce buffer)
 * has a version of it. Versions are known by whether they are the newest and whether they equal each other; no more matters.
 */
#ifndef BATON_TESTS_PROOF_LINES_H
#define BATON_TESTS_PROOF_LINES_H

#include <stdbool.h>
#include <stdint.h>

#ifndef CELLS
#define CELLS 2
#endif
#ifndef COLUMNS
#define COLUMNS 1 /* 2: the line of a buffer and that of its bounce buffer */
#endif

typedef uint32_t line_set; /* an interned set */

enum { VIEW_CACHE, VIEW_MEMORY }; /* as enum baton_domain */

/* Who may do what with a cell at any moment, until the next event. */
struct cell_rights {
    uint8_t readers;  /* a bit for each column and view: 1 << (2 * column + view) */
    bool writes;      /* somebody may store, here: */
    bool after_store; /* and load, but only what he has stored (an overwriter) */
    uint8_t column, view;
};

struct line_rights {
    struct cell_rights cells[CELLS];
};

/* The same as a number, as lines_close() takes it. */
uint32_t lines_rights(const struct line_rights *rights);

enum line_event {
    LINE_CLEAN_INNER,
    LINE_CLEAN_OUTER,
    LINE_INVALIDATE_OUTER,
    LINE_INVALIDATE_INNER,
    LINE_COPY,      /* by the CPU, from a column to the other; of some cells */
    LINE_WRITTEN,   /* only those states remain in which the overwriter has stored these cells */
    LINE_UNTOUCHED, /* only those in which the writer has not */
    LINE_GIVEN_UP,  /* what he has not stored of these cells is anything; he is done */
    LINE_DROPPED,   /* what he has stored of these cells is anything; he is done */
    LINE_UNDEFINED, /* these cells are anything; he is done */
    LINE_FORGET,    /* he is done */
};

/* Nobody knows what is where. */
line_set lines_anything(void);

/* All that may come of it while the holders have these rights. */
line_set lines_close(line_set set, uint32_t rights);

/* An event; cells is a mask. column: on which; of a copy, to which. */
line_set lines_event(line_set set, enum line_event event, unsigned column, unsigned cells);

/* Could a clean, or an invalidate, of this line have made a difference? */
bool lines_clean_matters(line_set set, unsigned column);
bool lines_invalidate_matters(line_set set, unsigned column);

/* A copy from the other column to this one? */
bool lines_copy_matters(line_set set, unsigned column);

/* The newest bytes are in this column, in every state. */
bool lines_newest_in(line_set set, unsigned column);

/* No state has a line to be written back. */
bool lines_none_dirty(line_set set, unsigned column);

uint32_t lines_size(line_set set);
uint32_t lines_sets(void); /* how many there are by now */

/* What was wrong in some state of the set last made, or NULL. */
extern const char *lines_wrong;

#endif
