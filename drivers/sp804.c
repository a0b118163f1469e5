/* SPDX-License-Identifier: MIT */
/*
 * SP804. Register names and bits: ARM DDI 0271, chapter 3. Called by boards; touches its registers and struct sp804 only.
 */
#include "drivers/sp804.h"

#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"

/* Of a timer. */
#define LOAD 0x00u
#define VALUE 0x04u
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

/* The second timer stands, and asks for nothing. A value is loaded while it does (DDI 0271, 2.2). */
static void stop(const struct sp804 *timer)
{
    set(timer, TIMER2 + CONTROL, 0);
    set(timer, TIMER2 + INTCLR, 0);
}

static void start(const struct sp804 *timer, uint32_t counts)
{
    stop(timer);
    set(timer, TIMER2 + LOAD, counts);
    set(timer, TIMER2 + CONTROL, CONTROL_ENABLE | CONTROL_INT | CONTROL_32BIT | CONTROL_ONESHOT);
}

uint32_t sp804_count(const struct sp804_config *config)
{
    return ~mmio_read32(config->base + TIMER1 + VALUE); /* it counts down */
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

static void program(struct sp804 *timer)
{
    uint64_t now = sp804_microseconds(timer);
    uint64_t wait = timer->deadline > now ? timer->deadline - now : 0;
    uint32_t most = LONGEST / timer->config->megahertz;

    /* One count more: part of this one has passed. */
    start(timer, wait < most ? (uint32_t)wait * timer->config->megahertz + 1 : LONGEST);
}

void sp804_set_deadline(struct sp804 *timer, uint64_t microseconds, sp804_expired expired, void *context)
{
    stop(timer);
    timer->deadline = microseconds;
    timer->expired = expired;
    timer->context = context;
    timer->armed = true;
    program(timer);
}

void sp804_cancel(struct sp804 *timer)
{
    stop(timer);
    timer->armed = false;
    start(timer, LONGEST);
}

void sp804_interrupt(struct sp804 *timer)
{
    stop(timer);
    /* A far deadline, or none, whose time to look at the count it was. */
    if (!timer->armed || sp804_microseconds(timer) < timer->deadline) {
        timer->deadline = timer->armed ? timer->deadline : UINT64_MAX;
        program(timer);
        return;
    }
    timer->armed = false;
    start(timer, LONGEST);
    timer->expired(timer->context);
}
