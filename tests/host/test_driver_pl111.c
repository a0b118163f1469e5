/* SPDX-License-Identifier: MIT */
/*
 * The PL110/PL111 driver against a model of its registers that is written from the manuals (DDI 0161, DDI 0293) and refuses what they
 * forbid, with the frame's start, and each error, between any two accesses.
 * What would break it: LNBU cleared before the base is written, a boundary while the old frame is read, power before the signals, a timing
 * changed while it is enabled, the registers of the other variant, an error that gives no rest, a failed call that changes something.
 *
 * link: drivers/pl111.c drivers/pl111_modes.c
 * registers: modelled
 */
#include "drivers/pl111.h"

#include "tests/host/registers/boot/registers/barrier.h"
#include "tests/host/registers/boot/registers/mmio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BASE 0x10020000u
#define DELAY 20000u
#define NEVER 0xffffffffu
#define FUF (1u << 1)
#define LNBU (1u << 2)
#define VCOMP (1u << 3)
#define MBERROR (1u << 4)
#define EN 1u
#define PWR (1u << 11)
#define FRAME 0x40000000u
#define SECOND_FRAME 0x48000000u

/* The device. */
static struct {
    enum pl111_variant variant;
    uint8_t id[8];
    uint32_t timing[4], upbase, lpbase, control, mask, raw;
    uint32_t current; /* the frame that is read: LCDUPBASE at the last frame's start */
    uint64_t time, enabled_at, unpowered_at;
    uint32_t accesses, writes, clocks, clock;
    uint32_t frame_at;            /* before this access a frame starts */
    uint32_t error_at, error;     /* before this access these are raised */
    bool synchronized;            /* a DSB came, and no store since */
    bool ordered;                 /* a DMB came after the last look at the status */
    bool clock_works, time_moves; /* what the board can do */
    bool in_interrupt;
    struct pl111 *wired; /* whose interrupt it is */
} device;

static void start_frame(void)
{
    if ((device.control & EN) != 0) {
        device.current = device.upbase;
        device.raw |= LNBU | VCOMP;
    }
}

static void interrupt(void)
{
    if (device.wired == NULL || device.in_interrupt) {
        return;
    }
    device.in_interrupt = true;
    for (unsigned calls = 0; (device.raw & device.mask) != 0; calls++) {
        assert_true(calls <
                    2); /* the level falls, or the handler would be called for ever; one more may come up meanwhile */
        pl111_interrupt(device.wired);
    }
    device.in_interrupt = false;
}

/* What happens by itself between two accesses. */
static void between(void)
{
    if (device.accesses == device.frame_at) {
        start_frame();
    }
    if (device.accesses == device.error_at) {
        device.raw |= device.error;
    }
    device.accesses++;
    interrupt();
}

static bool control_is_at(uint32_t reg)
{
    return reg == (device.variant == PL111_VARIANT_PL110 ? 0x1cu : 0x18u);
}

uint32_t model_read(uintptr_t address, unsigned bytes)
{
    const uint32_t reg = (uint32_t)address - BASE;

    assert_int_equal(bytes, 4);
    between();
    if (reg >= 0xfe0 && reg < 0x1000) {
        return 0xabcdef00u | device.id[(reg - 0xfe0) / 4]; /* the upper bits are undefined */
    }
    switch (reg) {
    case 0x18:
    case 0x1c:
        return control_is_at(reg) ? device.control : device.mask;
    case 0x24:
        device.ordered = false;
        return device.raw & device.mask;
    default:
        fail_msg("read of 0x%03x", reg);
        return 0;
    }
}

static void write_control(uint32_t value)
{
    const uint32_t rising = value & ~device.control, falling = device.control & ~value;

    assert_int_equal(value & 0xfffe0000u, 0);
    if ((rising & EN) != 0) {
        assert_int_equal(value & PWR, 0); /* never both at once */
        assert_int_not_equal(device.upbase, 0);
        device.enabled_at = device.time;
    }
    if ((rising & PWR) != 0) {
        assert_int_not_equal(device.control & EN, 0);
        assert_true(!device.time_moves || device.time - device.enabled_at >= DELAY);
    }
    if ((falling & PWR) != 0) {
        assert_int_not_equal(value & EN, 0);
        device.unpowered_at = device.time;
    }
    if ((falling & EN) != 0) {
        assert_true(!device.time_moves || device.time - device.unpowered_at >= DELAY);
    }
    if ((device.control & value & EN) != 0) {
        assert_int_equal((rising | falling) & ~PWR, 0);
    }
    device.control = value;
}

