/* SPDX-License-Identifier: MIT */
/*
 * The verbs of stages and their fences (core/api/fence.h). How a chain goes on is in core/chain.c.
 */
#include "core/acquire.h"
#include "core/chain.h"
#include "core/deadline.h"

static void begin(struct chain_call *call, struct baton *instance, const char *verb, uintptr_t call_site)
{
    call_begin(&call->common, instance, verb, call_site);
    call->fence = NULL;
    call->ready = NULL;
}

/* Refuses; the report names the stage's newest mapping as the holder, or says where the stage was opened. */
static __attribute__((cold)) enum baton_status reject(struct chain_call *call, enum baton_status status)
{
    struct refusal *refusal = &call->common.refusal;

    if (call->fence != NULL) {
        refusal->ended_by = call->fence->call_site;
        refusal->holder = call->fence->mappings;
        if (refusal->holder != NULL)
            refusal->buffer = refusal->holder->buffer;
    }
    return call_refuse(&call->common, status);
}

/* Takes the lock and finds call->fence, or refuses. */
static enum baton_status enter(struct chain_call *call, baton_fence handle)
{
    call->fence = call_find(&call->common, HANDLE_FENCE, handle.token, true);
    return call->fence != NULL ? BATON_OK : call->common.status;
}

enum baton_status baton_fence_open(struct baton *instance, const struct baton_fence_config *config, baton_fence *fence)
{
    struct chain_call call;
    enum baton_status status;
    struct fence *after, *made, **link;

    begin(&call, instance, __func__, CALL_SITE);
    if (instance == NULL || config == NULL || config->name == NULL || fence == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call.common.refusal.call_site);
    if (config->after.token != 0) {
        status = enter(&call, config->after);
        if (status != BATON_OK)
            return status;
        if (!call.fence->queued)
            return reject(&call, BATON_ERROR_ARGUMENT);
    } else {
        call.common.lock_state = instance_lock(instance);
    }
    after = call.fence;
    made = handle_take(&instance->fences);
    if (made == NULL)
        return reject(&call, BATON_ERROR_NO_SLOT);
    /* What is not set here is zero since the slot was used last, or ever. */
    made->config = *config;
    made->call_site = call.common.refusal.call_site;
    made->queued = made->started = false;
    made->next_follower = NULL;
    made->fate = made->status = BATON_ERROR_PENDING;
    if (after != NULL) {
        if (after->status == BATON_ERROR_PENDING) {
            made->after = after;
            for (link = &after->followers; *link != NULL;)
                link = &(*link)->next_follower;
            *link = made;
        } else if (after->status != BATON_OK) {
            made->fate = made->status = after->status;
        }
    }
    instance->features.chain_check = chain_check;
    instance->features.chain_maintain = chain_maintain;
    fence->token = handle_token(&made->slot, HANDLE_FENCE);
    return call_end(&call.common);
}

/* Which verb maps, and how: a direction, and to a device or from it. */
enum { FROM_DEVICE = 4, DIRECTION = 3 };

/* Both directions of mapping. */
static enum baton_status map(struct baton *instance, baton_fence handle, baton_attachment attachment, uint32_t offset,
                             uint32_t length, unsigned how, struct baton_source *to, uintptr_t call_site)
{
    struct handoff handoff = {
        .range = {offset, length}, .direction = (enum baton_direction)(how & DIRECTION), .call_site = call_site};
    static const struct verb verbs[] = {{"baton_fence_map_to_device", HANDLE_SOURCE, HANDLE_ATTACHMENT},
                                        {"baton_fence_map_from_device", HANDLE_DESTINATION, HANDLE_ATTACHMENT}};
    const struct verb *verb = &verbs[(how & FROM_DEVICE) != 0];
    struct chain_call call;
    enum baton_status status;
    struct fence *fence;

    begin(&call, instance, verb->name, call_site);
    if (instance == NULL || to == NULL || handoff.direction > BATON_OVERWRITE)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, call.common.refusal.verb, call_site);
    status = enter(&call, handle);
    if (status != BATON_OK)
        return status;
    fence = call.fence;
    status = fence->queued ? BATON_ERROR_HELD : fence->fate;
    if (status != BATON_ERROR_PENDING)
        return reject(&call, status);
    fence->building++;
    handoff.fence = fence;
    status = map_locked(instance, attachment, &handoff, verb, to, call.common.lock_state);
    if (status == BATON_OK) /* the access is the fence's: its handle is nobody's */
        to->access.token = 0;
    call.common.lock_state = instance_lock(instance);
    if (fence->fate != BATON_ERROR_PENDING) /* while the new mapping was in transit */
        chain_end_mappings(&call, fence, RELEASE_UNTOUCHED);
    fence->building--;
    instance_unlock(instance, call.common.lock_state);
    return status;
}

