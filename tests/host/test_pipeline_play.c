/* SPDX-License-Identifier: MIT */
/*
 * The whole pipeline on the host, with the real core, over the incoherent memory of support/fake_platform.h: a handoff that is
 * missing, or made too early, gives wrong pixels. Each device fails at each of its events: the frame on the screen must stay whole,
 * all but it must be given back, and there must be one reason.
 */
// link: apps/pipeline/[!m]*.c core/*.c drivers/pl080_list*.c drivers/dma_list.c drivers/status_text.c
#include "apps/pipeline/pipeline.h"
#include "drivers/pl080_list.h"
#include "tests/host/support/fake_platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pipeline pipeline;

/* The frame on the screen, converted without any buffer and set into black. */
static void check_screen(void)
{
    static struct convert convert;
    static uint32_t pixels[64 * 64];
    const struct fit *const fit = &pipeline.fit;
    const uint32_t line = sizeof("FRAME\n") - 1;
    const uint8_t *const first = (const uint8_t *)strchr((const char *)fake.file, '\n') + 1 + line;

    assert_true(fake.on_screen > 0);
    convert_prepare(&convert, &pipeline.clip, fit->width, fit->height);
    convert_frame(&convert, first + (fake.on_screen - 1) * (pipeline.clip.frame_bytes + line), pixels);
    for (uint32_t y = 0; y < fake_machine.display->height; y++) {
        for (uint32_t x = 0; x < fake_machine.display->width; x++) {
            const bool inside = x - fit->x < fit->width && y - fit->y < fit->height;
            const uint32_t expected = inside ? pixels[(y - fit->y) * fit->width + x - fit->x] : 0;
            uint32_t pixel;

            memcpy(&pixel, fake_on_bus(fake.screen_at + y * fake_machine.display->stride + 4 * x, 4), 4);
            if (pixel != expected) {
                fail_msg("frame %u, pixel %u,%u: %08x instead of %08x", fake.on_screen, x, y, pixel, expected);
            }
        }
    }
}

/* Makes a clip of random bytes, with tail behind its frames. */
static void make_clip(uint32_t width, uint32_t height, uint32_t frames, const char *tail)
{
    const uint32_t payload = width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2);
    char header[64];
    uint32_t size, random = 7;

    snprintf(header, sizeof(header), "YUV4MPEG2 W%u H%u F50:1\n", width, height);
    size = (uint32_t)strlen(header);
    free(fake.file);
    fake.file = malloc(size + frames * (6 + payload) + strlen(tail) + 1);
    assert_non_null(fake.file);
    memcpy(fake.file, header, size);
    for (uint32_t frame = 0; frame < frames; frame++) {
        memcpy(fake.file + size, "FRAME\n", 6);
        size += 6;
        for (uint32_t i = 0; i < payload; i++) {
            random = random * 1664525 + 1013904223;
            fake.file[size++] = (uint8_t)(random >> 24);
        }
    }
    memcpy(fake.file + size, tail, strlen(tail));
    fake_machine.input->size = size + (uint32_t)strlen(tail);
}

static int set_up(void **state)
{
    (void)state;
    fake_platform_well();
    fake_machine.dma->format = &pl080_list_format;
    fake.padded = true;
    return 0;
}

/* Up to the first frame, from memory full of garbage that differs by view. False: the clip was refused. */
static bool open_clip(uint32_t width, uint32_t height)
{
    free(pipeline.memory);
    memset(&pipeline, 0, sizeof(pipeline));
    fake_platform_reset();
    fake.flipped = check_screen;

    pipeline.platform = &fake_machine;
    pipeline.name = "clip";
    pipeline.frame_limit = 1000;
    pipeline.screen_width = width;
    pipeline.screen_height = height;
    pipeline.reader = (struct clip_reader){fake_machine.input->size, stage_read_header, &pipeline};
    assert_true(pipeline_open(&pipeline));
    if (clip_open(&pipeline.clip, &pipeline.reader) != CLIP_OK) {
        return false;
    }
    assert_int_equal(display_set_mode(fake_machine.display, width, height), DISPLAY_OK);
    pipeline.fit = fit_picture(pipeline.clip.width, pipeline.clip.height, width, height);
    convert_prepare(&pipeline.convert, &pipeline.clip, pipeline.fit.width, pipeline.fit.height);
    return pipeline_create_buffers(&pipeline);
}

static bool play(uint32_t width, uint32_t height)
{
    return open_clip(width, height) && pipeline_play(&pipeline);
}

