/* SPDX-License-Identifier: MIT */
/*
 * Acquiring what others hold: try, wait, or be called. Part of the public interface: included by way of core/baton.h.
 *
 * First come, first served: who conflicts with an access in flight, or with somebody who waits already, waits behind; so a
 * stream of readers does not starve a writer. The calls of core/api/access.h respect the queue as well.
 *
 * Timeouts are in microseconds, at most half the range of the port's clock (ARGUMENT beyond). 0 is "try": no waiting, allowed in
 * any context, and that somebody is in the way is no misuse and reported to nobody.
 * TIMEOUT: the port's misuse is told who was in the way: holder, direction, epoch and call site.
 * CONTEXT: it would have to wait, and the port says that this context may not, or has no clock. NO_SLOT: waiting takes one of
 * limits.accesses.
 */
#ifndef BATON_CORE_API_WAIT_H
#define BATON_CORE_API_WAIT_H

#include "core/api/access.h"

/* baton_begin_cpu_access(), baton_map_to_device() and baton_map_from_device(), which wait while somebody is in the way, at most
 * `timeout` microseconds: then TIMEOUT. Task context, if the timeout is not 0. */
BATON_MUST_CHECK enum baton_status baton_wait_cpu_access(struct baton *instance, baton_buffer buffer,
                                                         struct baton_range range, enum baton_direction direction,
                                                         uint32_t timeout, struct baton_cpu_access *access);
BATON_MUST_CHECK enum baton_status baton_wait_map_to_device(struct baton *instance, baton_attachment attachment,
                                                            struct baton_range range, uint32_t timeout,
                                                            struct baton_source *source);
BATON_MUST_CHECK enum baton_status baton_wait_map_from_device(struct baton *instance, baton_attachment attachment,
                                                              struct baton_range range, enum baton_direction direction,
                                                              uint32_t timeout, struct baton_destination *destination);

/* The range is yours to claim: nobody holds it, and nobody else gets it before. Called once, without the lock, in the context
 * of whoever made way (an interrupt handler, maybe), or within the reserving call where nothing was in the way; one after the
 * other: if one of the same buffer is running, after that, in its context. It may claim, if maintenance in that context is
 * acceptable; usually it wakes a task that does. One that reserves again what nobody holds is called again, without an end. */
typedef void (*baton_ready)(void *context);

/* Queues for an access. Takes one of limits.accesses. A refusal is about arguments only: conflicts are waited for. ready may be
 * NULL: who asks by claiming. Until the claim others are kept off the range as by an access in transit, readers as well. */
BATON_MUST_CHECK enum baton_status baton_reserve_cpu_access(struct baton *instance, baton_buffer buffer,
                                                            struct baton_range range, enum baton_direction direction,
                                                            baton_ready ready, void *context,
                                                            baton_reservation *reservation);
/* direction BATON_READ: to be claimed as a source, else as a destination. */
BATON_MUST_CHECK enum baton_status baton_reserve_mapping(struct baton *instance, baton_attachment attachment,
                                                         struct baton_range range, enum baton_direction direction,
                                                         baton_ready ready, void *context,
                                                         baton_reservation *reservation);

/* Turns a reservation whose turn has come into the access, with the maintenance that it takes; clears *reservation.
 * PENDING: its turn has not come (no misuse, reported to nobody). IN_TRANSIT: a line of it is another's at this
 * moment: try again. DIRECTION: reserved for another kind of access. */
BATON_MUST_CHECK enum baton_status baton_claim_cpu_access(struct baton *instance, baton_reservation *reservation,
                                                          struct baton_cpu_access *access);
BATON_MUST_CHECK enum baton_status baton_claim_source(struct baton *instance, baton_reservation *reservation,
                                                      struct baton_source *source);
BATON_MUST_CHECK enum baton_status baton_claim_destination(struct baton *instance, baton_reservation *reservation,
                                                           struct baton_destination *destination);

/* Gives the place up, turn come or not; clears *reservation. ready is not called any more, unless it runs at this moment. */
BATON_MUST_CHECK enum baton_status baton_cancel(struct baton *instance, baton_reservation *reservation);

#endif
