/* SPDX-License-Identifier: MIT */
/*
 * The BCM2835 DMA driver against a model of its registers, written from BCM2835 ARM Peripherals, 4.2.1: channels move a block at a time,
 * between any two accesses if the test wants so, with writes still on their way, and bus errors.
 * What would break it: a channel of the firmware's touched, a list started with an old END or INT, a reset with writes on their way, a
 * completion called twice or never, an error taken for success, a barrier missing where the peripheral changes.
 *
 * link: drivers/bcm2835_dma.c drivers/bcm2835_dma_list.c drivers/dma_list.c
 * registers: modelled
 */
#include "drivers/bcm2835_dma.h"

#include "drivers/bcm2835_dma_list.h"
#include "tests/host/registers/boot/registers/barrier.h"
#include "tests/host/registers/boot/registers/mmio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BASE 0x3f007000u
#define LIST 0xc0200000u
#define OURS 0x3cu /* channels 2 to 5 */
#define TIMEOUT 1000u
#define ACTIVE (1u << 0)
#define END (1u << 1)
#define INT (1u << 2)
#define WAITING (1u << 6)
#define ERROR (1u << 8)
#define RESET (1u << 31)
#define LITE (1u << 28)

static struct {
    uint32_t cs, block, debug;
    uint32_t blocks_left; /* of the list that CONBLK_AD begins */
    uint32_t in_flight;   /* steps until the last writes have arrived */
} channels[16];

static struct {
    uint32_t enable;
    uint64_t time;
    bool synchronized, accessed; /* a DSB, a register access since the last barrier */
    uint32_t steps_at;           /* before this access every channel makes all its steps; others go on by hand */
    uint32_t accesses;
    bool stuck; /* writes never arrive */
    bool wired; /* interrupts reach the driver */
    bool in_interrupt;
    uint32_t error_at; /* blocks left when a bus error comes */
    uint32_t length;   /* of the next list, blocks */
} device;

static struct bcm2835_dma dma;
static struct bcm2835_dma_config config;
static unsigned completions;
static enum dma_status ended;

static void step(unsigned number)
{
    if ((channels[number].cs & ACTIVE) != 0 && channels[number].block != 0) {
        if (channels[number].blocks_left == device.error_at) {
            channels[number].cs = (channels[number].cs | ERROR) & ~ACTIVE;
            channels[number].debug |= 4;
            return;
        }
        channels[number].in_flight = 3;
        channels[number].blocks_left--;
        channels[number].block = channels[number].blocks_left != 0 ? channels[number].block + 32 : 0;
        if (channels[number].block == 0) {
            channels[number].cs &= ~ACTIVE; /* END and INT wait for the writes: CS bit 28 */
        }
        return;
    }
    if (channels[number].in_flight != 0 && !device.stuck && --channels[number].in_flight == 0 &&
        channels[number].block == 0 && (channels[number].cs & 1u << 28) != 0) {
        channels[number].cs |= END | INT;
    }
}

static void interrupt(void)
{
    for (unsigned i = 0; device.wired && !device.in_interrupt && i < dma.controller.channels; i++) {
        if ((channels[dma.channels[i].number].cs & INT) != 0) {
            const bool accessed = device.accessed;

            device.in_interrupt = true;
            device.accessed = true; /* of whatever was interrupted */
            bcm2835_dma_interrupt(&dma, i);
            assert_false(device.accessed);
            device.accessed = accessed;
            device.in_interrupt = false;
            assert_int_equal(channels[dma.channels[i].number].cs & INT, 0);
        }
    }
}

static void between(void)
{
    if (device.accesses++ == device.steps_at) {
        for (unsigned number = 0; number < 16; number++) {
            for (unsigned i = 0; i < 20; i++) {
                step(number);
            }
        }
    }
    interrupt();
    device.accessed = true;
}

uint32_t model_read(uintptr_t address, unsigned bytes)
{
    const uint32_t reg = (uint32_t)address - BASE, number = reg / 0x100;

    assert_int_equal(bytes, 4);
    between();
    if (reg == 0xff0) {
        return device.enable;
    }
    assert_true(number < 15 && (config.channels >> number & 1) != 0);
    switch (reg % 0x100) {
    case 0x00:
        return channels[number].cs | (channels[number].in_flight != 0 ? WAITING : 0);
    case 0x04:
        return channels[number].block;
    case 0x20:
        return channels[number].debug;
    default:
        fail_msg("read of 0x%03x", reg);
        return 0;
    }
}

