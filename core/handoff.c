/* SPDX-License-Identifier: MIT */
/*
 * The long way of an acquire.
 *
 * It checks for conflicts and plans under the lock. Without maintenance it is committed at once. With maintenance it
 * is entered as an access in transit, which keeps every other acquire off its lines; the lock is given back, the
 * operations are done, and the directory commits under the lock after them. Nothing can fail in between.
 */
#include "core/handoff.h"
#include "core/chunk.h"
#include "core/conflict.h"
#include "core/debug.h"
#include "core/enforcement.h"

void handoff_maintain(const struct baton *instance, const struct buffer *buffer,
                      const struct rules_operation *operations, uint32_t count, struct work *work)
{
    const struct baton_port *port = instance->port;

    for (uint32_t i = 0; i < count; i++) {
        struct line_range left = operations[i].lines;

        work->actions |= operations[i].action;
        work->reasons |= operations[i].reason;
        while (left.first < left.end) { /* once for each piece of the buffer */
            const struct line_range lines = lines_in_common(left, chunk_lines(buffer, left.first));
            const uintptr_t address = (uintptr_t)chunk_cpu(buffer, lines.first, instance->granule_shift);
            const size_t length = (size_t)(lines.end - lines.first) << instance->granule_shift;

            if ((operations[i].action & BATON_ACTION_PUBLISH) != 0) {
                port->publish(port->context, address, length);
                work->published += lines.end - lines.first;
            }
            if ((operations[i].action & BATON_ACTION_REFRESH) != 0) {
                port->refresh(port->context, address, length);
                work->refreshed += lines.end - lines.first;
            }
            left.first = lines.end;
        }
    }
}

uint32_t handoff_plan(const struct access *access, const struct rules_acquire *request,
                      struct rules_operation operations[RULES_OPERATIONS])
{
    return rules_plan(&access_place(access)->directory, request, operations);
}

void handoff_make_valid(struct baton *instance, struct buffer *buffer, const struct rules_acquire *request,
                        struct work *work)
{
    struct rules_operation operations[RULES_OPERATIONS];
    const struct access nobody = {.buffer = buffer};
    uint32_t lock_state = instance_lock(instance);
    uint32_t count = handoff_plan(&nobody, request, operations);

    instance_unlock(instance, lock_state);
    if (count > 0 && operations[count - 1].action == RULES_BARRIER) {
        count--;
        instance->port->barrier(instance->port->context, BATON_BARRIER_AFTER_DEVICE);
    }
    handoff_maintain(instance, buffer, operations, count, work);
    lock_state = instance_lock(instance);
    rules_commit_acquire(&buffer->directory, request, operations, count);
    instance_unlock(instance, lock_state);
}

void handoff_describe(const struct access *access, enum baton_verb verb, uint32_t epoch,
                      struct baton_announcement *what)
{
    *what = (struct baton_announcement){
        .buffer = access->party.buffer,
        .holder = access->party.holder,
        .verb = verb,
        .domain = access->manner.domain,
        .direction = access->manner.direction,
        .range = access->party.range,
        .epoch = epoch,
        .call_site = access->call_site,
    };
}

static void announce(struct baton *instance, struct access *access, const struct rules_operation *operations,
                     uint32_t count)
{
    struct baton_announcement what;

    handoff_describe(access, BATON_VERB_ACQUIRE, access->epoch + 1, &what);
    for (uint32_t i = 0; i < count; i++) {
        what.actions |= operations[i].action;
        what.reasons |= operations[i].reason;
    }
    instance->features.announce(instance, access->buffer, &what);
}

/* The CPU's mapping, where it changes: at least that much while lines are maintained and copied. */
static void update(struct baton *instance, const struct access *access, const struct rules_acquire *request,
                   enum baton_protection least)
{
    struct buffer *buffer = access->buffer;

    if (enforcement_updates(buffer))
        buffer->pages->update(instance, buffer,
                              request->crowded ? (struct line_range){0, buffer->lines} : request->lines, access, least);
}

