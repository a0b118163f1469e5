/* SPDX-License-Identifier: MIT */
/*
 * The Raspberry Pi's mailbox and framebuffer drivers against a model of the firmware, written from its documentation, which answers late,
 * not at all, with other people's messages between, with half of what was asked for, and with other values than it was asked to set.
 * What would break it: an answer taken that is another's or of before, a wait without bound, a code or a length not looked at, a framebuffer
 * that is smaller than it should be, a frame that is none of its own, a boundary before the firmware has answered.
 *
 * link: drivers/bcm2835_mailbox.c drivers/bcm2835_mailbox_framebuffer.c
 * registers: modelled
 */
#include "drivers/bcm2835_mailbox_framebuffer.h"

#include "tests/host/registers/boot/registers/barrier.h"
#include "tests/host/registers/boot/registers/mmio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BASE 0x3f00b880u
#define BUFFER 0xdfa00040u
#define MESSAGE (BUFFER | 8u)
#define TIMEOUT 5000u
#define FRAMEBUFFER 0x3c100000u
#define NOBODY 0xffffffffu

static _Alignas(16) uint32_t buffer[BCM2835_MAILBOX_WORDS + 1];

/* The firmware. */
static struct {
    uint32_t width, height, virtual_width, virtual_height, x, y, depth, order, base, pitch, size, slack;
    /* How it is today. */
    bool knows_vsync, refuses, deaf;
    uint32_t full_for, late_by; /* looks at the status */
    uint32_t strangers;         /* messages of others before ours */
    uint32_t ignored_tag, short_tag, altered_tag;
    /* What it does. */
    bool pending, synchronized, accessed;
    uint32_t looks, calls, waits_for_vsync, maps;
    uint64_t time;
    bool map_works;
} firmware;

static struct bcm2835_mailbox_config config;
static struct bcm2835_mailbox mailbox;

static bool answer(uint32_t tag, uint32_t *values, uint32_t *length)
{
    *length = 8;
    switch (tag) {
    case BCM2835_TAG_SET_PHYSICAL_SIZE:
        firmware.width = values[0];
        firmware.height = values[1];
        break;
    case BCM2835_TAG_SET_VIRTUAL_SIZE:
        firmware.virtual_width = values[0];
        firmware.virtual_height = values[1];
        firmware.pitch = values[0] * 4;
        firmware.size = firmware.pitch * values[1] + firmware.slack;
        break;
    case BCM2835_TAG_SET_VIRTUAL_OFFSET:
        firmware.x = values[0];
        firmware.y = values[1];
        break;
    case BCM2835_TAG_SET_DEPTH:
        firmware.depth = values[0];
        *length = 4;
        break;
    case BCM2835_TAG_SET_PIXEL_ORDER:
        firmware.order = values[0];
        *length = 4;
        break;
    case BCM2835_TAG_ALLOCATE_BUFFER:
        assert_int_equal(values[0], 4096);
        values[0] = firmware.base;
        values[1] = firmware.size;
        break;
    case BCM2835_TAG_PITCH:
        values[0] = firmware.pitch;
        *length = 4;
        break;
    case BCM2835_TAG_DMA_CHANNELS:
        values[0] = 0x3c;
        *length = 4;
        break;
    case BCM2835_TAG_WAIT_FOR_VSYNC:
        firmware.waits_for_vsync++;
        *length = 4;
        return firmware.knows_vsync;
    default:
        return false;
    }
    return true;
}

static void work(void)
{
    uint32_t at = 2;

    firmware.calls++;
    assert_true(buffer[0] % 4 == 0 && buffer[0] <= sizeof(buffer) - 4);
    assert_int_equal(buffer[1], 0);
    while (buffer[at] != 0) {
        const uint32_t tag = buffer[at], room = buffer[at + 1];
        uint32_t length = 0;

        assert_int_equal(room % 4, 0);
        assert_int_equal(buffer[at + 2], 0);
        if (tag != firmware.ignored_tag && answer(tag, &buffer[at + 3], &length)) {
            buffer[at + 2] = 1u << 31 | (tag == firmware.short_tag ? length - 1 : length);
            buffer[at + 3] ^= tag == firmware.altered_tag ? 0x20 : 0;
        }
        at += 3 + room / 4;
        assert_true(4 * at < buffer[0]);
    }
    assert_int_equal(4 * (at + 1), buffer[0]);
    buffer[1] = firmware.refuses ? 0x80000001u : 0x80000000u;
}