static void write_cs(unsigned number, uint32_t value)
{
    if ((value & RESET) != 0) {
        assert_int_equal(channels[number].cs & ACTIVE, 0);
        assert_int_equal(channels[number].in_flight, 0); /* or they would arrive whenever they like */
        channels[number].cs = 0;
        channels[number].block = 0;
        return;
    }
    assert_int_equal(value & ~0x30ff0007u, 0);
    if ((value & ACTIVE) != 0) {
        assert_true(device.synchronized || channels[number].in_flight != 0 || channels[number].cs != 0);
        assert_int_not_equal(device.enable >> number & 1, 0);
        assert_int_not_equal(value & 1u << 28, 0);
    }
    channels[number].cs &= ~(value & (END | INT));
    channels[number].cs = (channels[number].cs & ~0x30ff0001u) | (value & 0x30ff0001u);
}

void model_write(uintptr_t address, uint32_t value, unsigned bytes)
{
    const uint32_t reg = (uint32_t)address - BASE, number = reg / 0x100;

    assert_int_equal(bytes, 4);
    between();
    if (reg == 0xff0) {
        assert_int_equal(value & device.enable, device.enable); /* others' channels stay on */
        device.enable = value;
    } else {
        assert_true(number < 15 && (config.channels >> number & 1) != 0);
        switch (reg % 0x100) {
        case 0x00:
            write_cs(number, value);
            break;
        case 0x04:
            assert_int_equal(value % 32, 0);
            assert_int_equal(channels[number].cs & (ACTIVE | END | INT | ERROR), 0);
            assert_true(device.synchronized);
            channels[number].block = value;
            channels[number].blocks_left = device.length;
            break;
        case 0x20:
            channels[number].debug &= ~(value & 7);
            if ((channels[number].debug & 7) == 0) {
                channels[number].cs &= ~ERROR;
            }
            break;
        default:
            fail_msg("write of 0x%03x", reg);
        }
    }
    interrupt();
}

void model_barrier(enum model_barrier barrier)
{
    device.synchronized = barrier == MODEL_DSB || (barrier == MODEL_DMB && device.synchronized && !device.accessed);
    device.accessed = false;
}

static uint64_t microseconds(void *context)
{
    assert_ptr_equal(context, &device);
    assert_false(device.accessed); /* another peripheral */
    for (unsigned number = 0; number < 16; number++) {
        step(number);
    }
    device.time += 7;
    return device.time;
}

static void reset(void)
{
    memset(channels, 0, sizeof(channels));
    memset(&device, 0, sizeof(device));
    device.enable = 0x8001;
    device.steps_at = device.error_at = UINT32_MAX;
    device.length = 3;
    config = (struct bcm2835_dma_config){
        .base = BASE, .channels = OURS, .microseconds = microseconds, .timeout = TIMEOUT, .context = &device};
    memset(&dma, 0xa5, sizeof(dma));
    completions = 0;
    /* Somebody was at it before. */
    channels[3].cs = ACTIVE | END | INT | 1u << 28;
    channels[3].block = 0xc0000000;
    channels[3].blocks_left = 100;
    assert_true(bcm2835_dma_init(&dma, &config));
    assert_false(device.accessed);
    device.wired = true;
}

static void complete(void *context, unsigned channel, enum dma_status status)
{
    assert_ptr_equal(context, &completions);
    assert_int_equal(channel, 1);
    assert_false(device.accessed);
    completions++;
    ended = status;
}

static const struct baton_source list = {.access = {1}, .length = 96, .count = 1, .segments = {{{LIST}, 96}}};

static enum dma_status begin(void)
{
    return dma_start(&dma.controller, 1, &list, complete, &completions);
}

static void finish(void)
{
    for (unsigned i = 0; i < 40; i++) {
        step(3);
    }
    interrupt();
}

