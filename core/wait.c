/* SPDX-License-Identifier: MIT */
/*
 * Acquiring what others hold: baton_wait_..., baton_reserve_..., baton_claim_..., baton_cancel.
 */
#include "core/acquire.h"
#include "core/queue.h"
#include "core/refusal.h"

static enum baton_status wait_for(struct baton *instance, uint32_t token, struct baton_range range,
                                  enum baton_direction direction, uint32_t timeout, const struct verb *verb,
                                  void *result, uintptr_t call_site)
{
    struct handoff handoff = {.range = range, .direction = direction, .call_site = call_site};
    struct deadline deadline = {.unable = BATON_ERROR_ARGUMENT};
    struct segments segments;
    struct wanted wanted = {verb, &handoff, 0, &segments};
    enum baton_status status;

    status = acquire_begin(instance, token,
                           instance != NULL && result != NULL && deadline_start(instance, timeout, &deadline), &wanted);
    if (status != BATON_OK)
        return status;
    status = queue_acquire(instance, &handoff, &deadline, &wanted.lock_state);
    if (queue_passes(status)) { /* 0 microseconds, tried: no mistake */
        acquire_count_refusal(instance, &handoff);
        instance_unlock(instance, wanted.lock_state);
        return status;
    }
    (void)acquire_end(instance, &wanted, status, result);
    if (handoff.self != NULL) /* it has looked at the queue: whose turn has come by that was not told */
        instance->features.advance(instance, handoff.buffer, instance_lock(instance));
    return status;
}

enum baton_status baton_wait_cpu_access(struct baton *instance, baton_buffer buffer, struct baton_range range,
                                        enum baton_direction direction, uint32_t timeout,
                                        struct baton_cpu_access *access)
{
    static const struct verb verb = {"baton_wait_cpu_access", HANDLE_CPU_ACCESS, HANDLE_BUFFER};

    return wait_for(instance, buffer.token, range, direction, timeout, &verb, access, CALL_SITE);
}

enum baton_status baton_wait_map_to_device(struct baton *instance, baton_attachment attachment,
                                           struct baton_range range, uint32_t timeout, struct baton_source *source)
{
    static const struct verb verb = {"baton_wait_map_to_device", HANDLE_SOURCE, HANDLE_ATTACHMENT};

    return wait_for(instance, attachment.token, range, BATON_READ, timeout, &verb, source, CALL_SITE);
}

enum baton_status baton_wait_map_from_device(struct baton *instance, baton_attachment attachment,
                                             struct baton_range range, enum baton_direction direction, uint32_t timeout,
                                             struct baton_destination *destination)
{
    static const struct verb verb = {"baton_wait_map_from_device", HANDLE_DESTINATION, HANDLE_ATTACHMENT};

    return wait_for(instance, attachment.token, range, direction, timeout, &verb, destination, CALL_SITE);
}

static enum baton_status reserve(struct baton *instance, uint32_t token, struct baton_range range,
                                 enum baton_direction direction, baton_ready ready, void *context,
                                 const struct verb *verb, baton_reservation *reservation, uintptr_t call_site)
{
    struct handoff handoff = {.range = range, .direction = direction, .call_site = call_site};
    const struct access *waiting;
    struct segments segments;
    struct wanted wanted = {verb, &handoff, 0, &segments};
    enum baton_status status;

    status = acquire_begin(instance, token, reservation != NULL, &wanted);
    if (status != BATON_OK)
        return status;
    waiting = queue_enter(instance, &handoff, ready, context);
    if (waiting == NULL)
        return acquire_refuse(instance, &wanted, BATON_ERROR_NO_SLOT);
    reservation->token = handle_token(&waiting->slot, HANDLE_RESERVATION); /* before ready, which may claim */
    instance->features.advance(instance, handoff.buffer, wanted.lock_state);
    return BATON_OK;
}

