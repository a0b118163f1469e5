/* SPDX-License-Identifier: MIT */
/*
 * Global timer of the Cortex-A9 MPCore. Register names and bits: ARM DDI 0407, 4.4. Called by boards; touches its registers and struct
 * a9_timer only.
 */
#include "drivers/a9_timer.h"

#define COUNTER_HIGH 0x04u
#define CONTROL 0x08u
#define STATUS 0x0cu
#define COMPARATOR_LOW 0x10u
#define COMPARATOR_HIGH 0x14u

#define CONTROL_ENABLE (1u << 0)
#define CONTROL_COMPARE (1u << 1) /* this bit and the next are each CPU's own */
#define CONTROL_INTERRUPT (1u << 2)
#define STATUS_EVENT (1u << 0)

#define MICROSECONDS 1000000u
#define LONGEST_WAIT 0x7fffffffu /* microseconds between two looks at a far deadline */

static uint32_t get(const struct a9_timer *timer, uint32_t reg)
{
    return mmio_read32(timer->config->base + reg);
}

static void set(const struct a9_timer *timer, uint32_t reg, uint32_t value)
{
    mmio_write32(timer->config->base + reg, value);
}

/* The upper half that stood on both sides of the lower one (4.4.1). It changes once in 2^32 counts. */
static uint64_t count(const struct a9_timer *timer)
{
    uint32_t high = get(timer, COUNTER_HIGH);
    uint32_t low, before;

    do {
        before = high;
        low = get(timer, A9_TIMER_COUNTER_LOW);
        high = get(timer, COUNTER_HIGH);
    } while (high != before);
    return (uint64_t)high << 32 | low;
}

static void compare_with(const struct a9_timer *timer, uint64_t value)
{
    set(timer, COMPARATOR_LOW, (uint32_t)value);
    set(timer, COMPARATOR_HIGH, (uint32_t)(value >> 32));
}

/* The event goes after the comparator was moved away: erratum 740657, a flag that is cleared while the count is still past the comparator may
 * come once more. */
static void quiet(const struct a9_timer *timer)
{
    set(timer, CONTROL, CONTROL_ENABLE);
    compare_with(timer, UINT64_MAX);
    set(timer, STATUS, STATUS_EVENT);
}

bool a9_timer_init(struct a9_timer *timer)
{
    if (timer->config->frequency < 2000) {
        return false;
    }
    timer->armed = false;
    timer->to_microseconds = ratio_of(MICROSECONDS, timer->config->frequency);
    timer->to_counts = ratio_of(timer->config->frequency, MICROSECONDS);
    set(timer, CONTROL, 0); /* the counter is written while it stands; no prescaler */
    set(timer, A9_TIMER_COUNTER_LOW, 0);
    set(timer, COUNTER_HIGH, 0);
    quiet(timer);
    return (get(timer, CONTROL) & CONTROL_ENABLE) != 0;
}

uint64_t a9_timer_microseconds(const struct a9_timer *timer)
{
    return ratio_scale(timer->to_microseconds, count(timer));
}

/* The comparator is off while it is written, one half after the other. */
static void program(const struct a9_timer *timer)
{
    uint64_t now = a9_timer_microseconds(timer);
    uint64_t wait = timer->deadline > now ? timer->deadline - now : 0;

    if (wait > LONGEST_WAIT) {
        wait = LONGEST_WAIT;
    }
    compare_with(timer, count(timer) + ratio_scale(timer->to_counts, wait) + (wait != 0));
    set(timer, CONTROL, CONTROL_ENABLE | CONTROL_COMPARE | CONTROL_INTERRUPT);
}

void a9_timer_set_deadline(struct a9_timer *timer, uint64_t microseconds, a9_timer_expired expired, void *context)
{
    a9_timer_cancel(timer);
    timer->deadline = microseconds;
    timer->expired = expired;
    timer->context = context;
    timer->armed = true;
    program(timer);
}

void a9_timer_cancel(struct a9_timer *timer)
{
    quiet(timer);
    timer->armed = false;
    __asm__ volatile("" ::: "memory");
}

void a9_timer_interrupt(struct a9_timer *timer)
{
    quiet(timer);
    if (!timer->armed) {
        return;
    }
    /* Early by rounding, or a far deadline: look again. */
    if (a9_timer_microseconds(timer) < timer->deadline) {
        program(timer);
        return;
    }
    timer->armed = false;
    timer->expired(timer->context);
}
