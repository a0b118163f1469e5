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

/* Both directions: the two structs differ by their type only (core/map.h). The direction is one of the kind's. */
static __attribute__((noinline)) enum baton_status map(struct baton *instance, baton_attachment handle, uint32_t offset,
                                                       uint32_t length, enum baton_direction direction,
                                                       struct baton_source *mapped, uintptr_t call_site)
{
    const struct baton_range range = {offset, length};
    struct attachment *attachment;
    struct access *access;
    uint32_t lock_state;

    if (USUALLY(instance != NULL) && USUALLY(mapped != NULL)) {
        lock_state = instance_lock(instance);
        attachment = instance_attachment(instance, handle);
        /* Overwriting in CACHE changes the directory. */
        if (USUALLY(attachment != NULL) && (direction != BATON_OVERWRITE || attachment->domain != BATON_DOMAIN_CACHE)) {
            access = map_at_once(instance, attachment, range, direction, call_site);
            if (USUALLY(access != NULL)) {
                mapped->access.token = handle_token(&access->slot, map_kind(direction != BATON_READ));
                mapped->length = range.length;
                mapped->count = 1;
                mapped->segments[0].address.value = attachment->buffer->physical + range.offset + attachment->bus;
                mapped->segments[0].length = range.length;
                instance_unlock(instance, lock_state);
                barrier_before_device(instance);
                return BATON_OK;
            }
        }
        instance_unlock(instance, lock_state);
    }
    return map_long(instance, handle, offset, length, direction, direction != BATON_READ, mapped, call_site);
}

enum baton_status baton_map_to_device(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                      struct baton_source *source)
{
    return map(instance, attachment, range.offset, range.length, BATON_READ, source, CALL_SITE);
}

enum baton_status baton_map_from_device(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                        enum baton_direction direction, struct baton_destination *destination)
{
    if (!USUALLY((unsigned)direction - BATON_WRITE <= BATON_OVERWRITE - BATON_WRITE))
        return map_long(instance, attachment, range.offset, range.length, direction, true, (void *)destination,
                        CALL_SITE);
    return map(instance, attachment, range.offset, range.length, direction, (void *)destination, CALL_SITE);
}

static __attribute__((noinline)) enum baton_status unmap(struct baton *instance, struct baton_source *mapped,
                                                         enum handle_kind kind, uintptr_t call_site)
{
    struct access *ending;
    uint32_t lock_state;

    if (!USUALLY(instance != NULL) || !USUALLY(mapped != NULL))
        return map_end(instance, mapped, kind, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, mapped->access, kind);
    if (!USUALLY(ending != NULL) || !USUALLY(ending->buffer->special == 0)) {
        instance_unlock(instance, lock_state);
        return map_end(instance, mapped, kind, call_site);
    }
    handoff_release(instance, ending, true, call_site);
    instance_unlock(instance, lock_state);
    map_clear(mapped);
    return BATON_OK;
}

enum baton_status baton_unmap_source(struct baton *instance, struct baton_source *source)
{
    return unmap(instance, source, HANDLE_SOURCE, CALL_SITE);
}

enum baton_status baton_unmap_destination(struct baton *instance, struct baton_destination *destination)
{
    return unmap(instance, (void *)destination, HANDLE_DESTINATION, CALL_SITE);
}
