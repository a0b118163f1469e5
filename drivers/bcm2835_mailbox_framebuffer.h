/* SPDX-License-Identifier: MIT */
/*
 * The Raspberry Pi's framebuffer, which its firmware allocates in the VideoCore's memory and scans out. Implements
 * drivers/interface/display.h by properties of the mailbox.
 *
 * The firmware does not scan out memory of ours: the frames lie in its framebuffer, which is made as high as all of them together, and
 * a flip moves the part that is shown (the virtual offset). It is made wider than the screen too: QEMU, and by its account the
 * hardware, heeds the offset only if it is larger both ways. The extra columns are never seen, and rows begin at multiples of 64 bytes.
 *
 * The frame boundary. The firmware knows a property that waits for the vertical synchronization; it is asked for in the request that
 * moves the offset, so that flip() returns, with the boundary called, when the frame before is no longer read. Firmware that does not
 * know it (QEMU's) moves the offset at once. Not tried on hardware.
 *
 * Task context, like the mailbox.
 */
#ifndef BATON_DRIVERS_BCM2835_MAILBOX_FRAMEBUFFER_H
#define BATON_DRIVERS_BCM2835_MAILBOX_FRAMEBUFFER_H

#include "drivers/bcm2835_mailbox.h"
#include "drivers/interface/display.h"

struct bcm2835_framebuffer_config {
    struct bcm2835_mailbox *mailbox;
    uint32_t frames;                /* how many it is to hold */
    uint32_t width_max, height_max; /* pixels */
    /* The firmware names the framebuffer by a bus address, whose upper two bits choose one of four views of the same memory (BCM2835 ARM
     * Peripherals, 1.2.3). */
    uint32_t alias; /* those two bits as devices are given them */
    uint32_t
        bus_view; /* from the CPU's address of memory to its bus address, the alias aside: 0 but under the memory model of sim/ */
    bool (*map)(void *context, uint32_t physical,
                uint32_t size); /* maps it cacheable, flat, for the CPU; false: it cannot */
    void *context;
};

struct bcm2835_framebuffer {
    struct display display; /* the interface; first, so that operations find the rest */
    const struct bcm2835_framebuffer_config *config;
    uint32_t bus; /* of the first frame, as devices are given it */
};

/* Fills in the interface; no mode, nothing asked for. */
void bcm2835_framebuffer_init(struct bcm2835_framebuffer *framebuffer, const struct bcm2835_framebuffer_config *config);

#endif
