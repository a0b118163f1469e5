/* SPDX-License-Identifier: MIT */
/*
 * The BCM2836's two interrupt controllers against a model of their registers, written from BCM2835 ARM Peripherals, chapter 7, and QA7,
 * chapter 4. What would break it: an enable register of the wrong word, one of the interrupts that the basic register shows in place of a
 * hint missed, an interrupt without a handler that gives no rest, a barrier missing where the peripheral changes.
 *
 * link: drivers/bcm2836_interrupts.c
 * registers: modelled
 */
#include "drivers/bcm2836_interrupts.h"

#include "tests/host/registers/boot/registers/barrier.h"
#include "tests/host/registers/boot/registers/mmio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define LOCAL 0x40000000u
#define PERIPHERALS 0x3f00b200u

static struct {
    uint64_t gpu_raised, gpu_enabled;
    uint32_t arm_raised, arm_enabled, timers_raised, timers;
    uint32_t route, mailboxes, local_timer, pmu_cleared, fiq;
    uintptr_t last; /* which of the two was accessed since the last barrier; 0: neither */
} device;

static struct bcm2836_interrupts_config config = {.local = LOCAL, .peripherals = PERIPHERALS};
static struct bcm2836_interrupts interrupts;
static unsigned called[BCM2836_INTERRUPTS];

/* Accesses to the two may be answered out of order: between them a barrier (1.3). */
static uint32_t reg_of(uintptr_t address, uintptr_t *base)
{
    *base = address >= LOCAL ? LOCAL : PERIPHERALS;
    assert_true(device.last == 0 || device.last == *base);
    device.last = *base;
    return (uint32_t)(address - *base);
}

/* Chapter 7.5: of these the basic register has a copy, and they do not count in its hints. */
static uint64_t copied(void)
{
    static const unsigned ids[] = {7, 9, 10, 18, 19, 53, 54, 55, 56, 57, 62};
    uint64_t bits = 0;

    for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        bits |= 1ull << ids[i];
    }
    return bits;
}

uint32_t model_read(uintptr_t address, unsigned bytes)
{
    const uint64_t gpu = device.gpu_raised & device.gpu_enabled;
    const uint32_t arm = device.arm_raised & device.arm_enabled;
    uintptr_t base;
    const uint32_t reg = reg_of(address, &base);

    assert_int_equal(bytes, 4);
    if (base == LOCAL) {
        switch (reg) {
        case 0x40:
            return device.timers;
        case 0x60:
            /* The other bits are not ours to look at. */
            return (device.timers_raised & device.timers) | (gpu != 0 || arm != 0 ? 1u << 8 : 0) | 1u << 11;
        default:
            fail_msg("read of local 0x%02x", reg);
        }
    }
    switch (reg) {
    case 0x00:
        return arm | ((uint32_t)(gpu & ~copied()) != 0 ? 1u << 8 : 0) | ((gpu & ~copied()) >> 32 != 0 ? 1u << 9 : 0) |
               ((gpu & copied()) != 0 ? 0x1ffc00u : 0);
    case 0x04:
        return (uint32_t)gpu;
    case 0x08:
        return (uint32_t)(gpu >> 32);
    default:
        fail_msg("read of 0x%02x", reg);
        return 0;
    }
}

void model_write(uintptr_t address, uint32_t value, unsigned bytes)
{
    uintptr_t base;
    const uint32_t reg = reg_of(address, &base);

    assert_int_equal(bytes, 4);
    if (base == LOCAL) {
        switch (reg) {
        case 0x0c:
            device.route = value;
            return;
        case 0x14:
            device.pmu_cleared = value;
            return;
        case 0x34:
            device.local_timer = value;
            return;
        case 0x40:
            device.timers = value;
            return;
        case 0x50:
            device.mailboxes = value;
            return;
        default:
            fail_msg("write of local 0x%02x", reg);
        }
    }
    switch (reg) {
    case 0x0c:
        device.fiq = value;
        return;
    case 0x10:
    case 0x14:
        device.gpu_enabled |= (uint64_t)value << (reg == 0x14 ? 32 : 0);
        return;
    case 0x18:
        device.arm_enabled |= value & 0xff;
        return;
    case 0x1c:
    case 0x20:
        device.gpu_enabled &= ~((uint64_t)value << (reg == 0x20 ? 32 : 0));
        return;
    case 0x24:
        device.arm_enabled &= ~value;
        return;
    default:
        fail_msg("write of 0x%02x", reg);
    }
}

