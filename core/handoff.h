/* SPDX-License-Identifier: MIT */
/*
 * Acquire and release: the executor of the rules. The two functions through which every access of a CPU (core/cpu.c) and
 * of a device (core/map.c) begins and ends.
 */
#ifndef BATON_CORE_HANDOFF_H
#define BATON_CORE_HANDOFF_H

#include "core/instance.h"
#include "core/rules.h"

struct handoff {
    struct buffer *buffer;
    struct attachment *attachment; /* NULL: the CPU acquires */
    struct baton_range range;      /* within the buffer */
    enum baton_direction direction;
    enum handle_kind kind; /* of the access's handle */
    uintptr_t call_site;

    /* Results */
    struct access *access;       /* granted, */
    const struct access *holder; /* or who is in the way, if somebody is */
    bool barrier_due;            /* granted: handoff_barrier() has to follow, after the lock was given back */
};

/* Acquires. Called with the lock held (*lock_state is what lock() returned), returns with the lock held. If lines have to
 * be maintained the lock is given back meanwhile, and the lines are in transit. BUSY, FALSE_SHARING, IN_TRANSIT, NO_SLOT:
 * nothing has changed. */
enum baton_status handoff_acquire(struct baton *instance, struct handoff *handoff, uint32_t *lock_state);

/* The barrier that an acquire without maintenance still owes. Without the lock: it may wait for memory. */
static inline void handoff_barrier(const struct baton *instance, const struct handoff *handoff)
{
    if (handoff->barrier_due)
        instance->port->barrier(instance->port->context,
                                handoff->attachment ? BATON_BARRIER_BEFORE_DEVICE : BATON_BARRIER_AFTER_DEVICE);
}

/* Ends an access, with the lock held. written: what counts as written, within its range; may be empty. */
void handoff_release(struct baton *instance, struct access *access, enum handle_kind kind, enum rules_outcome outcome,
                     struct baton_range written, uintptr_t call_site);

/* Performs publishes, refreshes and settles, without the lock, and counts their lines. */
struct handoff_work {
    uint32_t published, refreshed;
};
struct handoff_work handoff_maintain(const struct baton *instance, const struct buffer *buffer,
                                     const struct rules_operation *operations, uint32_t count);

#endif
