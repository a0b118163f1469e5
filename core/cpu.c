/* SPDX-License-Identifier: MIT */
/*
 * CPU access: baton_begin_cpu_access, baton_end_cpu_access, baton_end_cpu_access_partial.
 */
#include "core/acquire.h"
#include "core/cpu.h"
#include "core/refusal.h"
#include "core/release.h"

#define begin_verb "baton_begin_cpu_access"

/* The access is granted: fills in the caller's struct. */
static inline void open_access(struct baton_cpu_access *access, const struct access *granted)
{
    access->access.token = handle_token(&granted->slot, HANDLE_CPU_ACCESS);
    access->data = granted->buffer->cpu + granted->party.range.offset;
    access->length = granted->party.range.length;
}

static __attribute__((cold, noinline)) enum baton_status refuse_begin(struct baton *instance, uint32_t lock_state,
                                                                      baton_buffer handle, uintptr_t call_site)
{
    struct refusal refusal = {.verb = begin_verb, .call_site = call_site};

    instance->cpu.refusals++;
    return refuse_handle(instance, lock_state, &instance->buffers, handle.token, HANDLE_BUFFER, &refusal);
}

/* Everything but the short way: other accesses in flight, maintenance, overwriting, errors. Takes over the lock. */
static __attribute__((noinline)) enum baton_status
begin_slowly(struct baton *instance, struct buffer *buffer, uint32_t offset, uint32_t length,
             enum baton_direction direction, struct baton_cpu_access *access, uintptr_t call_site, uint32_t lock_state)
{
    static const struct verb verb = {begin_verb, HANDLE_CPU_ACCESS, HANDLE_BUFFER, false};
    struct wanted wanted;
    enum baton_status status;

    wanted.verb = &verb;
    wanted.lock_state = lock_state;
    wanted.handoff =
        (struct handoff){.buffer = buffer, .range = {offset, length}, .direction = direction, .call_site = call_site};
    status = access != NULL ? cpu_check(instance, buffer, wanted.handoff.range, direction) : BATON_ERROR_ARGUMENT;
    if (status == BATON_OK)
        status = handoff_acquire(instance, &wanted.handoff, &wanted.lock_state);
    return acquire_end(instance, &wanted, status, access);
}

enum baton_status baton_begin_cpu_access(struct baton *instance, baton_buffer buffer, struct baton_range range,
                                         enum baton_direction direction, struct baton_cpu_access *access)
{
    const uintptr_t call_site = CALL_SITE;
    struct access *granted;
    struct buffer *opened;
    uint32_t lock_state;

    if (instance == NULL)
        return BATON_ERROR_ARGUMENT;
    lock_state = instance_lock(instance);
    opened = instance_buffer(instance, buffer);
    if (!USUALLY(opened != NULL))
        return refuse_begin(instance, lock_state, buffer, call_site);
    if (USUALLY(access != NULL) && USUALLY(range_is_within(range, opened->size))) {
        granted = handoff_acquire_at_once(instance, opened, range, direction, call_site);
        if (USUALLY(granted != NULL)) {
            open_access(access, granted);
            trace_point(instance, granted, BATON_VERB_ACQUIRE, call_site);
            instance_unlock(instance, lock_state);
            return BATON_OK;
        }
    }
    return begin_slowly(instance, opened, range.offset, range.length, direction, access, call_site, lock_state);
}

static inline void clear(struct baton_cpu_access *access)
{
    access->access.token = 0;
    access->data = NULL;
    access->length = 0;
}

DEFINE_REFUSE_END(refuse_end, "baton_end_cpu_access", HANDLE_CPU_ACCESS)

enum baton_status baton_end_cpu_access(struct baton *instance, struct baton_cpu_access *access)
{
    const uintptr_t call_site = CALL_SITE;
    struct access *ending;
    uint32_t lock_state;

    if (instance == NULL || access == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, access->access, HANDLE_CPU_ACCESS);
    if (ending == NULL)
        return refuse_end(instance, lock_state, access->access, call_site);
    if (!USUALLY(ending->buffer->special == 0)) {
        const struct release how = {.outcome = RELEASE_COMPLETE, .call_site = call_site};

        release_access(instance, ending, &how, lock_state);
    } else {
        rules_commit_release(&ending->buffer->directory, &ending->lines, BATON_DOMAIN_CACHE, ending->manner.direction);
        handoff_release(instance, ending, false, call_site);
        instance_unlock(instance, lock_state);
    }
    clear(access);
    return BATON_OK;
}

enum baton_status baton_end_cpu_access_partial(struct baton *instance, struct baton_cpu_access *access,
                                               struct baton_range written)
{
    static const struct verb verb = {"baton_end_cpu_access_partial", HANDLE_CPU_ACCESS, HANDLE_CPU_ACCESS, false};
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
    clear(access);
    return BATON_OK;
}