/* What has to come before the maintenance, without the lock: the announcement, a mapping to maintain and copy through, copies. */
static void prepare(struct baton *instance, struct access *access, const struct rules_acquire *request,
                    const struct rules_operation *operations, uint32_t count, struct work *work)
{
    struct buffer *buffer = access->buffer;
    const bool bounced = (buffer->special & SPECIAL_BOUNCED) != 0;

    if ((buffer->special & SPECIAL_SUBSCRIBED) != 0)
        announce(instance, access, operations, count);
    update(instance, access, request,
           bounced || (buffer->special & SPECIAL_DEBUG) != 0 ? BATON_PROTECT_READ_WRITE : BATON_PROTECT_READ);
    if (bounced)
        instance->features.copy(instance, access, request, work);
    if (debug_build(instance))
        debug_poison(instance, access, request);
}

/* The plan after that: copies have changed the directory of where they went. A stage's is carried out, but for the barrier. */
static uint32_t prepared_plan(struct baton *instance, const struct access *access, const struct rules_acquire *request,
                              struct rules_operation *operations, struct work *work)
{
    const uint32_t published = work->published;
    uint32_t lock_state, count;

    if ((access->ties & TIE_FENCE) != 0) {
        instance->features.chain_maintain(instance, access, request, work);
        operations->action = RULES_BARRIER; /* R8 */
        return work->published == published;
    }
    lock_state = instance_lock(instance);
    count = handoff_plan(access, request, operations);
    instance_unlock(instance, lock_state);
    return count;
}

void handoff_count(struct baton_counters *counters, const struct work *work)
{
    counters->published += work->published;
    counters->refreshed += work->refreshed;
    counters->copied += work->copied;
}

struct record *handoff_trace(struct baton *instance, struct access *access, enum baton_verb verb)
{
    return trace_point(instance, access, verb, access->call_site);
}

bool handoff_open(struct baton *instance, struct access *access, const struct rules_acquire *request,
                  uint32_t *lock_state)
{
    struct buffer *buffer = access->buffer;
    struct buffer *const place = access_place(access);
    struct baton_counters *counters = access->attachment ? &access->attachment->device->counters : &instance->cpu;
    const uint8_t granted = access->manner.hold;
    const struct line_range lines = access->lines;
    struct rules_operation operations[RULES_OPERATIONS];
    struct work work = {0};
    struct record *record;
    uint32_t count;
    bool barrier_due, prepared;

    count = handoff_plan(access, request, operations);
    /* R9: the operations, or the barrier that is due, come before anything that the holder does; other CPUs are
     * ordered by the lock. Before the operations: a device that releases meanwhile sets it again. */
    buffer->device_done = false;
    prepared =
        (buffer->special & (SPECIAL_SUBSCRIBED | SPECIAL_BOUNCED | SPECIAL_DEBUG)) != 0 || enforcement_updates(buffer);
    if (prepared || count > 1 || (count == 1 && operations[0].action != RULES_BARRIER)) {
        access->manner.hold = BATON_HOLD_IN_TRANSIT;
        access->epoch = buffer->epoch;
        if (request->crowded)
            access->lines = (struct line_range){0, buffer->lines};
        instance_unlock(instance, *lock_state);
        if (prepared) {
            prepare(instance, access, request, operations, count, &work);
            count = prepared_plan(instance, access, request, operations, &work);
        }
        barrier_due = count > 0 && operations[count - 1].action == RULES_BARRIER;
        count -= barrier_due;
        handoff_maintain(instance, place, operations, count, &work);
        if (debug_build(instance))
            debug_check(instance, access, request);
        *lock_state = instance_lock(instance);
        if (enforcement_updates(buffer)) {
            access->ties |= TIE_MAINTAINED;
            access->lines = lines; /* of others' pages it takes no rights (M1) */
            instance_unlock(instance, *lock_state);
            update(instance, access, request, BATON_PROTECT_NONE);
            *lock_state = instance_lock(instance);
            access->ties &= (uint16_t)~TIE_MAINTAINED;
        }
        access->manner.hold = granted;
        access->lines = lines;
    } else {
        barrier_due = count > 0;
        count = 0;
    }
    rules_commit_acquire(&place->directory, request, operations, count);
    if (request->device && (access->ties & TIE_FENCE) == 0) /* R17; a stage may never start */
        rules_commit_release(&place->directory, &request->lines, request->domain, request->direction);

    counters->acquires++;
    handoff_count(counters, &work);
    record = handoff_trace(instance, access, BATON_VERB_ACQUIRE);
    record->manner.hold = NOTE_NOTHING;
    if (barrier_due) {
        work.actions |= BATON_ACTION_BARRIER;
        work.reasons |= access->attachment ? BATON_REASON_DEVICE_START : BATON_REASON_DEVICE_DONE;
    }
    if (work.actions != 0)
        trace_work(instance, record, &work);
    return barrier_due;
}

