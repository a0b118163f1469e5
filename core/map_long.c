/* SPDX-License-Identifier: MIT */
/*
 * Mappings, the long ways: with others in flight, maintenance, several segments, special buffers, errors; displays, partial ends and
 * quarantine. Called by core/map.c, which takes the short ways; small rather than fast.
 */
#include "core/acquire.h"
#include "core/release.h"

enum baton_status map_locked(struct baton *instance, baton_attachment attachment, struct handoff *handoff,
                             const struct verb *verb, struct baton_source *mapped, uint32_t lock_state)
{
    struct segments segments;
    struct wanted wanted = {verb, handoff, lock_state, &segments};
    enum baton_status status = acquire_look_up(instance, attachment.token, &wanted);

    if (status != BATON_OK)
        return status;
    status = handoff_acquire(instance, handoff, &wanted.lock_state);
    return acquire_end(instance, &wanted, status, mapped);
}

/* From the start. */
static enum baton_status begin(struct baton *instance, baton_attachment attachment, struct handoff *handoff,
                               const struct verb *verb, struct baton_source *mapped)
{
    if (instance == NULL || mapped == NULL || (unsigned)handoff->direction > BATON_OVERWRITE)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, verb->name, handoff->call_site);
    return map_locked(instance, attachment, handoff, verb, mapped, instance_lock(instance));
}

enum baton_status map_long(struct baton *instance, baton_attachment attachment, uint32_t offset, uint32_t length,
                           enum baton_direction direction, bool from_device, struct baton_source *mapped,
                           uintptr_t call_site)
{
    static const struct verb verbs[] = {{"baton_map_to_device", HANDLE_SOURCE, HANDLE_ATTACHMENT},
                                        {"baton_map_from_device", HANDLE_DESTINATION, HANDLE_ATTACHMENT}};
    struct handoff handoff = {.range = {offset, length}, .direction = direction, .call_site = call_site};

    return begin(instance, attachment, &handoff, &verbs[from_device], mapped);
}

enum baton_status baton_map_to_display(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                       struct baton_source *source)
{
    static const struct verb verb = {"baton_map_to_display", HANDLE_SOURCE, HANDLE_ATTACHMENT};
    struct handoff handoff = {.range = range, .direction = BATON_READ, .call_site = CALL_SITE, .tolerant = true};

    return begin(instance, attachment, &handoff, &verb, source);
}

/* An end. HELD, QUARANTINED: it goes on. */
static enum baton_status end(struct call *call, struct baton_source *mapped, enum handle_kind kind,
                             const struct release *how)
{
    struct access *ending = call_find_access(call, kind, mapped ? &mapped->access : NULL);
    const bool complete = how->outcome == RELEASE_COMPLETE;

    if (ending == NULL)
        return call->status;
    call->refusal.range = complete ? ending->party.range : how->written;
    call->refusal.buffer = ending->buffer;
    call->refusal.holder = ending;
    if (ending->parts != 0)
        return call_refuse(call, BATON_ERROR_HELD);
    if (complete && ending->manner.hold == BATON_HOLD_QUARANTINED)
        return call_refuse(call, BATON_ERROR_QUARANTINED);
    if (!complete && !range_covers(ending->party.range, how->written))
        return call_refuse(call, BATON_ERROR_RANGE);
    release_access(call->instance, ending, how, call->lock_state);
    map_clear(mapped);
    return BATON_OK;
}

enum baton_status map_end(struct baton *instance, struct baton_source *mapped, enum handle_kind kind,
                          uintptr_t call_site)
{
    const struct release how = {.outcome = RELEASE_COMPLETE, .call_site = call_site};
    struct call call;

    call_begin(&call, instance, kind == HANDLE_SOURCE ? "baton_unmap_source" : "baton_unmap_destination", call_site);
    return end(&call, mapped, kind, &how);
}

enum baton_status baton_unmap_destination_partial(struct baton *instance, struct baton_destination *destination,
                                                  struct baton_range written)
{
    const struct release how = {RELEASE_FAILED, written, CALL_SITE};
    struct call call;

    call_begin(&call, instance, __func__, how.call_site);
    return end(&call, (void *)destination, HANDLE_DESTINATION, &how);
}

enum baton_status baton_quarantine(struct baton *instance, const struct baton_destination *destination)
{
    struct access *failed;
    struct call call;

    call_begin(&call, instance, __func__, CALL_SITE);
    failed = call_find_access(&call, HANDLE_DESTINATION, destination ? &destination->access : NULL);
    if (failed == NULL)
        return call.status;
    failed->manner.hold = BATON_HOLD_QUARANTINED;
    failed->buffer->special |= SPECIAL_ACCESSES;
    return call_end(&call);
}
