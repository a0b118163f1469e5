/* SPDX-License-Identifier: MIT */
/*
 * Copies between buffers and their bounce buffers: which are due (docs/OWNERSHIP.md, B2 to B7), and making them. Called by core/bounce.c,
 * and by core/handoff.c through the features.
 *
 * Copies are made by the CPU, without the lock, of lines that are in transit: nobody else acquires them meanwhile. The lists are
 * looked up anew for each copy, as attachments may come and go in between.
 */
#include "core/bounce.h"
#include "core/chunk.h"

struct copy {
    struct attachment *attachment;
    struct line_range lines;
    enum line_state state; /* DIRTY: home, to the buffer; STALE: to the bounce buffer */
};

/* B7: by how many extents an access may yet lengthen the difference of an attachment. One that reads copies a part of an extent, while
 * it is in transit. A writer splits one, and if it is the attachment's own and fails, what it has written, the rest on either side, and
 * lines at the ends, become several. A part of a mapping is released by its device, held by the CPU and released, and acquired
 * by its device: each time 2. asks: it is that one's acquire. */
static uint32_t growth(const struct baton *instance, const struct attachment *attachment, const struct access *access,
                       bool asks)
{
    const struct baton_range range = access->party.range;

    if ((access->ties & TIE_LENDER) != 0)
        return access->attachment == NULL ? 4 : asks ? 2 : 6;
    if (access->manner.direction == BATON_READ)
        return access->manner.hold == BATON_HOLD_IN_TRANSIT || access->manner.hold == BATON_HOLD_RESERVED;
    if (access->attachment != attachment)
        return 2;
    return ((range.offset | range.length) & (instance->port->granule - 1)) == 0 ? 4 : 6;
}

/* Of who asks, and of all others in flight; self is the one that asks, if it is among these. */
static uint32_t growth_of_all(const struct baton *instance, const struct attachment *attachment,
                              const struct access *asking, const struct access *self)
{
    uint32_t sum = growth(instance, attachment, asking, true);

    for (const struct access *other = attachment->buffer->accesses; other != NULL; other = other->next) {
        if (other != self)
            sum += growth(instance, attachment, other, false);
    }
    return sum;
}

static bool is_crowded(const struct baton *instance, const struct attachment *attachment, const struct access *access)
{
    return attachment->difference.count + growth_of_all(instance, attachment, access, access) > DIRECTORY_EXTENTS;
}

/* B6: lines of a writer that stay as they are: all of them; of who lends lines those before the first and behind the last of them. */
static struct line_range kept(const struct access *writer, const struct access *lender, struct line_range lent,
                              bool behind)
{
    struct line_range lines = writer->lines;

    if (writer == lender)
        *(behind ? &lines.first : &lines.end) = behind ? lent.end : lent.first;
    return lines;
}

const struct access *bounce_in_the_way(const struct attachment *attachment, const struct handoff *newcomer,
                                       struct line_range lines)
{
    for (const struct access *other = attachment->buffer->accesses; other != NULL; other = other->next) {
        const bool in_transit = other->manner.hold == BATON_HOLD_IN_TRANSIT;
        /* It will look at its lines again, or ask for them: none may be in transit then (W4, P1). For the same reason no turn comes that
         * needs room while a part may come back. */
        const bool comes = in_transit || other->manner.hold == BATON_HOLD_RESERVED ||
                           ((other->ties & TIE_LENDER) != 0 && newcomer != NULL && newcomer->self != NULL &&
                            newcomer->self->manner.hold == BATON_HOLD_WAITING);
        struct extent found;

        if (newcomer != NULL && other == newcomer->self)
            continue;
        if (other->manner.direction == BATON_READ && !comes)
            continue;
        for (unsigned behind = 0; behind < 2; behind++) {
            const struct line_range held = comes ? (struct line_range){0, attachment->buffer->lines}
                                                 : kept(other, newcomer ? newcomer->lender : NULL, lines, behind);

            for (uint32_t cursor = 0; directory_next(&attachment->difference, held, &cursor, &found);) {
                if (in_transit || newcomer != NULL || found.state == LINE_DIRTY)
                    return other;
            }
        }
    }
    return NULL;
}