enum baton_status baton_reserve_cpu_access(struct baton *instance, baton_buffer buffer, struct baton_range range,
                                           enum baton_direction direction, baton_ready ready, void *context,
                                           baton_reservation *reservation)
{
    static const struct verb verb = {"baton_reserve_cpu_access", HANDLE_CPU_ACCESS, HANDLE_BUFFER};

    return reserve(instance, buffer.token, range, direction, ready, context, &verb, reservation, CALL_SITE);
}

enum baton_status baton_reserve_mapping(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                        enum baton_direction direction, baton_ready ready, void *context,
                                        baton_reservation *reservation)
{
    /* Any direction will do: it is looked at when the reservation is claimed. */
    static const struct verb verb = {"baton_reserve_mapping", HANDLE_SOURCE, HANDLE_ATTACHMENT};

    return reserve(instance, attachment.token, range, direction, ready, context, &verb, reservation, CALL_SITE);
}

static enum baton_status claim(struct baton *instance, baton_reservation *reservation, const struct verb *verb,
                               void *result, uintptr_t call_site)
{
    struct handoff handoff;
    struct segments segments;
    struct wanted wanted = {verb, &handoff, 0, &segments};
    struct rules_acquire request;
    enum handle_kind kind = HANDLE_CPU_ACCESS;
    enum baton_status status;
    struct access *waiting;
    struct call call;

    call_begin(&call, instance, verb->name, call_site);
    waiting = call_find(&call, verb->of, reservation ? reservation->token : 0, reservation != NULL && result != NULL);
    if (waiting == NULL)
        return call.status;
    wanted.lock_state = call.lock_state;
    queue_handoff(waiting, &handoff);
    handoff.call_site = call_site;
    if (handoff.attachment != NULL)
        kind = handoff.direction == BATON_READ ? HANDLE_SOURCE : HANDLE_DESTINATION;
    if (waiting->manner.hold == BATON_HOLD_WAITING) {
        instance_unlock(instance, wanted.lock_state);
        return BATON_ERROR_PENDING; /* asked too early: no mistake */
    }
    status = kind == verb->kind ? handoff_check(instance, &handoff, &request) /* W4: always BATON_OK */
                                : BATON_ERROR_DIRECTION;
    if (status == BATON_OK && handoff.attachment != NULL) /* the segments; it was checked when it was reserved */
        status = map_check(instance, handoff.attachment, handoff.range, handoff.direction, kind, &segments);
    if (status == BATON_OK) {
        handle_renew(&waiting->slot);
        waiting->call_site = call_site;
        status = handoff_acquire(instance, &handoff, &wanted.lock_state);
        reservation->token = 0;
    }
    return acquire_end(instance, &wanted, status, result);
}

enum baton_status baton_claim_cpu_access(struct baton *instance, baton_reservation *reservation,
                                         struct baton_cpu_access *access)
{
    static const struct verb verb = {"baton_claim_cpu_access", HANDLE_CPU_ACCESS, HANDLE_RESERVATION};

    return claim(instance, reservation, &verb, access, CALL_SITE);
}

enum baton_status baton_claim_source(struct baton *instance, baton_reservation *reservation,
                                     struct baton_source *source)
{
    static const struct verb verb = {"baton_claim_source", HANDLE_SOURCE, HANDLE_RESERVATION};

    return claim(instance, reservation, &verb, source, CALL_SITE);
}

enum baton_status baton_claim_destination(struct baton *instance, baton_reservation *reservation,
                                          struct baton_destination *destination)
{
    static const struct verb verb = {"baton_claim_destination", HANDLE_DESTINATION, HANDLE_RESERVATION};

    return claim(instance, reservation, &verb, destination, CALL_SITE);
}

enum baton_status baton_cancel(struct baton *instance, baton_reservation *reservation)
{
    struct access *waiting;
    struct call call;

    call_begin(&call, instance, __func__, CALL_SITE);
    waiting = call_find(&call, HANDLE_RESERVATION, reservation ? reservation->token : 0, reservation != NULL);
    if (waiting == NULL)
        return call.status;
    waiting->call_site = call.refusal.call_site;
    queue_leave(instance, waiting);
    reservation->token = 0;
    instance->features.advance(instance, waiting->buffer, call.lock_state);
    return BATON_OK;
}
