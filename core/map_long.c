/* SPDX-License-Identifier: MIT */
/*
 * Mappings, the long ways: with others in flight, maintenance, several segments, special buffers, errors; displays, partial ends and
 * quarantine. Called by core/map.c, which takes the short ways; small rather than fast.
 */
#include "core/map.h"
#include "core/refusal.h"
#include "core/release.h"

/* Both directions of mapping. On BATON_OK *token names the access, and segments are the device's view of it. Takes over the lock. */
static enum baton_status map(struct baton *instance, baton_attachment handle, struct handoff *handoff,
                             enum handle_kind kind, const char *verb, struct segments *segments, uint32_t *token,
                             uint32_t lock_state)
{
    struct attachment *attachment = instance_attachment(instance, handle);
    struct refusal refusal = {.verb = verb, .call_site = handoff->call_site, .range = handoff->range};
    enum baton_status status;

    if (attachment == NULL)
        return refuse_handle(instance, lock_state, &instance->attachments, handle.token, HANDLE_ATTACHMENT, &refusal);
    handoff->attachment = attachment;
    handoff->buffer = attachment->buffer;
    status = map_check(instance, attachment, handoff->range, handoff->direction, kind, segments);
    if (status == BATON_OK)
        status = handoff_acquire(instance, handoff, &lock_state);
    if (status != BATON_OK) {
        attachment->device->counters.refusals++;
        refusal.buffer = handoff->buffer;
        refusal.holder = handoff->holder;
        return refuse(instance, lock_state, status, &refusal);
    }
    *token = handle_token(&handoff->access->slot, kind);
    instance_unlock(instance, lock_state);
    handoff_barrier(instance, handoff);
    return BATON_OK;
}

enum baton_status map_source(struct baton *instance, baton_attachment attachment, struct handoff *handoff,
                             const char *verb, struct baton_source *source, uint32_t lock_state)
{
    struct segments segments;
    enum baton_status status =
        map(instance, attachment, handoff, HANDLE_SOURCE, verb, &segments, &source->access.token, lock_state);

    if (status == BATON_OK)
        map_fill_source(source, handoff->range, &segments);
    return status;
}

enum baton_status map_destination(struct baton *instance, baton_attachment attachment, struct handoff *handoff,
                                  const char *verb, struct baton_destination *destination, uint32_t lock_state)
{
    struct segments segments;
    enum baton_status status =
        map(instance, attachment, handoff, HANDLE_DESTINATION, verb, &segments, &destination->access.token, lock_state);

    if (status == BATON_OK)
        map_fill_destination(destination, handoff->range, &segments);
    return status;
}

enum baton_status baton_map_to_display(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                       struct baton_source *source)
{
    struct handoff handoff = {.range = range, .direction = BATON_READ, .call_site = CALL_SITE, .tolerant = true};

    if (instance == NULL || source == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, handoff.call_site);
    return map_source(instance, attachment, &handoff, __func__, source, instance_lock(instance));
}

/* A complete end. Takes over the lock. HELD, QUARANTINED: it goes on. */
static enum baton_status end(struct baton *instance, baton_access handle, enum handle_kind kind, const char *verb,
                             uintptr_t call_site, uint32_t lock_state)
{
    const struct release how = {.outcome = RELEASE_COMPLETE, .call_site = call_site};
    struct access *ending = instance_access(instance, handle, kind);

    if (ending == NULL)
        return refuse_access(instance, lock_state, handle.token, kind, verb, call_site);
    if (ending->parts != 0 || ending->manner.hold == BATON_HOLD_QUARANTINED) {
        const struct refusal refusal = {verb, call_site, ending->party.range, ending->buffer, ending, 0};

        return refuse(instance, lock_state, ending->parts != 0 ? BATON_ERROR_HELD : BATON_ERROR_QUARANTINED, &refusal);
    }
    release_access(instance, ending, &how, lock_state);
    return BATON_OK;
}

enum baton_status map_end_source(struct baton *instance, struct baton_source *source, uintptr_t call_site,
                                 uint32_t lock_state)
{
    enum baton_status status =
        end(instance, source->access, HANDLE_SOURCE, "baton_unmap_source", call_site, lock_state);

    if (status == BATON_OK)
        map_clear_source(source);
    return status;
}

enum baton_status map_end_destination(struct baton *instance, struct baton_destination *destination,
                                      uintptr_t call_site, uint32_t lock_state)
{
    enum baton_status status =
        end(instance, destination->access, HANDLE_DESTINATION, "baton_unmap_destination", call_site, lock_state);

    if (status == BATON_OK)
        map_clear_destination(destination);
    return status;
}

enum baton_status baton_unmap_destination_partial(struct baton *instance, struct baton_destination *destination,
                                                  struct baton_range written)
{
    const uintptr_t call_site = CALL_SITE;
    struct access *ending;
    uint32_t lock_state;

    if (instance == NULL || destination == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, destination->access, HANDLE_DESTINATION);
    if (ending == NULL)
        return refuse_access(instance, lock_state, destination->access.token, HANDLE_DESTINATION, __func__, call_site);
    if (ending->parts != 0 || !range_covers(ending->party.range, written)) {
        const struct refusal refusal = {__func__, call_site, written, ending->buffer, ending, 0};

        return refuse(instance, lock_state, ending->parts != 0 ? BATON_ERROR_HELD : BATON_ERROR_RANGE, &refusal);
    }
    const struct release how = {RELEASE_FAILED, written, call_site};

    release_access(instance, ending, &how, lock_state);
    map_clear_destination(destination);
    return BATON_OK;
}

enum baton_status baton_quarantine(struct baton *instance, const struct baton_destination *destination)
{
    const uintptr_t call_site = CALL_SITE;
    struct access *failed;
    uint32_t lock_state;

    if (instance == NULL || destination == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    failed = instance_access(instance, destination->access, HANDLE_DESTINATION);
    if (failed == NULL)
        return refuse_access(instance, lock_state, destination->access.token, HANDLE_DESTINATION, __func__, call_site);
    failed->manner.hold = BATON_HOLD_QUARANTINED;
    failed->buffer->special |= SPECIAL_ACCESSES;
    instance_unlock(instance, lock_state);
    return BATON_OK;
}
