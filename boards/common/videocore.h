/* SPDX-License-Identifier: MIT */
/*
 * The VideoCore beside a Raspberry Pi's ARM cores: its firmware behind the mailbox, the framebuffer that it makes, and the DMA channels
 * that it leaves. A board that names one of these defines board_videocore.
 */
#ifndef BATON_BOARDS_COMMON_VIDEOCORE_H
#define BATON_BOARDS_COMMON_VIDEOCORE_H

#include "apps/platform.h"
#include "drivers/bcm2835_dma.h"
#include "drivers/bcm2835_mailbox.h"

struct videocore_config {
    uintptr_t mailbox, dma;  /* registers */
    uint32_t dma_interrupts; /* of channel 0; the others' follow */
    uint32_t bus_offset;     /* from a physical address to one that the VideoCore and its peripherals take */
};

extern const struct videocore_config board_videocore;
extern struct bcm2835_dma bcm2835_dma;

/* Ready for calls. */
struct bcm2835_mailbox *videocore_mailbox(void);

/* Each ends the program if the firmware does not take part. */
void display_videocore(struct platform *platform);
void dma_videocore(struct platform *platform);

#endif
