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

/* C5: a waiter gives way to what is no newcomer: a place before its own in the queue, a claim, a display that looks again at what it
 * holds. */
static const struct access *queue_before(const struct handoff *handoff)
{
    if (handoff->self != NULL ? handoff->self->manner.hold != BATON_HOLD_WAITING
                              : handoff->tolerant && handoff->lender != NULL)
        return NULL;
    return handoff->buffer->queue;
}

enum baton_status conflict_check(const struct baton *instance, struct handoff *handoff, struct rules_acquire *request)
{
    const struct buffer *buffer = handoff->buffer;
    const struct access *const lender = handoff->lender;
    const bool checked = buffer->enforcement == NULL || !buffer->enforcement->unchecked;
    enum baton_status status = BATON_OK;
    bool queue = false; /* first those in flight, then those who wait */

    for (const struct access *other = buffer->accesses;; other = other->next) {
        if (other == NULL && !queue) {
            queue = true;
            other = queue_before(handoff);
        }
        if (other == NULL || (queue && (other == handoff->self || status != BATON_OK)))
            return status;
        if (other == handoff->self || !lines_meet(other->lines, request->lines))
            continue; /* C1: no line in common, nothing to do with each other */

        bool same = same_place(handoff, request, other);
        const bool bytes = bytes_meet(handoff->range, other->party.range);
        const enum baton_hold hold = other->manner.hold;
        /* One that ends does so beside others as it was held, or a claim would be refused (W4); but a part is on its way (P1). */
        const bool in_transit =
            hold == BATON_HOLD_IN_TRANSIT || (hold == BATON_HOLD_ENDING && (other->ties & TIE_LENDER) != 0);
        bool one_writes = request->direction != BATON_READ || other->manner.direction != BATON_READ;
        const enum baton_status chained = queue || handoff->fence == NULL
                                              ? BATON_ERROR_PENDING
                                              : instance->features.chain_check(instance, handoff, other, same);

        /* B7: more lines than those of its range are in transit. */
        if (in_transit && !lines_meet(range_lines(other->party.range, instance->granule_shift), request->lines))
            one_writes = false;
        if (chained == BATON_OK) /* C7: it ends before the newcomer's stage starts */
            continue;
        if (chained != BATON_ERROR_PENDING) {
            handoff->holder = other;
            return chained;
        }
        if ((other->ties & TIE_TOLERANT) != 0) /* C6: it reads, and takes what it gets */
            one_writes = false;
        if ((other->ties & TIE_LENDER) != 0 && instance_ties(instance, other)->lender == lender) {
            one_writes |= bytes && hold == BATON_HOLD_GRANTED; /* P2: lent already */
            same &= same_place(handoff, request, lender);      /* P3: or neither of the two could go back */
        }

        bool first = other->lines.first <= request->lines.first, last = other->lines.end >= request->lines.end;

        if (other == lender) { /* P3: has the rest bytes in the part's edge lines? */
            const struct baton_range part = handoff->range, all = lender->party.range;

            first = request->whole.first > request->lines.first && part.offset != all.offset;
            last = request->whole.end < request->lines.end && part.offset + part.length != all.offset + all.length;
            if (!first && !last)
                continue;
        } else if (queue) {
            /* P4: a part keeps nobody waiting who waits for the mapping anyway. */
            if (!one_writes || !checked || (!bytes && same) ||
                (lender != NULL && (lender->ties & TIE_TOLERANT) == 0 &&
                 (lender->manner.direction != BATON_READ || other->manner.direction != BATON_READ)))
                continue;
            handoff->holder = other;
            return BATON_ERROR_BUSY;                 /* C5 */
        } else if (one_writes && checked && bytes) { /* C2 */
            handoff->holder = other;
            return hold == BATON_HOLD_QUARANTINED ? BATON_ERROR_QUARANTINED : BATON_ERROR_BUSY;
        }
        if (one_writes && checked && !same) { /* C3 */
            status = BATON_ERROR_FALSE_SHARING;
            handoff->holder = other;
        } else if (in_transit || hold == BATON_HOLD_RESERVED) {
            if (status == BATON_OK) { /* C4, W3 */
                status = BATON_ERROR_IN_TRANSIT;
                handoff->holder = other;
            }
        } else if (one_writes && same) { /* R6: other bytes of a line at one end, held in the same domain */
            request->first_shared |= first;
            request->last_shared |= last;
        }
    }
}
