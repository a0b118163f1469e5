/* SPDX-License-Identifier: MIT */
/*
 * Waiting, bounded by the port's clock, for what others change under the lock. Used by the calls with a timeout; each has a loop of
 * its own over what it waits for:
 *
 *     status = waiting_begin(instance, timeout, &deadline);   without the lock
 *     lock
 *     while (not yet)
 *         if (!waiting_sleep(instance, deadline, &lock_state))
 *             it is too late
 */
#ifndef BATON_CORE_WAITING_H
#define BATON_CORE_WAITING_H

#include "core/instance.h"

/* Turns microseconds from now into a deadline. ARGUMENT: more than half the range of the clock. CONTEXT: the port cannot wait, or
 * not here. 0 is right in any context. Without the lock: may_wait() looks at the interrupts' mask. */
enum baton_status waiting_begin(const struct baton *instance, uint32_t timeout, uint32_t *deadline);

/* Gives the lock back, sleeps and takes it again; what was found under the lock has to be found anew. false: the deadline is
 * past, and nothing was done. */
bool waiting_sleep(const struct baton *instance, uint32_t deadline, uint32_t *lock_state);

#endif