enum baton_status bounce_room(const struct baton *instance, struct handoff *handoff, struct rules_acquire *request)
{
    const struct buffer *buffer = handoff->buffer;
    const struct access asking = {.attachment = handoff->attachment,
                                  .party.range = handoff->range,
                                  .manner = {.direction = request->direction, .hold = BATON_HOLD_IN_TRANSIT},
                                  .ties = handoff->lender != NULL ? TIE_LENDER : 0};
    const struct access *const self = handoff->self;
    const uint32_t released = handoff->lender != NULL && self == NULL ? 2 : 0; /* a part, before that */

    if (buffer->lines <= DIRECTORY_EXTENTS)
        return BATON_OK; /* each extent has a line of its own */
    if (self != NULL && (self->manner.hold == BATON_HOLD_RESERVED
                             ? (self->ties & TIE_CROWDED) == 0
                             : handoff->lender != NULL && handoff->attachment != NULL && !handoff->tolerant))
        return BATON_OK; /* it has had its room since: what others were counted for may have become extents, and counts twice */
    for (const struct attachment *attachment = buffer->bounced; attachment; attachment = attachment->next_bounced) {
        const uint32_t sum = growth_of_all(instance, attachment, &asking, self) + released;

        if (attachment->difference.count + sum <= DIRECTORY_EXTENTS)
            continue;
        request->crowded = true;
        handoff->holder = bounce_in_the_way(attachment, handoff, request->lines);
        if (handoff->holder != NULL && (handoff->holder->manner.hold == BATON_HOLD_IN_TRANSIT ||
                                        handoff->holder->manner.hold == BATON_HOLD_RESERVED))
            return BATON_ERROR_IN_TRANSIT;
        if (handoff->holder != NULL || sum > DIRECTORY_EXTENTS)
            return BATON_ERROR_NO_SLOT;
    }
    return BATON_OK;
}

static const struct access *lender_of(const struct baton *instance, const struct access *access)
{
    return (access->ties & TIE_LENDER) != 0 ? instance_ties(instance, access)->lender : NULL;
}

/* The lines [lines->first, end) without what is taken: false: begins after that, try again. */
static bool outside(struct line_range *lines, uint32_t end, struct line_range taken)
{
    if (taken.first <= lines->first && lines->first < taken.end) {
        *lines = (struct line_range){taken.end, end};
        return false;
    }
    if (lines->first < taken.first && taken.first < lines->end)
        lines->end = taken.first;
    return true;
}

/* B6: the first of the lines that no other writer holds, and that are not skipped. */
static bool find_free(const struct baton *instance, const struct access *access, struct line_range lent,
                      struct line_range skipped, struct line_range *lines)
{
    const struct access *const lender = lender_of(instance, access);
    const uint32_t end = lines->end;
    bool done;

    do {
        done = outside(lines, end, skipped);
        for (const struct access *other = access->buffer->accesses; other != NULL && done; other = other->next) {
            if (other != access && other->manner.direction != BATON_READ)
                done = outside(lines, end, kept(other, lender, lent, false)) &&
                       outside(lines, end, kept(other, lender, lent, true));
        }
    } while (!done);
    return lines->first < lines->end;
}

