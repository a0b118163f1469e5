/* SPDX-License-Identifier: MIT */
/*
 * From microseconds to counts of the port's clock, and whether they have passed.
 */
#include "core/deadline.h"

/* microseconds * frequency / 1000000, and up to 2 more; UINT32_MAX: more than half the clock's range. A division of 64 bits
 * would be a routine of the compiler's library, larger than all of this: 2^51 times as much is multiplied instead. */
static uint32_t counts_of(uint32_t microseconds, uint32_t frequency)
{
    const uint32_t scale = (uint32_t)((1ull << 51) / 1000000 + 1);
    const uint64_t product = (uint64_t)microseconds * frequency;
    const uint32_t counts = (uint32_t)((uint64_t)(uint32_t)(product >> 19) * scale >> 32) + 2;

    return product >> 51 != 0 || counts > INT32_MAX ? UINT32_MAX : counts;
}

bool deadline_start(const struct baton *instance, uint32_t microseconds, struct deadline *deadline)
{
    const struct baton_port *port = instance->port;

    deadline->start = instance->now(instance->context);
    deadline->counts = counts_of(microseconds, port->frequency);
    deadline->unable = BATON_OK;
    if (microseconds == 0)
        deadline->unable = BATON_ERROR_PENDING;
    else if (port->now == NULL || port->frequency == 0 || port->may_wait == NULL || port->wait == NULL ||
             !port->may_wait(port->context))
        deadline->unable = BATON_ERROR_CONTEXT;
    return deadline->counts != UINT32_MAX;
}

bool deadline_sleep(const struct baton *instance, const struct deadline *deadline)
{
    if (instance->now(instance->context) - deadline->start >= deadline->counts)
        return false;
    instance->port->wait(instance->port->context, deadline->start + deadline->counts);
    return true;
}