/* What is true after every run, good or bad, in which each device could be stopped. */
static void check_end(uint32_t shown)
{
    assert_int_equal(pipeline.shown, shown);
    assert_int_equal(fake.on_screen, shown);
    if (shown > 0) {
        check_screen();
    }
    assert_false(fake.dma_running);
    assert_true(pipeline_close(&pipeline)); /* every access but the display's was ended, or this would be refused */
    assert_int_equal(fake.misuses, 0);
    if (shown > 0) {
        struct baton_holder holder;
        struct baton_answer answer;

        check_screen();
        assert_int_equal(
            baton_query(pipeline.baton, pipeline.front->frame.buffer, (struct baton_range){0, 4}, &answer, &holder, 1),
            BATON_OK);
        assert_int_equal(answer.holders, 1);
        assert_string_equal(holder.name, "display");
    }
}

/* ---------------------------------------------------------------------------------------------------------------- */

#define FRAMES 6

static void whole_clips(void **state)
{
    static const struct {
        uint32_t width, height, screen_width, screen_height, frames;
    } cases[] = {
        {32, 24, 32, 24, 6}, {31, 23, 48, 36, 5}, {7, 40, 40, 40, 4},  {40, 7, 40, 40, 4},
        {1, 1, 16, 20, 3},   {33, 33, 17, 64, 7}, {16, 16, 18, 16, 1}, {16, 16, 16, 19, 2},
    };

    (void)state;
    for (unsigned i = 0; i < 4 * sizeof(cases) / sizeof(cases[0]); i++) {
        const unsigned at = i / 4;

        fake.padded = (i & 1) != 0;
        fake.boundary_at_once = (i & 2) != 0;
        make_clip(cases[at].width, cases[at].height, cases[at].frames, "");
        assert_true(play(cases[at].screen_width, cases[at].screen_height));
        assert_true(pipeline_take_trace(&pipeline));
        assert_true(pipeline.ledger.complete);
        check_end(cases[at].frames);
        assert_string_equal(pipeline.failure, "");
    }
}

/* A display that shows memory of its own alone: the frames are made there, and nowhere else. */
static void the_displays_own_frames(void **state)
{
    (void)state;
    for (fake.own_frames = PIPELINE_SCREENS; fake.own_frames < PIPELINE_SCREENS + 2; fake.own_frames++) {
        fake_machine.memory.size = FAKE_POOL;
        make_clip(31, 23, FRAMES, "");
        assert_true(play(48, 36));
        for (unsigned i = 0; i < PIPELINE_SCREENS; i++) {
            const struct screen *const screen = &pipeline.screens[i];
            struct baton_cpu_access access;

            if (screen != pipeline.front) {
                assert_int_equal(baton_begin_cpu_access(pipeline.baton, screen->frame.buffer,
                                                        (struct baton_range){0, 64}, BATON_READ, &access),
                                 BATON_OK);
                assert_ptr_equal(access.data, (uint8_t *)fake_machine.display->frames.cpu + i * screen->frame.size);
                assert_int_equal(baton_end_cpu_access(pipeline.baton, &access), BATON_OK);
            }
        }
        check_end(FRAMES);
    }
    fake.own_frames = PIPELINE_SCREENS - 1;
    assert_false(open_clip(48, 36));
    assert_string_equal(pipeline.failure, "screen 2: the display has memory for 2 frames only");
    assert_true(pipeline_close(&pipeline));
}

/* Every frame but the first is read, and so converted, while the frame before it is blitted: this DMA ends in the CPU's sleep only. */
static void overlap(void **state)
{
    (void)state;
    make_clip(32, 24, FRAMES, "");
    assert_true(play(48, 36));
    assert_int_equal(fake.reads_beside_blit, 2 * (FRAMES - 1)); /* the FRAME line and the payload */
    check_end(FRAMES);
}

/* The ledger says what the core has counted, device by device. */
static void ledger_agrees(void **state)
{
    struct baton_counters sum = {0}, each;
    struct ledger_counts total;

    (void)state;
    make_clip(32, 24, 6, "");
    assert_true(play(48, 36));
    assert_true(pipeline_take_trace(&pipeline));
    total = pipeline.ledger.total;
    assert_int_equal(baton_cpu_counters(pipeline.baton, &sum), BATON_OK);
    for (unsigned i = 0; i < DEVICES; i++) {
        assert_int_equal(baton_device_counters(pipeline.baton, pipeline.devices[i], &each), BATON_OK);
        sum.acquires += each.acquires;
        sum.published += each.published;
        sum.refreshed += each.refreshed;
    }
    assert_true(pipeline.ledger.complete);
    assert_int_equal(total.handoffs, sum.acquires);
    assert_int_equal(total.cleaned, sum.published);
    assert_int_equal(total.invalidated, sum.refreshed);
    assert_true(total.cleaned + total.invalidated < total.whole_cleaned + total.whole_invalidated);
    check_end(6);
}

