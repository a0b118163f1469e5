/* SPDX-License-Identifier: MIT */
/*
 * ramfb: the sizes it takes, the frames it refuses, the 28 bytes that it writes, and the boundary that each flip calls once. What the
 * screen shows is for the pipeline's pictures to prove.
 * What would break it: a byte order, a frame shorter than the mode, a boundary called for a flip that failed.
 */
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include "drivers/ramfb.h"

#include <string.h>

static unsigned boundaries;
static unsigned writes;
static bool write_works;
static uint32_t words[RAMFB_CONFIG_BYTES / 4];
static uint8_t written[RAMFB_CONFIG_BYTES];

static void boundary(void *context)
{
    boundaries += context == &boundaries ? 1 : 100;
}

static bool record(void *context, baton_bus_address from, uint32_t length)
{
    writes += context == &writes && from.value == 0x1234 && length == RAMFB_CONFIG_BYTES ? 1 : 100;
    memcpy(written, words, sizeof(written));
    return write_works;
}

static struct baton_source frame_at(uint32_t address, uint32_t length)
{
    return (struct baton_source){.access = {1}, .length = length, .count = 1, .segments = {{{address}, length}}};
}

/* The driver over a device that only records. */
static void recorded(void)
{
    static const struct ramfb_config config = {
        .bytes = words,
        .bytes_bus = {0x1234},
        .write = record,
        .context = &writes,
        .width_max = 1000,
        .height_max = 500,
    };
    static const struct {
        uint32_t width, height;
        enum display_status status;
    } modes[] = {
        {0, 0, DISPLAY_ERROR_MODE},
        {15, 16, DISPLAY_ERROR_MODE},
        {16, 15, DISPLAY_ERROR_MODE},
        {1001, 500, DISPLAY_ERROR_MODE},
        {1000, 501, DISPLAY_ERROR_MODE},
        {0xffffffff, 16, DISPLAY_ERROR_MODE},
        {16, 0x80000000u, DISPLAY_ERROR_MODE},
        {16, 16, DISPLAY_OK},
        {1000, 500, DISPLAY_OK},
    };
    struct ramfb ramfb;

    ramfb_init(&ramfb, &config);
    struct display *display = &ramfb.display;
    struct baton_source frame = frame_at(0x45678980, 0);
    tap_equal(display_flip(display, &frame, boundary, &boundaries), DISPLAY_ERROR_MODE,
              "a flip before there is a mode");

    unsigned right = 0;
    for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        right += display_set_mode(display, modes[i].width, modes[i].height) == modes[i].status;
    }
    tap_equal(right, sizeof(modes) / sizeof(modes[0]), "sizes within the bounds are taken, others refused");
    tap_ok(display_set_mode(display, 161, 121) == DISPLAY_OK &&
               display_set_mode(display, 1001, 121) == DISPLAY_ERROR_MODE && display->width == 161 &&
               display->height == 121 && display->stride == 644,
           "a refused size leaves the mode as it was");

    const uint32_t length = 644 * 121;
    write_works = true;
    frame = frame_at(0x45678980, length - 1);
    struct baton_source two = frame_at(0x45678980, length);
    two.count = 2;
    tap_ok(display_flip(display, &frame, boundary, &boundaries) == DISPLAY_ERROR_ARGUMENT &&
               display_flip(display, &two, boundary, &boundaries) == DISPLAY_ERROR_ARGUMENT &&
               display_flip(display, NULL, boundary, &boundaries) == DISPLAY_ERROR_ARGUMENT && writes == 0 &&
               boundaries == 0,
           "a frame that is short, in two pieces, or none: nothing is written, no boundary");

    frame = frame_at(0x45678980, length);
    tap_ok(display_flip(display, &frame, boundary, &boundaries) == DISPLAY_OK && writes == 1 && boundaries == 1,
           "a frame: one write, one boundary");
    static const uint8_t expected[RAMFB_CONFIG_BYTES] = {
        0,    0,    0,    0,    0x45, 0x67, 0x89, 0x80, /* address */
        0x34, 0x32, 0x52, 0x58,                         /* fourcc XR24 as a big-endian number */
        0,    0,    0,    0,                            /* flags */
        0,    0,    0,    161,  0,    0,    0,    121,  /* width, height */
        0,    0,    0x02, 0x84,                         /* stride 644 */
    };
    tap_ok(memcmp(written, expected, sizeof(expected)) == 0, "the 28 bytes");
    write_works = false;
    tap_ok(display_flip(display, &frame, boundary, &boundaries) == DISPLAY_ERROR_DEVICE && boundaries == 1,
           "a write that fails: an error, and no boundary");
}

/* The board's own, on the real device: two frames in turn. */
static void real(void)
{
    struct display *display = rig_open()->display;
    struct rig_buffer frames[2] = {rig_buffer("frame 0", 640 * 480 * 4), rig_buffer("frame 1", 640 * 480 * 4)};
    struct baton_source shown[2];
    unsigned right = 0;

    tap_ok(display_set_mode(display, 640, 480) == DISPLAY_OK && display->stride == 2560,
           "the board's display at 640x480");
    tap_equal(display_set_mode(display, 100000, 480), DISPLAY_ERROR_MODE, "and not at 100000x480");
    boundaries = 0;
    for (unsigned i = 0; i < 2; i++) {
        struct rig_transfer transfer;
        rig_fill(&frames[i], i);
        rig_map(&transfer, &frames[i], NULL, NULL);
        shown[i] = transfer.source;
        right += display_flip(display, &shown[i], boundary, &boundaries) == DISPLAY_OK && boundaries == i + 1;
    }
    tap_equal(right, 2, "two flips, a boundary each");
}

int main(void)
{
    const struct display *display = platform()->display;
    bool is_ramfb = display != NULL && strcmp(display->name, "ramfb") == 0;

    tap_plan(is_ramfb ? 7 + 3 : 7);
    recorded();
    if (is_ramfb) {
        real();
    }
    return tap_done();
}
