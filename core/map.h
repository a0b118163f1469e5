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

/* The long ways, handles not looked up successfully or not; they take over the lock. In *handoff range, direction, call_site and what
 * is special about it. verb: who asks. */
enum baton_status map_source(struct baton *instance, baton_attachment attachment, struct handoff *handoff,
                             const char *verb, struct baton_source *source, uint32_t lock_state);
enum baton_status map_destination(struct baton *instance, baton_attachment attachment, struct handoff *handoff,
                                  const char *verb, struct baton_destination *destination, uint32_t lock_state);
enum baton_status map_end_source(struct baton *instance, struct baton_source *source, uintptr_t call_site,
                                 uint32_t lock_state);
enum baton_status map_end_destination(struct baton *instance, struct baton_destination *destination,
                                      uintptr_t call_site, uint32_t lock_state);

/* The mapping has ended: the caller's struct names nothing any more. */
static inline void map_clear_source(struct baton_source *source)
{
    source->access.token = 0;
    source->length = 0;
    source->count = 0;
}

static inline void map_clear_destination(struct baton_destination *destination)
{
    destination->access.token = 0;
    destination->length = 0;
    destination->count = 0;
}

#endif
