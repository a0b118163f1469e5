/* SPDX-License-Identifier: MIT */
/*
 * Refusals: off the path of a handoff, small rather than fast.
 */
#include "core/refusal.h"

void refusal_report(const struct baton *instance, const struct baton_misuse *what)
{
    if (instance->port->misuse != NULL)
        instance->port->misuse(instance->port->context, what);
}

enum baton_status refuse(struct baton *instance, uint32_t lock_state, enum baton_status status,
                         const struct refusal *refusal)
{
    /* Copied while it is locked: the holder may be gone a moment later. */
    const struct baton_misuse what = {
        .verb = refusal->verb,
        .reason = baton_status_text(status),
        .buffer = refusal->buffer ? refusal->buffer->name : "",
        .holder = refusal->holder ? refusal->holder->party.holder : "",
        .call_site = refusal->call_site,
        .holder_call_site = refusal->holder ? refusal->holder->call_site : refusal->ended_by,
        .holder_epoch = refusal->holder ? refusal->holder->epoch : 0,
        .holder_writes = refusal->holder && refusal->holder->manner.direction != BATON_READ,
        .offset = refusal->range.offset,
        .length = refusal->range.length,
        .epoch = refusal->buffer ? refusal->buffer->epoch : 0,
    };

    instance_unlock(instance, lock_state);
    if (status != BATON_ERROR_IN_TRANSIT)
        refusal_report(instance, &what);
    return status;
}

enum baton_status refuse_unlocked(struct baton *instance, enum baton_status status, const char *verb,
                                  uintptr_t call_site)
{
    const struct baton_misuse what = {
        .verb = verb, .reason = baton_status_text(status), .buffer = "", .holder = "", .call_site = call_site};

    if (instance != NULL)
        refusal_report(instance, &what);
    return status;
}

/* By the kind of their handle: the size of objects, and where in the instance their table is. */
static const struct {
    uint16_t size, table;
} kinds[] = {
#define OBJECTS(kind, name, objects) [kind] = {sizeof(struct name), offsetof(struct baton, objects)}
    OBJECTS(HANDLE_POOL, pool, pools),
    OBJECTS(HANDLE_BUFFER, buffer, buffers),
    OBJECTS(HANDLE_DEVICE, device, devices),
    OBJECTS(HANDLE_ATTACHMENT, attachment, attachments),
    OBJECTS(HANDLE_CPU_ACCESS, access, accesses),
    OBJECTS(HANDLE_SOURCE, access, accesses),
    OBJECTS(HANDLE_DESTINATION, access, accesses),
    OBJECTS(HANDLE_PART, access, accesses),
    OBJECTS(HANDLE_RESERVATION, access, accesses),
    OBJECTS(HANDLE_FENCE, fence, fences),
#undef OBJECTS
};

static const struct table *table_of(const struct baton *instance, enum handle_kind kind)
{
    return (const struct table *)(const void *)((const char *)instance + kinds[kind].table);
}

void *instance_find(const struct baton *instance, enum handle_kind kind, uint32_t token)
{
    return handle_find(table_of(instance, kind), instance->salt, token, kind, kinds[kind].size);
}

enum baton_status refuse_handle(struct baton *instance, uint32_t lock_state, uint32_t token, enum handle_kind kind,
                                struct refusal *refusal)
{
    const struct slot *ended;
    enum baton_status status =
        handle_error(table_of(instance, kind), instance->salt, token, kind, kinds[kind].size, &ended);

    if (ended != NULL && kind >= HANDLE_CPU_ACCESS && kind != HANDLE_FENCE)
        refusal->ended_by = ((const struct access *)ended)->call_site;
    return refuse(instance, lock_state, status, refusal);
}
