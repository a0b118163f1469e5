/* SPDX-License-Identifier: MIT */
/*
 * baton: the public interface of the buffer-sharing core. Applications, boards and drivers include this and nothing
 * else of core/; the parts are in core/api/.
 *
 * A buffer passes between observers that act in one of two domains: CACHE (a CPU through a cacheable mapping, a
 * snooping device) and MEMORY (a device on a non-coherent bus, a CPU through a non-cacheable mapping). An access to
 * a range is acquired before the first byte is touched and released after the last one; the core does exactly the
 * cache maintenance that the handoff needs and refuses what conflicts. docs/OWNERSHIP.md is the specification: the
 * states of a line, who may hold what beside whom, and the operations of each edge.
 *
 * Context: unless a function says otherwise it may be called from task and interrupt context on any CPU that is in the
 * inner-shareable domain, with interrupts on or off, after baton_init(). Nothing waits unless it takes a timeout, and
 * nothing allocates.
 *
 * Errors: any function may return ARGUMENT (a null pointer, or a number that is none of its kind's), STALE_HANDLE and
 * FOREIGN_HANDLE (a handle that names nothing, or nothing of this instance and kind), and, if it takes a range of a buffer, RANGE
 * (empty, beyond the buffer, or an overflow). What else it may return stands at the function, what it changes, too. Sizes, offsets
 * and lengths are bytes; lines are granules (core/port.h).
 *
 * Failure: a function that does not return BATON_OK has changed nothing: every handle and buffer is as it was.
 */
#ifndef BATON_CORE_BATON_H
#define BATON_CORE_BATON_H

#include "core/api/access.h"
#include "core/api/device.h"
#include "core/api/fence.h"
#include "core/api/memory.h"
#include "core/api/query.h"
#include "core/api/status.h"
#include "core/api/types.h"
#include "core/api/wait.h"

#endif
