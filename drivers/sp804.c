/* SPDX-License-Identifier: MIT */
/*
 * SP804. Register names and bits: ARM DDI 0271, chapter 3. Called by boards; touches its registers and struct sp804 only.
 */
#include "drivers/sp804.h"

#include "boot/registers/barrier.h"

/* Of a timer. */
#define LOAD 0x00u
#define CONTROL 0x08u
#define INTCLR 0x0cu
/* Of the module: where its timers begin, and its identification. */
#define TIMER1 0x00u
#define TIMER2 0x20u
#define PERIPHID0 0xfe0u
#define PERIPHID1 0xfe4u

#define CONTROL_ONESHOT (1u << 0)
#define CONTROL_32BIT (1u << 1)
#define CONTROL_INT (1u << 5)
#define CONTROL_ENABLE (1u << 7)

#define LONGEST 0x40000000u /* counts between two looks: half of what may not be missed */

static void set(const struct sp804 *timer, uint32_t reg, uint32_t value)
{
    mmio_write32(timer->config->base + reg, value);
}

/* The second timer anew: it stands, and asks for nothing, while it is loaded. */
static void start(const struct sp804 *timer, uint32_t counts)
{
    set(timer, TIMER2 + CONTROL, 0);
    set(timer, TIMER2 + INTCLR, 0);
    set(timer, TIMER2 + LOAD, counts);
    set(timer, TIMER2 + CONTROL, CONTROL_ENABLE | CONTROL_INT | CONTROL_32BIT | CONTROL_ONESHOT);
}

/* Who finds the count in another half than noted notes it. An interrupt in between, or another CPU, notes the same. */
static uint64_t count(struct sp804 *timer)
{
    uint32_t halves = timer->halves;

    dmb(); /* a half that was noted before is never newer than the count */
    uint32_t low = sp804_count(timer->config);
    if ((halves & 1) != low >> 31) {
        timer->halves = ++halves;
    }
    return (uint64_t)(halves >> 1) << 32 | low;
}

bool sp804_init(struct sp804 *timer)
{
    uint32_t part = (mmio_read32(timer->config->base + PERIPHID0) & 0xff) |
                    (mmio_read32(timer->config->base + PERIPHID1) & 0xf) << 8;

    if (part != 0x804 || timer->config->megahertz == 0) {
        return false;
    }
    timer->armed = false;
    timer->halves = 0;
    set(timer, TIMER1 + CONTROL, 0);
    set(timer, TIMER1 + INTCLR, 0);
    set(timer, TIMER1 + LOAD, 0xffffffffu);
    set(timer, TIMER1 + CONTROL, CONTROL_ENABLE | CONTROL_32BIT); /* free-running */
    start(timer, LONGEST);
    return true;
}

uint64_t sp804_microseconds(struct sp804 *timer)
{
    return count(timer) / timer->config->megahertz;
}

/* To the deadline, or to the next look at the count. */
static void program(struct sp804 *timer)
{
    uint32_t counts = LONGEST;

    if (timer->armed) {
        uint64_t now = sp804_microseconds(timer);
        uint64_t wait = timer->deadline > now ? timer->deadline - now : 0;

        /* One count more: part of this one has passed. */
        if (wait < LONGEST / timer->config->megahertz) {
            counts = (uint32_t)wait * timer->config->megahertz + 1;
        }
    }
    start(timer, counts);
}

void sp804_set_deadline(struct sp804 *timer, uint64_t microseconds, sp804_expired expired, void *context)
{
    sp804_cancel(timer);
    timer->deadline = microseconds;
    timer->expired = expired;
    timer->context = context;
    timer->armed = true;
    program(timer);
}

void sp804_cancel(struct sp804 *timer)
{
    timer->armed = false;
    __asm__ volatile("" ::: "memory");
}

void sp804_interrupt(struct sp804 *timer)
{
    bool due = timer->armed && sp804_microseconds(timer) >= timer->deadline;

    if (due) {
        timer->armed = false;
    }
    (void)sp804_microseconds(timer); /* notes the half */
    program(timer);
    if (due) {
        timer->expired(timer->context);
    }
}
