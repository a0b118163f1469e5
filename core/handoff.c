/* SPDX-License-Identifier: MIT */
/*
 * Acquire and release.
 *
 * An acquire checks for conflicts and plans under the lock. Without maintenance it is committed at once. With maintenance
 * it is entered as an access in transit, which keeps every other acquire off its lines; the lock is given back, the
 * operations are done, and the directory commits under the lock after them. Nothing can fail in between.
 */
#include "core/handoff.h"
#include "core/conflict.h"
#include "core/trace.h"

struct handoff_work handoff_maintain(const struct baton *instance, const struct buffer *buffer,
                                     const struct rules_operation *operations, uint32_t count)
{
    const struct baton_port *port = instance->port;
    struct handoff_work work = {0, 0};

    for (uint32_t i = 0; i < count; i++) {
        const struct rules_operation *operation = &operations[i];
        uint32_t lines = operation->lines.end - operation->lines.first;
        uintptr_t address = (uintptr_t)buffer->cpu + (operation->lines.first << instance->granule_shift);
        size_t length = (size_t)lines << instance->granule_shift;

        if (operation->action == RULES_PUBLISH || operation->action == RULES_SETTLE) {
            port->publish(port->context, address, length);
            work.published += lines;
        }
        if (operation->action == RULES_REFRESH || operation->action == RULES_SETTLE) {
            port->refresh(port->context, address, length);
            work.refreshed += lines;
        }
    }
    return work;
}

static void enter(struct access *access, const struct handoff *handoff, const struct rules_acquire *request)
{
    struct buffer *buffer = handoff->buffer;

    access->next = buffer->accesses;
    access->previous = NULL;
    if (buffer->accesses != NULL)
        buffer->accesses->previous = access;
    buffer->accesses = access;
    access->buffer = buffer;
    access->attachment = handoff->attachment;
    access->range = handoff->range;
    access->lines = request->lines;
    access->epoch = buffer->epoch;
    access->call_site = handoff->call_site;
    access->domain = request->domain;
    access->direction = request->direction;
    access->in_transit = false;
    if (handoff->attachment != NULL)
        handoff->attachment->mapped++;
}

/* Lets go of the lock for the operations; the access keeps others off the lines. */
static struct handoff_work maintain_in_transit(struct baton *instance, struct access *access,
                                               const struct rules_operation *operations, uint32_t count,
                                               uint32_t *lock_state)
{
    struct handoff_work work;

    access->in_transit = true;
    instance_unlock(instance, *lock_state);
    work = handoff_maintain(instance, access->buffer, operations, count);
    *lock_state = instance_lock(instance);
    access->in_transit = false;
    return work;
}

enum baton_status handoff_acquire(struct baton *instance, struct handoff *handoff, uint32_t *lock_state)
{
    struct buffer *buffer = handoff->buffer;
    struct device *device = handoff->attachment ? handoff->attachment->device : NULL;
    struct baton_counters *counters = device ? &device->counters : &instance->cpu;
    struct rules_operation operations[RULES_OPERATIONS];
    struct handoff_work work = {0, 0};
    uint32_t count = 0;
    struct access *access;
    struct rules_acquire request = {
        .lines = range_lines(handoff->range, instance->granule_shift),
        .domain = device ? device->config.domain : BATON_DOMAIN_CACHE,
        .direction = handoff->direction,
        .device = device != NULL,
        .after_device = buffer->after_device,
    };

    handoff->barrier_due = false;
    if (buffer->accesses != NULL) {
        enum baton_status status = conflict_check(buffer, handoff->range, &request, &handoff->holder);
        if (status != BATON_OK)
            return status;
    }
    if (request.direction == BATON_OVERWRITE)
        request.whole = range_whole_lines(handoff->range, buffer, instance->granule_shift);

    access = handle_take(&instance->accesses, handoff->kind);
    if (access == NULL)
        return BATON_ERROR_NO_SLOT;
    enter(access, handoff, &request);

    if (!rules_nothing_needed(&buffer->directory, &request))
        count = rules_plan(&buffer->directory, &request, operations);
    if (count > 0 && operations[count - 1].action == RULES_BARRIER) {
        handoff->barrier_due = true;
        count--;
    }
    /* R9: the operations, or the barrier that is due, come before anything that the holder does; other CPUs are ordered by
     * the lock. Before the operations: a device that releases meanwhile sets it again. */
    buffer->after_device = false;
    if (count > 0)
        work = maintain_in_transit(instance, access, operations, count, lock_state);
    if (count > 0 || request.direction == BATON_OVERWRITE)
        rules_commit_acquire(&buffer->directory, &request, operations, count);

    counters->acquires++;
    counters->published += work.published;
    counters->refreshed += work.refreshed;
    access->epoch =
        trace_point(instance, access, BATON_VERB_ACQUIRE, work.published, work.refreshed, access->call_site);
    handoff->access = access;
    return BATON_OK;
}

void handoff_release(struct baton *instance, struct access *access, enum handle_kind kind, enum rules_outcome outcome,
                     struct baton_range written, uintptr_t call_site)
{
    struct buffer *buffer = access->buffer;
    uint32_t shift = instance->granule_shift;

    if (access->direction != BATON_READ) {
        struct rules_release request = {
            .lines = access->lines,
            .domain = access->domain,
            .direction = access->direction,
            .outcome = outcome,
        };
        if (outcome != RULES_COMPLETE) {
            request.whole = range_whole_lines(access->range, buffer, shift);
            request.written = range_lines(written, shift);
        }
        rules_commit_release(&buffer->directory, &request);
    }

    if (access->attachment != NULL) {
        access->attachment->mapped--;
        buffer->after_device = true;
    }
    if (access->previous != NULL)
        access->previous->next = access->next;
    else
        buffer->accesses = access->next;
    if (access->next != NULL)
        access->next->previous = access->previous;

    trace_point(instance, access, BATON_VERB_RELEASE, 0, 0, call_site);
    access->call_site = call_site; /* told when a stale copy of the handle comes back */
    handle_retire(&access->slot, kind);
    handle_free(&instance->accesses, &access->slot);
}
