/* SPDX-License-Identifier: MIT */
/*
 * Writing the trace: one record for each serialization point, into a ring that keeps the newest. Read by baton_trace()
 * (core/query.c). Under the lock.
 */
#ifndef BATON_CORE_TRACE_H
#define BATON_CORE_TRACE_H

#include "core/instance.h"

/* Raises the buffer's epoch and records the acquire or release that did. */
static inline struct record *trace_point(struct baton *instance, struct access *access, enum baton_verb verb,
                                         uintptr_t call_site)
{
    struct record *record = &instance->ring[++instance->sequence & instance->ring_mask];

    uint32_t epoch = ++access->buffer->epoch;

    record->party = access->party;
    record->manner =
        access->manner; /* with the verb ACQUIRE; the callers see to hold, which says that nothing was done */
    if (verb != BATON_VERB_ACQUIRE)
        record->manner.verb = verb;
    else
        access->epoch = epoch;
    record->epoch = epoch;
    record->call_site = call_site;
    record->time = instance->now(instance->context);
    return record;
}

/* Adds to the record just written what was done for it. */
static inline void trace_work(struct baton *instance, struct record *record, const struct work *work)
{
    record->manner.hold = NOTE_WORK;
    instance->works[instance->sequence & instance->ring_mask] = *work;
}

#endif
