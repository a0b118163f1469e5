/* SPDX-License-Identifier: MIT */
/*
 * Global timer of the Cortex-A9 MPCore, r2p0 and newer (ARM DDI 0407, 4.3 and 4.4): time since start in microseconds by its counter of 64 bits,
 * which all CPUs see, and one deadline interrupt by the comparator of the CPU that called a9_timer_init(). The calls are those of
 * drivers/timer.h. (Before r2p0 a comparator matches the very count only, and a deadline that has just passed would never come.)
 */
#ifndef BATON_DRIVERS_A9_TIMER_H
#define BATON_DRIVERS_A9_TIMER_H

#include "boot/registers/mmio.h"
#include "core/baton.h"
#include "drivers/interface/ratio.h"

#define A9_TIMER_COUNTER_LOW 0x00u

struct a9_timer_config {
    uintptr_t base;     /* registers, virtual address: 0x200 from the private memory region */
    uint32_t frequency; /* PERIPHCLK, Hz: the CPUs' clock over a whole number, of the SoC's choice */
};

/* Called in interrupt context, once, at or after the deadline. It may set the next one. */
typedef void (*a9_timer_expired)(void *context);

struct a9_timer {
    const struct a9_timer_config *config;
    struct ratio to_microseconds, to_counts;
    uint64_t deadline; /* microseconds */
    a9_timer_expired expired;
    void *context;
    volatile bool armed;
};

/* Takes now as zero; nobody else uses the timer. False: it does not start, or a frequency below 2 kHz. */
BATON_MUST_CHECK bool a9_timer_init(struct a9_timer *timer);

/* Microseconds since a9_timer_init(): monotonic. Any context of any CPU. */
uint64_t a9_timer_microseconds(const struct a9_timer *timer);

/* The counter's low word: as fast as time can be told. It wraps. */
static inline uint32_t a9_timer_count(const struct a9_timer_config *config)
{
    return mmio_read32(config->base + A9_TIMER_COUNTER_LOW);
}

/* Calls expired once the time has come (at once, by interrupt, if it has passed), instead of an earlier deadline. Any context of its CPU. */
void a9_timer_set_deadline(struct a9_timer *timer, uint64_t microseconds, a9_timer_expired expired, void *context);

/* No deadline any more: on return expired will not be called. */
void a9_timer_cancel(struct a9_timer *timer);

/* The timer's interrupt handler (PPI 27, which takes the edge). */
void a9_timer_interrupt(struct a9_timer *timer);

#endif
