/* SPDX-License-Identifier: MIT */
/*
 * Acquire and release: the executor of the rules. Every access of a CPU (core/cpu.c) and of a device (core/map.c)
 * begins and ends here, or in core/release.c.
 *
 * The short ways are inline: an access that finds nothing to maintain and nobody else, and the end of any access of a buffer
 * that is not special. They are what a handoff costs, and are counted (first design: at most 240 instructions for both, 100
 * for the end of a device's write).
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
    struct access *self;   /* a reservation whose turn has come, or NULL: a newcomer */
    struct access *lender; /* the mapping that the range is taken from, or NULL */
    struct fence *fence;   /* that will end the access, or NULL */
    bool tolerant;         /* TIE_TOLERANT */

    /* Results */
    struct access *access;       /* granted, */
    const struct access *holder; /* or who is in the way, if somebody is */
    bool barrier_due;            /* granted: handoff_barrier() has to follow, after the lock was given back */
};

/* Acquires. Called with the lock held (*lock_state is what lock() returned), returns with the lock held. If lines
 * have to be maintained the lock is given back meanwhile, and the lines are in transit. An error of handoff_check(), or
 * NO_SLOT: nothing has changed. */
enum baton_status handoff_acquire(struct baton *instance, struct handoff *handoff, uint32_t *lock_state);

/* The first half: may it be granted? Fills in the request. Under the lock; changes nothing. */
enum baton_status handoff_check(const struct baton *instance, struct handoff *handoff, struct rules_acquire *request);

/* What an access needs before it is granted (or goes on, for a part that comes back to it): copies, maintenance, mapping,
 * announcement, trace record. The access is entered. With the lock, which it gives back meanwhile if there is anything to do;
 * true: a barrier is due. */
bool handoff_open(struct baton *instance, struct access *access, const struct rules_acquire *request,
                  uint32_t *lock_state);

/* The plan for an access as handoff_open() carries it out, copies apart. Under the lock. */
uint32_t handoff_plan(const struct access *access, const struct rules_acquire *request,
                      struct rules_operation operations[RULES_OPERATIONS]);

/* Makes lines of a buffer valid in a domain for an access that is not in its list (core/bounce.c: the CPU that copies).
 * Without the lock. Adds what it did to *work. */
void handoff_make_valid(struct baton *instance, struct buffer *buffer, const struct rules_acquire *request,
                        struct work *work);

/* The barrier that an acquire without maintenance still owes. Without the lock: it may wait for memory. */
static inline void handoff_barrier(const struct baton *instance, const struct handoff *handoff)
{
    if (handoff->barrier_due)
        instance->port->barrier(instance->port->context,
                                handoff->attachment ? BATON_BARRIER_BEFORE_DEVICE : BATON_BARRIER_AFTER_DEVICE);
}

/* Makes a live slot an access in flight. */
static inline void handoff_enter(struct access *access, struct buffer *buffer, struct attachment *attachment,
                                 struct baton_range range, struct line_range lines, enum baton_domain domain,
                                 enum baton_direction direction, uintptr_t call_site)
{
    struct access *next = buffer->accesses;

    access->next = next;
    access->link = &buffer->accesses;
    if (next != NULL)
        next->link = &access->next;
    buffer->accesses = access;
    access->buffer = buffer;
    access->attachment = attachment;
    access->party.buffer = buffer->name;
    access->party.holder = attachment ? attachment->device->config.name : "cpu";
    access->party.range = range;
    access->manner = (struct manner){BATON_VERB_ACQUIRE, domain, direction, BATON_HOLD_GRANTED};
    access->lines = lines;
    access->call_site = call_site;
}

/* The same for any access, of any buffer, at any place of a list: the buffer's, or its queue. */
void handoff_enter_at(const struct baton *instance, struct access **place, struct access *access,
                      const struct handoff *handoff, enum baton_hold hold);

/* The short way of an acquire: with nobody else in flight on the buffer, nothing uncommon about it (no barrier owed to a CPU,
 * too), and no line that is not as this domain needs it, there is nothing to check and nothing to do. For an OVERWRITE in CACHE,
 * which changes the directory, the long way. NULL: take that. The caller traces it, and sees to a device's barrier. */
static inline struct access *handoff_acquire_at_once(struct baton *instance, struct buffer *buffer,
                                                     struct attachment *attachment, struct baton_range range,
                                                     enum baton_domain domain, enum baton_direction direction,
                                                     uintptr_t call_site)
{
    struct access *access;

    if (!USUALLY(buffer->accesses == NULL))
        return NULL;
    if (attachment == NULL) {
        if (!USUALLY(buffer->directory.uncommon == 0))
            return NULL;
    } else if (!USUALLY(buffer->special == 0) || !USUALLY(rules_nothing_in(&buffer->directory, domain))) {
        return NULL;
    }
    access = handle_take(&instance->accesses);
    if (!USUALLY(access != NULL))
        return NULL;
    handoff_enter(access, buffer, attachment, range, range_lines(range, instance->granule_shift), domain, direction,
                  call_site);
    return access;
}

/* Takes an access out of its buffer's list, or queue. */
static inline void handoff_unlink(struct access *access)
{
    struct access *next = access->next;

    *access->link = next;
    if (next != NULL)
        next->link = access->link;
}

/* Ends an access of a buffer that is not special, with the lock held, after its part of the directory was left. The long way,
 * for any, is release_access(). */
static inline void handoff_release(struct baton *instance, struct access *access, bool device, uintptr_t call_site)
{
    handoff_unlink(access);
    if (device)
        access->buffer->device_done = true;
    access->call_site = call_site; /* told when a stale copy of the handle comes back */
    handle_retire(&access->slot);
    handle_free(&instance->accesses, &access->slot);
    trace_point(instance, access, BATON_VERB_RELEASE, call_site);
}

/* Performs publishes, refreshes and settles, without the lock, and adds what it did to *work. */
void handoff_maintain(const struct baton *instance, const struct buffer *buffer,
                      const struct rules_operation *operations, uint32_t count, struct work *work);

/* Adds the lines and bytes of what was done to the counters. */
void handoff_count(struct baton_counters *counters, const struct work *work);

/* What the access announces. */
void handoff_describe(const struct access *access, enum baton_verb verb, uint32_t epoch,
                      struct baton_announcement *what);

/* trace_point(), not inline. */
struct record *handoff_trace(struct baton *instance, struct access *access, enum baton_verb verb);

#endif
