/* SPDX-License-Identifier: MIT */
/*
 * Generic timer: time is right and never goes back, the deadline comes once and not early. Nothing here judges how late.
 * What would break it: a carry lost between the halves of the multiplication, a deadline in another unit, an interrupt that stays up.
 *
 * A virtual clock, so that a busy host changes nothing.
 * qemu-args: -icount shift=0,sleep=off
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/tap.h"

#include "apps/platform.h"
#include "boot/registers/cp15.h"
#include "boot/registers/barrier.h"
#include "drivers/timer.h"

#define HANG 10000000u /* microseconds */

static struct timer *timer;
static volatile unsigned calls;
static volatile uint64_t called_at;
static uint64_t second_deadline;

static void expired(void *context)
{
    called_at = timer_microseconds(timer);
    calls = calls + 1;
    if (context != NULL && second_deadline != 0) {
        uint64_t deadline = second_deadline;
        second_deadline = 0;
        timer_set_deadline(timer, deadline, expired, context);
    }
}

/* Without the platform's sleep, which uses the deadline itself. */
static void wait_for_calls(unsigned wanted, uint32_t microseconds)
{
    uint64_t end = timer_microseconds(timer) + microseconds;

    while (calls < wanted && timer_microseconds(timer) < end) {
        wfe();
    }
}

static void conversion(void)
{
    static const uint32_t frequencies[] = {2000,     32768,    999999,   1000000,   1000001,
                                           19200000, 24000000, 62500000, 1000000000};
    static const uint64_t ages[] = {0, 1, 999, 1000000, 0xffffffffu, 0x100000000u, 0x123456789abu, 0xffffffffffffu};
    unsigned wrong = 0;

    for (unsigned f = 0; f < sizeof(frequencies) / sizeof(frequencies[0]); f++) {
        struct timer other;
        if (!timer_init(&other, frequencies[f])) {
            wrong++;
            continue;
        }
        for (unsigned a = 0; a < sizeof(ages) / sizeof(ages[0]); a++) {
            uint64_t before = cp15_read_CNTVCT();
            other.start = before - ages[a];
            uint64_t is = timer_microseconds(&other);
            uint64_t after = cp15_read_CNTVCT();
            /* count * 1000000 / frequency without overflow, by division; one in 2^31 of slack below, and one for rounding. */
            uint64_t least = ages[a] / frequencies[f] * 1000000 + ages[a] % frequencies[f] * 1000000 / frequencies[f];
            uint64_t age = ages[a] + (after - before);
            uint64_t most = age / frequencies[f] * 1000000 + age % frequencies[f] * 1000000 / frequencies[f];
            if (is > most || is + 1 + (least >> 31) < least) {
                tap_note("%lu Hz: 0x%08lx%08lx counts are not 0x%08lx%08lx us", (unsigned long)frequencies[f],
                         (unsigned long)(ages[a] >> 32), (unsigned long)ages[a], (unsigned long)(is >> 32),
                         (unsigned long)is);
                wrong++;
            }
        }
    }
    tap_equal(wrong, 0, "counts to microseconds, at 9 frequencies from 2 kHz to 1 GHz, within one in 2^31");
    struct timer none;
    tap_ok(!timer_init(&none, 1), "a frequency of 1 Hz is refused");
}

int main(void)
{
    platform();
    timer = hardware()->timer;
    if (timer == NULL) {
        return tap_skip("no generic timer");
    }
    tap_plan(10);

    uint64_t previous = timer_microseconds(timer);
    unsigned backwards = 0;
    for (unsigned i = 0; i < 100000; i++) {
        uint64_t now = timer_microseconds(timer);
        backwards += now < previous;
        previous = now;
    }
    tap_equal(backwards, 0, "100000 readings, none before the one before");
    conversion();

    uint64_t deadline = timer_microseconds(timer) + 3000;
    timer_set_deadline(timer, deadline, expired, NULL);
    wait_for_calls(1, HANG);
    tap_ok(calls == 1 && called_at >= deadline, "a deadline in 3 ms: not early");
    wait_for_calls(2, 5000);
    tap_equal(calls, 1, "and once");

    calls = 0;
    timer_set_deadline(timer, 1, expired, NULL);
    wait_for_calls(1, HANG);
    tap_equal(calls, 1, "one that has passed comes at once");

    calls = 0;
    timer_set_deadline(timer, timer_microseconds(timer) + 3000, expired, NULL);
    timer_cancel(timer);
    wait_for_calls(1, 10000);
    tap_equal(calls, 0, "a cancelled one does not come");

    timer_set_deadline(timer, timer_microseconds(timer) + 2000, expired, NULL);
    timer_set_deadline(timer, (uint64_t)1 << 60, expired, NULL);
    wait_for_calls(1, 10000);
    tap_equal(calls, 0, "one in 36000 years, in place of a near one: neither comes");

    deadline = timer_microseconds(timer) + 1000;
    timer_set_deadline(timer, deadline, expired, NULL);
    wait_for_calls(1, HANG);
    tap_ok(calls == 1 && called_at >= deadline, "a near one in place of a far one comes");

    calls = 0;
    second_deadline = timer_microseconds(timer) + 4000;
    deadline = second_deadline;
    timer_set_deadline(timer, timer_microseconds(timer) + 1000, expired, timer);
    wait_for_calls(2, HANG);
    tap_ok(calls == 2 && called_at >= deadline, "the next one is set from within the first");
    return tap_done();
}
