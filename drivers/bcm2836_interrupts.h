/* SPDX-License-Identifier: MIT */
/*
 * Interrupts of BCM2836 and BCM2837: the local controller of the four cores (BCM2836 ARM-local peripherals, QA7, chapter 4), with the
 * BCM2835's for the peripherals (BCM2835 ARM Peripherals, chapter 7) behind its GPU input. For the first core; FIQ is not used.
 *
 * IDs: 0 to 63, the GPU's as the table of chapter 7.5 numbers them; 64 to 71, the ARM's own of the basic register; 72 to 75, the core's
 * generic timers as its local source register has them. All are levels: they stay until their cause is gone.
 */
#ifndef BATON_DRIVERS_BCM2836_INTERRUPTS_H
#define BATON_DRIVERS_BCM2836_INTERRUPTS_H

#include "core/baton.h"

#define BCM2836_ARM(bit) (64u + (bit))
#define BCM2836_LOCAL(bit) (72u + (bit))
#define BCM2836_VIRTUAL_TIMER BCM2836_LOCAL(3)
#define BCM2836_INTERRUPTS 76u

struct bcm2836_interrupts_config {
    uintptr_t local;       /* the local controller */
    uintptr_t peripherals; /* the BCM2835's, at its first register (basic pending) */
};

/* Called in interrupt context, with interrupts masked. */
typedef void (*bcm2836_handler)(void *context, uint32_t id);

struct bcm2836_interrupts {
    const struct bcm2836_interrupts_config *config;
    uint32_t unhandled; /* interrupts that came without a handler: they are disabled at once */
    struct {
        bcm2836_handler handler;
        void *context;
    } handlers[BCM2836_INTERRUPTS];
};

/* Everything off, on both; the GPU's to the first core. On that core, once, with interrupts masked. */
void bcm2836_interrupts_init(struct bcm2836_interrupts *interrupts);

/* Sets the handler of an interrupt and lets it through. False: no such ID, or no handler. */
BATON_MUST_CHECK bool bcm2836_handle(struct bcm2836_interrupts *interrupts, uint32_t id, bcm2836_handler handler,
                                     void *context);

/* Lets it through no more. */
void bcm2836_disable(const struct bcm2836_interrupts *interrupts, uint32_t id);

/* The core's IRQ: runs the handlers of all that is pending, once each. */
void bcm2836_dispatch(struct bcm2836_interrupts *interrupts);

#endif
