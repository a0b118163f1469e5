/* SPDX-License-Identifier: MIT */
/*
 * Mappings, the long ways: with others in flight, maintenance, several segments, special buffers, errors; displays, partial ends and
 * quarantine. Called by core/map.c, which takes the short ways; small rather than fast.
 */
#include "core/acquire.h"
#include "core/refusal.h"
#include "core/release.h"

enum baton_status map_begin(struct baton *instance, baton_attachment attachment, struct handoff *handoff,
                            enum handle_kind kind, const char *name, struct baton_source *mapped)
{
    const struct verb verb = {name, kind, HANDLE_ATTACHMENT};
    struct segments segments;
    struct wanted wanted = {&verb, handoff, 0, &segments};
    enum baton_status status = acquire_begin(instance, attachment.token, mapped != NULL, &wanted);

    if (status != BATON_OK)
        return status;
    status = handoff_acquire(instance, handoff, &wanted.lock_state);
    return acquire_end(instance, &wanted, status, mapped);
}

enum baton_status map_long(struct baton *instance, baton_attachment attachment, uint32_t offset, uint32_t length,
                           enum baton_direction direction, bool from_device, struct baton_source *mapped,
                           uintptr_t call_site)
{
    struct handoff handoff = {.range = {offset, length}, .direction = direction, .call_site = call_site};

    return map_begin(instance, attachment, &handoff, map_kind(from_device),
                     from_device ? "baton_map_from_device" : "baton_map_to_device", mapped);
}

enum baton_status baton_map_to_display(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                       struct baton_source *source)
{
    struct handoff handoff = {.range = range, .direction = BATON_READ, .call_site = CALL_SITE, .tolerant = true};

    return map_begin(instance, attachment, &handoff, HANDLE_SOURCE, __func__, source);
}

/* A complete end. HELD, QUARANTINED: it goes on. */
enum baton_status map_end(struct baton *instance, struct baton_source *mapped, enum handle_kind kind,
                          uintptr_t call_site)
{
    static const struct verb verbs[] = {{"baton_unmap_source", HANDLE_SOURCE, HANDLE_SOURCE},
                                        {"baton_unmap_destination", HANDLE_DESTINATION, HANDLE_DESTINATION}};
    const struct verb *verb = &verbs[kind == HANDLE_DESTINATION];
    const struct release how = {.outcome = RELEASE_COMPLETE, .call_site = call_site};
    enum baton_status status;
    uint32_t lock_state;
    struct access *ending =
        acquire_find(instance, mapped ? &mapped->access : NULL, verb, call_site, &lock_state, &status);

    if (ending == NULL)
        return status;
    if (ending->parts != 0 || ending->manner.hold == BATON_HOLD_QUARANTINED) {
        const struct refusal refusal = {verb->name, call_site, ending->party.range, ending->buffer, ending, 0};

        return refuse(instance, lock_state, ending->parts != 0 ? BATON_ERROR_HELD : BATON_ERROR_QUARANTINED, &refusal);
    }
    release_access(instance, ending, &how, lock_state);
    map_clear(mapped);
    return BATON_OK;
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
    map_clear((void *)destination);
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
