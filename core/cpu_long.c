/* SPDX-License-Identifier: MIT */
/*
 * CPU access, the long ways: with others in flight, maintenance, special buffers, errors; and the partial end. Called by
 * core/cpu.c, which takes the short ways; small rather than fast.
 */
#include "core/cpu.h"
#include "core/refusal.h"
#include "core/release.h"

enum baton_status cpu_begin(struct baton *instance, baton_buffer handle, uint32_t offset, uint32_t length,
                            enum baton_direction direction, struct baton_cpu_access *access, uintptr_t call_site,
                            uint32_t lock_state)
{
    const struct baton_range range = {offset, length};
    struct buffer *buffer = instance_buffer(instance, handle);
    struct refusal refusal = {
        .verb = "baton_begin_cpu_access", .call_site = call_site, .range = range, .buffer = buffer};
    struct handoff handoff = {.buffer = buffer, .range = range, .direction = direction, .call_site = call_site};
    enum baton_status status;

    if (buffer == NULL) {
        instance->cpu.refusals++;
        return refuse_handle(instance, lock_state, &instance->buffers, handle.token, HANDLE_BUFFER, &refusal);
    }
    status = access != NULL ? cpu_check(instance, buffer, range, direction) : BATON_ERROR_ARGUMENT;
    if (status == BATON_OK)
        status = handoff_acquire(instance, &handoff, &lock_state);
    if (status != BATON_OK) {
        instance->cpu.refusals++;
        refusal.holder = handoff.holder;
        return refuse(instance, lock_state, status, &refusal);
    }
    cpu_open_access(instance, access, handoff.access, HANDLE_CPU_ACCESS);
    instance_unlock(instance, lock_state);
    handoff_barrier(instance, &handoff);
    return BATON_OK;
}

enum baton_status cpu_end(struct baton *instance, struct baton_cpu_access *access, uintptr_t call_site,
                          uint32_t lock_state)
{
    const struct release how = {.outcome = RELEASE_COMPLETE, .call_site = call_site};
    struct access *ending = instance_access(instance, access->access, HANDLE_CPU_ACCESS);

    if (ending == NULL)
        return refuse_access(instance, lock_state, access->access.token, HANDLE_CPU_ACCESS, "baton_end_cpu_access",
                             call_site);
    release_access(instance, ending, &how, lock_state);
    cpu_clear(access);
    return BATON_OK;
}

enum baton_status baton_end_cpu_access_partial(struct baton *instance, struct baton_cpu_access *access,
                                               struct baton_range written)
{
    const uintptr_t call_site = CALL_SITE;
    enum baton_status status;
    struct access *ending;
    uint32_t lock_state;

    if (instance == NULL || access == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, access->access, HANDLE_CPU_ACCESS);
    if (ending == NULL)
        return refuse_access(instance, lock_state, access->access.token, HANDLE_CPU_ACCESS, __func__, call_site);
    status = ending->manner.direction == BATON_READ ? BATON_ERROR_DIRECTION : BATON_ERROR_RANGE;
    if (status == BATON_ERROR_DIRECTION || !range_covers(ending->party.range, written)) {
        const struct refusal refusal = {__func__, call_site, written, ending->buffer, ending, 0};

        return refuse(instance, lock_state, status, &refusal);
    }
    const struct release how = {RELEASE_PARTIAL, written, call_site};

    release_access(instance, ending, &how, lock_state);
    cpu_clear(access);
    return BATON_OK;
}
