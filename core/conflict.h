/* SPDX-License-Identifier: MIT */
/*
 * Who may hold what beside whom: an acquire against the accesses in flight on its buffer, and against those who wait
 * (docs/OWNERSHIP.md, C1 to C8). Called by core/handoff.c under the lock. Changes nothing but the request's shared flags.
 */
#ifndef BATON_CORE_CONFLICT_H
#define BATON_CORE_CONFLICT_H

#include "core/handoff.h"

/* BATON_OK; or BUSY, FALSE_SHARING, IN_TRANSIT, QUARANTINED, MAINTENANCE, and in handoff->holder who is in the way. Bounded
 * by limits.accesses. */
enum baton_status conflict_check(const struct baton *instance, struct handoff *handoff, struct rules_acquire *request);

#endif