uint32_t model_read(uintptr_t address, unsigned bytes)
{
    assert_int_equal(bytes, 4);
    firmware.accessed = true;
    switch (address - BASE) {
    case 0x00:
        assert_true(firmware.pending || firmware.strangers != 0); /* it was not empty */
        if (firmware.strangers != 0) {
            return firmware.strangers-- % 2 != 0 ? (MESSAGE & ~0xfu) | 1u : (BUFFER + 0x100) | 8u;
        }
        firmware.pending = false;
        return MESSAGE;
    case 0x18:
        if (firmware.strangers != 0) {
            return 0;
        }
        if (firmware.pending && firmware.late_by != 0) {
            firmware.late_by--;
            return 1u << 30;
        }
        return firmware.pending && !firmware.deaf ? 0 : 1u << 30;
    case 0x38:
        if (firmware.full_for != 0) {
            firmware.full_for -= firmware.full_for != NOBODY;
            return 1u << 31;
        }
        return 1u << 30;
    default:
        fail_msg("read of 0x%02x", (unsigned)(address - BASE));
        return 0;
    }
}

void model_write(uintptr_t address, uint32_t value, unsigned bytes)
{
    assert_int_equal(bytes, 4);
    assert_int_equal(address - BASE, 0x20);
    assert_int_equal(value, MESSAGE);
    assert_true(firmware.synchronized);
    assert_int_equal(firmware.full_for, 0);
    assert_false(firmware.pending); /* the buffer would be two requests' */
    firmware.accessed = true;
    firmware.pending = true;
    work();
}

void model_barrier(enum model_barrier barrier)
{
    firmware.synchronized = firmware.synchronized || barrier == MODEL_DSB;
    firmware.accessed = false;
}

static uint64_t microseconds(void *context)
{
    assert_ptr_equal(context, &firmware);
    assert_false(firmware.accessed); /* another peripheral */
    firmware.time += 10;
    return firmware.time;
}

static void reset(void)
{
    memset(&firmware, 0, sizeof(firmware));
    memset(buffer, 0xa5, sizeof(buffer));
    firmware.base = FRAMEBUFFER;
    firmware.ignored_tag = firmware.short_tag = firmware.altered_tag = NOBODY;
    firmware.map_works = true;
    config = (struct bcm2835_mailbox_config){
        .base = BASE,
        .words = buffer,
        .words_bus = {BUFFER},
        .microseconds = microseconds,
        .timeout = TIMEOUT,
        .context = &firmware,
    };
    mailbox = (struct bcm2835_mailbox){.config = &config};
}

static enum bcm2835_mailbox_status ask(uint32_t *value)
{
    struct bcm2835_property channels = {.tag = BCM2835_TAG_DMA_CHANNELS, .values = value, .count = 1};
    const uint64_t start = firmware.time;

    firmware.synchronized = false;
    const enum bcm2835_mailbox_status status = bcm2835_mailbox_call(&mailbox, &channels, 1);
    assert_false(firmware.accessed);
    assert_in_range(firmware.time - start, 0, 2 * TIMEOUT + 100); /* bounded */
    assert_int_equal(buffer[BCM2835_MAILBOX_WORDS], 0xa5a5a5a5u);
    return status;
}

static void an_answer_late_and_among_others(void **state)
{
    (void)state;
    for (uint32_t late = 0; late < 4; late++) {
        for (uint32_t full = 0; full < 4; full++) {
            for (uint32_t strangers = 0; strangers < 4; strangers++) {
                uint32_t value = 7;

                reset();
                firmware.late_by = late;
                firmware.full_for = full;
                firmware.strangers = strangers;
                assert_int_equal(ask(&value), BCM2835_MAILBOX_OK);
                assert_int_equal(value, 0x3c);
                assert_int_equal(firmware.strangers, 0);
            }
        }
    }
}

