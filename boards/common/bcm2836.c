/* SPDX-License-Identifier: MIT */
/*
 * BCM2836 interrupts of a board. Called by boards/common/interrupts.c.
 */
#include "boards/common/bcm2836.h"

struct bcm2836_interrupts bcm2836 = {.config = &board_bcm2836};

static bool init(void)
{
    bcm2836_interrupts_init(&bcm2836);
    return true;
}

static bool handle(uint32_t id, interrupt_handler handler, void *context)
{
    return bcm2836_handle(&bcm2836, id, handler, context);
}

static void dispatch(void)
{
    bcm2836_dispatch(&bcm2836);
}

const struct board_interrupts bcm2836_interrupts = {.init = init, .handle = handle, .dispatch = dispatch};
