/* SPDX-License-Identifier: MIT */
/*
 * Generic timer. Called by boards; touches CP15's timer registers of the calling CPU and struct timer only.
 */
#include "drivers/timer.h"

#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"

#define CNTV_CTL_ENABLE 1u
#define CNTKCTL_EVNTEN (1u << 2)
#define CNTKCTL_EVNTI_SHIFT 4
#define MICROSECONDS 1000000u
#define LONGEST_WAIT 0x7fffffffu /* microseconds between two looks at a far deadline */

static uint64_t count(void)
{
    isb(); /* the counter may be read early (DDI 0406C, chapter B8) */
    return cp15_read_CNTVCT();
}

bool timer_init(struct timer *timer, uint32_t frequency)
{
    if (frequency == 0) {
        frequency = cp15_read_CNTFRQ();
    }
    if (frequency < 2000) {
        return false;
    }
    cp15_write_CNTV_CTL(0);
    timer->armed = false;
    timer->frequency = frequency;
    timer->to_microseconds = ratio_of(MICROSECONDS, frequency);
    timer->to_counts = ratio_of(frequency, MICROSECONDS);

    /* An event at each 0-to-1 change of one counter bit, the highest one that changes at least every millisecond. */
    uint32_t bit = 0;
    while (bit < 15 && (frequency / 1000) >> (bit + 2) != 0) {
        bit++;
    }
    cp15_write_CNTKCTL((cp15_read_CNTKCTL() & ~(0xfu << CNTKCTL_EVNTI_SHIFT)) | bit << CNTKCTL_EVNTI_SHIFT |
                       CNTKCTL_EVNTEN);
    timer->start = count();
    return true;
}

uint64_t timer_microseconds(const struct timer *timer)
{
    return ratio_scale(timer->to_microseconds, count() - timer->start);
}

uint32_t timer_count(void)
{
    return (uint32_t)cp15_read_CNTVCT();
}

static void program(struct timer *timer)
{
    uint64_t now = timer_microseconds(timer);
    uint64_t wait = timer->deadline > now ? timer->deadline - now : 0;

    if (wait > LONGEST_WAIT) {
        wait = LONGEST_WAIT;
    }
    cp15_write_CNTV_CVAL(count() + ratio_scale(timer->to_counts, wait) + (wait != 0));
    cp15_write_CNTV_CTL(CNTV_CTL_ENABLE);
    isb();
}

void timer_set_deadline(struct timer *timer, uint64_t microseconds, timer_expired expired, void *context)
{
    timer_cancel(timer);
    timer->deadline = microseconds;
    timer->expired = expired;
    timer->context = context;
    timer->armed = true;
    program(timer);
}

void timer_cancel(struct timer *timer)
{
    cp15_write_CNTV_CTL(0);
    isb();
    timer->armed = false;
    __asm__ volatile("" ::: "memory");
}

void timer_interrupt(struct timer *timer)
{
    cp15_write_CNTV_CTL(0);
    isb();
    if (!timer->armed) {
        return;
    }
    /* Early by rounding, or a far deadline: look again. */
    if (timer_microseconds(timer) < timer->deadline) {
        program(timer);
        return;
    }
    timer->armed = false;
    timer->expired(timer->context);
}
