/* SPDX-License-Identifier: MIT */
/*
 * The long way of an acquire.
 *
 * It checks for conflicts and plans under the lock. Without maintenance it is committed at once. With maintenance it
 * is entered as an access in transit, which keeps every other acquire off its lines; the lock is given back, the
 * operations are done, and the directory commits under the lock after them. Nothing can fail in between.
 */
#include "core/handoff.h"
#include "core/conflict.h"

struct work handoff_maintain(const struct baton *instance, const struct buffer *buffer,
                             const struct rules_operation *operations, uint32_t count)
{
    const struct baton_port *port = instance->port;
    struct work work = {0, 0};

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

/* Lets go of the lock for the operations; the access keeps others off the lines. */
static struct work maintain_in_transit(struct baton *instance, struct access *access,
                                       const struct rules_operation *operations, uint32_t count, uint32_t *lock_state)
{
    struct work work;

    access->manner.maintenance = true;
    access->epoch = access->buffer->epoch;
    instance_unlock(instance, *lock_state);
    work = handoff_maintain(instance, access->buffer, operations, count);
    *lock_state = instance_lock(instance);
    access->manner.maintenance = false;
    return work;
}

enum baton_status handoff_acquire(struct baton *instance, struct handoff *handoff, uint32_t *lock_state)
{
    struct buffer *buffer = handoff->buffer;
    struct device *device = handoff->attachment ? handoff->attachment->device : NULL;
    struct baton_counters *counters = device ? &device->counters : &instance->cpu;
    struct rules_operation operations[RULES_OPERATIONS];
    struct work work = {0, 0};
    struct record *record;
    struct access *access;
    uint32_t count;
    struct rules_acquire request = {
        .lines = range_lines(handoff->range, instance->granule_shift),
        .whole = range_whole_lines(handoff->range, buffer, instance->granule_shift),
        .domain = device ? device->config.domain : BATON_DOMAIN_CACHE,
        .direction = handoff->direction,
        .device = device != NULL,
        .after_device = buffer->device_done != NULL,
    };
    enum baton_status status = conflict_check(buffer, handoff->range, &request, &handoff->holder);

    if (status != BATON_OK)
        return status;
    access = handle_take(&instance->accesses);
    if (access == NULL)
        return BATON_ERROR_NO_SLOT;
    handoff_enter(access, buffer, handoff->attachment, handoff->range, request.lines, request.direction,
                  handoff->call_site);

    count = rules_plan(&buffer->directory, &request, operations);
    handoff->barrier_due = count > 0 && operations[count - 1].action == RULES_BARRIER;
    if (handoff->barrier_due)
        count--;
    /* R9: the operations, or the barrier that is due, come before anything that the holder does; other CPUs are
     * ordered by the lock. Before the operations: a device that releases meanwhile sets it again. */
    buffer->device_done = NULL;
    if (count > 0)
        work = maintain_in_transit(instance, access, operations, count, lock_state);
    rules_commit_acquire(&buffer->directory, &request, operations, count);

    counters->acquires++;
    counters->published += work.published;
    counters->refreshed += work.refreshed;
    record = trace_point(instance, access, BATON_VERB_ACQUIRE, access->call_site);
    if (count > 0)
        trace_work(instance, record, work);
    handoff->access = access;
    return BATON_OK;
}

void handoff_leave_partial(struct baton *instance, const struct access *access, enum rules_outcome outcome,
                           struct baton_range written)
{
    const struct rules_release request = {
        .lines = access->lines,
        .whole = range_whole_lines(access->party.range, access->buffer, instance->granule_shift),
        .written = range_lines(written, instance->granule_shift),
        .domain = access->manner.domain,
        .direction = access->manner.direction,
        .outcome = outcome,
    };

    rules_commit_unfinished(&access->buffer->directory, &request);
}