static void what_is_wrong_with_an_answer(void **state)
{
    uint32_t value = 7;

    (void)state;
    reset();
    firmware.refuses = true;
    assert_int_equal(ask(&value), BCM2835_MAILBOX_ERROR_REFUSED);
    reset();
    firmware.ignored_tag = BCM2835_TAG_DMA_CHANNELS;
    assert_int_equal(ask(&value), BCM2835_MAILBOX_ERROR_TAG);
    reset();
    firmware.short_tag = BCM2835_TAG_DMA_CHANNELS;
    assert_int_equal(ask(&value), BCM2835_MAILBOX_ERROR_TAG);
    reset();
    firmware.full_for = NOBODY;
    assert_int_equal(ask(&value), BCM2835_MAILBOX_ERROR_TIMEOUT);
    assert_int_equal(value, 7);
    firmware.full_for = 0;
    assert_int_equal(ask(&value), BCM2835_MAILBOX_OK); /* it was never sent: nothing is to be waited for */

    /* Of several none has changed if one is wrong; an optional one may be. */
    uint32_t pitch = 5, channels = 6;
    struct bcm2835_property both[] = {
        {.tag = BCM2835_TAG_DMA_CHANNELS, .values = &channels, .count = 1},
        {.tag = BCM2835_TAG_PITCH, .values = &pitch, .count = 1},
    };
    firmware.ignored_tag = BCM2835_TAG_PITCH;
    assert_int_equal(bcm2835_mailbox_call(&mailbox, both, 2), BCM2835_MAILBOX_ERROR_TAG);
    assert_int_equal(channels, 6);
    both[1].optional = true;
    assert_int_equal(bcm2835_mailbox_call(&mailbox, both, 2), BCM2835_MAILBOX_OK);
    assert_true(both[0].answered && !both[1].answered);
    assert_int_equal(channels, 0x3c);
    assert_int_equal(pitch, 5);
}

static void an_answer_that_comes_too_late_is_not_the_next_ones(void **state)
{
    uint32_t value = 7;

    (void)state;
    reset();
    firmware.deaf = true;
    assert_int_equal(ask(&value), BCM2835_MAILBOX_ERROR_TIMEOUT);
    assert_int_equal(value, 7);
    const uint32_t before = buffer[2];
    assert_int_equal(ask(&value), BCM2835_MAILBOX_ERROR_TIMEOUT); /* the buffer is still the firmware's */
    assert_int_equal(buffer[2], before);
    assert_int_equal(firmware.calls, 1);
    firmware.deaf = false;
    assert_int_equal(ask(&value), BCM2835_MAILBOX_OK);
    assert_int_equal(value, 0x3c);
    assert_int_equal(firmware.calls, 2);
    assert_int_equal(ask(&value), BCM2835_MAILBOX_OK); /* and now nothing is late any more */
}

static void what_does_not_fit_is_not_sent(void **state)
{
    uint32_t values[BCM2835_MAILBOX_WORDS] = {0};
    struct bcm2835_property property = {.tag = BCM2835_TAG_PITCH, .values = values, .count = BCM2835_MAILBOX_WORDS - 5};

    (void)state;
    reset();
    assert_int_equal(bcm2835_mailbox_call(&mailbox, &property, 0), BCM2835_MAILBOX_ERROR_ARGUMENT);
    assert_int_equal(bcm2835_mailbox_call(&mailbox, NULL, 1), BCM2835_MAILBOX_ERROR_ARGUMENT);
    assert_int_equal(bcm2835_mailbox_call(&mailbox, &property, 1), BCM2835_MAILBOX_ERROR_ARGUMENT);
    property.count = 0xffffffff;
    assert_int_equal(bcm2835_mailbox_call(&mailbox, &property, 1), BCM2835_MAILBOX_ERROR_ARGUMENT);
    assert_int_equal(firmware.calls, 0);
    property.count = BCM2835_MAILBOX_WORDS - 6;
    assert_int_equal(bcm2835_mailbox_call(&mailbox, &property, 1),
                     BCM2835_MAILBOX_ERROR_TAG); /* more than is answered */
    assert_int_equal(firmware.calls, 1);
    assert_int_equal(buffer[BCM2835_MAILBOX_WORDS], 0xa5a5a5a5u);
}

/* ---------------------------------------------------------------------------------------------------------------- */

static struct bcm2835_framebuffer_config screen_config;
static struct bcm2835_framebuffer framebuffer;
static struct display *const display = &framebuffer.display;
static unsigned boundaries;

