/* SPDX-License-Identifier: MIT */
/*
 * The rules of docs/OWNERSHIP.md, in code. Each line that decides something cites its rule.
 */
#include "core/rules.h"

/* R1, R2, R3: what a line in this state needs before an access in this domain, if anything. */
static bool needed(enum line_state state, enum baton_domain domain, struct rules_operation *operation)
{
    if (state == LINE_UNKNOWN) { /* R3 */
        operation->action = RULES_SETTLE;
        operation->reason = RULES_NEWEST_UNKNOWN;
        return true;
    }
    if (state == LINE_STALE && domain == BATON_DOMAIN_CACHE) { /* R1 */
        operation->action = RULES_REFRESH;
        operation->reason = RULES_NEWEST_IN_MEMORY;
        return true;
    }
    if (state == LINE_DIRTY && domain == BATON_DOMAIN_MEMORY) { /* R2 */
        operation->action = RULES_PUBLISH;
        operation->reason = RULES_NEWEST_IN_CACHE;
        return true;
    }
    return false;
}

_Static_assert(DIRECTORY_EXTENTS >= 2, "a plan has an operation for each extent, or for each of two edge lines");

static uint32_t plan_lines(const struct directory *directory, struct line_range lines, enum baton_domain domain,
                           struct rules_operation *operations, uint32_t count)
{
    struct extent found;

    for (uint32_t cursor = 0; directory_next(directory, lines, &cursor, &found);) {
        if (needed(found.state, domain, &operations[count]))
            operations[count++].lines = found.lines;
    }
    return count;
}

static uint32_t plan_barrier(const struct rules_acquire *request, struct rules_operation *operations, uint32_t count)
{
    bool published = false, maintained = count > 0;
    enum rules_reason reason;

    for (uint32_t i = 0; i < count; i++)
        published |= operations[i].action != RULES_REFRESH;

    /* R8: a publish ends in the barrier that a doorbell needs. R9: every operation has the barrier that is needed
     * after a device; before a device's doorbell the barrier of R8 serves both. */
    if (request->device && !published)
        reason = RULES_DEVICE_STARTS;
    else if (request->after_device && !maintained)
        reason = RULES_DEVICE_DONE;
    else
        return count;
    operations[count] = (struct rules_operation){{0, 0}, RULES_BARRIER, reason};
    return count + 1;
}

/* R5: an overwriting CPU needs no line refreshed that holds its own bytes only. */
static bool overwrites_in_cache(const struct rules_acquire *request)
{
    return request->direction == BATON_OVERWRITE && request->domain == BATON_DOMAIN_CACHE &&
           request->whole.first < request->whole.end;
}

uint32_t rules_plan(const struct directory *directory, const struct rules_acquire *request,
                    struct rules_operation operations[RULES_OPERATIONS])
{
    struct line_range lines = request->lines;
    uint32_t count = 0;

    /* R6: a line shared with another access of this domain is left alone. */
    if (request->first_shared)
        lines.first++;
    if (request->last_shared)
        lines.end--; /* the same line as the first: a range that ends before it starts is empty, too */

    if (overwrites_in_cache(request)) { /* R5 */
        const struct line_range head = {lines.first, request->whole.first};
        const struct line_range tail = {request->whole.end, lines.end};

        count = plan_lines(directory, head, request->domain, operations, count);
        count = plan_lines(directory, tail, request->domain, operations, count);
    } else {
        count = plan_lines(directory, lines, request->domain, operations, count);
    }
    return plan_barrier(request, operations, count);
}

void rules_commit_acquire(struct directory *directory, const struct rules_acquire *request,
                          const struct rules_operation *operations, uint32_t count)
{
    /* Exactly the lines that were maintained are clean now. The directory may have widened since the plan: their
     * label may be another by now, what is true of them is not (R7). */
    for (uint32_t i = 0; i < count; i++)
        directory_set(directory, &operations[i].lines, LINE_CLEAN);

    if (overwrites_in_cache(request)) /* R5 */
        directory_set(directory, &request->whole, LINE_DIRTY);
}

void rules_commit_release(struct directory *directory, const struct line_range *lines, enum baton_domain domain,
                          enum baton_direction direction)
{
    if (direction != BATON_READ)
        directory_set(directory, lines, rules_newest_in(domain));
}

void rules_commit_unfinished(struct directory *directory, const struct rules_release *request)
{
    const bool cache = request->domain == BATON_DOMAIN_CACHE;
    const enum line_state newest_here = rules_newest_in(request->domain);

    switch (request->outcome) {
    case RULES_PARTIAL: /* R11: the acquire has left an overwriter's whole lines as they were in each domain */
        if (cache && request->direction == BATON_OVERWRITE)
            directory_set(directory, &request->whole, LINE_UNKNOWN);
        break;
    case RULES_FAILED: /* R12 */
        /* In the cache a line that others have bytes in must not become unknown: a settle would take their stores. It
         * was valid when the access began, so dirty is right whatever the device wrote. */
        directory_set(directory, &request->lines, cache ? LINE_DIRTY : LINE_UNKNOWN);
        if (cache)
            directory_set(directory, &request->whole, LINE_UNKNOWN);
        break;
    }
    directory_set(directory, &request->written, newest_here);
}

uint32_t rules_plan_end(const struct directory *directory, struct line_range lines, bool imported,
                        struct rules_operation operations[RULES_OPERATIONS])
{
    struct extent found;
    uint32_t count = 0;

    for (uint32_t cursor = 0; directory_next(directory, lines, &cursor, &found);) {
        struct rules_operation *operation = &operations[count];

        /* R13: to the importer the memory goes back equal in both domains; a pool's next buffer is born unknown, so
         * only what could be evicted into it matters. */
        if (!needed(found.state, BATON_DOMAIN_MEMORY, operation))
            (void)needed(found.state, BATON_DOMAIN_CACHE, operation); /* stale, then */
        if (!imported && operation->action != RULES_PUBLISH)
            continue;
        operation->lines = found.lines;
        count++;
    }
    return count;
}