enum baton_status baton_fence_map_to_device(struct baton *instance, baton_fence fence, baton_attachment attachment,
                                            struct baton_range range, struct baton_source *source)
{
    return map(instance, fence, attachment, range.offset, range.length, BATON_READ, source, CALL_SITE);
}

enum baton_status baton_fence_map_from_device(struct baton *instance, baton_fence fence, baton_attachment attachment,
                                              struct baton_range range, enum baton_direction direction,
                                              struct baton_destination *destination)
{
    /* What is no direction stays none. */
    const unsigned how = (unsigned)direction > BATON_OVERWRITE ? DIRECTION : direction;

    return map(instance, fence, attachment, range.offset, range.length, how | FROM_DEVICE, (void *)destination,
               CALL_SITE);
}

/* What happens to a stage: one function, for what all of it has in common. Signals carry how it ended. */
enum event { QUEUED, HALTED, CANCELLED, CLOSED, SIGNALLED };

static enum baton_status happen(struct baton *instance, baton_fence handle, unsigned what, uintptr_t call_site)
{
    static const char *const verbs[] = {"baton_fence_queue", "baton_fence_halted", "baton_fence_cancel",
                                        "baton_fence_close", "baton_fence_signal"};
    struct chain_call call;
    const enum event event = what < SIGNALLED ? what : SIGNALLED;
    const enum baton_status how = what - SIGNALLED;
    enum release_outcome outcome = RELEASE_FAILED;
    enum baton_status status;
    struct fence *fence;

    begin(&call, instance, verbs[event], call_site);
    status = enter(&call, handle);
    if (status != BATON_OK)
        return status;
    fence = call.fence;
    fence->users++;
    switch (event) {
    case QUEUED:
        status = fence->queued ? BATON_ERROR_HELD : BATON_ERROR_IN_TRANSIT;
        if (fence->queued || fence->building != 0)
            goto refused;
        fence->queued = true;
        if (fence->after == NULL && !fence->ready)
            chain_append(&call, fence);
        break;
    case CANCELLED:
        status = BATON_ERROR_HELD;
        if (fence->started || fence->fate != BATON_ERROR_PENDING)
            goto refused;
        fence->fate = BATON_ERROR_CANCELLED;
        chain_unlink(fence);
        if (!fence->ready)
            chain_append(&call, fence);
        break;
    case SIGNALLED:
        status = BATON_ERROR_ARGUMENT;
        if (how != BATON_OK && how != BATON_ERROR_DEVICE && how != BATON_ERROR_TIMEOUT)
            goto refused;
        status = fence->started ? BATON_ERROR_HELD : BATON_ERROR_PENDING;
        if (!fence->started || fence->fate != BATON_ERROR_PENDING)
            goto refused;
        fence->fate = how;
        if (how == BATON_ERROR_TIMEOUT) {
            fence->quarantined = true;
            chain_set_hold(instance, fence, BATON_HOLD_QUARANTINED);
            break;
        }
        if (how == BATON_OK)
            outcome = RELEASE_COMPLETE;
        chain_end_mappings(&call, fence, outcome);
        break;
    case HALTED:
        status = BATON_ERROR_ARGUMENT;
        if (!fence->quarantined)
            goto refused;
        fence->quarantined = false;
        chain_end_mappings(&call, fence, outcome);
        break;
    case CLOSED:
        status = fence->building != 0 ? BATON_ERROR_IN_TRANSIT : BATON_ERROR_HELD;
        if (fence->building != 0 || fence->users != 1 || fence->quarantined ||
            (fence->queued && fence->status == BATON_ERROR_PENDING))
            goto refused;
        handle_retire(&fence->slot);
        chain_unlink(fence);
        chain_end_mappings(&call, fence, RELEASE_UNTOUCHED);
        fence->users = 0;
        handle_free(&instance->fences, &fence->slot);
        return call_end(&call.common);
    }
    chain_leave(&call, fence);
    chain_run(&call);
    return BATON_OK;

refused:
    fence->users--;
    return reject(&call, status);
}