void model_write(uintptr_t address, uint32_t value, unsigned bytes)
{
    const uint32_t reg = (uint32_t)address - BASE;

    assert_int_equal(bytes, 4);
    between();
    device.writes++;
    switch (reg) {
    case 0x00:
    case 0x04:
    case 0x08:
    case 0x0c:
        assert_int_equal(device.control & EN, 0);
        device.timing[reg / 4] = value;
        break;
    case 0x10:
        assert_int_equal(value % 8, 0);
        assert_true(device.synchronized);
        device.upbase = value;
        break;
    case 0x14:
        assert_int_equal(device.control & EN, 0);
        device.lpbase = value;
        break;
    case 0x18:
    case 0x1c:
        if (control_is_at(reg)) {
            write_control(value);
        } else {
            assert_int_equal(value & ~0x1eu, 0);
            device.mask = value;
        }
        break;
    case 0x28:
        assert_int_equal(value & ~0x1eu, 0);
        device.raw &= ~value;
        break;
    default:
        fail_msg("write of 0x%03x", reg);
    }
    device.synchronized = device.synchronized && device.in_interrupt;
    interrupt();
}

void model_barrier(enum model_barrier barrier)
{
    device.synchronized = device.synchronized || barrier == MODEL_DSB;
    device.ordered = device.ordered || barrier == MODEL_DMB;
}

static bool set_clock(void *context, uint32_t clock)
{
    assert_ptr_equal(context, &device);
    assert_int_equal(device.control & EN, 0);
    device.clocks++;
    if (device.clock_works) {
        device.clock = clock;
    }
    return device.clock_works;
}

static uint64_t microseconds(void *context)
{
    assert_ptr_equal(context, &device);
    device.time += device.time_moves ? 7 : 0;
    return device.time;
}

static struct pl111_config config;
static struct pl111 pl111;
static unsigned boundaries;
static uint32_t wanted; /* the frame that the boundary stands for */

