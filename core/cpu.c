/* SPDX-License-Identifier: MIT */
/*
 * CPU access, the short ways: baton_begin_cpu_access and baton_end_cpu_access. They are counted in instructions, and compiled for
 * speed; the long ways are in core/cpu_long.c.
 */
#include "core/cpu.h"
#include "core/refusal.h"
#include "core/release.h"

/* The access is granted: fills in the caller's struct. */
static inline void open_access(struct baton_cpu_access *access, const struct access *granted)
{
    access->access.token = handle_token(&granted->slot, HANDLE_CPU_ACCESS);
    access->data = granted->buffer->cpu + granted->party.range.offset;
    access->length = granted->party.range.length;
}

enum baton_status baton_begin_cpu_access(struct baton *instance, baton_buffer buffer, struct baton_range range,
                                         enum baton_direction direction, struct baton_cpu_access *access)
{
    const uintptr_t call_site = CALL_SITE;
    struct access *granted;
    struct buffer *opened;
    uint32_t lock_state;

    if (!USUALLY(instance != NULL))
        return BATON_ERROR_ARGUMENT; /* nobody could be told */
    lock_state = instance_lock(instance);
    opened = instance_buffer(instance, buffer);
    if (USUALLY(opened != NULL) && USUALLY(access != NULL) && USUALLY((unsigned)direction < BATON_OVERWRITE) &&
        USUALLY(range_is_within(range, opened->size))) {
        granted = handoff_acquire_at_once(instance, opened, NULL, range, BATON_DOMAIN_CACHE, direction, call_site);
        if (USUALLY(granted != NULL)) {
            instance->cpu.acquires++;
            open_access(access, granted);
            trace_point(instance, granted, BATON_VERB_ACQUIRE, call_site);
            instance_unlock(instance, lock_state);
            return BATON_OK;
        }
    }
    instance_unlock(instance, lock_state);
    return cpu_begin(instance, buffer, range, direction, access, call_site);
}

enum baton_status baton_end_cpu_access(struct baton *instance, struct baton_cpu_access *access)
{
    const uintptr_t call_site = CALL_SITE;
    struct access *ending;
    uint32_t lock_state;

    if (!USUALLY(instance != NULL) || !USUALLY(access != NULL))
        return cpu_end(instance, access, call_site);
    lock_state = instance_lock(instance);
    ending = instance_access(instance, access->access, HANDLE_CPU_ACCESS);
    if (!USUALLY(ending != NULL) || !USUALLY(ending->buffer->special == 0)) {
        instance_unlock(instance, lock_state);
        return cpu_end(instance, access, call_site);
    }
    if (ending->manner.direction != BATON_READ) /* R10: rules_commit_release() */
        directory_mark(&ending->buffer->directory, &ending->lines, rules_newest_in(BATON_DOMAIN_CACHE));
    handoff_release(instance, ending, false, call_site);
    instance_unlock(instance, lock_state);
    cpu_clear(access);
    return BATON_OK;
}