static bool map(void *context, uint32_t physical, uint32_t size)
{
    assert_ptr_equal(context, &firmware);
    assert_int_equal(physical, (firmware.base & 0x3fffffff) - screen_config.bus_view);
    assert_int_equal(size, firmware.pitch * firmware.virtual_height);
    firmware.maps++;
    return firmware.map_works;
}

static void screen(uint32_t bus_view)
{
    reset();
    firmware.synchronized = true;
    screen_config = (struct bcm2835_framebuffer_config){
        .mailbox = &mailbox,
        .frames = 3,
        .width_max = 1920,
        .height_max = 1200,
        .alias = 0xc0000000u,
        .bus_view = bus_view,
        .map = map,
        .context = &firmware,
    };
    bcm2835_framebuffer_init(&framebuffer, &screen_config);
    boundaries = 0;
}

static void boundary(void *context)
{
    assert_ptr_equal(context, &boundaries);
    boundaries++;
}

static void a_mode_is_made(void **state)
{
    static const uint32_t sizes[][2] = {{640, 480}, {1, 1}, {15, 7}, {16, 16}, {17, 1200}, {1920, 1080}};

    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        for (unsigned view = 0; view < 2; view++) {
            const uint32_t width = sizes[i][0], height = sizes[i][1], bus_view = view * 0x1f800000u;

            screen(bus_view);
            firmware.base = FRAMEBUFFER | (i % 4) << 30; /* whichever view of memory it names */
            assert_int_equal(display_set_mode(display, width, height), DISPLAY_OK);
            assert_int_equal(firmware.width, width);
            assert_int_equal(firmware.height, height);
            assert_true(firmware.virtual_width > width && firmware.virtual_width <= width + 16);
            assert_int_equal(firmware.virtual_height, 3 * height);
            assert_int_equal(firmware.depth, 32);
            assert_int_equal(firmware.order | firmware.x | firmware.y, 0);
            assert_int_equal(display->stride % 64, 0);
            assert_int_equal(display->stride, firmware.pitch);
            assert_int_equal(display->frames.count, 3);
            assert_int_equal(display->frames.physical, FRAMEBUFFER - bus_view);
            assert_ptr_equal(display->frames.cpu, (void *)(uintptr_t)(FRAMEBUFFER - bus_view));
            assert_int_equal(framebuffer.bus, FRAMEBUFFER | 0xc0000000u);
            assert_int_equal(firmware.maps, 1);
        }
    }
    assert_int_equal(display_set_mode(display, 1921, 16), DISPLAY_ERROR_MODE);
    assert_int_equal(display_set_mode(display, 16, 1201), DISPLAY_ERROR_MODE);
    assert_int_equal(display_set_mode(display, 0, 16), DISPLAY_ERROR_MODE);
    assert_int_equal(display_set_mode(display, 16, 0), DISPLAY_ERROR_MODE);
    assert_int_equal(display->width, 1920);
    assert_int_equal(firmware.calls, 1);
}

static void a_firmware_that_makes_another_one(void **state)
{
    static const uint32_t altered[] = {BCM2835_TAG_SET_PHYSICAL_SIZE, BCM2835_TAG_SET_VIRTUAL_OFFSET,
                                       BCM2835_TAG_SET_DEPTH, BCM2835_TAG_SET_PIXEL_ORDER};
    struct baton_source frame = {.access = {1}, .length = 16, .count = 1, .segments = {{{FRAMEBUFFER}, 16}}};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        screen(0);
        assert_int_equal(display_set_mode(display, 640, 480), DISPLAY_OK);
        firmware.altered_tag = altered[i];
        assert_int_equal(display_set_mode(display, 640, 480), DISPLAY_ERROR_MODE);
        assert_int_equal(display->width | display->frames.count, 0); /* and nothing is shown any more */
        assert_int_equal(display_flip(display, &frame, boundary, &boundaries), DISPLAY_ERROR_MODE);
    }
    for (unsigned i = 0; i < 7; i++) {
        screen(i == 6 ? 0x3c200000u : 0);
        switch (i) {
        case 0:
            firmware.base = 0;
            break;
        case 1:
            firmware.short_tag = BCM2835_TAG_ALLOCATE_BUFFER;
            break;
        case 2:
            firmware.slack = 1u << 20;
            firmware.altered_tag = BCM2835_TAG_PITCH; /* 656 * 4 ^ 32: rows that do not begin at 64 bytes */
            break;
        case 3:
            firmware.map_works = false;
            break;
        case 4:
            firmware.deaf = true;
            break;
        case 5:
            firmware.slack = (uint32_t)-4; /* less than it needs */
            break;
        default: /* it lies below where the bus's view begins */
            break;
        }
        assert_int_equal(display_set_mode(display, 640, 480), DISPLAY_ERROR_DEVICE);
        assert_int_equal(display->width | display->frames.count, 0);
    }
}

