/* SPDX-License-Identifier: MIT */
/*
 * Mappings: a device's access to a range, as bus segments. baton_map_to_device, baton_map_from_device, and their ends.
 */
#include "core/acquire.h"
#include "core/refusal.h"
#include "core/release.h"

static enum baton_status map(struct baton *instance, uint32_t token, struct baton_range range,
                             enum baton_direction direction, const struct verb *verb, void *result, uintptr_t call_site)
{
    struct wanted wanted;
    enum baton_status status = acquire_look_up(instance, token, range, direction, verb,
                                               instance != NULL && result != NULL, call_site, &wanted);

    if (status != BATON_OK)
        return status;
    status = handoff_acquire(instance, &wanted.handoff, &wanted.lock_state);
    return acquire_end(instance, &wanted, status, result);
}

enum baton_status baton_map_to_device(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                      struct baton_source *source)
{
    static const struct verb verb = {"baton_map_to_device", HANDLE_SOURCE, HANDLE_ATTACHMENT, false};

    return map(instance, attachment.token, range, BATON_READ, &verb, source, CALL_SITE);
}

enum baton_status baton_map_to_display(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                       struct baton_source *source)
{
    static const struct verb verb = {"baton_map_to_display", HANDLE_SOURCE, HANDLE_ATTACHMENT, true};

    return map(instance, attachment.token, range, BATON_READ, &verb, source, CALL_SITE);
}

enum baton_status baton_map_from_device(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                        enum baton_direction direction, struct baton_destination *destination)
{
    static const struct verb verb = {"baton_map_from_device", HANDLE_DESTINATION, HANDLE_ATTACHMENT, false};

    return map(instance, attachment.token, range, direction, &verb, destination, CALL_SITE);
}

DEFINE_REFUSE_END(refuse_source, "baton_unmap_source", HANDLE_SOURCE)
DEFINE_REFUSE_END(refuse_destination, "baton_unmap_destination", HANDLE_DESTINATION)

/* An end of a buffer that is special, complete. Takes over the lock. HELD, QUARANTINED: it goes on. */
static __attribute__((noinline)) enum baton_status
end_specially(struct baton *instance, struct access *ending, const char *verb, uintptr_t call_site, uint32_t lock_state)
{
    const struct release how = {.outcome = RELEASE_COMPLETE, .call_site = call_site};
    const struct refusal refusal = {verb, call_site, ending->party.range, ending->buffer, ending, 0};

    if (ending->parts != 0)
        return refuse(instance, lock_state, BATON_ERROR_HELD, &refusal);
    if (ending->manner.hold == BATON_HOLD_QUARANTINED)
        return refuse(instance, lock_state, BATON_ERROR_QUARANTINED, &refusal);
    release_access(instance, ending, &how, lock_state);
    return BATON_OK;
}

enum baton_status baton_unmap_source(struct baton *instance, struct baton_source *source)
{
    const uintptr_t call_site = CALL_SITE;
    enum baton_status status;
    struct access *ending;
    uint32_t lock_state;

    if (instance == NULL || source == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, source->access, HANDLE_SOURCE);
    if (ending == NULL)
        return refuse_source(instance, lock_state, source->access, call_site);
    if (!USUALLY(ending->buffer->special == 0)) {
        status = end_specially(instance, ending, __func__, call_site, lock_state);
        if (status != BATON_OK)
            return status;
    } else {
        handoff_release(instance, ending, true, call_site);
        instance_unlock(instance, lock_state);
    }
    source->access.token = 0;
    source->length = 0;
    source->count = 0;
    return BATON_OK;
}

static void clear(struct baton_destination *destination)
{
    destination->access.token = 0;
    destination->length = 0;
    destination->count = 0;
}

enum baton_status baton_unmap_destination(struct baton *instance, struct baton_destination *destination)
{
    const uintptr_t call_site = CALL_SITE;
    enum baton_status status;
    struct access *ending;
    uint32_t lock_state;

    if (instance == NULL || destination == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, destination->access, HANDLE_DESTINATION);
    if (ending == NULL)
        return refuse_destination(instance, lock_state, destination->access, call_site);
    if (!USUALLY(ending->buffer->special == 0)) {
        status = end_specially(instance, ending, __func__, call_site, lock_state);
        if (status != BATON_OK)
            return status;
    } else {
        rules_commit_release(&ending->buffer->directory, &ending->lines, ending->manner.domain, BATON_OVERWRITE);
        handoff_release(instance, ending, true, call_site);
        instance_unlock(instance, lock_state);
    }
    clear(destination);
    return BATON_OK;
}

enum baton_status baton_unmap_destination_partial(struct baton *instance, struct baton_destination *destination,
                                                  struct baton_range written)
{
    static const struct verb verb = {"baton_unmap_destination_partial", HANDLE_DESTINATION, HANDLE_DESTINATION, false};
    const struct release how = {RELEASE_FAILED, written, CALL_SITE};
    enum baton_status status;
    uint32_t lock_state;
    struct access *ending =
        acquire_find(instance, destination ? &destination->access : NULL, &verb, how.call_site, &lock_state, &status);

    if (ending == NULL)
        return status;
    if (!range_covers(ending->party.range, written))
        status = BATON_ERROR_RANGE;
    else if (ending->parts != 0)
        status = BATON_ERROR_HELD;
    else {
        release_access(instance, ending, &how, lock_state);
        clear(destination);
        return BATON_OK;
    }
    const struct refusal refusal = {verb.name, how.call_site, written, ending->buffer, ending, 0};

    return refuse(instance, lock_state, status, &refusal);
}

enum baton_status baton_quarantine(struct baton *instance, const struct baton_destination *destination)
{
    static const struct verb verb = {"baton_quarantine", HANDLE_DESTINATION, HANDLE_DESTINATION, false};
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