/* The device after reset, and a driver that knows nothing. */
static void reset(enum pl111_variant variant, enum display_format format)
{
    static const uint8_t pl110_id[8] = {0x10, 0x11, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1};
    static const uint8_t pl111_id[8] = {0x11, 0x11, 0x24, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

    memset(&device, 0, sizeof(device));
    memcpy(device.id, variant == PL111_VARIANT_PL111 ? pl111_id : pl110_id, sizeof(device.id));
    device.variant = variant;
    device.frame_at = device.error_at = NEVER;
    device.clock_works = device.time_moves = true;
    device.raw = LNBU; /* anything may be pending at reset */
    config = (struct pl111_config){
        .base = BASE,
        .variant = variant,
        .format = format,
        .set_pixel_clock = set_clock,
        .power_delay = DELAY,
        .microseconds = microseconds,
        .context = &device,
    };
    memset(&pl111, 0xa5, sizeof(pl111));
    boundaries = 0;
}

static void ready(enum pl111_variant variant)
{
    reset(variant, DISPLAY_FORMAT_XRGB8888);
    assert_true(pl111_init(&pl111, &config));
    device.wired = &pl111;
    assert_int_equal(display_set_mode(&pl111.display, 640, 480), DISPLAY_OK);
}

static struct baton_source frame_at(uint32_t address)
{
    return (struct baton_source){
        .access = {1}, .length = 640 * 480 * 4, .count = 1, .segments = {{{address}, 640 * 480 * 4}}};
}

static void boundary(void *context)
{
    assert_ptr_equal(context, &wanted);
    assert_int_equal(device.current, wanted); /* the old frame is not read any more */
    assert_true(device.ordered);
    boundaries++;
}

static void show(uint32_t address)
{
    struct baton_source frame = frame_at(address);

    wanted = address;
    assert_int_equal(display_flip(&pl111.display, &frame, boundary, &wanted), DISPLAY_OK);
}

/* A frame's start, and what it makes the handler do. */
static void next_frame(void)
{
    start_frame();
    between();
}

static void what_answers_is_identified(void **state)
{
    (void)state;
    for (enum pl111_variant variant = PL111_VARIANT_PL111; variant <= PL111_VARIANT_PL110_VERSATILE; variant++) {
        for (unsigned byte = 0; byte < 8; byte++) {
            for (unsigned bit = 0; bit < 8; bit++) {
                reset(variant, DISPLAY_FORMAT_XRGB8888);
                device.id[byte] ^= (uint8_t)(1u << bit);
                const bool revision = (byte == 2 && bit >= 4) || byte == 3;
                assert_int_equal(pl111_init(&pl111, &config), revision);
                assert_true(revision || device.writes == 0);
            }
        }
        reset(variant, DISPLAY_FORMAT_RGB565);
        assert_int_equal(pl111_init(&pl111, &config), variant == PL111_VARIANT_PL111);
    }
    reset(PL111_VARIANT_PL111, DISPLAY_FORMAT_XRGB8888);
    config.variant = PL111_VARIANT_PL110;
    assert_false(pl111_init(&pl111, &config));
    assert_int_equal(device.writes, 0);
}

/* A boot loader has left it on, with interrupts. */
static void a_panel_found_on_is_switched_off_in_order(void **state)
{
    (void)state;
    reset(PL111_VARIANT_PL111, DISPLAY_FORMAT_XRGB8888);
    device.control = EN | PWR | 5u << 1;
    device.mask = 0x1e;
    device.raw = 0x1e;
    assert_true(pl111_init(&pl111, &config));
    assert_int_equal(device.control & (EN | PWR), 0);
    assert_int_equal(device.mask | device.raw, 0);
    assert_true(device.time >= DELAY);
}

static void every_mode_is_what_the_registers_say(void **state)
{
    unsigned found = 0;

    (void)state;
    for (uint32_t width = 1; width <= 2048; width++) {
        for (uint32_t height = 1; height <= 1100; height++) {
            const struct pl111_mode *const mode = pl111_mode_of(width, height);
            if (mode == NULL) {
                continue;
            }
            found++;
            const enum display_format format = found % 2 != 0 ? DISPLAY_FORMAT_RGB565 : DISPLAY_FORMAT_XRGB8888;
            reset(PL111_VARIANT_PL111, format);
            assert_true(pl111_init(&pl111, &config));
            assert_int_equal(display_set_mode(&pl111.display, width, height), DISPLAY_OK);
            const uint32_t *const timing = device.timing;
            assert_int_equal(((timing[0] >> 2 & 0x3f) + 1) * 16, width);
            assert_int_equal(timing[0] & 3, 0);
            assert_int_equal((timing[0] >> 8 & 0xff) + 1, mode->sync);
            assert_int_equal((timing[0] >> 16 & 0xff) + 1, mode->front_porch);
            assert_int_equal((timing[0] >> 24) + 1, mode->back_porch);
            assert_int_equal((timing[1] & 0x3ff) + 1, height);
            assert_int_equal((timing[1] >> 10 & 0x3f) + 1, mode->sync_lines);
            assert_int_equal(timing[1] >> 16 & 0xff, mode->front_porch_lines);
            assert_int_equal(timing[1] >> 24, mode->back_porch_lines);
            assert_int_equal((timing[2] >> 16 & 0x3ff) + 1, width);
            assert_int_equal(timing[2] & ~(0x3ffu << 16), 1u << 26 | (mode->sync_negative ? 1u << 12 : 0) |
                                                              (mode->sync_lines_negative ? 1u << 11 : 0));
            assert_int_equal(device.clock, mode->clock);
            /* A screen of 48 to 61 frames a second. */
            const uint64_t whole = (uint64_t)(width + mode->front_porch + mode->sync + mode->back_porch) *
                                   (height + mode->front_porch_lines + mode->sync_lines + mode->back_porch_lines);
            assert_in_range(mode->clock, 48 * whole, 61 * whole);
            assert_int_equal(pl111.display.width, width);
            assert_int_equal(pl111.display.height, height);
            assert_int_equal(pl111.display.format, format);
            assert_int_equal(pl111.display.stride, width * (format == DISPLAY_FORMAT_RGB565 ? 2 : 4));
        }
    }
    assert_true(found >= 10);
    assert_non_null(pl111_mode_of(640, 480));
    assert_int_equal(display_set_mode(&pl111.display, 641, 480), DISPLAY_ERROR_MODE);
}

static void the_first_flip_switches_on_in_order(void **state)
{
    (void)state;
    for (enum pl111_variant variant = PL111_VARIANT_PL111; variant <= PL111_VARIANT_PL110_VERSATILE; variant++) {
        ready(variant);
        assert_int_equal(device.control, 0);
        show(FRAME);
        /* Enabled, 24 bits, TFT, blue in the low bits, powered. */
        assert_int_equal(device.control, 0x92b);
        assert_int_equal(device.mask, FUF | LNBU | MBERROR);
        assert_int_equal(boundaries, 0);
        next_frame();
        assert_int_equal(boundaries, 1);
        assert_int_equal(device.mask, FUF | MBERROR); /* no interrupt for frames that nobody waits for */
        next_frame();
        assert_int_equal(boundaries, 1);
        /* Another mode: off in order, nothing shown until the next flip. */
        assert_int_equal(display_set_mode(&pl111.display, 800, 600), DISPLAY_OK);
        assert_int_equal(device.control & (EN | PWR), 0);
        assert_int_equal(device.mask, 0);
        assert_int_equal(display_set_mode(&pl111.display, 640, 480), DISPLAY_OK);
        show(SECOND_FRAME);
        assert_int_equal(device.control, 0x92b);
        next_frame();
        assert_int_equal(boundaries, 2);
    }
    reset(PL111_VARIANT_PL111, DISPLAY_FORMAT_RGB565);
    assert_true(pl111_init(&pl111, &config));
    assert_int_equal(display_set_mode(&pl111.display, 640, 480), DISPLAY_OK);
    struct baton_source frame = frame_at(FRAME);
    frame.length = frame.segments[0].length = 640 * 480 * 2;
    assert_int_equal(display_flip(&pl111.display, &frame, NULL, NULL), DISPLAY_OK);
    assert_int_equal(device.control, 0x92d); /* 5:6:5 */
    device.wired = &pl111;
    next_frame(); /* no boundary was asked for */
    assert_false(pl111.pending);
}

/* Each flip, the first and a later one, with a frame's start before each of its accesses and behind it. */
static void the_boundary_comes_once_and_never_early(void **state)
{
    (void)state;
    for (enum pl111_variant variant = PL111_VARIANT_PL111; variant <= PL111_VARIANT_PL110_VERSATILE; variant++) {
        for (unsigned before = 0; before < 2; before++) {
            for (uint32_t at = 0; at < 12; at++) {
                ready(variant);
                if (before != 0) {
                    show(FRAME);
                    next_frame();
                    next_frame(); /* LNBU is raised again, and masked */
                    boundaries = 0;
                }
                device.frame_at = device.accesses + at;
                show(SECOND_FRAME);
                next_frame();
                next_frame();
                assert_int_equal(boundaries, 1);
                assert_false(pl111.pending);
            }
        }
    }
}

static void a_flip_without_boundary_interrupt_waits_for_nobody(void **state)
{
    (void)state;
    ready(PL111_VARIANT_PL111);
    show(FRAME);
    const uint32_t writes = device.writes;
    struct baton_source frame = frame_at(SECOND_FRAME);
    assert_int_equal(display_flip(&pl111.display, &frame, boundary, &wanted), DISPLAY_ERROR_BUSY);
    assert_int_equal(display_set_mode(&pl111.display, 800, 600), DISPLAY_ERROR_BUSY);
    assert_int_equal(device.writes, writes);
    assert_int_equal(pl111.display.width, 640);
    next_frame();
    assert_int_equal(boundaries, 1);
    /* By polling, where the line is not wired. */
    device.wired = NULL;
    show(SECOND_FRAME);
    pl111_interrupt(&pl111);
    assert_int_equal(boundaries, 1);
    start_frame();
    pl111_interrupt(&pl111);
    assert_int_equal(boundaries, 2);
}

static void refused_calls_change_nothing(void **state)
{
    (void)state;
    reset(PL111_VARIANT_PL111, DISPLAY_FORMAT_XRGB8888);
    assert_true(pl111_init(&pl111, &config));
    struct baton_source frame = frame_at(FRAME);
    assert_int_equal(display_flip(&pl111.display, &frame, boundary, &wanted), DISPLAY_ERROR_MODE);
    assert_int_equal(display_set_mode(&pl111.display, 640, 480), DISPLAY_OK);

    const uint32_t writes = device.writes;
    struct baton_source wrong[4] = {frame, frame, frame, frame};
    wrong[0].segments[0].length--;
    wrong[1].segments[0].length++;
    wrong[2].count = 2;
    wrong[3].segments[0].address.value += 4;
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(display_flip(&pl111.display, &wrong[i], boundary, &wanted), DISPLAY_ERROR_ARGUMENT);
    }
    assert_int_equal(display_flip(&pl111.display, NULL, boundary, &wanted), DISPLAY_ERROR_ARGUMENT);
    assert_int_equal(display_set_mode(&pl111.display, 0, 0), DISPLAY_ERROR_MODE);
    assert_int_equal(device.writes, writes);
    assert_false(pl111.pending);

    /* The board cannot make the clock: what was shown is shown again. */
    device.wired = &pl111;
    show(FRAME);
    next_frame();
    const uint32_t timing = device.timing[0], control = device.control, mask = device.mask;
    device.clock_works = false;
    assert_int_equal(display_set_mode(&pl111.display, 800, 600), DISPLAY_ERROR_DEVICE);
    assert_int_equal(device.timing[0], timing);
    assert_int_equal(device.control, control);
    assert_int_equal(device.mask, mask);
    assert_int_equal(pl111.display.width, 640);
    assert_int_equal(device.upbase, FRAME);
}