/* The next copy to be made, if any is left. What is newer in a bounce buffer comes home first. Under the lock. */
static bool next_copy(const struct baton *instance, const struct bounce_order *order, struct copy *copy)
{
    const struct access *access = order->access;
    const struct rules_acquire *request = order->request;
    struct extent found;

    for (unsigned state = LINE_DIRTY; state <= LINE_STALE; state++) {
        for (struct attachment *attachment = access->buffer->bounced; attachment;
             attachment = attachment->next_bounced) {
            const bool own = attachment == access->attachment;
            struct line_range lines = request->lines, skipped = {0, 0};

            if (order->only != NULL && attachment != order->only)
                continue;
            if (request->crowded && (state == LINE_DIRTY || is_crowded(instance, attachment, access)))
                lines = access->lines; /* B7 */
            else if (own != (state == LINE_STALE))
                continue; /* B2, B3 */
            else if (request->direction == BATON_OVERWRITE)
                skipped = request->whole; /* B4 */
            for (uint32_t cursor = 0; directory_next(&attachment->difference, lines, &cursor, &found);) {
                if (found.state != state || !find_free(instance, access, request->lines, skipped, &found.lines))
                    continue;
                *copy = (struct copy){attachment, found.lines, found.state};
                return true;
            }
        }
    }
    return false;
}

/* Where the CPU's loads and stores take effect: as the buffer is mapped, which while its policy changes need not be as it will be (L4). */
static enum baton_domain copies_in(const struct buffer *buffer)
{
    return (buffer->special & SPECIAL_DOMAIN) != 0 ? BATON_DOMAIN_MEMORY : BATON_DOMAIN_CACHE;
}

/* By the CPU, piece by piece. What pads the last line, or page, is nobody's. */
static uint32_t copy_bytes(const struct baton *instance, const struct buffer *from, const struct buffer *to,
                           struct line_range lines)
{
    const uint32_t shift = instance->granule_shift;
    uint32_t copied = 0;

    while (lines.first < lines.end) {
        struct line_range now = lines_in_common(lines, chunk_lines(from, lines.first));
        const uint32_t left = from->size - (lines.first << shift);
        uint32_t length;

        now = lines_in_common(now, chunk_lines(to, lines.first));
        length = (now.end - now.first) << shift;
        length = length < left ? length : left;
        instance->port->copy(instance->port->context, chunk_cpu(to, now.first, shift),
                             chunk_cpu(from, now.first, shift), length);
        copied += length;
        lines.first = now.end;
    }
    return copied;
}

/* The CPU, which copies, acquires whole lines of one of the two. */
static __attribute__((noinline)) void acquire(struct baton *instance, struct buffer *buffer, const struct copy *copy,
                                              enum baton_direction direction, bool after_device, struct work *work)
{
    const struct rules_acquire request = {.lines = copy->lines,
                                          .whole = copy->lines,
                                          .domain = copies_in(buffer),
                                          .direction = direction,
                                          .after_device = after_device};

    handoff_make_valid(instance, buffer, &request, work);
}

/* B5: the CPU reads whole lines of one and overwrites them in the other. */
static void perform(struct baton *instance, const struct copy *copy, bool after_device, struct work *work)
{
    struct attachment *const attachment = copy->attachment;
    const bool home = copy->state == LINE_DIRTY;
    struct buffer *const from = home ? attachment->bounce : attachment->buffer;
    struct buffer *const to = home ? attachment->buffer : attachment->bounce;
    uint32_t copied, lock_state;

    acquire(instance, from, copy, BATON_READ, after_device, work);
    acquire(instance, to, copy, BATON_OVERWRITE, false, work);
    copied = copy_bytes(instance, from, to, copy->lines);
    work->copied += copied;
    work->actions |= BATON_ACTION_COPY;
    work->reasons |= BATON_REASON_BOUNCE;

    lock_state = instance_lock(instance);
    rules_commit_release(&to->directory, &copy->lines, copies_in(to), BATON_OVERWRITE);
    directory_set(&attachment->difference, &copy->lines, LINE_CLEAN);
    attachment->copied += copied;
    instance_unlock(instance, lock_state);
}

void bounce_copy(struct baton *instance, const struct bounce_order *order, struct work *work)
{
    bool after_device = order->request->after_device;
    struct copy copy;

    for (;;) {
        uint32_t lock_state = instance_lock(instance);
        const bool more = next_copy(instance, order, &copy);

        instance_unlock(instance, lock_state);
        if (!more)
            return;
        perform(instance, &copy, after_device, work);
        after_device = false;
    }
}
