/* SPDX-License-Identifier: MIT */
/*
 * SP804 dual timer (ARM DDI 0271): time since start in microseconds by its first timer, one deadline interrupt by its second. For
 * boards whose CPUs have no generic timer; the calls are those of drivers/timer.h.
 *
 * The first timer has 32 bits; the rest is counted here, each time somebody looks: once in half its period at least, which the second
 * timer sees to by its interrupt when there is no deadline. Interrupts may not be masked for as long as that, 35 minutes at 1 MHz.
 */
#ifndef BATON_DRIVERS_SP804_H
#define BATON_DRIVERS_SP804_H

#include "boot/registers/mmio.h"
#include "core/baton.h"

#define SP804_VALUE 0x04u /* Timer1Value */

struct sp804_config {
    uintptr_t base;     /* registers, virtual address */
    uint32_t megahertz; /* TIMCLK, a whole number; no prescaler */
};

/* Called in interrupt context, once, at or after the deadline. It may set the next one. */
typedef void (*sp804_expired)(void *context);

struct sp804 {
    const struct sp804_config *config;
    volatile uint32_t halves; /* periods of 2^31 counts that have passed */
    uint64_t deadline;        /* microseconds */
    sp804_expired expired;
    void *context;
    volatile bool armed;
};

/* Takes now as zero. False: no SP804 answers at the address (by its identification registers), or a clock of 0 MHz. */
BATON_MUST_CHECK bool sp804_init(struct sp804 *timer);

/* Microseconds since sp804_init(), monotonic. Any context of any CPU. */
uint64_t sp804_microseconds(struct sp804 *timer);

/* The first timer's count, upwards: as fast as time can be told. It wraps. */
static inline uint32_t sp804_count(const struct sp804_config *config)
{
    return ~mmio_read32(config->base + SP804_VALUE); /* it counts down */
}

/* Calls expired once the time has come (at once, by interrupt, if it has passed), instead of an earlier deadline. Any context of the
 * CPU that takes the interrupt. */
void sp804_set_deadline(struct sp804 *timer, uint64_t microseconds, sp804_expired expired, void *context);

/* No deadline any more: on return expired will not be called. */
void sp804_cancel(struct sp804 *timer);

/* The handler of the module's combined interrupt. */
void sp804_interrupt(struct sp804 *timer);

#endif
