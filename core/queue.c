/* SPDX-License-Identifier: MIT */
/*
 * The queue of a buffer. A place in it is a slot of the accesses that is not in flight. Whenever lines become free the oldest
 * are looked at first; whose turn has come moves among the accesses in flight, where it keeps others away until it claims.
 */
#include "core/queue.h"
#include "core/release.h"

void queue_handoff(struct access *waiting, struct handoff *handoff)
{
    *handoff = (struct handoff){.buffer = waiting->buffer,
                                .attachment = waiting->attachment,
                                .range = waiting->party.range,
                                .direction = waiting->manner.direction,
                                .call_site = waiting->call_site,
                                .self = waiting};
}

/* W2: moves everybody whose turn has come. Bounded by limits.accesses, squared. */
static void promote(const struct baton *instance, struct buffer *buffer)
{
    struct rules_acquire request;
    struct access *next;

    for (struct access *waiting = buffer->queue; waiting != NULL; waiting = next) {
        struct handoff handoff;

        queue_handoff(waiting, &handoff);
        next = waiting->next;
        if (handoff_check(instance, &handoff, &request) == BATON_OK) {
            handoff_unlink(waiting);
            handoff_enter_at(instance, &buffer->accesses, waiting, &handoff, BATON_HOLD_RESERVED);
            if (request.crowded) {
                waiting->ties = TIE_CROWDED;
                buffer->special |= SPECIAL_ACCESSES;
            }
        }
    }
    if (buffer->queue == NULL)
        buffer->special &= (uint16_t)~SPECIAL_QUEUE;
}

/* Of those whose turn has come, and who were not told yet, the one who came first; NULL: none. */
static struct ties *to_be_told(const struct baton *instance, const struct buffer *buffer)
{
    struct ties *oldest = NULL;

    for (const struct access *access = buffer->accesses; access != NULL; access = access->next) { /* newest first */
        if (access->manner.hold == BATON_HOLD_RESERVED && instance_ties(instance, access)->ready != NULL)
            oldest = instance_ties(instance, access); /* of no other: the CPU that copies for a detach has none */
    }
    return oldest;
}

/* features.advance */
static void advance(struct baton *instance, struct buffer *buffer, uint32_t lock_state)
{
    promote(instance, buffer);
    if (!buffer->calling) { /* W5: a ready function may end up here again: not one inside the other */
        struct ties *ties;

        buffer->calling = true;
        while ((ties = to_be_told(instance, buffer)) != NULL) {
            const baton_ready ready = ties->ready;
            void *const context = ties->ready_context;

            ties->ready = NULL;
            instance_unlock(instance, lock_state);
            ready(context);
            lock_state = instance_lock(instance);
        }
        buffer->calling = false;
    }
    instance_unlock(instance, lock_state);
}

struct access *queue_enter(struct baton *instance, const struct handoff *handoff, baton_ready ready, void *context)
{
    struct access **end = &handoff->buffer->queue, *waiting = handle_take(&instance->accesses);
    struct ties *ties;

    if (waiting == NULL)
        return NULL;
    while (*end != NULL)
        end = &(*end)->next;
    handoff_enter_at(instance, end, waiting, handoff, BATON_HOLD_WAITING);
    ties = instance_ties(instance, waiting);
    ties->ready = ready;
    ties->ready_context = context;
    instance->features.advance = advance;
    handoff->buffer->special |= SPECIAL_QUEUE;
    return waiting;
}

void queue_leave(struct baton *instance, struct access *waiting)
{
    waiting->manner.hold = BATON_HOLD_GRANTED;
    handle_retire(&waiting->slot);
    release_slot(instance, waiting);
}

enum baton_status queue_acquire(struct baton *instance, struct handoff *handoff, const struct deadline *deadline,
                                uint32_t *lock_state)
{
    enum baton_status status = handoff_acquire(instance, handoff, lock_state);

    if (!queue_passes(status) || deadline->unable == BATON_ERROR_PENDING)
        return status;
    if (deadline->unable != BATON_OK)
        return deadline->unable;
    handoff->self = queue_enter(instance, handoff, NULL, NULL);
    if (handoff->self == NULL)
        return BATON_ERROR_NO_SLOT;
    instance_unlock(instance, *lock_state);
    /* Looked at without the lock: taking it would wake all who sleep, this one included. Nobody else ends the place. */
    while (__atomic_load_n(&handoff->self->manner.hold, __ATOMIC_RELAXED) == BATON_HOLD_WAITING &&
           deadline_sleep(instance, deadline))
        ;
    *lock_state = instance_lock(instance);
    promote(instance, handoff->buffer); /* somebody may be between making way and saying so */
    status = handoff_acquire(instance, handoff, lock_state);
    if (status != BATON_OK) {
        queue_leave(instance, handoff->self);
        status = BATON_ERROR_TIMEOUT;
    }
    return status;
}