enum baton_status baton_fence_queue(struct baton *instance, baton_fence fence)
{
    return happen(instance, fence, QUEUED, CALL_SITE);
}

enum baton_status baton_fence_signal(struct baton *instance, baton_fence fence, enum baton_status status)
{
    return happen(instance, fence, (unsigned)SIGNALLED + status, CALL_SITE);
}

enum baton_status baton_fence_halted(struct baton *instance, baton_fence fence)
{
    return happen(instance, fence, HALTED, CALL_SITE);
}

enum baton_status baton_fence_cancel(struct baton *instance, baton_fence fence)
{
    return happen(instance, fence, CANCELLED, CALL_SITE);
}

enum baton_status baton_fence_close(struct baton *instance, baton_fence *fence)
{
    const uintptr_t call_site = CALL_SITE;
    enum baton_status status;

    if (fence == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    status = happen(instance, *fence, CLOSED, call_site);
    if (status == BATON_OK)
        fence->token = 0;
    return status;
}

/* Looks without the lock: taking it would wake all who sleep, this one included. What it finds is looked at again. false: the
 * deadline is past. */
static bool sleep_while_pending(const struct baton *instance, const struct fence *fence, baton_fence handle,
                                const struct deadline *deadline)
{
    bool slept;

    do
        slept = deadline_sleep(instance, deadline);
    while (slept && __atomic_load_n(&fence->status, __ATOMIC_RELAXED) == BATON_ERROR_PENDING &&
           __atomic_load_n(&fence->slot.token, __ATOMIC_RELAXED) == (handle.token ^ HANDLE_KIND(HANDLE_FENCE)));
    return slept;
}

static enum baton_status wait(struct baton *instance, baton_fence handle, uint32_t timeout, uintptr_t call_site)
{
    struct chain_call call;
    struct deadline deadline;
    enum baton_status status;

    begin(&call, instance, timeout != 0 ? "baton_fence_wait" : "baton_fence_status", call_site);
    if (instance == NULL || !deadline_start(instance, timeout, &deadline))
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, call.common.refusal.verb, call_site);
    for (bool late = false;; late = !sleep_while_pending(instance, call.fence, handle, &deadline)) {
        status = enter(&call, handle);
        if (status != BATON_OK)
            return status;
        status = call.fence->status;
        if (status == BATON_ERROR_PENDING && timeout != 0) {
            if (deadline.unable != BATON_OK)
                return reject(&call, deadline.unable);
            if (late) {
                while (call.fence->after != NULL) /* who is in the way is the stage that runs */
                    call.fence = call.fence->after;
                return reject(&call, BATON_ERROR_TIMEOUT);
            }
        }
        instance_unlock(instance, call.common.lock_state);
        if (status != BATON_ERROR_PENDING || timeout == 0)
            return status;
    }
}

enum baton_status baton_fence_status(struct baton *instance, baton_fence fence)
{
    return wait(instance, fence, 0, CALL_SITE);
}

enum baton_status baton_fence_wait(struct baton *instance, baton_fence fence, uint32_t timeout)
{
    return wait(instance, fence, timeout, CALL_SITE);
}
