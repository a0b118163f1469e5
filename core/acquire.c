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
    const struct handoff *handoff = wanted->handoff;
    const struct refusal refusal = {wanted->verb->name, handoff->call_site, handoff->range,
                                    handoff->buffer,    handoff->holder,    0};

    acquire_count_refusal(instance, handoff);
    return refuse(instance, wanted->lock_state, status, &refusal);
}

enum baton_status acquire_look_up(struct baton *instance, uint32_t token, struct wanted *wanted)
{
    struct handoff *const handoff = wanted->handoff;
    const enum handle_kind of = wanted->verb->of;
    const bool cpu = of == HANDLE_BUFFER;
    void *found = instance_find(instance, of, token);
    enum baton_status status;

    if (found == NULL) {
        struct refusal refusal = {.verb = wanted->verb->name, .call_site = handoff->call_site, .range = handoff->range};

        instance->cpu.refusals += cpu;
        return refuse_handle(instance, wanted->lock_state, token, of, &refusal);
    }
    if (cpu) {
        handoff->buffer = found;
        status = cpu_check(instance, found, handoff->range, handoff->direction);
    } else {
        handoff->attachment = found;
        handoff->buffer = handoff->attachment->buffer;
        status = map_check(instance, found, handoff->range, handoff->direction, wanted->verb->kind, wanted->segments);
    }
    return status == BATON_OK ? status : acquire_refuse(instance, wanted, status);
}

enum baton_status acquire_begin(struct baton *instance, uint32_t token, bool arguments, struct wanted *wanted)
{
    const struct handoff *handoff = wanted->handoff;

    if (instance == NULL || !arguments || (unsigned)handoff->direction > BATON_OVERWRITE)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, wanted->verb->name, handoff->call_site);
    wanted->lock_state = instance_lock(instance);
    return acquire_look_up(instance, token, wanted);
}

enum baton_status acquire_end(struct baton *instance, const struct wanted *wanted, enum baton_status status,
                              void *result)
{
    const struct handoff *handoff = wanted->handoff;
    const enum handle_kind kind = wanted->verb->kind;

    if (status != BATON_OK)
        return acquire_refuse(instance, wanted, status);
    /* Under the lock: a fence's access may be ended by another CPU as soon as it is given back. */
    if (kind == HANDLE_SOURCE || kind == HANDLE_DESTINATION) {
        struct baton_source *mapped = result;

        mapped->access.token = handle_token(&handoff->access->slot, kind);
        mapped->length = handoff->range.length;
        mapped->count = wanted->segments->count;
        for (uint32_t i = 0; i < mapped->count; i++)
            mapped->segments[i] = wanted->segments->list[i];
    } else {
        cpu_open_access(instance, result, handoff->access, kind);
    }
    instance_unlock(instance, wanted->lock_state);
    handoff_barrier(instance, handoff);
    return BATON_OK;
}
