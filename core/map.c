/* SPDX-License-Identifier: MIT */
/*
 * Mappings: a device's access to a range, as bus segments. baton_map_to_device, baton_map_from_device, and their ends.
 */
#include "core/handoff.h"
#include "core/refusal.h"

struct segments {
    uint32_t count;
    struct baton_segment list[BATON_SEGMENTS];
};

/* Cuts the range into segments that the device takes. Bounded by BATON_SEGMENTS. */
static enum baton_status cut(const struct attachment *attachment, struct baton_range range, struct segments *segments)
{
    const struct baton_device_config *device = &attachment->device->config;
    uint32_t longest = device->segment_length ? device->segment_length & ~(device->alignment - 1) : UINT32_MAX;
    uint32_t most =
        device->segment_count && device->segment_count < BATON_SEGMENTS ? device->segment_count : BATON_SEGMENTS;
    uint32_t address = attachment->bus + range.offset; /* baton_attach() saw to it that this does not overflow */
    uint32_t left = range.length;

    if (((range.offset | range.length) & (device->alignment - 1)) != 0)
        return BATON_ERROR_ALIGNMENT;
    for (segments->count = 0; left > 0; segments->count++) {
        uint32_t length = left < longest ? left : longest;

        if (segments->count == most)
            return BATON_ERROR_SEGMENTS;
        segments->list[segments->count].address.value = address;
        segments->list[segments->count].length = length;
        address += length;
        left -= length;
    }
    return BATON_OK;
}

/* Both directions of mapping. On BATON_OK *token names the access, and segments are the device's view of it. */
static enum baton_status map(struct baton *instance, baton_attachment handle, struct handoff *handoff,
                             enum handle_kind kind, const char *verb, struct segments *segments, uint32_t *token)
{
    struct attachment *attachment;
    enum baton_status status;
    uint32_t lock_state;

    lock_state = instance_lock(instance);
    attachment = instance_attachment(instance, handle);
    if (attachment == NULL) {
        struct refusal refusal = {.verb = verb, .call_site = handoff->call_site, .range = handoff->range};

        return refuse_handle(instance, lock_state, &instance->attachments, handle.token, HANDLE_ATTACHMENT, &refusal);
    }
    handoff->attachment = attachment;
    handoff->buffer = attachment->buffer;
    if (kind == HANDLE_DESTINATION && handoff->direction == BATON_READ)
        status = BATON_ERROR_DIRECTION;
    else if (!range_is_within(handoff->range, attachment->buffer->size))
        status = BATON_ERROR_RANGE;
    else
        status = cut(attachment, handoff->range, segments);
    if (status == BATON_OK)
        status = handoff_acquire(instance, handoff, &lock_state);

    if (status != BATON_OK) {
        struct refusal refusal = {verb, handoff->call_site, handoff->range, handoff->buffer, handoff->holder, 0};

        attachment->device->counters.refusals++;
        return refuse(instance, lock_state, status, &refusal);
    }
    *token = handle_token(&handoff->access->slot, kind);
    instance_unlock(instance, lock_state);
    handoff_barrier(instance, handoff);
    return BATON_OK;
}

enum baton_status baton_map_to_device(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                      struct baton_source *source)
{
    struct handoff handoff = {.range = range, .direction = BATON_READ, .call_site = CALL_SITE};
    struct segments segments;
    enum baton_status status;

    if (instance == NULL || source == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, handoff.call_site);
    status = map(instance, attachment, &handoff, HANDLE_SOURCE, __func__, &segments, &source->access.token);
    if (status != BATON_OK)
        return status;
    source->length = range.length;
    source->count = segments.count;
    for (uint32_t i = 0; i < segments.count; i++)
        source->segments[i] = segments.list[i];
    return BATON_OK;
}

enum baton_status baton_map_from_device(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                        enum baton_direction direction, struct baton_destination *destination)
{
    struct handoff handoff = {.range = range, .direction = direction, .call_site = CALL_SITE};
    struct segments segments;
    enum baton_status status;

    if (instance == NULL || destination == NULL || (unsigned)direction > BATON_OVERWRITE)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, handoff.call_site);
    status = map(instance, attachment, &handoff, HANDLE_DESTINATION, __func__, &segments, &destination->access.token);
    if (status != BATON_OK)
        return status;
    destination->length = range.length;
    destination->count = segments.count;
    for (uint32_t i = 0; i < segments.count; i++)
        destination->segments[i] = segments.list[i];
    return BATON_OK;
}

DEFINE_REFUSE_END(refuse_source, "baton_unmap_source", HANDLE_SOURCE)
DEFINE_REFUSE_END(refuse_destination, "baton_unmap_destination", HANDLE_DESTINATION)

enum baton_status baton_unmap_source(struct baton *instance, struct baton_source *source)
{
    const uintptr_t call_site = CALL_SITE;
    struct access *ending;
    uint32_t lock_state;

    if (instance == NULL || source == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, source->access, HANDLE_SOURCE);
    if (ending == NULL)
        return refuse_source(instance, lock_state, source->access, call_site);
    handoff_release(instance, ending, true, call_site);
    instance_unlock(instance, lock_state);
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
    struct access *ending;
    uint32_t lock_state;

    if (instance == NULL || destination == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, destination->access, HANDLE_DESTINATION);
    if (ending == NULL)
        return refuse_destination(instance, lock_state, destination->access, call_site);
    rules_commit_release(&ending->buffer->directory, &ending->lines, ending->manner.domain, BATON_OVERWRITE);
    handoff_release(instance, ending, true, call_site);
    instance_unlock(instance, lock_state);
    clear(destination);
    return BATON_OK;
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
    if (!range_covers(ending->party.range, written)) {
        const struct refusal refusal = {__func__, call_site, written, ending->buffer, ending, 0};

        return refuse(instance, lock_state, BATON_ERROR_RANGE, &refusal);
    }
    handoff_leave_partial(instance, ending, RULES_FAILED, written);
    handoff_release(instance, ending, true, call_site);
    instance_unlock(instance, lock_state);
    clear(destination);
    return BATON_OK;
}
