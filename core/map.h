/* SPDX-License-Identifier: MIT */
/*
 * What the ways of a mapping to come about share: core/map.c (at once), queue.c (waited for), fence.c (in a chain).
 */
#ifndef BATON_CORE_MAP_H
#define BATON_CORE_MAP_H

#include "core/handoff.h"

struct segments {
    uint32_t count;
    struct baton_segment list[BATON_SEGMENTS];
};

/* May the device have such an access at all? Cuts the range into segments that it takes: pieces that follow each other on the
 * bus are one, what is too long is several. DIRECTION, RANGE, ALIGNMENT, SEGMENTS. Bounded by BATON_SEGMENTS and the buffer's
 * pieces. */
enum baton_status map_check(const struct baton *instance, const struct attachment *attachment, struct baton_range range,
                            enum baton_direction direction, enum handle_kind kind, struct segments *segments);

/* A source and a destination are one to the core, which fills them in alike, as a source. */
_Static_assert(offsetof(struct baton_source, segments) == offsetof(struct baton_destination, segments) &&
                   offsetof(struct baton_source, count) == offsetof(struct baton_destination, count) &&
                   offsetof(struct baton_source, length) == offsetof(struct baton_destination, length) &&
                   offsetof(struct baton_source, access) == offsetof(struct baton_destination, access),
               "source and destination differ by their type only");

static inline enum handle_kind map_kind(bool from_device)
{
    return HANDLE_SOURCE + from_device;
}

/* The long ways, from the start: any arguments, without the lock. kind: SOURCE or DESTINATION. */
enum baton_status map_long(struct baton *instance, baton_attachment attachment, uint32_t offset, uint32_t length,
                           enum baton_direction direction, bool from_device, struct baton_source *mapped,
                           uintptr_t call_site);
enum baton_status map_end(struct baton *instance, struct baton_source *mapped, enum handle_kind kind,
                          uintptr_t call_site);

struct verb; /* core/acquire.h */

/* The same for a stage of a chain, with the lock, which it takes over; arguments checked, but for the handle and the range. In *handoff
 * range, direction, call_site and the fence. */
enum baton_status map_locked(struct baton *instance, baton_attachment attachment, struct handoff *handoff,
                             const struct verb *verb, struct baton_source *mapped, uint32_t lock_state);

/* The mapping has ended: the caller's struct names nothing any more. */
static inline void map_clear(struct baton_source *mapped)
{
    mapped->access.token = 0;
    mapped->length = 0;
    mapped->count = 0;
}

#endif
