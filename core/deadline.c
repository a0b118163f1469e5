/* SPDX-License-Identifier: MIT */
/*
 * From microseconds to counts of the port's clock, and whether they have passed.
 */
#include "core/deadline.h"

/* microseconds * frequency / 1000000, rounded up; UINT32_MAX: more than half the clock's range. No 64-bit division: that
 * would be a routine of the compiler's library, larger than all of this. */
static uint32_t counts_of(uint32_t microseconds, uint32_t frequency)
{
    const uint32_t divisor = 1000000 / 64;
    const uint64_t product = ((uint64_t)microseconds * frequency + 63) / 64;
    const uint32_t high = (uint32_t)(product >> 16);

    if (product > (uint64_t)divisor * INT32_MAX)
        return UINT32_MAX;
    /* Long division by digits of 16 bits: the divisor has 14, so a remainder and a digit are within 32. */
    return (high / divisor << 16) + (((high % divisor) << 16 | (product & 0xffff)) + (divisor - 1)) / divisor;
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
