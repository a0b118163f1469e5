/* SPDX-License-Identifier: MIT */
/*
 * The generic timer's virtual timer (ARM ARM DDI 0406C, chapter B8): time since start in microseconds, and one
 * deadline interrupt. Each CPU has a timer of its own; a struct timer belongs to the CPU that initialised it.
 */
#ifndef BATON_DRIVERS_TIMER_H
#define BATON_DRIVERS_TIMER_H

#include "core/baton.h"
#include "drivers/interface/ratio.h"

/* Called in interrupt context, once, at or after the deadline. It may set the next one. */
typedef void (*timer_expired)(void *context);

struct timer {
    uint32_t frequency; /* counts a second */
    uint64_t start;     /* count at timer_init() */
    struct ratio to_microseconds;
    struct ratio to_counts;
    uint64_t deadline; /* microseconds */
    timer_expired expired;
    void *context;
    volatile bool armed;
};

/* Takes now as zero. frequency 0: what firmware left in CNTFRQ. Also turns the event stream on, so that a CPU that waits in WFE
 * wakes at least every millisecond and its wait can be bounded. False: the frequency is unknown, or below 2 kHz. */
BATON_MUST_CHECK bool timer_init(struct timer *timer, uint32_t frequency);

/* Microseconds since timer_init(): monotonic, off by less than one in 2^31. Any context. */
uint64_t timer_microseconds(const struct timer *timer);

/* The counter's low word: as fast as time can be told. It wraps. */
uint32_t timer_count(void);

/* Calls expired once the time has come (at once, by interrupt, if it has passed), instead of an earlier deadline. Any context of
 * its CPU. */
void timer_set_deadline(struct timer *timer, uint64_t microseconds, timer_expired expired, void *context);

/* No deadline any more: on return expired will not be called. */
void timer_cancel(struct timer *timer);

/* The timer's interrupt handler (a level: it falls when the deadline is gone). */
void timer_interrupt(struct timer *timer);

#endif
