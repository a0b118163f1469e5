/* SPDX-License-Identifier: MIT */
/*
 * Acquire and release: the executor of the rules. Every access of a CPU (core/cpu.c) and of a device (core/map.c)
 * begins and ends here.
 *
 * The short ways are inline: an access that finds nothing to maintain and nobody else, and the end of any access.
 * They are what a handoff costs, and are counted (DESIGN: at most 240 instructions for both, 100 for the end of a
 * device's write).
 */
#ifndef BATON_CORE_HANDOFF_H
#define BATON_CORE_HANDOFF_H

#include "core/instance.h"
#include "core/rules.h"
#include "core/trace.h"

struct handoff {
    struct buffer *buffer;
    struct attachment *attachment; /* NULL: the CPU acquires */
    struct baton_range range;      /* within the buffer */
    enum baton_direction direction;
    uintptr_t call_site;

    /* Results */
    struct access *access;       /* granted, */
    const struct access *holder; /* or who is in the way, if somebody is */
    bool barrier_due;            /* granted: handoff_barrier() has to follow, after the lock was given back */
};

/* Acquires. Called with the lock held (*lock_state is what lock() returned), returns with the lock held. If lines
 * have to be maintained the lock is given back meanwhile, and the lines are in transit. BUSY, FALSE_SHARING,
 * IN_TRANSIT, NO_SLOT: nothing has changed. */
enum baton_status handoff_acquire(struct baton *instance, struct handoff *handoff, uint32_t *lock_state);

/* The barrier that an acquire without maintenance still owes. Without the lock: it may wait for memory. */
static inline void handoff_barrier(const struct baton *instance, const struct handoff *handoff)
{
    if (handoff->barrier_due)
        instance->port->barrier(instance->port->context,
                                handoff->attachment ? BATON_BARRIER_BEFORE_DEVICE : BATON_BARRIER_AFTER_DEVICE);
}

/* Makes a live slot an access in flight. */
static inline void handoff_enter(struct access *access, struct buffer *buffer, struct attachment *attachment,
                                 struct baton_range range, struct line_range lines, enum baton_direction direction,
                                 uintptr_t call_site)
{
    const struct device *device = attachment ? attachment->device : NULL;

    access->next = buffer->accesses;
    access->link = &buffer->accesses;
    if (access->next != NULL)
        access->next->link = &access->next;
    buffer->accesses = access;
    access->buffer = buffer;
    access->attachment = attachment;
    access->party.buffer = buffer->name;
    access->party.holder = device ? device->config.name : "cpu";
    access->party.range = range;
    access->manner =
        (struct manner){BATON_VERB_ACQUIRE, device ? device->config.domain : BATON_DOMAIN_CACHE, direction, false};
    access->lines = lines;
    access->call_site = call_site;
}

/* The short way of a CPU's acquire: with nobody else in flight on the buffer, nothing in it stale or unknown, and no
 * barrier owed, there is nothing to check and nothing to do. NULL: not so, or no slot; take the long way. The caller
 * traces it. */
static inline struct access *handoff_acquire_at_once(struct baton *instance, struct buffer *buffer,
                                                     struct baton_range range, enum baton_direction direction,
                                                     uintptr_t call_site)
{
    struct access *access;

    if (!USUALLY(((uintptr_t)buffer->accesses | (uintptr_t)buffer->device_done) == 0) ||
        !USUALLY((unsigned)direction < BATON_OVERWRITE) || !USUALLY(rules_nothing_for_cpu(&buffer->directory)))
        return NULL;
    access = handle_take(&instance->accesses);
    if (access == NULL)
        return NULL;
    handoff_enter(access, buffer, NULL, range, range_lines(range, instance->granule_shift), direction, call_site);
    instance->cpu.acquires++;
    return access;
}

/* What a partial end leaves in the directory; the written part lies in the access's range and may be empty. */
void handoff_leave_partial(struct baton *instance, const struct access *access, enum rules_outcome outcome,
                           struct baton_range written);

/* Ends an access, with the lock held, after its part of the directory was left. */
static inline void handoff_release(struct baton *instance, struct access *access, bool device, uintptr_t call_site)
{
    struct access *next = access->next;

    *access->link = next;
    if (next != NULL)
        next->link = access->link;
    if (device)
        access->buffer->device_done = access;
    access->call_site = call_site; /* told when a stale copy of the handle comes back */
    handle_retire(&access->slot);
    handle_free(&instance->accesses, &access->slot);
    trace_point(instance, access, BATON_VERB_RELEASE, call_site);
}

/* Performs publishes, refreshes and settles, without the lock, and counts their lines. */
struct work handoff_maintain(const struct baton *instance, const struct buffer *buffer,
                             const struct rules_operation *operations, uint32_t count);

#endif
