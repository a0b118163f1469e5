/* SPDX-License-Identifier: MIT */
/*
 * The core's port over boot/'s cache operations: the same on every board whose outermost cache the CPU's own operations reach.
 */
#ifndef BATON_BOARDS_COMMON_PORT_H
#define BATON_BOARDS_COMMON_PORT_H

#include "core/port.h"

/* A spinlock among the CPUs of the inner-shareable domain; cacheable memory. Zero is free. */
struct port_lock {
    uint32_t held;
};

/* Fills in every function of the port, the granule that this CPU reports, and the board's bus offset. lock is for this port alone. */
void port_init(struct baton_port *port, struct port_lock *lock, uint32_t bus_offset);

/* The coherence granule in bytes: CTR.CWG or the largest line of any data or unified cache, whichever is larger. */
uint32_t port_granule(void);

#endif