/* A bus that is too slow, and one that refuses, at any place of a flip: counted, told once, and the boundary comes. */
static void errors_are_counted_and_told(void **state)
{
    (void)state;
    for (uint32_t at = 0; at < 8; at++) {
        for (unsigned bus = 0; bus < 2; bus++) {
            ready(PL111_VARIANT_PL111);
            show(FRAME);
            next_frame();
            struct baton_source frame = frame_at(SECOND_FRAME);
            device.error_at = device.accesses + at;
            device.error = bus != 0 ? FUF | MBERROR : FUF;
            wanted = SECOND_FRAME;
            if (display_flip(&pl111.display, &frame, boundary, &wanted) == DISPLAY_OK) {
                next_frame();
                assert_int_equal(boundaries, 2);
            }
            assert_int_equal(pl111.display.underflows, 1);
            assert_int_equal(pl111.display.bus_errors, bus);
            /* Again and again until the next flip: not an interrupt each (one more, if the first came in the middle of the flip). */
            device.raw |= device.error;
            next_frame();
            const uint32_t counted = pl111.display.underflows;
            assert_in_range(counted, 1, 2);
            device.raw |= device.error;
            next_frame();
            assert_int_equal(pl111.display.underflows, counted);

            device.error_at = NEVER;
            device.raw &= ~(FUF | MBERROR);
            const uint32_t writes = device.writes, shown = boundaries, counted_bus = pl111.display.bus_errors;
            wanted = FRAME;
            frame = frame_at(FRAME);
            if (bus != 0) {
                assert_int_equal(display_flip(&pl111.display, &frame, boundary, &wanted), DISPLAY_ERROR_BUS);
                assert_int_equal(device.writes, writes);
            }
            assert_int_equal(display_flip(&pl111.display, &frame, boundary, &wanted), DISPLAY_OK);
            assert_int_equal(device.mask, FUF | LNBU | MBERROR);
            next_frame();
            assert_int_equal(boundaries, shown + 1);

            /* A new mode begins anew; the counters go on. */
            device.raw |= MBERROR;
            between();
            assert_int_equal(pl111.display.bus_errors, counted_bus + 1);
            assert_int_equal(display_set_mode(&pl111.display, 640, 480), DISPLAY_OK);
            assert_int_equal(display_flip(&pl111.display, &frame, boundary, &wanted), DISPLAY_OK);
        }
    }
}