static void frame_limit(void **state)
{
    (void)state;
    make_clip(32, 24, 6, "");
    for (uint32_t limit = 1; limit <= 7; limit++) {
        assert_true(open_clip(32, 24));
        pipeline.frame_limit = limit;
        assert_true(pipeline_play(&pipeline));
        check_end(limit < 6 ? limit : 6);
    }
}

/* Every screen buffer gets its borders once: after that a blit is handed the picture's rows alone. */
static void borders_once(void **state)
{
    const uint64_t pictures = 9 * 40 * 7 * 4, whole_screens = 3 * 40 * 40 * 4, rows = 6 * 40 * 7 * 4;

    (void)state;
    fake.padded = false;
    make_clip(40, 7, 9, "");
    assert_true(play(40, 40));
    assert_true(pipeline_take_trace(&pipeline));
    assert_int_equal(pipeline.ledger.stages[STAGE_BLIT].bytes, pictures + whole_screens + rows);
    check_end(9);
}

/* After a bus error nobody can say how far the device came: the core knows the back buffer as unknown, not as written. */
static void half_a_blit(void **state)
{
    struct baton_answer answer;
    uint32_t unknown = 0;

    (void)state;
    make_clip(32, 24, FRAMES, "");
    fake.blit_fails = FRAMES - 1; /* every screen buffer has been written before, and no further blit is prepared */
    assert_false(play(32, 24));
    for (unsigned i = 0; i < PIPELINE_SCREENS; i++) {
        const struct shared *const frame = &pipeline.screens[i].frame;

        assert_int_equal(
            baton_query(pipeline.baton, frame->buffer, (struct baton_range){0, frame->size}, &answer, NULL, 0),
            BATON_OK);
        unknown += answer.newest_unknown;
    }
    assert_int_equal(unknown, pipeline.screens[0].frame.size);
    check_end(pipeline.shown);
}

/* Somebody else holds the back buffer: the mapping is refused, and what was mapped before it is given back. */
static void a_stranger_holds(void **state)
{
    const struct baton_range word = {0, 4};
    struct baton_cpu_access access;

    (void)state;
    make_clip(32, 24, FRAMES, "");
    assert_true(open_clip(32, 24));
    assert_int_equal(
        baton_begin_cpu_access(pipeline.baton, pipeline.screens[2].frame.buffer, word, BATON_READ, &access), BATON_OK);
    assert_false(pipeline_play(&pipeline));
    assert_int_equal(fake.misuses, 1);
    assert_non_null(strstr(pipeline.failure, "screen 2: "));
    assert_int_equal(baton_end_cpu_access(pipeline.baton, &access), BATON_OK);
    fake.misuses = 0;
    check_end(1);
}

/* Frames before a damaged one are shown. */
static void damaged_file(void **state)
{
    (void)state;
    make_clip(32, 24, 3, "FRAME\n1234");
    assert_false(play(32, 24));
    assert_string_equal(pipeline.failure, "frame 4 is truncated: 4 of 1152 bytes");
    check_end(3);
    make_clip(32, 24, 0, "FRAME\n1234");
    assert_false(play(32, 24));
    assert_string_equal(pipeline.failure, "frame 1 is truncated: 4 of 1152 bytes");
    check_end(0);
}

/* A device fails once at each of its events in turn: as many frames as it had finished are shown, the last one stays. */
static void at_every_event(uint32_t *fault, uint32_t events, const char *reason)
{
    unsigned failures = 0;

    make_clip(31, 23, FRAMES, "");
    for (uint32_t event = 0; event < events; event++) {
        for (unsigned at_once = 0; at_once < 2; at_once++) {
            set_up(NULL);
            fake.boundary_at_once = at_once != 0;
            *fault = event;
            if (play(48, 36)) {
                fail_msg("fault at event %u was overlooked", event);
            }
            assert_non_null(strstr(pipeline.failure, reason));
            assert_true(pipeline.shown < FRAMES);
            check_end(pipeline.shown);
            failures++;
        }
    }
    assert_int_equal(failures, 2 * events);
    *fault = events;
    assert_true(play(48, 36)); /* there was no further event to fail at */
    check_end(FRAMES);
}

