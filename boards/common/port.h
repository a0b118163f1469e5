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

/* This board's: every function, the granule, the bus offset and the clock. Once. */
const struct baton_port *port_init(void);

/* Puts operations on two levels of caches in the place of the port's own: for boards with an outer cache (struct board, port). */
void port_init_outer(struct baton_port *port);

/* Ends the program: the core asks only for aligned ranges of mapped buffers. A refusal means that its promise or the directory is
 * broken, or a cache controller, and going on would corrupt memory silently. */
_Noreturn void port_refused(const char *operation, uintptr_t address, size_t length);

/* The port's protect and prepare, over boot/'s tables, for pools that are mapped flat (boot/image.h). */
void port_protect(void *context, uintptr_t address, enum baton_protection protection);
bool port_prepare(void *context, uintptr_t address, size_t length);

/* The coherence granule of the CPU's own caches in bytes: CTR.CWG or the largest line of any data or unified cache, whichever is larger. */
uint32_t port_granule(void);

#endif
