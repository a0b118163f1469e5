/* SPDX-License-Identifier: MIT */
/*
 * The conflict table. Of several conflicts the one that lasts is reported: bytes before lines before transit.
 */
#include "core/conflict.h"

static bool bytes_meet(struct baton_range a, struct baton_range b)
{
    /* No overflow: both are within one buffer, and lengths are not zero. */
    return a.offset <= b.offset + (b.length - 1) && b.offset <= a.offset + (a.length - 1);
}

enum baton_status conflict_check(const struct buffer *buffer, struct baton_range range, struct rules_acquire *request,
                                 const struct access **holder)
{
    enum baton_status status = BATON_OK;

    for (const struct access *other = buffer->accesses; other != NULL; other = other->next) {
        bool one_writes = request->direction != BATON_READ || other->manner.direction != BATON_READ;

        if (other->lines.first >= request->lines.end || request->lines.first >= other->lines.end)
            continue; /* C1: no line in common, nothing to do with each other */
        if (one_writes && bytes_meet(range, other->party.range)) { /* C2 */
            *holder = other;
            return BATON_ERROR_BUSY;
        }
        if (one_writes && other->manner.domain != request->domain) { /* C3 */
            status = BATON_ERROR_FALSE_SHARING;
            *holder = other;
        } else if (other->manner.maintenance) { /* C4 */
            if (status == BATON_OK) {
                status = BATON_ERROR_IN_TRANSIT;
                *holder = other;
            }
        } else if (one_writes) {
            /* R6: other bytes of a line at one end, held in the same domain. */
            if (other->lines.first <= request->lines.first)
                request->first_shared = true;
            if (other->lines.end >= request->lines.end)
                request->last_shared = true;
        }
    }
    return status;
}
