/* SPDX-License-Identifier: MIT */
/*
 * The core's port over boot/'s cache operations, and the board's outer cache where there is one.
 */
#ifndef BATON_BOARDS_COMMON_PORT_H
#define BATON_BOARDS_COMMON_PORT_H

#include "core/baton.h"

/* A spinlock among the CPUs of the inner-shareable domain; cacheable memory. Zero is free. */
struct port_lock {
    uint32_t held;
};

/* Fills in every function of the port, the granule that this CPU reports, and the board's bus offset and clock. lock is for this port
 * alone. */
void port_init(struct baton_port *port, struct port_lock *lock);

/* Puts operations on two levels of caches in the place of port_init()'s, which calls it where the board has an outer cache. */
void port_init_outer(struct baton_port *port);

/* Ends the program: the core asks only for aligned ranges of mapped buffers. A refusal means that its promise or the directory is
 * broken, or a cache controller, and going on would corrupt memory silently. */
_Noreturn void port_refused(const char *operation, uintptr_t address, size_t length);

/* Adds what changes mappings: page, protect and prepare, over boot/'s tables. For pools that are mapped flat (boot/image.h). */
void port_init_protection(struct baton_port *port);

/* The coherence granule in bytes: CTR.CWG or the largest line of any data or unified cache, an outer one included, whichever is larger. */
uint32_t port_granule(void);

#endif
