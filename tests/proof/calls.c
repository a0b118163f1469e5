/* SPDX-License-Identifier: MIT */
/*
 * What an actor of an exploration calls, and what must come of it: see world.h.
 */
#include "tests/proof/world.h"

#include <string.h>

static enum baton_status call_status;

static struct baton_range bytes_of(struct part part)
{
    return (struct baton_range){part.first * CELL, (uint32_t)(part.end - part.first) * CELL};
}

static void call_begin(void)
{
    struct actor *actor = &actors[actor_now];
    const struct doing *doing = &actor->doing;
    const struct baton_range range = bytes_of(doing->range);

    if (!size->who[actor_now]->device) {
        struct baton_cpu_access access = {.access = {0}};

        call_status =
            baton_begin_cpu_access(baton, buffers[size->who[actor_now]->buffer], range, doing->direction, &access);
        actor->handle = access.access;
    } else if (doing->direction == BATON_READ) {
        struct baton_source source = {.access = {0}};

        call_status = baton_map_to_device(baton, attachments[actor_now], range, &source);
        actor->handle = source.access;
    } else {
        struct baton_destination destination = {.access = {0}};

        call_status = baton_map_from_device(baton, attachments[actor_now], range, doing->direction, &destination);
        actor->handle = destination.access;
    }
}

static void on_own_stack(void)
{
    call_begin();
    call_ended = true;
    swapcontext(&actors[actor_now].context, &main_context); /* never comes back */
}

bool writes(const struct doing *doing)
{
    return doing->direction != BATON_READ;
}

static struct line_range lines_of(struct part part)
{
    return (struct line_range){part.first / CELLS, (part.end + CELLS - 1u) / CELLS};
}

/* The conflict table, and which lines are left to a neighbour (R6). */
static enum baton_status expected_status(unsigned newcomer, unsigned *shared)
{
    const struct doing *wanted = &actors[newcomer].doing;
    const struct line_range lines = lines_of(wanted->range);
    enum baton_status status = BATON_OK;

    *shared = 0;
    for (unsigned i = 0; i < size->actors; i++) {
        const struct doing *other = &actors[i].doing;
        const struct line_range common = lines_in_common(lines, lines_of(other->range));
        const bool one_writes = writes(other) || writes(wanted);

        if (i == newcomer || other->phase == IDLE || common.first >= common.end ||
            size->who[i]->buffer != size->who[newcomer]->buffer)
            continue;
        if (one_writes && wanted->range.first < other->range.end && other->range.first < wanted->range.end)
            return BATON_ERROR_BUSY;
        if (one_writes && (size->who[i]->domain != size->who[newcomer]->domain ||
                           size->who[i]->bounced != size->who[newcomer]->bounced))
            status = BATON_ERROR_FALSE_SHARING;
        else if (other->phase == CALLING && status == BATON_OK)
            status = BATON_ERROR_IN_TRANSIT;
        else if (one_writes)
            *shared |= ((1u << (common.end - common.first)) - 1) << common.first;
    }
    return status;
}

/* What the rules say is to be maintained (R1 to R6). */
static void expect_maintenance(unsigned newcomer, unsigned shared)
{
    struct doing *doing = &actors[newcomer].doing;
    const struct line_range lines = lines_of(doing->range);
    const bool cache = size->who[newcomer]->domain == BATON_DOMAIN_CACHE;

    doing->publish = doing->refresh = doing->unknown = 0;
    for (unsigned line = lines.first; line < lines.end; line++) {
        const enum line_state state = state_in(buffer_at(size->who[newcomer]->buffer), line);

        if ((shared >> line & 1) != 0 ||
            (cache && doing->direction == BATON_OVERWRITE && cells_of(doing->range, line) == (1u << CELLS) - 1))
            continue;
        if (state == LINE_UNKNOWN)
            doing->unknown |= (uint8_t)(1u << line);
        if (state == LINE_UNKNOWN || (state == LINE_DIRTY && !cache))
            doing->publish |= (uint8_t)(1u << line);
        if (state == LINE_UNKNOWN || (state == LINE_STALE && cache))
            doing->refresh |= (uint8_t)(1u << line);
    }
}

/* The begin has come back. */
static void after_begin(unsigned who)
{
    struct doing *doing = &actors[who].doing;

    if (locked)
        violated("a call comes back with the lock held");
    if (call_status != BATON_OK)
        violated("a call is refused half-way");
    if (doing->publish != 0 || doing->refresh != 0)
        violated("a line is not maintained that the rules name");
    if (size->who[who]->device && !doing->barrier)
        violated("a device is let loose without a barrier");
    if (doing->owed)
        violated("somebody goes on without a barrier after a device");
    doing->barrier = false;
    doing->unknown = 0;
    doing->phase = HOLDING;
}

