/* SPDX-License-Identifier: MIT */
/*
 * The long way of a release: any access, any buffer, any outcome. Called by core/cpu.c, map.c, sync.c, fence.c, queue.c.
 */
#ifndef BATON_CORE_RELEASE_H
#define BATON_CORE_RELEASE_H

#include "core/handoff.h"

enum release_outcome {
    RELEASE_COMPLETE,  /* a writer has written its whole range */
    RELEASE_PARTIAL,   /* only the written part; nothing else was touched */
    RELEASE_FAILED,    /* the written part; the rest may have been */
    RELEASE_UNTOUCHED, /* nothing: it never began */
};

struct release {
    enum release_outcome outcome;
    struct baton_range written; /* within the access's range; of PARTIAL and FAILED; may be empty */
    uintptr_t call_site;
};

/* Ends the access and all that hangs on it: the directory, what its bounce buffer has, the CPU's mapping, the trace record, the
 * announcement, whoever waits. Called with the lock held, gives it back; for an access of the CPU to a buffer whose mapping
 * changes the lock is given back in between as well. */
void release_access(struct baton *instance, struct access *access, const struct release *how, uint32_t lock_state);

/* Its halves, for what becomes another access instead of ending (core/sync.c). What the end leaves: in the directory, in what
 * bounce buffers have, in the trace; the CPU's mapping (for which the lock is given back in between). Fills in *what. */
void release_hand_over(struct baton *instance, struct access *access, const struct release *how,
                       struct baton_announcement *what, uint32_t *lock_state);

/* Announces it, without the lock meanwhile. */
void release_announce(struct baton *instance, struct buffer *buffer, const struct baton_announcement *what,
                      uint32_t *lock_state);

/* Takes the access, whose handle is retired, out of its list or queue and frees its slot. */
void release_slot(struct baton *instance, struct access *access);

/* Lines have become free: whose turn is it? Gives the lock back. */
void release_unlock(struct baton *instance, struct buffer *buffer, uint32_t lock_state);

#endif
