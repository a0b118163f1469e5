/* SPDX-License-Identifier: MIT */
/*
 * An SP804 as a board's clock. now() and wait() in any context of any CPU, the rest on CPU 0, which takes its interrupt.
 */
#include "boards/common/clock_sp804.h"

#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"

struct sp804 sp804 = {.config = &board_sp804.timer};

static void interrupt(void *context, uint32_t id)
{
    (void)context;
    (void)id;
    sp804_interrupt(&sp804);
}

static bool init(void)
{
    if (board_sp804.select != 0) {
        mmio_write32(board_sp804.select, mmio_read32(board_sp804.select) | board_sp804.select_bits);
    }
    if (!sp804_init(&sp804)) {
        return false;
    }
    board_handle(board_sp804.interrupt, interrupt, NULL);
    return true;
}

static uint64_t microseconds(void)
{
    return sp804_microseconds(&sp804);
}

/* A WFE that has not begun yet is not to be slept through. */
static void wake(void *context)
{
    (void)context;
    sev();
}

static void wake_at(uint64_t time)
{
    sp804_set_deadline(&sp804, time, wake, NULL);
}

static uint32_t now(void *context)
{
    (void)context;
    return sp804_count(&board_sp804.timer);
}

static uint32_t frequency(void)
{
    return board_sp804.timer.megahertz * 1000000;
}

const struct board_clock clock_sp804 = {
    .init = init,
    .microseconds = microseconds,
    .wake_at = wake_at,
    .now = now,
    .wait = board_clock_wait,
    .frequency = frequency,
};
