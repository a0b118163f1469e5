/* SPDX-License-Identifier: MIT */
/*
 * One line, followed through the states of the core. Used by explore.c; the argument why one at a time is enough is in track.c.
 *
 * What a step of an actor does to a line is a list of acts, which does not depend on what has become of the line.
 */
#ifndef BATON_TESTS_PROOF_TRACK_H
#define BATON_TESTS_PROOF_TRACK_H

#include "tests/proof/lines.h"

enum act_kind {
    ACT_EVENT, /* it happens */
    ACT_LATER, /* the actor's call does it before it takes the lock again */
    ACT_DONE,  /* it takes the lock again */
    ACT_CLOSE, /* from here on these are the holders' rights, and the cache does what it likes */
    ACT_HOME,  /* now all newest bytes have to be in this column */
    ACT_CLEAN, /* now no cache has to have it dirty in this column */
};

enum { ACT_ACTORS = 6, ACT_LIST = 4 };

struct act {
    uint8_t kind, actor; /* LATER, DONE */
    uint8_t event, column, cells;
    bool matters;    /* it must be able to make a difference */
    uint16_t unused; /* 0 */
    uint32_t rights; /* CLOSE */
};

struct tracked {
    line_set set;
    uint32_t pending; /* which list of what calls in flight have to do still; 0: nothing */
};

/* A step; false: not yet, the call has to do its work first. */
bool track_step(struct tracked *tracked, const struct act *acts, unsigned count);

/* A call in flight does the next that it has to do; false: there is none. */
bool track_work(struct tracked *tracked, unsigned actor, uint32_t rights);

/* What was wrong in the last step, or NULL. */
extern const char *track_wrong;

#endif
