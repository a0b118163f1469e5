/* SPDX-License-Identifier: MIT */
/*
 * The DMA controller of BCM2835, BCM2836 and BCM2837 (BCM2835 ARM Peripherals, chapter 4): its full channels, 0 to 6, as far as the
 * firmware leaves them to the ARM. Implements drivers/interface/dma.h with lists of control blocks (drivers/bcm2835_dma_list.h); a
 * channel of the interface is the next of those, not the hardware's number.
 *
 * The manual tells of no interrupt for an error: one that stops a channel is found when the list's own interrupt comes, or when
 * somebody loses patience and calls dma_stop(), which then says so (BUS).
 *
 * Each channel is used from one context at a time: a task, or the channel's own completion. Different channels are independent.
 * (QEMU runs a whole list within the store that starts it, and knows no errors. It hangs on a list that goes round in a circle.)
 */
#ifndef BATON_DRIVERS_BCM2835_DMA_H
#define BATON_DRIVERS_BCM2835_DMA_H

#include "drivers/interface/dma.h"

#define BCM2835_DMA_CHANNELS 7u /* the full ones */

struct bcm2835_dma_config {
    uintptr_t base;
    uint32_t channels; /* a bit for each that the ARM may use; those above 6 are not looked at */
    uint64_t (*microseconds)(void *context);
    uint32_t timeout; /* microseconds that writes on their way are given to arrive */
    void *context;
};

struct bcm2835_dma {
    struct dma_controller controller; /* the interface; first, so that operations find the rest */
    const struct bcm2835_dma_config *config;
    struct {
        unsigned number; /* the hardware's */
        dma_completion completion;
        void *context;
        bool running; /* from start until just before the completion is called */
    } channels[BCM2835_DMA_CHANNELS];
};

/* Resets the channels and fills in the interface. False: there is no channel, or one of them does not become idle. */
BATON_MUST_CHECK bool bcm2835_dma_init(struct bcm2835_dma *dma, const struct bcm2835_dma_config *config);

/* The handler of one channel's interrupt, by the interface's number. May also be called to poll, with interrupts masked. */
void bcm2835_dma_interrupt(struct bcm2835_dma *dma, unsigned channel);

#endif
