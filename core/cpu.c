/* SPDX-License-Identifier: MIT */
/*
 * CPU access: baton_begin_cpu_access, baton_end_cpu_access, baton_end_cpu_access_partial.
 */
#include "core/handoff.h"
#include "core/refusal.h"

enum baton_status baton_begin_cpu_access(struct baton *instance, baton_buffer buffer, struct baton_range range,
                                         enum baton_direction direction, struct baton_cpu_access *access)
{
    struct handoff handoff = {
        .range = range, .direction = direction, .kind = HANDLE_CPU_ACCESS, .call_site = CALL_SITE};
    enum baton_status status;
    uint32_t lock_state;

    if (instance == NULL)
        return BATON_ERROR_ARGUMENT;
    lock_state = instance_lock(instance);
    handoff.buffer = instance_buffer(instance, buffer);
    if (access == NULL || (unsigned)direction > BATON_OVERWRITE)
        status = BATON_ERROR_ARGUMENT;
    else if (handoff.buffer == NULL)
        status = BATON_ERROR_STALE_HANDLE; /* or foreign: told apart below */
    else if (!range_is_within(range, handoff.buffer->size))
        status = BATON_ERROR_RANGE;
    else
        status = handoff_acquire(instance, &handoff, &lock_state);

    if (status != BATON_OK) {
        struct refusal refusal = {__func__, handoff.call_site, range, handoff.buffer, handoff.holder, 0};

        instance->cpu.refusals++;
        if (status == BATON_ERROR_STALE_HANDLE)
            return refuse_handle(instance, lock_state, &instance->buffers, buffer.token, HANDLE_BUFFER, &refusal);
        return refuse(instance, lock_state, status, &refusal);
    }
    access->access.token = handoff.access->slot.token;
    access->data = handoff.buffer->cpu + range.offset;
    access->length = range.length;
    instance_unlock(instance, lock_state);
    handoff_barrier(instance, &handoff);
    return BATON_OK;
}

static void clear(struct baton_cpu_access *access)
{
    access->access.token = 0;
    access->data = NULL;
    access->length = 0;
}

enum baton_status baton_end_cpu_access(struct baton *instance, struct baton_cpu_access *access)
{
    const uintptr_t call_site = CALL_SITE;
    struct access *ending;
    uint32_t lock_state;

    if (instance == NULL || access == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, access->access, HANDLE_CPU_ACCESS);
    if (ending == NULL) {
        struct refusal refusal = {.verb = __func__, .call_site = call_site};

        return refuse_handle(instance, lock_state, &instance->accesses, access->access.token, HANDLE_CPU_ACCESS,
                             &refusal);
    }
    handoff_release(instance, ending, HANDLE_CPU_ACCESS, RULES_COMPLETE, ending->range, call_site);
    instance_unlock(instance, lock_state);
    clear(access);
    return BATON_OK;
}

enum baton_status baton_end_cpu_access_partial(struct baton *instance, struct baton_cpu_access *access,
                                               struct baton_range written)
{
    const uintptr_t call_site = CALL_SITE;
    struct refusal refusal = {.verb = __func__, .call_site = call_site, .range = written};
    struct access *ending;
    uint32_t lock_state;

    if (instance == NULL || access == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, access->access, HANDLE_CPU_ACCESS);
    if (ending == NULL)
        return refuse_handle(instance, lock_state, &instance->accesses, access->access.token, HANDLE_CPU_ACCESS,
                             &refusal);
    refusal.buffer = ending->buffer;
    if (ending->direction == BATON_READ)
        return refuse(instance, lock_state, BATON_ERROR_DIRECTION, &refusal);
    if (!range_covers(ending->range, written))
        return refuse(instance, lock_state, BATON_ERROR_RANGE, &refusal);
    handoff_release(instance, ending, HANDLE_CPU_ACCESS, RULES_PARTIAL, written, call_site);
    instance_unlock(instance, lock_state);
    clear(access);
    return BATON_OK;
}
