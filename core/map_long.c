/* SPDX-License-Identifier: MIT */
/*
 * Mappings, the long ways: with others in flight, maintenance, several segments, special buffers, errors; displays, partial ends and
 * quarantine. Called by core/map.c, which takes the short ways; small rather than fast.
 */
#include "core/acquire.h"
#include "core/refusal.h"
#include "core/release.h"

/* Both directions of mapping. Takes over the lock. */
static enum baton_status map(struct baton *instance, baton_attachment handle, struct handoff *handoff,
                             enum handle_kind kind, const char *name, void *result, uint32_t lock_state)
{
    const struct verb verb = {name, kind, HANDLE_ATTACHMENT};
    struct segments segments;
    struct wanted wanted = {&verb, handoff, lock_state, &segments};
    enum baton_status status;

    status = acquire_look_up(instance, handle.token, &wanted);
    if (status != BATON_OK)
        return status;
    status = handoff_acquire(instance, handoff, &wanted.lock_state);
    return acquire_end(instance, &wanted, status, result);
}

enum baton_status map_source(struct baton *instance, baton_attachment attachment, struct handoff *handoff,
                             const char *verb, struct baton_source *source, uint32_t lock_state)
{
    return map(instance, attachment, handoff, HANDLE_SOURCE, verb, source, lock_state);
}

enum baton_status map_destination(struct baton *instance, baton_attachment attachment, struct handoff *handoff,
                                  const char *verb, struct baton_destination *destination, uint32_t lock_state)
{
    return map(instance, attachment, handoff, HANDLE_DESTINATION, verb, destination, lock_state);
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
    struct access *ending = instance_find(instance, kind, handle.token);

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
    static const struct verb verb = {"baton_unmap_destination_partial", HANDLE_DESTINATION, HANDLE_DESTINATION};
    const struct release how = {RELEASE_FAILED, written, CALL_SITE};
    enum baton_status status;
    uint32_t lock_state;
    struct access *ending =
        acquire_find(instance, destination ? &destination->access : NULL, &verb, how.call_site, &lock_state, &status);

    if (ending == NULL)
        return status;
    if (ending->parts != 0 || !range_covers(ending->party.range, written)) {
        const struct refusal refusal = {verb.name, how.call_site, written, ending->buffer, ending, 0};

        return refuse(instance, lock_state, ending->parts != 0 ? BATON_ERROR_HELD : BATON_ERROR_RANGE, &refusal);
    }
    release_access(instance, ending, &how, lock_state);
    map_clear_destination(destination);
    return BATON_OK;
}

enum baton_status baton_quarantine(struct baton *instance, const struct baton_destination *destination)
{
    static const struct verb verb = {"baton_quarantine", HANDLE_DESTINATION, HANDLE_DESTINATION};
    enum baton_status status;
    uint32_t lock_state;
    struct access *failed =
        acquire_find(instance, destination ? &destination->access : NULL, &verb, CALL_SITE, &lock_state, &status);

    if (failed == NULL)
        return status;
    failed->manner.hold = BATON_HOLD_QUARANTINED;
    failed->buffer->special |= SPECIAL_ACCESSES;
    instance_unlock(instance, lock_state);
    return BATON_OK;
}
