/* SPDX-License-Identifier: MIT */
/*
 * Chains: which stage precedes which, and the walk from a stage that is over to those that follow.
 */
#include "core/chain.h"

/* Bounded by limits.fences: a stage follows one that was there before it. */
static bool precedes(const struct baton *instance, const struct access *access, const struct fence *fence)
{
    const struct fence *earlier = fence->after;

    while (earlier != NULL && earlier != instance_ties(instance, access)->fence)
        earlier = earlier->after;
    return earlier != NULL;
}

enum baton_status chain_check(const struct baton *instance, const struct handoff *handoff, const struct access *other,
                              bool same_place)
{
    const struct line_range shared =
        lines_in_common(other->lines, range_lines(handoff->range, instance->granule_shift));
    const unsigned newest = rules_newest_in(other->manner.domain);
    uint32_t cursor = 0;
    struct extent found;

    if ((other->ties & TIE_FENCE) == 0 || !precedes(instance, other, handoff->fence))
        return BATON_ERROR_PENDING;
    if (other->manner.direction == BATON_READ)
        return BATON_OK;
    if (!same_place)
        return BATON_ERROR_MAINTENANCE;
    /* What the earlier stage acquired is valid in the domain; but a directory that is full may have forgotten that (R4), or a
     * neighbour in an edge line has failed (R12), and no line is maintained while a device stores to it. */
    while (directory_next(&access_place(other)->directory, shared, &cursor, &found)) {
        if (found.state != newest)
            return BATON_ERROR_MAINTENANCE;
    }
    return BATON_OK;
}

/* The first of the lines [*lines] that no other stage's write holds in the same place. Under the lock; bounded by limits.accesses, squared. */
static bool find_free(const struct access *access, struct line_range *lines)
{
    const struct access *other = access->buffer->accesses, *next;
    const uint32_t end = lines->end;

    for (; other != NULL; other = next) {
        next = other->next;
        if (other == access || (other->ties & TIE_FENCE) == 0 || other->manner.direction == BATON_READ ||
            other->manner.domain != access->manner.domain || access_place(other) != access_place(access) ||
            !lines_meet(other->lines, *lines))
            continue;
        if (other->lines.first > lines->first) {
            lines->end = other->lines.first;
        } else { /* it has the first ones: begin behind them, and look at all again */
            lines->first = other->lines.end;
            lines->end = end;
            next = access->buffer->accesses;
        }
    }
    return lines->first < lines->end;
}

void chain_maintain(struct baton *instance, const struct access *access, const struct rules_acquire *request,
                    struct work *work)
{
    struct rules_acquire part = {.domain = request->domain, .direction = request->direction};
    const uint32_t end = request->lines.end - request->last_shared; /* R6 */
    uint32_t lock_state;
    bool found;

    for (part.lines.end = request->lines.first + request->first_shared; part.lines.end < end;) {
        part.lines = (struct line_range){part.lines.end, end};
        lock_state = instance_lock(instance);
        found = find_free(access, &part.lines);
        instance_unlock(instance, lock_state);
        if (found)
            handoff_make_valid(instance, access_place(access), &part, work);
    }
}

void chain_end_mappings(struct chain_call *call, struct fence *fence, enum release_outcome outcome)
{
    const struct release how = {.outcome = outcome, .call_site = call->common.refusal.call_site};
    struct access **link = &fence->mappings, *access;

    while ((access = *link) != NULL) {
        struct access **next = &instance_ties(call->common.instance, access)->next_fenced;

        if (access->manner.hold == BATON_HOLD_IN_TRANSIT) {
            link = next;
            continue;
        }
        *link = *next;
        release_access(call->common.instance, access, &how, call->common.lock_state);
        call->common.lock_state = instance_lock(call->common.instance);
        link = &fence->mappings; /* others may have changed the list */
    }
}

void chain_set_hold(const struct baton *instance, const struct fence *fence, enum baton_hold hold)
{
    for (struct access *access = fence->mappings; access; access = instance_ties(instance, access)->next_fenced)
        access->manner.hold = hold;
}

void chain_append(struct chain_call *call, struct fence *fence)
{
    fence->users++;
    fence->ready = true;
    fence->next_ready = NULL;
    if (call->ready == NULL)
        call->last = &call->ready;
    *call->last = fence;
    call->last = &fence->next_ready;
}

void chain_leave(struct chain_call *call, struct fence *fence)
{
    struct fence *follower;

    if (--fence->users != 0 || fence->fate == BATON_ERROR_PENDING)
        return;
    fence->status = fence->fate;
    while ((follower = fence->followers) != NULL) {
        fence->followers = follower->next_follower;
        follower->after = NULL;
        if (fence->fate != BATON_OK)
            follower->fate = fence->fate;
        if (follower->queued || fence->fate != BATON_OK)
            chain_append(call, follower);
    }
}

void chain_run(struct chain_call *call)
{
    struct baton *instance = call->common.instance;
    struct fence *fence;

    while ((fence = call->ready) != NULL) {
        /* A stage that fails while it is being built is told when it is queued. */
        const baton_start start = fence->queued ? fence->config.start : NULL;
        enum baton_status status = BATON_OK;

        call->ready = fence->next_ready;
        fence->ready = false;
        if (fence->fate == BATON_ERROR_PENDING) {
            fence->started = true;
            chain_set_hold(instance, fence, BATON_HOLD_GRANTED);
        } else {
            status = fence->fate;
            chain_end_mappings(call, fence, RELEASE_UNTOUCHED);
        }
        instance_unlock(instance, call->common.lock_state);
        if (status == BATON_OK) /* R8 */
            instance->port->barrier(instance->context, BATON_BARRIER_BEFORE_DEVICE);
        if (start != NULL)
            start(fence->config.context, status);
        call->common.lock_state = instance_lock(instance);
        chain_leave(call, fence);
    }
    instance_unlock(instance, call->common.lock_state);
}

void chain_unlink(struct fence *fence)
{
    if (fence->after != NULL) {
        struct fence **link = &fence->after->followers;

        while (*link != fence)
            link = &(*link)->next_follower;
        *link = fence->next_follower;
        fence->after = NULL;
    }
}
