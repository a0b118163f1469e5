/* SPDX-License-Identifier: MIT */
/*
 * PL190 without its vectors: a status, a mask, a handler for each input. Called by boards/common/.
 */
#include "tests/beds/versatilepb/vic.h"

#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"
#include "tests/beds/versatilepb/machine.h"

#define VICIRQSTATUS 0x000u
#define VICINTSELECT 0x00cu
#define VICINTENABLE 0x010u
#define VICINTENCLEAR 0x014u
#define VICSOFTINTCLEAR 0x01cu
#define INPUTS 32u

static struct {
    interrupt_handler handler;
    void *context;
} handlers[INPUTS];

static bool init(void)
{
    mmio_write32(VERSATILE_VIC + VICINTENCLEAR, 0xffffffff);
    mmio_write32(VERSATILE_VIC + VICSOFTINTCLEAR, 0xffffffff);
    mmio_write32(VERSATILE_VIC + VICINTSELECT, 0); /* all of them IRQs */
    return mmio_read32(VERSATILE_VIC + VICINTENABLE) == 0;
}

static bool handle(uint32_t id, interrupt_handler handler, void *context)
{
    if (id >= INPUTS) {
        return false;
    }
    handlers[id].handler = handler;
    handlers[id].context = context;
    mmio_write32(VERSATILE_VIC + VICINTENABLE, 1u << id);
    return true;
}

static void dispatch(void)
{
    const uint32_t status = mmio_read32(VERSATILE_VIC + VICIRQSTATUS);

    for (uint32_t id = 0; id < INPUTS; id++) {
        if ((status >> id & 1) != 0) {
            handlers[id].handler(handlers[id].context, id);
        }
    }
    dsb(); /* a level that a handler has cleared is down before interrupts are taken again */
}

const struct board_interrupts vic_interrupts = {.init = init, .handle = handle, .dispatch = dispatch};
