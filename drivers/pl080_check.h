/* SPDX-License-Identifier: MIT */
/*
 * Whether a PL080 or PL081 may be started on a linked list: the rules of ARM DDI 0196 and DDI 0218, chapter 3, and what an implementation
 * has not. Called by drivers/pl080.c, by the engine and by tests; reads the list, through the CPU's view of it, and touches nothing.
 *
 * What is asked beyond the manuals: a list ends (none goes round), stays inside its mapping and does not overwrite itself; and the last
 * entry, no other, has its terminal-count interrupt, so that a terminal count means that the list is done.
 */
#ifndef BATON_DRIVERS_PL080_CHECK_H
#define BATON_DRIVERS_PL080_CHECK_H

#include "drivers/pl080_list.h"
#include "drivers/pl080_registers.h"

/* What a controller is not to be asked for. */
#define PL080_LIMIT_ONE_MASTER (1u << 0)       /* no second bus master: S, D and LM are 0 */
#define PL080_LIMIT_EQUAL_WIDTHS (1u << 1)     /* source and destination are equally wide */
#define PL080_LIMIT_MEMORY_TO_MEMORY (1u << 2) /* no flow control but memory to memory, no request lines */

struct pl080_check {
    const uint32_t *words; /* the CPU's view of the list's memory */
    uint32_t address;      /* the controller's view */
    uint32_t length;       /* bytes of both */
    enum pl080_flow flow;
    uint32_t limits; /* PL080_LIMIT_ bits */
};

/* What no controller of that kind can do with an entry: NULL, or what it is. */
const char *pl080_entry_fault(const struct pl080_entry *entry, enum pl080_flow flow);

/* NULL: it may. Or why not, in a few words, and in *place at which entry, counted in the order in which they are followed. */
const char *pl080_check_list(const struct pl080_check *what, uint32_t *place);

#endif
