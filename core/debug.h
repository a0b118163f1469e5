/* SPDX-License-Identifier: MIT */
/*
 * The debug build (BATON_DEBUG=1): poison where a device has promised to overwrite, and canaries behind the last byte of a buffer. In
 * other builds the conditions below are constant, and nothing of core/debug.c is linked. Both need port->copy.
 *
 * In a debug build every buffer is special, so that all accesses take the long ways, where this is called.
 */
#ifndef BATON_CORE_DEBUG_H
#define BATON_CORE_DEBUG_H

#include "core/instance.h"
#include "core/rules.h"

#ifndef BATON_DEBUG
#define BATON_DEBUG 0
#endif

/* What a byte is that a device left alone, and what the bytes between a buffer's end and its last line's are. */
#define DEBUG_POISON 0xd5
#define DEBUG_CANARY 0xca

static inline bool debug_build(const struct baton *instance)
{
    return BATON_DEBUG && instance->port->copy != NULL;
}

/* A new buffer of a pool: its slack gets the canary, by the CPU, which leaves its line as its stores do. Without the lock; nobody else knows
 * the buffer yet. */
void debug_arm(const struct baton *instance, struct buffer *buffer);

/* A device will overwrite the range, whose lines are in transit: fills it with poison, by the CPU, as far as whole lines reach (and
 * not the slack); they are published as whatever the CPU stores. Without the lock. */
void debug_poison(struct baton *instance, struct access *access, const struct rules_acquire *request);

/* The CPU has acquired lines and sees them as they are: if the last one is among them, is the slack as it was? Tells the port if not,
 * once for each buffer. Without the lock. */
void debug_check(struct baton *instance, const struct access *access, const struct rules_acquire *request);

/* The same when a buffer ends: nobody holds it, and no handle leads to it. */
void debug_check_end(struct baton *instance, struct buffer *buffer, uintptr_t call_site);

#endif
