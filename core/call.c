/* SPDX-License-Identifier: MIT */
/*
 * The beginning and the end of public calls.
 */
#include "core/call.h"

void call_begin(struct call *call, struct baton *instance, const char *verb, uintptr_t call_site)
{
    *call = (struct call){.instance = instance, .refusal = {.verb = verb, .call_site = call_site}};
}

void *call_find_further(struct call *call, enum handle_kind kind, uint32_t token)
{
    struct baton *instance = call->instance;
    void *found = instance_find(instance, kind, token);

    if (found == NULL)
        call->status = refuse_handle(instance, call->lock_state, token, kind, &call->refusal);
    return found;
}

bool call_enter(struct call *call, bool arguments)
{
    if (call->instance == NULL || !arguments) {
        call->status =
            refuse_unlocked(call->instance, BATON_ERROR_ARGUMENT, call->refusal.verb, call->refusal.call_site);
        return false;
    }
    call->lock_state = instance_lock(call->instance);
    return true;
}

void *call_find(struct call *call, enum handle_kind kind, uint32_t token, bool arguments)
{
    return call_enter(call, arguments) ? call_find_further(call, kind, token) : NULL;
}

struct access *call_find_access(struct call *call, enum handle_kind kind, const baton_access *handle)
{
    return call_find(call, kind, handle ? handle->token : 0, handle != NULL);
}

enum baton_status call_refuse(const struct call *call, enum baton_status status)
{
    return refuse(call->instance, call->lock_state, status, &call->refusal);
}

enum baton_status call_end(const struct call *call)
{
    instance_unlock(call->instance, call->lock_state);
    return BATON_OK;
}
