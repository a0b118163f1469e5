/* SPDX-License-Identifier: MIT */
/*
 * Generic timer: a deadline so far away that it is looked at on the way, an hour, and one at the end of time. The emulator's clock
 * jumps while both CPUs sleep, so the hour takes no time.
 * What would break it: a deadline that is called at the first look, or one that wraps and is called at once.
 *
 * qemu-args: -icount shift=0,sleep=off
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/tap.h"

#include "apps/platform.h"
#include "boot/registers/barrier.h"
#include "drivers/timer.h"

#include <stddef.h>

#define HOUR 3600000000u /* microseconds */

static struct timer *timer;
static volatile unsigned calls;
static volatile uint64_t called_at;

static void expired(void *context)
{
    (void)context;
    called_at = timer_microseconds(timer);
    calls = calls + 1;
}

int main(void)
{
    platform();
    timer = hardware()->timer;
    if (timer == NULL) {
        return tap_skip("no generic timer");
    }
    tap_plan(2);

    uint64_t deadline = timer_microseconds(timer) + HOUR;
    timer_set_deadline(timer, deadline, expired, NULL);
    for (unsigned sleeps = 0; sleeps < 100 && calls == 0; sleeps++) {
        wfi();
    }
    tap_ok(calls == 1 && called_at >= deadline, "a deadline in an hour is called then");

    calls = 0;
    timer_set_deadline(timer, UINT64_MAX, expired, NULL);
    for (unsigned sleeps = 0; sleeps < 10 && calls == 0; sleeps++) {
        wfi();
    }
    tap_equal(calls, 0, "one at the end of time is not called within hours");
    timer_cancel(timer);
    return tap_done();
}
