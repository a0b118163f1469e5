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

#endif