static enum baton_domain domain_of(const struct handoff *handoff)
{
    return handoff->attachment ? handoff->attachment->domain : handoff->buffer->cpu_domain;
}

void handoff_enter_at(const struct baton *instance, struct access **place, struct access *access,
                      const struct handoff *handoff, enum baton_hold hold)
{
    struct buffer *buffer = handoff->buffer;

    handoff_enter(access, buffer, handoff->attachment, handoff->range,
                  range_lines(handoff->range, instance->granule_shift), domain_of(handoff), handoff->direction,
                  handoff->call_site);
    access->manner.hold = hold;
    access->epoch = buffer->epoch;
    if (place != &buffer->accesses) { /* the end of the queue */
        handoff_unlink(access);
        access->next = NULL;
        access->link = place;
        *place = access;
    }
}

enum baton_status handoff_check(const struct baton *instance, struct handoff *handoff, struct rules_acquire *request)
{
    const struct buffer *buffer = handoff->buffer;

    *request = (struct rules_acquire){
        .lines = range_lines(handoff->range, instance->granule_shift),
        .whole = range_whole_lines(handoff->range, buffer->size, instance->granule_shift),
        .domain = domain_of(handoff),
        .direction = handoff->direction,
        .device = handoff->attachment != NULL,
        .after_device = buffer->device_done,
    };
    /* R16: a stage that never starts leaves the old bytes: they must not be given up when it is queued. */
    if (handoff->fence != NULL && request->direction == BATON_OVERWRITE && request->domain == BATON_DOMAIN_CACHE)
        request->direction = BATON_WRITE;
    enum baton_status status = conflict_check(instance, handoff, request);

    if (status == BATON_OK && (buffer->special & SPECIAL_BOUNCED) != 0)
        status = instance->features.room(instance, handoff, request);
    return status;
}

enum baton_status handoff_acquire(struct baton *instance, struct handoff *handoff, uint32_t *lock_state)
{
    struct buffer *buffer = handoff->buffer;
    struct access *access = handoff->self;
    struct rules_acquire request;
    enum baton_status status = handoff_check(instance, handoff, &request);

    if (status != BATON_OK)
        return status;
    if (access == NULL) {
        access = handle_take(&instance->accesses);
        if (access == NULL)
            return BATON_ERROR_NO_SLOT;
        handoff_enter_at(instance, &buffer->accesses, access, handoff, BATON_HOLD_GRANTED);
        access->manner.direction = request.direction;
    }
    access->manner.hold = BATON_HOLD_GRANTED;
    if (handoff->tolerant) {
        access->ties |= TIE_TOLERANT;
        buffer->special |= SPECIAL_ACCESSES;
    }
    if (handoff->fence != NULL) {
        struct ties *ties = instance_ties(instance, access);

        access->ties |= TIE_FENCE;
        access->manner.hold = BATON_HOLD_CHAINED;
        ties->fence = handoff->fence;
        ties->next_fenced = handoff->fence->mappings;
        handoff->fence->mappings = access;
        buffer->special |= SPECIAL_ACCESSES;
    }
    handoff->access = access;
    handoff->barrier_due = handoff_open(instance, access, &request, lock_state);
    if ((buffer->special & SPECIAL_QUEUE) != 0) { /* somebody may wait for the transit to end */
        instance->features.advance(instance, buffer, *lock_state);
        *lock_state = instance_lock(instance);
    }
    return BATON_OK;
}
