/* SPDX-License-Identifier: MIT */
/*
 * CPU access, the long ways: with others in flight, maintenance, special buffers, errors; and the partial end. Called by
 * core/cpu.c, which takes the short ways; small rather than fast.
 */
#include "core/acquire.h"
#include "core/cpu.h"
#include "core/refusal.h"
#include "core/release.h"

enum baton_status cpu_begin(struct baton *instance, baton_buffer handle, uint32_t offset, uint32_t length,
                            enum baton_direction direction, struct baton_cpu_access *access, uintptr_t call_site,
                            uint32_t lock_state)
{
    static const struct verb verb = {"baton_begin_cpu_access", HANDLE_CPU_ACCESS, HANDLE_BUFFER};
    struct handoff handoff = {.range = {offset, length}, .direction = direction, .call_site = call_site};
    struct wanted wanted = {&verb, &handoff, lock_state, NULL};
    enum baton_status status;

    status = acquire_look_up(instance, handle.token, &wanted);
    if (status != BATON_OK)
        return status;
    status = access != NULL ? handoff_acquire(instance, &handoff, &wanted.lock_state) : BATON_ERROR_ARGUMENT;
    return acquire_end(instance, &wanted, status, access);
}

enum baton_status cpu_end(struct baton *instance, struct baton_cpu_access *access, uintptr_t call_site,
                          uint32_t lock_state)
{
    const struct release how = {.outcome = RELEASE_COMPLETE, .call_site = call_site};
    struct access *ending = instance_find(instance, HANDLE_CPU_ACCESS, access->access.token);

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
    static const struct verb verb = {"baton_end_cpu_access_partial", HANDLE_CPU_ACCESS, HANDLE_CPU_ACCESS};
    const struct release how = {RELEASE_PARTIAL, written, CALL_SITE};
    enum baton_status status;
    uint32_t lock_state;
    struct access *ending =
        acquire_find(instance, access ? &access->access : NULL, &verb, how.call_site, &lock_state, &status);

    if (ending == NULL)
        return status;
    status = ending->manner.direction == BATON_READ ? BATON_ERROR_DIRECTION : BATON_ERROR_RANGE;
    if (status == BATON_ERROR_DIRECTION || !range_covers(ending->party.range, written)) {
        const struct refusal refusal = {verb.name, how.call_site, written, ending->buffer, ending, 0};

        return refuse(instance, lock_state, status, &refusal);
    }
    release_access(instance, ending, &how, lock_state);
    cpu_clear(access);
    return BATON_OK;
}
