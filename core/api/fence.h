/* SPDX-License-Identifier: MIT */
/*
 * Fences: a stage of device work, what it reads and writes, and its completion; and chains of stages ("blit after decode,
 * flip after blit") that run from one completion interrupt to the next without the CPU's caches in between. Part of the
 * public interface: included by way of core/baton.h.
 *
 * A stage is opened, given its mappings, and queued. All maintenance happens while it is being built: what the later stages
 * take from earlier ones needs none, since all devices of a chain act in one domain (else MAINTENANCE, when the mapping is
 * added). Then each signal ends the stage's mappings, issues the barrier and starts the next stages.
 *
 *     open → map ... → queue → (the one before has signalled: start) → signal → close
 *
 * An error travels: when a stage fails or is cancelled, those after it end without having been started, their fences have the
 * same error, and what they would have written keeps its old bytes.
 *
 * A stage follows at most one other, and any number may follow it; two that have to be waited for are put one after the other.
 */
#ifndef BATON_CORE_API_FENCE_H
#define BATON_CORE_API_FENCE_H

#include "core/api/access.h"

/* Starts the stage's device; it rings the doorbell, and the device's driver calls baton_fence_signal() when it is done: from its
 * interrupt, or, if the device is done at once, from within start(). Called without the lock, once, in the context of the call
 * that made the stage ready: an interrupt handler, maybe, or baton_fence_queue(). A stage that ends while its start() runs has its
 * followers started by the same call when start() has returned, so that a chain takes no stack, however long.
 * status is BATON_OK; or an error: the stage will never start, and its mappings have ended. */
typedef void (*baton_start)(void *context, enum baton_status status);

struct baton_fence_config {
    const char *name;  /* static; in reports */
    baton_start start; /* NULL: the caller starts the device itself after baton_fence_queue() */
    void *context;
    baton_fence after; /* to start after that one has signalled; zero: at once */
};

/* Begins to build a stage. If after has failed already, the stage has its error from the start. STALE_HANDLE: after was closed;
 * NO_SLOT: limits.fences. ARGUMENT: after is still being built. Any context. */
BATON_MUST_CHECK enum baton_status baton_fence_open(struct baton *instance, const struct baton_fence_config *config,
                                                    baton_fence *fence);

/* As baton_map_to_device() and baton_map_from_device(), for a stage that is being built: what earlier stages of its chain hold
 * is no conflict. *source and *destination name segments only, their handles are none: the access is the fence's, which ends it.
 * MAINTENANCE: the lines would need an operation after an earlier stage is done. HELD: the stage is queued already. DEVICE, TIMEOUT,
 * CANCELLED: it has ended by that. */
BATON_MUST_CHECK enum baton_status baton_fence_map_to_device(struct baton *instance, baton_fence fence,
                                                             baton_attachment attachment, struct baton_range range,
                                                             struct baton_source *source);
BATON_MUST_CHECK enum baton_status baton_fence_map_from_device(struct baton *instance, baton_fence fence,
                                                               baton_attachment attachment, struct baton_range range,
                                                               enum baton_direction direction,
                                                               struct baton_destination *destination);

/* The stage is complete. If the one before has signalled, or there is none, it starts now; if that has failed, start() is told now.
 * HELD: it was queued before. IN_TRANSIT: a mapping is being added to it at this moment. Any context. */
BATON_MUST_CHECK enum baton_status baton_fence_queue(struct baton *instance, baton_fence fence);

/* The stage's device is done (BATON_OK) or has failed (DEVICE) and is halted: its mappings end, and the next stages start, or
 * fail. Made for interrupt handlers: no cache operation; its time grows with the mappings of the stage and of those that it starts, and
 * with the accesses in flight on their buffers, not with sizes.
 * TIMEOUT as status: it did not answer and may still run; what it reads and writes is quarantined, and the chain fails.
 * PENDING: it has not been started. HELD: it has signalled already. ARGUMENT: another status. */
BATON_MUST_CHECK enum baton_status baton_fence_signal(struct baton *instance, baton_fence fence,
                                                      enum baton_status status);

/* The device of a stage that ended in TIMEOUT has been proven halted: the quarantine ends; what it may have written is unknown.
 * ARGUMENT: it is not in quarantine. Any context. */
BATON_MUST_CHECK enum baton_status baton_fence_halted(struct baton *instance, baton_fence fence);

/* Ends a stage that was not started; it and those after it are told CANCELLED, if they were queued. HELD: it runs (stop the device,
 * then signal), or has ended. Any context. */
BATON_MUST_CHECK enum baton_status baton_fence_cancel(struct baton *instance, baton_fence fence);

/* How the stage ended: BATON_OK, DEVICE, TIMEOUT, CANCELLED; PENDING: it has not, or its start() has not returned. Any context. */
BATON_MUST_CHECK enum baton_status baton_fence_status(struct baton *instance, baton_fence fence);

/* Waits for that, at most so many microseconds (half the range of the port's clock; ARGUMENT beyond). TIMEOUT, if the status is still
 * PENDING: the port's misuse names a mapping of the stage that is in the way, this one or the one before it that runs. CONTEXT: it
 * would have to wait and may not. 0: as baton_fence_status(). */
BATON_MUST_CHECK enum baton_status baton_fence_wait(struct baton *instance, baton_fence fence, uint32_t timeout);

/* Ends a fence that has signalled, or was never queued (its mappings end untouched); clears *fence. Those after it go on. HELD: it is
 * under way, or in quarantine, or its start() has not returned. IN_TRANSIT: a mapping is being added to it. */
BATON_MUST_CHECK enum baton_status baton_fence_close(struct baton *instance, baton_fence *fence);

#endif
