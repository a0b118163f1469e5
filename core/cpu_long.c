/* SPDX-License-Identifier: MIT */
/*
 * CPU access, the long ways: with others in flight, maintenance, special buffers, errors; and the partial end. Called by
 * core/cpu.c, which takes the short ways; small rather than fast.
 */
#include "core/acquire.h"
#include "core/cpu.h"
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
    const struct release how = {.outcome = RELEASE_COMPLETE, .call_site = call_site};
    struct access *ending;
    struct call call;

    call_begin(&call, instance, "baton_end_cpu_access", call_site);
    ending = call_find_access(&call, HANDLE_CPU_ACCESS, access ? &access->access : NULL);
    if (ending == NULL)
        return call.status;
    release_access(instance, ending, &how, call.lock_state);
    cpu_clear(access);
    return BATON_OK;
}

enum baton_status baton_end_cpu_access_partial(struct baton *instance, struct baton_cpu_access *access,
                                               struct baton_range written)
{
    const struct release how = {RELEASE_PARTIAL, written, CALL_SITE};
    struct access *ending;
    struct call call;

    call_begin(&call, instance, __func__, how.call_site);
    ending = call_find_access(&call, HANDLE_CPU_ACCESS, access ? &access->access : NULL);
    if (ending == NULL)
        return call.status;
    call.refusal.range = written;
    call.refusal.buffer = ending->buffer;
    call.refusal.holder = ending;
    if (ending->manner.direction == BATON_READ)
        return call_refuse(&call, BATON_ERROR_DIRECTION);
    if (!range_covers(ending->party.range, written))
        return call_refuse(&call, BATON_ERROR_RANGE);
    release_access(instance, ending, &how, call.lock_state);
    cpu_clear(access);
    return BATON_OK;
}