static void the_channels_are_those_that_are_left(void **state)
{
    (void)state;
    reset();
    assert_int_equal(dma.controller.channels, 4);
    assert_int_equal(device.enable, 0x803d);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(dma.channels[i].number, 2 + i);
    }
    assert_int_equal(channels[3].cs | channels[3].block, 0);
    assert_ptr_equal(dma.controller.format, &bcm2835_dma_list_format);

    config.channels = 0x7f80; /* lite ones */
    assert_false(bcm2835_dma_init(&dma, &config));
    config.channels = 0x60; /* one of these says that it is lite */
    channels[5].debug = LITE;
    assert_true(bcm2835_dma_init(&dma, &config));
    assert_int_equal(dma.controller.channels, 1);
    assert_int_equal(dma.channels[0].number, 6);
    config.channels = OURS;
    channels[2].in_flight = 1;
    device.stuck = true;
    assert_false(bcm2835_dma_init(&dma, &config));
}

static void a_list_from_start_to_completion(void **state)
{
    (void)state;
    for (uint32_t at = 0; at < 12; at++) {
        reset();
        device.steps_at = device.accesses + at; /* done before any of the accesses, or behind them */
        assert_int_equal(begin(), DMA_OK);
        assert_false(device.accessed);
        finish();
        assert_int_equal(completions, 1);
        assert_int_equal(ended, DMA_OK);
        finish();
        assert_int_equal(completions, 1);
        assert_int_equal(begin(), DMA_OK); /* END and INT of before are gone */
        finish();
        assert_int_equal(completions, 2);
    }
}

static void refusals_touch_nothing(void **state)
{
    struct baton_source wrong = list;

    (void)state;
    reset();
    const uint32_t accesses = device.accesses;
    assert_int_equal(dma_start(&dma.controller, 4, &list, complete, &completions), DMA_ERROR_ARGUMENT);
    assert_int_equal(dma_start(&dma.controller, 1, NULL, complete, &completions), DMA_ERROR_ARGUMENT);
    assert_int_equal(dma_start(&dma.controller, 1, &list, NULL, &completions), DMA_ERROR_ARGUMENT);
    wrong.segments[0].address.value = LIST + 16;
    assert_int_equal(dma_start(&dma.controller, 1, &wrong, complete, &completions), DMA_ERROR_LIST);
    wrong.segments[0].address.value = 0;
    assert_int_equal(dma_start(&dma.controller, 1, &wrong, complete, &completions), DMA_ERROR_LIST);
    wrong = list;
    wrong.segments[0].length = 31;
    assert_int_equal(dma_start(&dma.controller, 1, &wrong, complete, &completions), DMA_ERROR_LIST);
    wrong = list;
    wrong.count = 2;
    assert_int_equal(dma_start(&dma.controller, 1, &wrong, complete, &completions), DMA_ERROR_LIST);
    assert_int_equal(dma_halt(&dma.controller, 4), DMA_ERROR_ARGUMENT);
    assert_int_equal(dma_resume(&dma.controller, 4), DMA_ERROR_ARGUMENT);
    assert_int_equal(dma_stop(&dma.controller, 4), DMA_ERROR_ARGUMENT);
    assert_int_equal(dma_stop(&dma.controller, 1), DMA_OK); /* it does not run */
    assert_int_equal(device.accesses, accesses);
    assert_int_equal(begin(), DMA_OK);
    assert_int_equal(begin(), DMA_ERROR_BUSY);
    finish();
    assert_int_equal(completions, 1);
}

static void halted_it_moves_nothing_and_goes_on(void **state)
{
    (void)state;
    for (uint32_t at = 0; at < 12; at++) {
        reset();
        device.length = 50;
        assert_int_equal(begin(), DMA_OK);
        step(3);
        assert_int_equal(dma_halt(&dma.controller, 1), DMA_OK);
        assert_false(device.accessed);
        assert_int_equal(channels[3].in_flight, 0);
        const uint32_t left = channels[3].blocks_left;
        for (unsigned i = 0; i < 40; i++) {
            step(3);
        }
        assert_int_equal(channels[3].blocks_left, left);
        assert_int_equal(completions, 0);
        device.steps_at = device.accesses + at;
        assert_int_equal(dma_resume(&dma.controller, 1), DMA_OK);
        assert_false(device.accessed);
        for (unsigned i = 0; i < 10; i++) {
            finish();
        }
        assert_int_equal(completions, 1);
        assert_int_equal(ended, DMA_OK);
        assert_int_equal(dma_resume(&dma.controller, 1), DMA_OK); /* nothing to go on with */
        assert_int_equal(channels[3].cs & ACTIVE, 0);
    }
    reset();
    assert_int_equal(begin(), DMA_OK);
    step(3);
    device.stuck = true;
    assert_int_equal(dma_halt(&dma.controller, 1), DMA_ERROR_TIMEOUT);
    assert_in_range(device.time, TIMEOUT, 2 * TIMEOUT);
}