static void flip_again(void *context)
{
    boundaries++;
    if (boundaries < 3) {
        struct baton_source frame = frame_at(FRAME + boundaries * 0x200000);
        assert_int_equal(display_flip(&pl111.display, &frame, flip_again, context), DISPLAY_OK);
    }
}

static void a_boundary_may_flip_again(void **state)
{
    (void)state;
    ready(PL111_VARIANT_PL111);
    struct baton_source frame = frame_at(FRAME);
    assert_int_equal(display_flip(&pl111.display, &frame, flip_again, NULL), DISPLAY_OK);
    for (unsigned i = 1; i <= 3; i++) {
        next_frame();
        assert_int_equal(boundaries, i);
    }
    assert_false(pl111.pending);
    assert_int_equal(device.current, FRAME + 2 * 0x200000);
}

static void a_clock_that_stands_still_is_not_waited_for(void **state)
{
    (void)state;
    ready(PL111_VARIANT_PL111);
    device.time_moves = false;
    show(FRAME);
    assert_int_equal(device.control & (EN | PWR), EN | PWR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_answers_is_identified),
        cmocka_unit_test(a_panel_found_on_is_switched_off_in_order),
        cmocka_unit_test(every_mode_is_what_the_registers_say),
        cmocka_unit_test(the_first_flip_switches_on_in_order),
        cmocka_unit_test(the_boundary_comes_once_and_never_early),
        cmocka_unit_test(a_flip_without_boundary_interrupt_waits_for_nobody),
        cmocka_unit_test(refused_calls_change_nothing),
        cmocka_unit_test(errors_are_counted_and_told),
        cmocka_unit_test(a_boundary_may_flip_again),
        cmocka_unit_test(a_clock_that_stands_still_is_not_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
