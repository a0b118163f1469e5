/* SPDX-License-Identifier: MIT */
/*
 * QEMU's ramfb: a framebuffer anywhere in memory, shown by a write of 28 bytes to the fw_cfg file etc/ramfb. Implements
 * drivers/interface/display.h.
 *
 * The frame boundary. There is no scan-out: QEMU makes a surface of the named memory inside the fw_cfg write, and from then on the
 * console's every update (its refresh timer, a screendump) takes the new surface; the old one is not updated from any more. So
 * display_flip() calls its boundary before it returns. What a window still shows of the old frame until the next
 * refresh is the host's copy, or, where the host's toolkit draws from guest memory in place, may tear once; no status tells.
 */
#ifndef BATON_DRIVERS_RAMFB_H
#define BATON_DRIVERS_RAMFB_H

#include "drivers/interface/display.h"

#define RAMFB_CONFIG_BYTES 28u

struct ramfb_config {
    /* RAMFB_CONFIG_BYTES of non-cacheable memory, 4-aligned, and the same as the device sees it. */
    volatile uint32_t *bytes;
    baton_bus_address bytes_bus;
    /* Writes length bytes from the bus address to the file etc/ramfb; false: it could not. */
    bool (*write)(void *context, baton_bus_address from, uint32_t length);
    void *context;
    uint32_t width_max, height_max; /* pixels; below QEMU's own bounds of 16000 and 12000 */
};

struct ramfb {
    struct display display; /* the interface; first, so that operations find the rest */
    const struct ramfb_config *config;
};

/* Fills in the interface; no mode, nothing shown. */
void ramfb_init(struct ramfb *ramfb, const struct ramfb_config *config);

#endif
