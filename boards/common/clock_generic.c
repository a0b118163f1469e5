/* SPDX-License-Identifier: MIT */
/*
 * The CPU's generic timer as a board's clock. now() and wait() in any context of any CPU, the rest on CPU 0.
 */
#include "boards/common/clock_generic.h"

#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"

#define CNTKCTL_EVNTEN (1u << 2)
#define CNTKCTL_EVNTI (0xfu << 4) /* the highest bit of the counter that can give events */

struct timer generic_timer;

static void interrupt(void *context, uint32_t id)
{
    (void)context;
    (void)id;
    timer_interrupt(&generic_timer);
}

static bool init(void)
{
    if (!timer_init(&generic_timer, board_generic_timer.frequency)) {
        return false;
    }
    board_handle(board_generic_timer.interrupt, interrupt, NULL);
    return true;
}

static uint64_t microseconds(void)
{
    return timer_microseconds(&generic_timer);
}

static void nothing(void *context)
{
    (void)context;
}

static void wake_at(uint64_t time)
{
    timer_set_deadline(&generic_timer, time, nothing, NULL);
}

static uint32_t now(void *context)
{
    (void)context;
    return (uint32_t)cp15_read_CNTVCT();
}

/* WFE sleeps until the event register is set, which it clears: by the SEV in the port's unlock(), of any CPU, this one's interrupt
 * handlers included, also by one before the WFE (ARM ARM DDI 0406C, B1.8.13). At the deadline the generic timer's event stream wakes it
 * (chapter B8): at most a period of 2^16 counts late. Some of its bits may be chosen already (drivers/timer.c). */
static void wait(void *context, uint32_t deadline)
{
    uint32_t control = cp15_read_CNTKCTL();

    (void)context;
    (void)deadline;
    if ((control & CNTKCTL_EVNTEN) == 0) {
        cp15_write_CNTKCTL(control | CNTKCTL_EVNTI | CNTKCTL_EVNTEN);
    }
    wfe();
}

static uint32_t frequency(void)
{
    return generic_timer.frequency;
}

const struct board_clock clock_generic = {
    .init = init,
    .microseconds = microseconds,
    .wake_at = wake_at,
    .now = now,
    .wait = wait,
    .frequency = frequency,
};
