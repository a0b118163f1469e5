/* SPDX-License-Identifier: MIT */
/*
 * Who waits for a buffer, in the order in which they came (docs/OWNERSHIP.md, W1 to W8). Called by core/wait.c, and by whoever
 * else has to wait for an access.
 */
#ifndef BATON_CORE_QUEUE_H
#define BATON_CORE_QUEUE_H

#include "core/deadline.h"
#include "core/handoff.h"

/* True of the refusals that are somebody else's doing, and pass. */
static inline bool queue_passes(enum baton_status status)
{
    return status == BATON_ERROR_BUSY || status == BATON_ERROR_FALSE_SHARING || status == BATON_ERROR_IN_TRANSIT ||
           status == BATON_ERROR_QUARANTINED;
}

/* handoff_acquire(), waiting for its turn if it must. Besides its errors: CONTEXT; and TIMEOUT, with handoff->holder who was in
 * the way. After such an error the caller calls features.advance, when it has no more use for holder. */
enum baton_status queue_acquire(struct baton *instance, struct handoff *handoff, const struct deadline *deadline,
                                uint32_t *lock_state);

/* A place at the queue's end; NULL: no slot. ready may be NULL. features.advance has to follow. With the lock. */
struct access *queue_enter(struct baton *instance, const struct handoff *handoff, baton_ready ready, void *context);

/* What the place is for. */
void queue_handoff(struct access *waiting, struct handoff *handoff);

/* Gives the place up, turn come or not. features.advance has to follow. With the lock. */
void queue_leave(struct baton *instance, struct access *waiting);

#endif
