/* SPDX-License-Identifier: MIT */
/*
 * CPU access, the long ways: with others in flight, maintenance, special buffers, errors; and the partial end. Called by
 * core/cpu.c, which takes the short ways; small rather than fast.
 */
#include "core/acquire.h"
#include "core/cpu.h"
#include "core/refusal.h"
#include "core/release.h"

enum baton_status cpu_begin(struct baton *instance, baton_buffer buffer, struct baton_range range,
                            enum baton_direction direction, struct baton_cpu_access *access, uintptr_t call_site)
{
    static const struct verb verb = {"baton_begin_cpu_access", HANDLE_CPU_ACCESS, HANDLE_BUFFER};
    struct handoff handoff = {.range = range, .direction = direction, .call_site = call_site};
    struct wanted wanted = {&verb, &handoff, 0, NULL};
    enum baton_status status = acquire_begin(instance, buffer.token, access != NULL, &wanted);

    if (status != BATON_OK)
        return status;
    status = handoff_acquire(instance, &handoff, &wanted.lock_state);
    return acquire_end(instance, &wanted, status, access);
}

enum baton_status cpu_end(struct baton *instance, struct baton_cpu_access *access, uintptr_t call_site)
{
    static const struct verb verb = {"baton_end_cpu_access", HANDLE_CPU_ACCESS, HANDLE_CPU_ACCESS};
    const struct release how = {.outcome = RELEASE_COMPLETE, .call_site = call_site};
    enum baton_status status;
    uint32_t lock_state;
    struct access *ending =
        acquire_find(instance, access ? &access->access : NULL, &verb, call_site, &lock_state, &status);

    if (ending == NULL)
        return status;
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
