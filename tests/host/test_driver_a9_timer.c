/* SPDX-License-Identifier: MIT */
/*
 * The Cortex-A9 MPCore's global timer against a model of its registers, written from ARM DDI 0407, 4.4, with erratum 740657: an event that is
 * cleared while the count is past an enabled comparator comes once more. The count goes on with each access, by steps that cross the
 * carry between its halves. What would break it: a carry read in halves, a counter written while it runs, a comparator written while it
 * compares, an event that stays or comes twice, a far deadline that is called at the first look, a prescaler that a loader has left.
 *
 * link: drivers/a9_timer.c
 * registers: modelled
 */
#include "drivers/a9_timer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BASE 0xf8f00200u
#define HERTZ 333333343u /* of a Zynq-7000 at 667 MHz */

static struct {
    uint64_t count, comparator;
    uint32_t control, step;
    bool event, line, edge; /* edge: what the interrupt controller has latched */
    unsigned raised;
} device;

static struct a9_timer_config config = {.base = BASE, .frequency = HERTZ};
static struct a9_timer timer = {.config = &config};
static unsigned calls;
static uint64_t called_at;

static void settle(void)
{
    if ((device.control & 3) == 3 && device.count >= device.comparator) {
        device.event = true;
    }
    const bool line = device.event && (device.control & 4) != 0;
    if (line && !device.line) {
        device.edge = true;
        device.raised++;
    }
    device.line = line;
}

static void pass(uint64_t counts)
{
    if ((device.control & 1) != 0) {
        device.count += counts / (1 + (device.control >> 8 & 0xff));
    }
    settle();
}

uint32_t model_read(uintptr_t address, unsigned bytes)
{
    assert_int_equal(bytes, 4);
    pass(device.step);
    switch (address - BASE) {
    case 0x00:
        return (uint32_t)device.count;
    case 0x04:
        return (uint32_t)(device.count >> 32);
    case 0x08:
        return device.control;
    default:
        fail_msg("read of 0x%02x", (unsigned)(address - BASE));
        return 0;
    }
}

static uint64_t half(uint64_t old, bool high, uint32_t value)
{
    return high ? (uint64_t)value << 32 | (uint32_t)old : (old & ~0xffffffffull) | value;
}

void model_write(uintptr_t address, uint32_t value, unsigned bytes)
{
    const uintptr_t reg = address - BASE;

    assert_int_equal(bytes, 4);
    pass(device.step);
    switch (reg) {
    case 0x00:
    case 0x04:
        assert_int_equal(device.control & 1, 0);
        device.count = half(device.count, reg == 0x04, value);
        return;
    case 0x08:
        device.control = value & 0xff0f;
        break;
    case 0x0c:
        /* Past an enabled comparator it would be set again at once; the erratum: past a disabled one too. */
        if ((value & 1) != 0) {
            device.event = device.count >= device.comparator;
        }
        break;
    case 0x10:
    case 0x14:
        assert_int_equal(device.control & 2, 0);
        device.comparator = half(device.comparator, reg == 0x14, value);
        return;
    default:
        fail_msg("write of 0x%02x", (unsigned)reg);
    }
    settle();
}

static void expired(void *context)
{
    calls++;
    called_at = a9_timer_microseconds(&timer);
    if (context != NULL) {
        a9_timer_set_deadline(&timer, *(uint64_t *)context, expired, NULL);
    }
}

static void take_interrupts(void)
{
    while (device.edge) {
        device.edge = false;
        a9_timer_interrupt(&timer);
    }
}

/* As a loader may have left it: it runs, with a prescaler, and an event is there. */
static int start(void **state)
{
    (void)state;
    memset(&device, 0, sizeof(device));
    device.count = 1ull << 40;
    device.control = 0x0f07;
    device.event = true;
    device.step = 1;
    calls = 0;
    config.frequency = HERTZ;
    assert_true(a9_timer_init(&timer));
    device.edge = false;
    return 0;
}

