/* SPDX-License-Identifier: MIT */
/*
 * Ending accesses, the long way. The short ways are in core/cpu.c and core/map.c.
 */
#include "core/release.h"
#include "core/enforcement.h"

/* What the end leaves in the directory of the place that the access worked on, and what the buffer's bounce buffers miss now. */
static void leave(struct baton *instance, struct access *access, const struct release *how)
{
    struct buffer *const place = access_place(access);
    const uint32_t shift = instance->granule_shift;
    struct line_range written = access->lines;

    if (access->manner.direction == BATON_READ || how->outcome == RELEASE_UNTOUCHED)
        return;
    if (how->outcome != RELEASE_COMPLETE) {
        const struct rules_release request = {
            .lines = access->lines,
            .whole = range_whole_lines(access->party.range, access->buffer->size, shift),
            .written = range_lines(how->written, shift),
            .domain = access->manner.domain,
            .direction = access->manner.direction,
            .outcome = how->outcome == RELEASE_PARTIAL ? RULES_PARTIAL : RULES_FAILED,
        };

        if (!buffer_is_cache_only(place)) /* R15 */
            rules_commit_unfinished(&place->directory, &request);
        written = request.written;
    } else if (access->attachment == NULL ||
               (access->ties & TIE_FENCE) != 0) { /* R17: other devices' are noted already */
        rules_commit_release(&place->directory, &access->lines, access->manner.domain, access->manner.direction);
    }
    if ((access->buffer->special & SPECIAL_BOUNCED) != 0)
        instance->features.differ(instance, access, &written);
}

/* The buffer loses its SPECIAL_ACCESSES with the last access that is tied to something. */
static void forget_ties(struct access *access)
{
    struct buffer *buffer = access->buffer;

    access->ties = 0;
    for (const struct access *other = buffer->accesses; other != NULL; other = other->next) {
        if (other->ties != 0 || other->manner.hold == BATON_HOLD_QUARANTINED) /* who lends has a part beside it */
            return;
    }
    buffer->special &= (uint16_t)~SPECIAL_ACCESSES;
}

void release_hand_over(struct baton *instance, struct access *access, const struct release *how,
                       struct baton_announcement *what, uint32_t *lock_state)
{
    struct buffer *buffer = access->buffer;

    if (access->attachment == NULL && enforcement_updates(buffer)) {
        access->manner.hold = BATON_HOLD_ENDING;
        instance_unlock(instance, *lock_state);
        buffer->pages->update(instance, buffer, access->lines, NULL, BATON_PROTECT_NONE);
        *lock_state = instance_lock(instance);
    }
    leave(instance, access, how);
    if (access->attachment != NULL && how->outcome != RELEASE_UNTOUCHED)
        buffer->device_done = true;
    access->call_site = how->call_site;
    access->manner.hold = BATON_HOLD_GRANTED;
    handoff_trace(instance, access, BATON_VERB_RELEASE);
    handoff_describe(access, BATON_VERB_RELEASE, buffer->epoch, what);
}

void release_announce(struct baton *instance, struct buffer *buffer, const struct baton_announcement *what,
                      uint32_t *lock_state)
{
    if ((buffer->special & SPECIAL_SUBSCRIBED) != 0) {
        buffer->announcing++; /* A4: from before the lock is given back: nothing else keeps the buffer */
        instance_unlock(instance, *lock_state);
        instance->features.announce(instance, buffer, what);
        *lock_state = instance_lock(instance);
        buffer->announcing--;
    }
}

void release_slot(struct baton *instance, struct access *access)
{
    handoff_unlink(access);
    handle_free(&instance->accesses, &access->slot);
    if ((access->buffer->special & SPECIAL_ACCESSES) != 0)
        forget_ties(access);
}

void release_access(struct baton *instance, struct access *access, const struct release *how, uint32_t lock_state)
{
    struct buffer *buffer = access->buffer;
    struct baton_announcement what;

    handle_retire(&access->slot); /* from here on no handle leads to it */
    release_hand_over(instance, access, how, &what, &lock_state);
    release_slot(instance, access);
    release_announce(instance, buffer, &what, &lock_state);
    release_unlock(instance, buffer, lock_state);
}

void release_unlock(struct baton *instance, struct buffer *buffer, uint32_t lock_state)
{
    if ((buffer->special & SPECIAL_QUEUE) != 0)
        instance->features.advance(instance, buffer, lock_state);
    else
        instance_unlock(instance, lock_state);
}
