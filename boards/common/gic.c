/* SPDX-License-Identifier: MIT */
/*
 * The GIC as a board's interrupt controller. Called by boards/common/interrupts.c.
 */
#include "boards/common/gic.h"

struct gicv2 gic = {.config = &board_gic};

static bool init(void)
{
    return gicv2_init(&gic);
}

static bool handle(uint32_t id, interrupt_handler handler, void *context)
{
    if (!gicv2_set_handler(&gic, id, handler, context)) {
        return false;
    }
    gicv2_enable(&board_gic, id);
    return true;
}

static void dispatch(void)
{
    gicv2_dispatch(&gic);
}

void gic_quiet(void)
{
    gicv2_end(&board_gic, gicv2_acknowledge(&board_gic));
}

const struct board_interrupts gic_interrupts = {.init = init, .handle = handle, .dispatch = dispatch};
