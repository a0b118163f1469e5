/* SPDX-License-Identifier: MIT */
/*
 * The beginning and the end of the calls that ask for an access.
 */
#include "core/acquire.h"
#include "core/cpu.h"
#include "core/refusal.h"

void acquire_count_refusal(struct baton *instance, const struct handoff *handoff)
{
    if (handoff->attachment != NULL)
        handoff->attachment->device->counters.refusals++;
    else
        instance->cpu.refusals++;
}

enum baton_status acquire_refuse(struct baton *instance, const struct wanted *wanted, enum baton_status status)
{
    const struct handoff *handoff = &wanted->handoff;
    const struct refusal refusal = {wanted->verb->name, handoff->call_site, handoff->range,
                                    handoff->buffer,    handoff->holder,    0};

    acquire_count_refusal(instance, handoff);
    return refuse(instance, wanted->lock_state, status, &refusal);
}

enum baton_status acquire_look_up(struct baton *instance, uint32_t token, struct baton_range range,
                                  enum baton_direction direction, const struct verb *verb, bool arguments,
                                  uintptr_t call_site, struct wanted *wanted)
{
    struct handoff *const handoff = &wanted->handoff;
    const bool cpu = verb->kind == HANDLE_CPU_ACCESS;
    enum baton_status status;

    if (!arguments || (unsigned)direction > BATON_OVERWRITE)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, verb->name, call_site);
    wanted->verb = verb;
    *handoff =
        (struct handoff){.range = range, .direction = direction, .call_site = call_site, .tolerant = verb->tolerant};
    wanted->lock_state = instance_lock(instance);
    if (cpu) {
        handoff->buffer = instance_buffer(instance, (baton_buffer){token});
    } else {
        handoff->attachment = instance_attachment(instance, (baton_attachment){token});
        if (handoff->attachment != NULL)
            handoff->buffer = handoff->attachment->buffer;
    }
    if (handoff->buffer == NULL) {
        struct refusal refusal = {.verb = verb->name, .call_site = call_site, .range = range};

        instance->cpu.refusals += cpu;
        return refuse_handle(instance, wanted->lock_state, cpu ? &instance->buffers : &instance->attachments, token,
                             cpu ? HANDLE_BUFFER : HANDLE_ATTACHMENT, &refusal);
    }
    status =
        cpu ? cpu_check(instance, handoff->buffer, range, direction)
            : map_check(instance, handoff->attachment, range, direction, wanted->verb->kind, &wanted->segments);
    return status == BATON_OK ? status : acquire_refuse(instance, wanted, status);
}

enum baton_status acquire_end(struct baton *instance, const struct wanted *wanted, enum baton_status status,
                              void *result)
{
    const struct handoff *handoff = &wanted->handoff;
    const enum handle_kind kind = wanted->verb->kind;

    if (status != BATON_OK)
        return acquire_refuse(instance, wanted, status);
    instance_unlock(instance, wanted->lock_state);
    handoff_barrier(instance, handoff);
    /* Nobody else can end the access: its handle is not known yet. */
    if (kind == HANDLE_SOURCE)
        map_fill_source(result, handoff->access, &wanted->segments);
    else if (kind == HANDLE_DESTINATION)
        map_fill_destination(result, handoff->access, &wanted->segments);
    else
        cpu_open_access(instance, result, handoff->access, kind);
    return BATON_OK;
}
