/* SPDX-License-Identifier: MIT */
/*
 * Mappings (a device's access to a range, as bus segments), the short ways: baton_map_to_device, baton_map_from_device and their
 * complete ends. They are counted in instructions, and compiled for speed; the long ways are in core/map_long.c.
 */
#include "core/map.h"
#include "core/refusal.h"

/* The short way of a mapping that is one segment: NULL: take the long way. */
static inline struct access *map_at_once(struct baton *instance, struct attachment *attachment,
                                         struct baton_range range, enum baton_direction direction, uintptr_t call_site)
{
    struct access *access;
    struct record *record;

    if (!USUALLY(range_is_within(range, attachment->buffer->size)) || !USUALLY(range.length <= attachment->longest) ||
        !USUALLY(((range.offset | range.length) & attachment->unaligned) == 0))
        return NULL;
    access = handoff_acquire_at_once(instance, attachment->buffer, attachment, range, attachment->domain, direction,
                                     call_site);
    if (!USUALLY(access != NULL))
        return NULL;
    if (direction != BATON_READ) /* R17 */
        directory_mark(&attachment->buffer->directory, &access->lines, rules_newest_in(attachment->domain));
    attachment->buffer->device_done = false; /* R9: R8's barrier serves both */
    attachment->device->counters.acquires++;
    record = trace_point(instance, access, BATON_VERB_ACQUIRE, call_site);
    record->manner.hold = NOTE_BARRIER;
    return access;
}

/* R8, after the lock was given back. */
static inline void barrier_before_device(const struct baton *instance)
{
    instance->port->barrier(instance->port->context, BATON_BARRIER_BEFORE_DEVICE);
}

enum baton_status baton_map_to_device(struct baton *instance, baton_attachment handle, struct baton_range range,
                                      struct baton_source *source)
{
    const uintptr_t call_site = CALL_SITE;
    struct attachment *attachment;
    struct access *access;
    uint32_t lock_state;

    if (!USUALLY(instance != NULL) || !USUALLY(source != NULL))
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    attachment = instance_attachment(instance, handle);
    if (USUALLY(attachment != NULL)) {
        access = map_at_once(instance, attachment, range, BATON_READ, call_site);
        if (USUALLY(access != NULL)) {
            source->access.token = handle_token(&access->slot, HANDLE_SOURCE);
            source->length = range.length;
            source->count = 1;
            source->segments[0].address.value = attachment->buffer->physical + range.offset + attachment->bus;
            source->segments[0].length = range.length;
            instance_unlock(instance, lock_state);
            barrier_before_device(instance);
            return BATON_OK;
        }
    }
    return map_source(instance, handle, &(struct handoff){.range = range, .call_site = call_site}, __func__, source,
                      lock_state);
}

enum baton_status baton_map_from_device(struct baton *instance, baton_attachment handle, struct baton_range range,
                                        enum baton_direction direction, struct baton_destination *destination)
{
    const uintptr_t call_site = CALL_SITE;
    struct attachment *attachment;
    struct access *access;
    uint32_t lock_state;

    if (!USUALLY(instance != NULL) || !USUALLY(destination != NULL) || (unsigned)direction > BATON_OVERWRITE)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    attachment = instance_attachment(instance, handle);
    /* Overwriting in CACHE changes the directory. */
    if (USUALLY(attachment != NULL) && direction != BATON_READ &&
        (direction != BATON_OVERWRITE || attachment->domain != BATON_DOMAIN_CACHE)) {
        access = map_at_once(instance, attachment, range, direction, call_site);
        if (USUALLY(access != NULL)) {
            destination->access.token = handle_token(&access->slot, HANDLE_DESTINATION);
            destination->length = range.length;
            destination->count = 1;
            destination->segments[0].address.value = attachment->buffer->physical + range.offset + attachment->bus;
            destination->segments[0].length = range.length;
            instance_unlock(instance, lock_state);
            barrier_before_device(instance);
            return BATON_OK;
        }
    }
    return map_destination(instance, handle,
                           &(struct handoff){.range = range, .direction = direction, .call_site = call_site}, __func__,
                           destination, lock_state);
}

enum baton_status baton_unmap_source(struct baton *instance, struct baton_source *source)
{
    const uintptr_t call_site = CALL_SITE;
    struct access *ending;
    uint32_t lock_state;

    if (!USUALLY(instance != NULL) || !USUALLY(source != NULL))
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, source->access, HANDLE_SOURCE);
    if (!USUALLY(ending != NULL) || !USUALLY(ending->buffer->special == 0))
        return map_end_source(instance, source, call_site, lock_state);
    handoff_release(instance, ending, true, call_site);
    instance_unlock(instance, lock_state);
    map_clear_source(source);
    return BATON_OK;
}

enum baton_status baton_unmap_destination(struct baton *instance, struct baton_destination *destination)
{
    const uintptr_t call_site = CALL_SITE;
    struct access *ending;
    uint32_t lock_state;

    if (!USUALLY(instance != NULL) || !USUALLY(destination != NULL))
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, destination->access, HANDLE_DESTINATION);
    if (!USUALLY(ending != NULL) || !USUALLY(ending->buffer->special == 0))
        return map_end_destination(instance, destination, call_site, lock_state);
    handoff_release(instance, ending, true, call_site);
    instance_unlock(instance, lock_state);
    map_clear_destination(destination);
    return BATON_OK;
}