/* Runs a call in flight until it lets go, or comes back. */
void go_on(unsigned who)
{
    actor_now = who;
    call_ended = false;
    act_everywhere((struct act){.kind = ACT_DONE, .actor = (uint8_t)who});
    swapcontext(&main_context, &actors[who].context);
    if (call_ended) {
        act_everywhere((struct act){.kind = ACT_DONE, .actor = (uint8_t)who});
        after_begin(who);
    }
    close_lines();
}

/* true: it was refused, as it should have been. */
bool begin(unsigned who)
{
    struct actor *actor = &actors[who];
    enum baton_status expected;
    struct baton *instance = baton;
    struct slot **link = &instance->accesses.free;
    unsigned shared, flights = 0;

    /* Which slot is taken does not matter to the core: each actor takes its own. */
    for (; *link != NULL; link = &(*link)->next) {
        if (*link == &accesses()[who].slot) {
            *link = accesses()[who].slot.next;
            accesses()[who].slot.next = instance->accesses.free;
            instance->accesses.free = &accesses()[who].slot;
            break;
        }
    }
    expected = expected_status(who, &shared);
    actor_now = who;
    if (expected != BATON_OK) {
        call_begin();
        if (call_status != expected)
            violated("a call is not refused as the conflict table says");
        actor->handle.token = 0;
        memset(&actor->doing, 0, sizeof(actor->doing));
        return true;
    }
    if (COLUMNS == 1)
        expect_maintenance(who, shared);
    actor->doing.owed = (owed >> size->who[who]->buffer & 1) != 0;
    owed &= (uint8_t) ~(1u << size->who[who]->buffer);
    actor->doing.phase = CALLING;
    memset(actor->stack, 0, sizeof(actor->stack));
    actor->context = template;
    actor->context.uc_stack.ss_sp = actor->stack;
    actor->context.uc_stack.ss_size = sizeof(actor->stack);
    makecontext(&actor->context, on_own_stack, 0);
    for (unsigned i = 0; i < size->actors; i++)
        flights += actors[i].doing.phase == CALLING;
    do
        go_on(who);
    while (actor->doing.phase == CALLING && flights > size->flights);
    return false;
}

/* written: of an end that is not complete; first == end: nothing. */
void end(unsigned who, bool complete, struct part written)
{
    struct actor *actor = &actors[who];
    const struct doing *doing = &actor->doing;
    const unsigned number = size->who[who]->buffer;
    enum baton_status status;

    actor_now = who;
    if (writes(doing)) {
        const struct part rest[2] = {{doing->range.first, written.first}, {written.end, doing->range.end}};
        const bool overwritten = doing->direction == BATON_OVERWRITE;

        if (overwritten)
            act_on_part(number, LINE_WRITTEN, complete ? doing->range : written);
        for (unsigned i = 0; i < 2 && !complete; i++) {
            if (!size->who[who]->device) /* R11 */
                act_on_part(number, LINE_UNTOUCHED, rest[i]);
            else if (size->who[who]->bounced) /* B9: the buffer's bytes may come back */
                act_on_part(number, overwritten ? LINE_UNDEFINED : LINE_DROPPED, rest[i]);
        }
        act_on_part(number,
                    overwritten && !complete && !size->who[who]->bounced &&
                            (COLUMNS > 1 || size->who[who]->domain == BATON_DOMAIN_CACHE)
                        ? LINE_GIVEN_UP
                        : LINE_FORGET, /* B4 */
                    doing->range);
    }
    if (!size->who[who]->device) {
        struct baton_cpu_access access = {.access = actor->handle};

        status = complete ? baton_end_cpu_access(baton, &access)
                          : baton_end_cpu_access_partial(baton, &access, bytes_of(written));
        actor->handle = access.access;
    } else if (doing->direction == BATON_READ) {
        struct baton_source source = {.access = actor->handle};

        status = baton_unmap_source(baton, &source);
        actor->handle = source.access;
    } else {
        struct baton_destination destination = {.access = actor->handle};

        status = complete ? baton_unmap_destination(baton, &destination)
                          : baton_unmap_destination_partial(baton, &destination, bytes_of(written));
        actor->handle = destination.access;
    }
    if (status != BATON_OK || actor->handle.token != 0)
        violated("an access cannot be ended");
    if (size->who[who]->device)
        owed |= (uint8_t)(1u << number);
    memset(&actor->doing, 0, sizeof(actor->doing));
    close_lines();
}