static void input_fails(void **state)
{
    (void)state;
    make_clip(31, 23, FRAMES, "");
    /* Event 0 is the header's read. */
    fake.read_fails = 0;
    assert_false(play(48, 36));
    assert_string_equal(pipeline.clip.reason, "header: the input device failed");
    assert_true(pipeline_close(&pipeline));
    for (uint32_t event = 1; event < 2 * FRAMES; event++) {
        set_up(state);
        fake.read_fails = event;
        assert_false(play(48, 36));
        assert_non_null(strstr(pipeline.failure, "the input device failed at offset"));
        check_end(pipeline.shown);
    }
}

static void start_fails(void **state)
{
    (void)state;
    at_every_event(&fake.start_fails, FRAMES, "the linked list is malformed");
}

static void blit_fails(void **state)
{
    (void)state;
    at_every_event(&fake.blit_fails, FRAMES, "bus error");
}

static void blit_hangs(void **state)
{
    (void)state;
    at_every_event(&fake.blit_hangs, FRAMES, "not done after 10 seconds");
}

static void flip_fails(void **state)
{
    (void)state;
    at_every_event(&fake.flip_fails, FRAMES, "on the display: ");
}

/* A controller that cannot be stopped may still write: its buffers are not given back, and the screen is none of them. */
static void quarantine(void **state)
{
    make_clip(31, 23, FRAMES, "");
    for (unsigned lost = 0; lost < 2; lost++) {
        set_up(state);
        fake.blit_hangs = 2;
        fake.cannot_stop = true;
        fake.blit_lost = lost != 0;
        assert_false(play(48, 36));
        assert_int_equal(pipeline.shown, 2);
        assert_true(fake.dma_running);
        assert_string_equal(pipeline.failure, lost != 0 ? "blit of frame 3: the controller did not answer in time"
                                                        : "blit of frame 3: not done after 10 seconds");
        assert_false(pipeline_close(&pipeline));
        check_screen();
        fake.blit_hangs = FAKE_NEVER;
        fake_ignore_completions();
        fake_machine.sleep_until(0); /* and it does write, at last: into memory that is nobody else's */
        assert_false(fake.dma_running);
        check_screen();
    }
}

static void boundary_lost(void **state)
{
    (void)state;
    make_clip(31, 23, FRAMES, "");
    for (uint32_t event = 0; event < FRAMES; event++) {
        set_up(state);
        fake.boundary_lost = event;
        assert_false(play(48, 36));
        assert_non_null(strstr(pipeline.failure, "the display's frame boundary"));
        check_screen();
    }
}

/* At the clip's own rate, 50 frames a second: from the first frame to the sixth it takes five fiftieths. */
static void paced(void **state)
{
    uint64_t start = fake_machine.microseconds();

    (void)state;
    make_clip(31, 23, FRAMES, "");
    assert_true(play(48, 36));
    assert_true(fake_machine.microseconds() - start < 90000);
    check_end(FRAMES);
    assert_true(open_clip(48, 36));
    pipeline.paced = true;
    assert_true(pipeline_play(&pipeline));
    assert_in_range(fake_machine.microseconds() - pipeline.first_shown, 100000, 105000);
    check_end(FRAMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(whole_clips, set_up),
        cmocka_unit_test_setup(overlap, set_up),
        cmocka_unit_test_setup(ledger_agrees, set_up),
        cmocka_unit_test_setup(frame_limit, set_up),
        cmocka_unit_test_setup(damaged_file, set_up),
        cmocka_unit_test_setup(input_fails, set_up),
        cmocka_unit_test_setup(start_fails, set_up),
        cmocka_unit_test_setup(blit_fails, set_up),
        cmocka_unit_test_setup(blit_hangs, set_up),
        cmocka_unit_test_setup(flip_fails, set_up),
        cmocka_unit_test_setup(quarantine, set_up),
        cmocka_unit_test_setup(boundary_lost, set_up),
        cmocka_unit_test_setup(borders_once, set_up),
        cmocka_unit_test_setup(half_a_blit, set_up),
        cmocka_unit_test_setup(a_stranger_holds, set_up),
        cmocka_unit_test_setup(paced, set_up),
        cmocka_unit_test_setup(the_displays_own_frames, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