void model_barrier(enum model_barrier barrier)
{
    assert_int_equal(barrier, MODEL_DMB);
    device.last = 0;
}

static void lower(uint32_t id)
{
    if (id < 64) {
        device.gpu_raised &= ~(1ull << id);
    } else if (id < 72) {
        device.arm_raised &= ~(1u << (id - 64));
    } else {
        device.timers_raised &= ~(1u << (id - 72));
    }
}

static void raise(uint32_t id)
{
    if (id < 64) {
        device.gpu_raised |= 1ull << id;
    } else if (id < 72) {
        device.arm_raised |= 1u << (id - 64);
    } else {
        device.timers_raised |= 1u << (id - 72);
    }
}

#define UART 0x3f201000u

static void handler(void *context, uint32_t id)
{
    assert_ptr_equal(context, &called[id]);
    assert_int_equal(device.last, 0); /* the handler's own peripheral comes next */
    called[id]++;
    lower(id);
    device.last = UART; /* its own peripheral */
}

static void reset(void)
{
    memset(&device, 0xff, sizeof(device));
    device.last = 0;
    device.gpu_raised = device.arm_raised = device.timers_raised = 0;
    memset(called, 0, sizeof(called));
    memset(&interrupts, 0xa5, sizeof(interrupts));
    interrupts.config = &config;
    bcm2836_interrupts_init(&interrupts);
    assert_int_equal(device.last, 0);
}

/* It comes between two accesses to another peripheral. */
static void dispatch(void)
{
    device.last = UART;
    bcm2836_dispatch(&interrupts);
    assert_int_equal(device.last, 0);
}

static void all_is_off_at_first(void **state)
{
    (void)state;
    reset();
    assert_int_equal(device.gpu_enabled, 0);
    assert_int_equal(device.arm_enabled | device.timers | device.mailboxes | device.local_timer | device.route, 0);
    assert_int_equal(device.pmu_cleared, 0xff);
    assert_int_equal(device.fiq, 0);
    assert_false(bcm2836_handle(&interrupts, BCM2836_INTERRUPTS, handler, NULL));
    assert_false(bcm2836_handle(&interrupts, 1, NULL, NULL));
    assert_int_equal(device.gpu_enabled, 0);
}

static void each_interrupt_by_itself(void **state)
{
    (void)state;
    for (uint32_t id = 0; id < BCM2836_INTERRUPTS; id++) {
        reset();
        raise(id);
        dispatch();
        assert_int_equal(interrupts.unhandled, 0); /* not enabled */
        assert_true(bcm2836_handle(&interrupts, id, handler, &called[id]));
        assert_int_equal(
            __builtin_popcountll(device.gpu_enabled) + __builtin_popcount(device.arm_enabled | device.timers), 1);
        dispatch();
        assert_int_equal(called[id], 1);
        dispatch();
        assert_int_equal(called[id], 1);
        raise(id);
        bcm2836_disable(&interrupts, id);
        dispatch();
        assert_int_equal(called[id], 1);
        assert_int_equal(device.last, 0);
    }
}

static void all_at_once(void **state)
{
    (void)state;
    reset();
    for (uint32_t id = 0; id < BCM2836_INTERRUPTS; id++) {
        assert_true(bcm2836_handle(&interrupts, id, handler, &called[id]));
        raise(id);
    }
    dispatch();
    for (uint32_t id = 0; id < BCM2836_INTERRUPTS; id++) {
        assert_int_equal(called[id], 1);
    }
    assert_int_equal(device.gpu_raised, 0);
}

/* A level that nobody lowers comes again at once, for ever. */
static void one_without_a_handler_is_disabled(void **state)
{
    (void)state;
    for (uint32_t id = 0; id < BCM2836_INTERRUPTS; id++) {
        reset();
        device.gpu_enabled = ~0ull;
        device.arm_enabled = 0xff;
        device.timers = 0xf;
        raise(id);
        dispatch();
        assert_int_equal(interrupts.unhandled, 1);
        dispatch();
        assert_int_equal(interrupts.unhandled, 1);
        assert_int_equal(__builtin_popcountll(device.gpu_enabled) + __builtin_popcount(device.arm_enabled) +
                             __builtin_popcount(device.timers),
                         75);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_off_at_first),
        cmocka_unit_test(each_interrupt_by_itself),
        cmocka_unit_test(all_at_once),
        cmocka_unit_test(one_without_a_handler_is_disabled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
