/* SPDX-License-Identifier: MIT */
/*
 * The Cortex-A9 MPCore's global timer as a board's clock. now() and wait() in any context of any CPU, the rest on CPU 0, which takes its interrupt.
 */
#include "boards/common/clock_a9.h"

#include "boot/registers/barrier.h"

struct a9_timer a9_timer = {.config = &board_a9_timer.timer};

static void interrupt(void *context, uint32_t id)
{
    (void)context;
    (void)id;
    a9_timer_interrupt(&a9_timer);
}

static bool init(void)
{
    if (!a9_timer_init(&a9_timer)) {
        return false;
    }
    board_handle(board_a9_timer.interrupt, interrupt, NULL);
    return true;
}

static uint64_t microseconds(void)
{
    return a9_timer_microseconds(&a9_timer);
}

/* A WFE that has not begun yet is not to be slept through. */
static void wake(void *context)
{
    (void)context;
    sev();
}

static void wake_at(uint64_t time)
{
    a9_timer_set_deadline(&a9_timer, time, wake, NULL);
}

static uint32_t now(void *context)
{
    (void)context;
    return a9_timer_count(&board_a9_timer.timer);
}

static uint32_t frequency(void)
{
    return board_a9_timer.timer.frequency;
}

const struct board_clock clock_a9 = {
    .init = init,
    .microseconds = microseconds,
    .wake_at = wake_at,
    .now = now,
    .wait = board_clock_wait,
    .frequency = frequency,
};
