/* SPDX-License-Identifier: MIT */
/*
 * The PL080-style engine: the half that runs on a CPU of its own and moves the bytes. A non-coherent bus master: the board starts
 * it on a CPU whose every data mapping is non-cacheable. It owns nothing but its stack, writes no global of the image, uses
 * no exclusive access, and knows nothing of the buffer-sharing core.
 */
#ifndef BATON_DRIVERS_PL080_SOFT_ENGINE_H
#define BATON_DRIVERS_PL080_SOFT_ENGINE_H

#include "drivers/pl080_soft_registers.h"

#include <stdbool.h>

/* Lies in read-only memory, or on the engine's own stack. */
struct pl080_soft_engine_config {
    struct pl080_soft_registers *registers; /* at the engine's address of them */
    uint32_t entries_max;                   /* of one list; what goes on for longer is taken for circular */

    /* Sleeps until the doorbell was rung (perhaps before the call) and takes notice of it. */
    void (*sleep)(void *context);

    /* Raises the engine's interrupt line. What the handler shall see is complete before the call. */
    void (*interrupt)(void *context);

    /* Calls function(argument); false: an abort ended it. Every access of the function is complete on return (DSB), and what was
     * begun before the call is not charged to it. */
    bool (*guard)(void *context, void (*function)(void *argument), void *argument);

    void *context;
};

/* Serves the registers for ever. */
_Noreturn void pl080_soft_engine(const struct pl080_soft_engine_config *config);

#endif
