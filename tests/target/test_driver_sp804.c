/* SPDX-License-Identifier: MIT */
/*
 * SP804: time is right and never goes back, beyond the 32 bits of its counter too; the deadline comes once and not early. The emulator's
 * clock jumps while the CPU sleeps, so that hours take no time. Nothing here judges how late.
 * What would break it: a half of the counter's period that nobody noted, a deadline in another unit, an interrupt that stays up, a far
 * deadline that is called at the first look.
 *
 * qemu-args: -icount shift=0,sleep=off
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/tap.h"

#include "apps/platform.h"
#include "boot/registers/barrier.h"
#include "drivers/sp804.h"

#define HANG 10000000u /* microseconds */
#define HOUR 3600000000u

static struct sp804 *timer;
static volatile unsigned calls;
static volatile uint64_t called_at;
static uint64_t second_deadline;

static void expired(void *context)
{
    called_at = sp804_microseconds(timer);
    calls = calls + 1;
    if (context != NULL && second_deadline != 0) {
        uint64_t deadline = second_deadline;
        second_deadline = 0;
        sp804_set_deadline(timer, deadline, expired, context);
    }
}

/* Without the platform's sleep, which uses the deadline itself. */
static void wait_for_calls(unsigned wanted, uint32_t microseconds)
{
    uint64_t end = sp804_microseconds(timer) + microseconds;

    while (calls < wanted && sp804_microseconds(timer) < end) {
        wfe();
    }
}

static void sleep_for_calls(unsigned wanted, unsigned most)
{
    for (unsigned sleeps = 0; sleeps < most && calls < wanted; sleeps++) {
        wfi();
    }
}

static void near(void)
{
    uint64_t deadline = sp804_microseconds(timer) + 3000;

    sp804_set_deadline(timer, deadline, expired, NULL);
    wait_for_calls(1, HANG);
    tap_ok(calls == 1 && called_at >= deadline, "a deadline in 3 ms: not early");
    wait_for_calls(2, 5000);
    tap_equal(calls, 1, "and once");

    calls = 0;
    sp804_set_deadline(timer, 1, expired, NULL);
    wait_for_calls(1, HANG);
    tap_equal(calls, 1, "one that has passed comes at once");

    calls = 0;
    sp804_set_deadline(timer, sp804_microseconds(timer) + 3000, expired, NULL);
    sp804_cancel(timer);
    wait_for_calls(1, 10000);
    tap_equal(calls, 0, "a cancelled one does not come");

    sp804_set_deadline(timer, sp804_microseconds(timer) + 2000, expired, NULL);
    sp804_set_deadline(timer, (uint64_t)1 << 60, expired, NULL);
    wait_for_calls(1, 10000);
    tap_equal(calls, 0, "one in 36000 years, in place of a near one: neither comes");

    second_deadline = sp804_microseconds(timer) + 4000;
    deadline = second_deadline;
    sp804_set_deadline(timer, sp804_microseconds(timer) + 1000, expired, timer);
    wait_for_calls(2, HANG);
    tap_ok(calls == 2 && called_at >= deadline, "the next one is set from within the first");
}

static void far(void)
{
    uint64_t deadline = sp804_microseconds(timer) + HOUR;

    calls = 0;
    sp804_set_deadline(timer, deadline, expired, NULL);
    sleep_for_calls(1, 100);
    tap_ok(calls == 1 && called_at >= deadline, "a deadline in an hour is called then");

    /* With no deadline, and nobody who asks what time it is: the driver's own interrupts keep the count. */
    uint64_t before = sp804_microseconds(timer);
    uint32_t count = sp804_count(timer->config);
    sleep_for_calls(2, 9);
    uint64_t slept = sp804_microseconds(timer) - before;
    uint32_t counted = sp804_count(timer->config) - count;
    uint32_t apart = (uint32_t)slept * timer->config->megahertz - counted;
    tap_ok(slept >> 32 >= 1 && slept >> 32 < 4 && apart + 1000 < 2000,
           "and time goes on beyond 32 bits: 0x%lx%08lx microseconds", (unsigned long)(slept >> 32),
           (unsigned long)slept);
    tap_ok(calls == 1, "without a call");
}

static void absent(void)
{
    static uint32_t registers[0x1000 / 4];
    static const struct sp804_config nowhere = {.base = (uintptr_t)registers, .megahertz = 1};
    const struct sp804_config stopped = {.base = timer->config->base, .megahertz = 0};
    struct sp804 other = {.config = &nowhere};

    bool found = sp804_init(&other);
    other.config = &stopped;
    tap_ok(!found && !sp804_init(&other), "no SP804, or no clock: refused");
}

int main(void)
{
    platform();
    timer = hardware()->sp804;
    if (timer == NULL) {
        return tap_skip("no SP804");
    }
    tap_plan(1 + 6 + 3 + 1);

    uint64_t previous = sp804_microseconds(timer);
    unsigned backwards = 0;
    for (unsigned i = 0; i < 100000; i++) {
        uint64_t now = sp804_microseconds(timer);
        backwards += now < previous;
        previous = now;
    }
    tap_equal(backwards, 0, "100000 readings, none before the one before");
    near();
    far();
    absent();
    return tap_done();
}
