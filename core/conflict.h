/* SPDX-License-Identifier: MIT */
/*
 * Who may hold what beside whom: an acquire against the accesses in flight on its buffer (docs/OWNERSHIP.md, C1 to
 * C4). Called by core/acquire.c under the lock. Changes nothing but the request's shared flags.
 */
#ifndef BATON_CORE_CONFLICT_H
#define BATON_CORE_CONFLICT_H

#include "core/instance.h"
#include "core/rules.h"

/* BATON_OK, or BUSY, FALSE_SHARING, IN_TRANSIT and who is in the way. Bounded by limits.accesses. */
enum baton_status conflict_check(const struct buffer *buffer, struct baton_range range, struct rules_acquire *request,
                                 const struct access **holder);

#endif
