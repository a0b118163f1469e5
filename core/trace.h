/* SPDX-License-Identifier: MIT */
/*
 * Writing the trace: one record for each serialization point, into a ring that keeps the newest. Read by baton_trace()
 * (core/query.c). Under the lock.
 */
#ifndef BATON_CORE_TRACE_H
#define BATON_CORE_TRACE_H

#include "core/instance.h"

/* Raises the buffer's epoch and records the acquire or release that did. Returns the epoch. */
static inline uint32_t trace_point(struct baton *instance, const struct access *access, enum baton_verb verb,
                                   uint32_t published, uint32_t refreshed, uintptr_t call_site)
{
    struct buffer *buffer = access->buffer;
    struct record *record = &instance->ring[++instance->sequence & instance->ring_mask];
    uint32_t epoch = ++buffer->epoch;

    record->epoch = epoch;
    record->buffer = buffer->name;
    record->holder = access_holder(access);
    record->verb = verb;
    record->domain = access->domain;
    record->direction = access->direction;
    record->range = access->range;
    record->published = published;
    record->refreshed = refreshed;
    record->call_site = call_site;
    record->time = instance->port->now ? instance->port->now(instance->port->context) : 0;
    return epoch;
}

#endif