static void flips_move_the_part_that_is_shown(void **state)
{
    (void)state;
    for (unsigned knows = 0; knows < 2; knows++) {
        screen(0);
        firmware.knows_vsync = knows != 0;
        assert_int_equal(display_set_mode(display, 640, 480), DISPLAY_OK);
        const uint32_t bytes = display->stride * 480;
        for (uint32_t i = 0; i < 3; i++) {
            struct baton_source frame = {.access = {1},
                                         .length = bytes,
                                         .count = 1,
                                         .segments = {{{(FRAMEBUFFER | 0xc0000000u) + i * bytes}, bytes}}};
            firmware.late_by = 3;
            assert_int_equal(display_flip(display, &frame, boundary, &boundaries), DISPLAY_OK);
            assert_int_equal(boundaries, i + 1);
            assert_int_equal(firmware.y, 480 * i);
            assert_int_equal(firmware.x, 0);
            assert_int_equal(firmware.waits_for_vsync, i + 1);
        }
        struct baton_source frame = {
            .access = {1}, .length = bytes, .count = 1, .segments = {{{FRAMEBUFFER | 0xc0000000u}, bytes}}};
        assert_int_equal(display_flip(display, &frame, NULL, NULL), DISPLAY_OK);
    }
}

static void frames_of_others_are_refused(void **state)
{
    (void)state;
    screen(0);
    assert_int_equal(display_set_mode(display, 640, 480), DISPLAY_OK);
    const uint32_t bytes = display->stride * 480, first = FRAMEBUFFER | 0xc0000000u;
    const struct baton_source good = {.access = {1}, .length = bytes, .count = 1, .segments = {{{first}, bytes}}};
    const uint32_t wrong[] = {first + 4, first - 4, first + 3 * bytes, first - bytes, FRAMEBUFFER};
    const uint32_t calls = firmware.calls;
    struct baton_source frame = good;

    assert_int_equal(display_flip(display, NULL, boundary, &boundaries), DISPLAY_ERROR_ARGUMENT);
    frame.count = 2;
    assert_int_equal(display_flip(display, &frame, boundary, &boundaries), DISPLAY_ERROR_ARGUMENT);
    frame = good;
    frame.segments[0].length -= 4;
    assert_int_equal(display_flip(display, &frame, boundary, &boundaries), DISPLAY_ERROR_ARGUMENT);
    for (unsigned i = 0; i < 5; i++) {
        frame = good;
        frame.segments[0].address.value = wrong[i];
        assert_int_equal(display_flip(display, &frame, boundary, &boundaries), DISPLAY_ERROR_ARGUMENT);
    }
    assert_int_equal(firmware.calls, calls);
    /* The firmware moves it elsewhere, or not at all. */
    firmware.altered_tag = BCM2835_TAG_SET_VIRTUAL_OFFSET;
    assert_int_equal(display_flip(display, &good, boundary, &boundaries), DISPLAY_ERROR_DEVICE);
    firmware.altered_tag = NOBODY;
    firmware.refuses = true;
    assert_int_equal(display_flip(display, &good, boundary, &boundaries), DISPLAY_ERROR_DEVICE);
    assert_int_equal(boundaries, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_late_and_among_others),
        cmocka_unit_test(what_is_wrong_with_an_answer),
        cmocka_unit_test(an_answer_that_comes_too_late_is_not_the_next_ones),
        cmocka_unit_test(what_does_not_fit_is_not_sent),
        cmocka_unit_test(a_mode_is_made),
        cmocka_unit_test(a_firmware_that_makes_another_one),
        cmocka_unit_test(flips_move_the_part_that_is_shown),
        cmocka_unit_test(frames_of_others_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
