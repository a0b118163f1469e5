/* SPDX-License-Identifier: MIT */
/*
 * Deadlines on a clock that wraps, and sleeping until them by the port.
 */
#include "core/waiting.h"

enum { MICROSECONDS = 1000000 };

enum baton_status waiting_begin(const struct baton *instance, uint32_t timeout, uint32_t *deadline)
{
    const struct baton_port *port = instance->port;
    uint64_t ticks = 0;

    if (timeout != 0) {
        if (port->now == NULL || port->wait == NULL || port->may_wait == NULL || port->frequency == 0 ||
            !port->may_wait(port->context))
            return BATON_ERROR_CONTEXT;
        ticks = (uint64_t)timeout * port->frequency / MICROSECONDS + 1; /* the tick that has begun does not count */
        if (ticks > INT32_MAX)
            return BATON_ERROR_ARGUMENT;
    }
    *deadline = instance->now(instance->context) + (uint32_t)ticks;
    return BATON_OK;
}

bool waiting_sleep(const struct baton *instance, uint32_t deadline, uint32_t *lock_state)
{
    if ((int32_t)(instance->now(instance->context) - deadline) >= 0)
        return false;
    instance_unlock(instance, *lock_state);
    instance->port->wait(instance->context, deadline);
    *lock_state = instance_lock(instance);
    return true;
}