static void starts_anew(void **state)
{
    (void)state;
    assert_true(a9_timer_microseconds(&timer) == 0);
    assert_int_equal(device.control, 1);
    assert_false(device.event);
    pass(HERTZ * 3600ull);
    assert_in_range(a9_timer_microseconds(&timer), 3599999990, 3600000000);
    config.frequency = 1999;
    assert_false(a9_timer_init(&timer));
}

static void never_goes_back(void **state)
{
    uint64_t before = 0;

    (void)state;
    for (uint32_t i = 0; i < 200000; i++) {
        device.step = i * 2654435761u >> (3 + i % 20); /* up to an eighth of the lower half's period */
        const uint64_t from = device.count;
        const uint64_t now = a9_timer_microseconds(&timer);
        assert_true(now >= before);
        assert_true(now >= ratio_scale(timer.to_microseconds, from) &&
                    now <= ratio_scale(timer.to_microseconds, device.count));
        before = now;
    }
}

static void comes_once_and_not_early(void **state)
{
    (void)state;
    for (uint32_t wait = 0; wait < 5000; wait += 7) {
        const uint64_t deadline = a9_timer_microseconds(&timer) + wait;

        calls = 0;
        a9_timer_set_deadline(&timer, deadline, expired, NULL);
        for (unsigned i = 0; i < 12000 && calls == 0; i++) {
            take_interrupts();
            pass(HERTZ / 1000000);
        }
        assert_int_equal(calls, 1);
        assert_true(called_at >= deadline);
        pass(HERTZ);
        take_interrupts();
        assert_int_equal(calls, 1);
    }
    /* Each by one interrupt: one that was early by a rounding may take a second, an event that came twice would double them. */
    assert_in_range(device.raised, 5000 / 7, 5000 / 7 * 3 / 2);
}

static void the_next_from_within(void **state)
{
    uint64_t second = a9_timer_microseconds(&timer) + 900;

    (void)state;
    a9_timer_set_deadline(&timer, second - 500, expired, &second);
    for (unsigned i = 0; i < 2000; i++) {
        take_interrupts();
        pass(HERTZ / 1000000);
    }
    assert_int_equal(calls, 2);
    assert_true(called_at >= second);
}

static void cancelled(void **state)
{
    (void)state;
    a9_timer_set_deadline(&timer, a9_timer_microseconds(&timer) + 10, expired, NULL);
    a9_timer_cancel(&timer);
    pass(HERTZ);
    take_interrupts();
    assert_int_equal(calls, 0);
    /* The edge was latched before, the cancel comes with interrupts masked. */
    a9_timer_set_deadline(&timer, 0, expired, NULL);
    assert_true(device.edge);
    a9_timer_cancel(&timer);
    take_interrupts();
    assert_int_equal(calls, 0);
}

static void far(void **state)
{
    const uint64_t deadline = 3 * 3600000000ull;

    (void)state;
    a9_timer_set_deadline(&timer, deadline, expired, NULL);
    for (unsigned i = 0; i < 20000 && calls == 0; i++) {
        take_interrupts();
        pass(HERTZ);
    }
    assert_int_equal(calls, 1);
    assert_true(called_at >= deadline && called_at < deadline + 2000000);
    /* More counts than there are, by a few: no storm of interrupts, but a look every half an hour. */
    device.raised = 0;
    a9_timer_set_deadline(&timer, a9_timer_microseconds(&timer) + 55340230616262968, expired, NULL);
    for (unsigned i = 0; i < 10000; i++) {
        take_interrupts();
        pass(HERTZ);
    }
    assert_int_equal(calls, 1);
    assert_in_range(device.raised, 4, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(starts_anew, start),
        cmocka_unit_test_setup(never_goes_back, start),
        cmocka_unit_test_setup(comes_once_and_not_early, start),
        cmocka_unit_test_setup(the_next_from_within, start),
        cmocka_unit_test_setup(cancelled, start),
        cmocka_unit_test_setup(far, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
