/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PL110 and PL111 display controllers (ARM DDI 0161, DDI 0293): the frame at the upper panel base is taken for read when it is set or
 * the display is switched on, when it is replaced, and at the end.
 */
#include "sim/plugin/plugin.h"

#include <stdlib.h>

#define TIMING0 0x00
#define TIMING1 0x04
#define UPPER_BASE 0x10
#define CONTROL 0x18
#define PL110_CONTROL 0x1c /* of a PL110 of its own: those of the Versatile boards have the PL111's order */
#define INTERRUPTS 0x1eu

struct pl111 {
    uint32_t timing0, timing1, base, control, pc;
    uint32_t control_offset; /* as it showed */
};

static void scan_out(struct device *device)
{
    static const uint8_t bits[8] = {1, 2, 4, 8, 16, 32, 16, 16};
    struct pl111 *state = device->state;
    uint32_t width = ((state->timing0 >> 2 & 0x3f) + 1) * 16, height = (state->timing1 & 0x3ff) + 1;

    if ((state->control & 1) && state->base)
        device_reads(device, state->base, width * height * bits[state->control >> 1 & 7] / 8, false, 0, state->pc);
}

static void store(struct device *device, uint32_t offset, uint64_t value, unsigned bytes, unsigned cpu, uint32_t pc)
{
    struct pl111 *state = device->state;
    bool was_on = state->control & 1;

    (void)bytes, (void)cpu;
    switch (offset) {
    case TIMING0:
        state->timing0 = (uint32_t)value;
        return;
    case TIMING1:
        state->timing1 = (uint32_t)value;
        return;
    case UPPER_BASE:
        scan_out(device);
        state->base = (uint32_t)value & ~7u;
        state->pc = pc;
        scan_out(device);
        return;
    case CONTROL:
    case PL110_CONTROL:
        /* One is control, the other the interrupt mask, which has bits 1 to 4 only. */
        if (value & ~INTERRUPTS)
            state->control_offset = offset;
        if (offset != state->control_offset)
            return;
        if (!(value & 0x801))
            scan_out(device);
        state->control = (uint32_t)value;
        if (!was_on && (value & 1)) {
            if (!state->pc)
                state->pc = pc;
            scan_out(device);
        }
        return;
    default:
        return;
    }
}

bool pl111_create(uint32_t base)
{
    struct pl111 *state = calloc(1, sizeof(*state));
    struct device *device = state ? device_add("pl111", base, 0x200, state, sizeof(*state)) : NULL;

    if (!device)
        return false;
    device->store = store;
    device->frame = scan_out;
    return true;
}
