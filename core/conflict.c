/* SPDX-License-Identifier: MIT */
/*
 * The conflict table. Of several conflicts the one that lasts is reported: bytes before lines before transit.
 */
#include "core/conflict.h"
#include "core/enforcement.h"

static bool bytes_meet(struct baton_range a, struct baton_range b)
{
    /* No overflow: both are within one buffer, and lengths are not zero. */
    return a.offset <= b.offset + (b.length - 1) && b.offset <= a.offset + (a.length - 1);
}

/* Do the newcomer and the other see the same bytes of a line, with no maintenance and no copy between them? */
static bool same_place(const struct handoff *handoff, const struct rules_acquire *request, const struct access *other)
{
    const struct buffer *place = handoff->buffer;

    if (handoff->attachment != NULL && handoff->attachment->bounce != NULL)
        place = handoff->attachment->bounce;
    return other->manner.domain == request->domain && access_place(other) == place;
}

/* C7 */
static enum baton_status check_chain(const struct baton *instance, const struct handoff *handoff,
                                     const struct rules_acquire *request, const struct access *other)
{
    return handoff->fence == NULL
               ? BATON_ERROR_PENDING
               : instance->features.chain_check(instance, handoff, other, same_place(handoff, request, other));
}

enum baton_status conflict_check(const struct baton *instance, struct handoff *handoff, struct rules_acquire *request)
{
    const struct buffer *buffer = handoff->buffer;
    const bool checked = buffer->enforcement == NULL || !buffer->enforcement->unchecked;
    enum baton_status status = BATON_OK;

    for (const struct access *other = buffer->accesses; other != NULL; other = other->next) {
        bool one_writes = request->direction != BATON_READ || other->manner.direction != BATON_READ;
        enum baton_status chained;
        const bool in_transit = other->manner.hold == BATON_HOLD_IN_TRANSIT || other->manner.hold == BATON_HOLD_ENDING;

        if (other == handoff->self || other == handoff->lender || !lines_meet(other->lines, request->lines))
            continue; /* C1: no line in common, nothing to do with each other */
        /* B7: more lines than those of its range are in transit. */
        if (in_transit && !lines_meet(range_lines(other->party.range, instance->granule_shift), request->lines))
            one_writes = false;
        chained = check_chain(instance, handoff, request, other);
        if (chained == BATON_OK) /* C7 */
            continue;
        if (chained != BATON_ERROR_PENDING) {
            handoff->holder = other;
            return chained;
        }
        if ((other->ties & TIE_TOLERANT) != 0) /* C6: it reads, and takes what it gets */
            one_writes = false;
        if (one_writes && checked && bytes_meet(handoff->range, other->party.range)) { /* C2 */
            handoff->holder = other;
            return other->manner.hold == BATON_HOLD_QUARANTINED ? BATON_ERROR_QUARANTINED : BATON_ERROR_BUSY;
        }
        if (one_writes && checked && !same_place(handoff, request, other)) { /* C3 */
            status = BATON_ERROR_FALSE_SHARING;
            handoff->holder = other;
        } else if (in_transit) { /* C4 */
            if (status == BATON_OK) {
                status = BATON_ERROR_IN_TRANSIT;
                handoff->holder = other;
            }
        } else if (one_writes && same_place(handoff, request, other)) {
            /* R6: other bytes of a line at one end, held in the same domain. */
            if (other->lines.first <= request->lines.first)
                request->first_shared = true;
            if (other->lines.end >= request->lines.end)
                request->last_shared = true;
        }
    }
    if (status == BATON_OK && (buffer->special & SPECIAL_QUEUE) != 0 && handoff->self == NULL) { /* C5 */
        handoff->holder = instance->features.first_in_way(handoff, request->lines);
        if (handoff->holder != NULL)
            return BATON_ERROR_BUSY;
    }
    return status;
}