/* Stopped at any place, with its end at any place of the stop: one completion, and it says how it was. */
static void stopped_it_is_told_once(void **state)
{
    (void)state;
    for (uint32_t steps = 0; steps < 8; steps++) {
        for (uint32_t at = 0; at < 14; at++) {
            reset();
            assert_int_equal(begin(), DMA_OK);
            for (uint32_t i = 0; i < steps; i++) {
                step(3);
            }
            device.steps_at = device.accesses + at;
            assert_int_equal(dma_stop(&dma.controller, 1), DMA_OK);
            assert_false(device.accessed);
            finish();
            assert_int_equal(completions, 1);
            assert_true(ended == DMA_OK || ended == DMA_ERROR_STOPPED);
            assert_int_equal(channels[3].cs & (ACTIVE | INT), 0);
            device.steps_at = UINT32_MAX;
            assert_int_equal(begin(), DMA_OK);
            finish();
            assert_int_equal(completions, 2);
            assert_int_equal(ended, DMA_OK);
        }
    }
    reset();
    device.length = 50;
    assert_int_equal(begin(), DMA_OK);
    step(3);
    assert_int_equal(dma_stop(&dma.controller, 1), DMA_OK);
    assert_int_equal(ended, DMA_ERROR_STOPPED);
}

static void a_stop_that_times_out_may_be_tried_again(void **state)
{
    (void)state;
    reset();
    assert_int_equal(begin(), DMA_OK);
    step(3);
    device.stuck = true;
    assert_int_equal(dma_stop(&dma.controller, 1), DMA_ERROR_TIMEOUT);
    assert_int_equal(completions, 0);
    assert_int_equal(begin(), DMA_ERROR_BUSY);
    device.stuck = false;
    assert_int_equal(dma_stop(&dma.controller, 1), DMA_OK);
    assert_int_equal(completions, 1);
    assert_int_equal(ended, DMA_ERROR_STOPPED);
}

static void a_bus_error_is_told(void **state)
{
    (void)state;
    for (unsigned by_stop = 0; by_stop < 2; by_stop++) {
        reset();
        device.error_at = 2;
        assert_int_equal(begin(), DMA_OK);
        finish();
        assert_int_equal(completions, 0); /* no interrupt comes with it */
        if (by_stop != 0) {
            assert_int_equal(dma_stop(&dma.controller, 1), DMA_OK);
        } else {
            bcm2835_dma_interrupt(&dma, 1);
        }
        assert_int_equal(completions, 1);
        assert_int_equal(ended, DMA_ERROR_BUS);
        assert_int_equal(channels[3].debug & 7, 0);
        device.error_at = UINT32_MAX;
        assert_int_equal(begin(), DMA_OK);
        finish();
        assert_int_equal(ended, DMA_OK);
    }
}

static void start_again(void *context, unsigned channel, enum dma_status status)
{
    assert_int_equal(status, DMA_OK);
    if (++completions < 3) {
        assert_int_equal(dma_start(&dma.controller, channel, &list, start_again, context), DMA_OK);
    }
}

static void a_completion_may_start_the_next(void **state)
{
    (void)state;
    reset();
    assert_int_equal(dma_start(&dma.controller, 2, &list, start_again, &completions), DMA_OK);
    for (unsigned i = 0; i < 3; i++) {
        for (unsigned j = 0; j < 20; j++) {
            step(4);
        }
        interrupt();
    }
    assert_int_equal(completions, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_channels_are_those_that_are_left),
        cmocka_unit_test(a_list_from_start_to_completion),
        cmocka_unit_test(refusals_touch_nothing),
        cmocka_unit_test(halted_it_moves_nothing_and_goes_on),
        cmocka_unit_test(stopped_it_is_told_once),
        cmocka_unit_test(a_stop_that_times_out_may_be_tried_again),
        cmocka_unit_test(a_bus_error_is_told),
        cmocka_unit_test(a_completion_may_start_the_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
