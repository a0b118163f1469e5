/* SPDX-License-Identifier: MIT */
/*
 * Clip formats: what is accepted, what is refused and with which words, and that no file leads a read astray.
 * link: apps/pipeline/clip.c apps/pipeline/y4m.c apps/pipeline/ppm.c
 */
#include "apps/pipeline/clip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct file {
    const uint8_t *bytes;
    uint32_t size;
    uint32_t fail_at; /* reads that touch this offset fail */
};

static bool read_file(void *context, uint32_t offset, uint8_t *to, uint32_t length)
{
    const struct file *file = context;

    assert_in_range(length, 1, CLIP_CHUNK);
    assert_true(offset < file->size && length <= file->size - offset);
    if (file->fail_at >= offset && file->fail_at - offset < length) {
        memset(to, '\n', length); /* whatever the device has got so far */
        return false;
    }
    memcpy(to, file->bytes + offset, length);
    return true;
}

#define NO_FAILURE UINT32_MAX

static struct file file;
static struct clip_reader reader = {.read = read_file, .context = &file};
static struct clip clip;

static enum clip_result open_bytes(const void *bytes, size_t size)
{
    file = (struct file){bytes, (uint32_t)size, NO_FAILURE};
    reader.size = (uint32_t)size;
    return clip_open(&clip, &reader);
}

static enum clip_result open_text(const char *text)
{
    return open_bytes(text, strlen(text));
}

static void refused(const char *text, const char *reason)
{
    assert_int_equal(open_text(text), CLIP_ERROR);
    assert_string_equal(clip.reason, reason);
}

static void y4m_headers(void **state)
{
    (void)state;
    assert_int_equal(open_text("YUV4MPEG2 W640 H480 F30000:1001 Ip A1:1 C420jpeg XYSCSS=420JPEG\n"), CLIP_OK);
    assert_int_equal(clip.format, CLIP_YUV_LIMITED);
    assert_int_equal(clip.width, 640);
    assert_int_equal(clip.height, 480);
    assert_int_equal(clip.rate, 30000);
    assert_int_equal(clip.scale, 1001);
    assert_int_equal(clip.frame_bytes, 460800);

    /* Any order, no C, an unknown rate, odd sizes: (161*121) + 2 * 81 * 61. */
    assert_int_equal(open_text("YUV4MPEG2 XCOLORRANGE=FULL F0:0 H121 It Zwhatever W161\n"), CLIP_OK);
    assert_int_equal(clip.format, CLIP_YUV_FULL);
    assert_int_equal(clip.frame_bytes, 29363);
    assert_int_equal(clip.rate, 0);
    assert_int_equal(clip.scale, 1);
    assert_int_equal(open_text("YUV4MPEG2 W1 H1 C420\n"), CLIP_OK);
    assert_int_equal(clip.frame_bytes, 3);
    assert_int_equal(open_text("YUV4MPEG2 W1920 H1080 C420mpeg2 XCOLORRANGE=LIMITED\n"), CLIP_OK);
    assert_int_equal(open_text("YUV4MPEG2 W8 H8 C420paldv\n"), CLIP_OK);
}

static void y4m_refusals(void **state)
{
    (void)state;
    refused("", "empty file");
    refused("YUV4", "neither a YUV4MPEG2 clip nor a PPM (P6) picture");
    refused("YUV4MPEG2", "truncated header");
    refused("YUV4MPEG2x W1 H1\n", "neither a YUV4MPEG2 clip nor a PPM (P6) picture");
    refused("YUV4MPEG2 W640 H4", "truncated header");
    refused("YUV4MPEG2 W640 H480", "truncated header");
    refused("YUV4MPEG2\n", "header has no width (W)");
    refused("YUV4MPEG2 H480\n", "header has no width (W)");
    refused("YUV4MPEG2 W640 F25:1\n", "header has no height (H)");
    refused("YUV4MPEG2 W0 H480\n", "size 0x480 is not within 1x1 to 1920x1080");
    refused("YUV4MPEG2 W1921 H480\n", "size 1921x480 is not within 1x1 to 1920x1080");
    refused("YUV4MPEG2 W640 H1081\n", "size 640x1081 is not within 1x1 to 1920x1080");
    /* 2^32 + 640: wraps to 640 in a careless parser. */
    refused("YUV4MPEG2 W4294967936 H480\n", "size 999999999x480 is not within 1x1 to 1920x1080");
    refused("YUV4MPEG2 W H480\n", "bad width W");
    refused("YUV4MPEG2 W-1 H480\n", "bad width W-1");
    refused("YUV4MPEG2 W640 H480x\n", "bad height H480x");
    refused("YUV4MPEG2 W640 H480 F25\n", "bad frame rate F25");
    refused("YUV4MPEG2 W640 H480 F:1\n", "bad frame rate F:1");
    refused("YUV4MPEG2 W640 H480 C422\n", "unsupported chroma C422 (only 8-bit 4:2:0)");
    refused("YUV4MPEG2 W640 H480 C420p10\n", "unsupported chroma C420p10 (only 8-bit 4:2:0)");
    refused("YUV4MPEG2 W640 H480 Cmono\n", "unsupported chroma Cmono (only 8-bit 4:2:0)");
    refused("YUV4MPEG2 W640 H480 C444\n", "unsupported chroma C444 (only 8-bit 4:2:0)");
    refused("YUV4MPEG2 W6\x1b[2J H480\n", "bad width W6?[2J"); /* nothing of the file reaches the terminal raw */
    refused("RIFF....AVI LIST", "neither a YUV4MPEG2 clip nor a PPM (P6) picture");
}

static void long_headers(void **state)
{
    static char text[CLIP_MAX_HEADER + 64];
    uint32_t offset;

    (void)state;
    /* A comment that no buffer is made for, in the header and in a FRAME line. */
    memset(text, 'x', sizeof(text));
    memcpy(text, "YUV4MPEG2 W2 H2 X", 17);
    memcpy(text + 1000, "\nFRAME Y", 8);
    memcpy(text + 2000, "\n123456", 7);
    assert_int_equal(open_bytes(text, 2007), CLIP_OK);
    assert_int_equal(clip_next(&clip, &offset), CLIP_OK);
    assert_int_equal(offset, 2001);
    assert_int_equal(clip_next(&clip, &offset), CLIP_END);

    memset(text, 'x', sizeof(text));
    memcpy(text, "YUV4MPEG2 W2 H2 X", 17);
    assert_int_equal(open_bytes(text, sizeof(text)), CLIP_ERROR);
    assert_string_equal(clip.reason, "header is longer than 4096 bytes");

    /* The longest headers that are taken, and a byte more. */
    for (unsigned more = 0; more < 2; more++) {
        text[CLIP_MAX_HEADER - 2 + more] = 'x';
        text[CLIP_MAX_HEADER - 1 + more] = '\n';
        assert_int_equal(open_bytes(text, CLIP_MAX_HEADER + more), more == 0 ? CLIP_OK : CLIP_ERROR);
    }
    memset(text, ' ', sizeof(text));
    memcpy(text, "P6 1 1", 6);
    for (unsigned more = 0; more < 2; more++) {
        memcpy(text + CLIP_MAX_HEADER - 5 + more, " 255\n", 5);
        assert_int_equal(open_bytes(text, CLIP_MAX_HEADER + 1), more == 0 ? CLIP_OK : CLIP_ERROR);
    }
    assert_string_equal(clip.reason, "header is longer than 4096 bytes");
    memset(text, ' ', sizeof(text));
    memcpy(text, "P6", 2);
    assert_int_equal(open_bytes(text, sizeof(text)), CLIP_ERROR);
    assert_string_equal(clip.reason, "header is longer than 4096 bytes");

    static char frame[2 * CLIP_MAX_HEADER];
    memset(frame, 'x', sizeof(frame));
    memcpy(frame, "YUV4MPEG2 W2 H2\nFRAME ", 22);
    assert_int_equal(open_bytes(frame, sizeof(frame)), CLIP_OK);
    assert_int_equal(clip_next(&clip, &offset), CLIP_ERROR);
    assert_string_equal(clip.reason, "header of frame 1 is longer than 4096 bytes");
}

static void frames(void **state)
{
    uint32_t offset;

    (void)state;
    assert_int_equal(open_text("YUV4MPEG2 W2 H2\nFRAME\n123456FRAME Ip\n654321"), CLIP_OK);
    assert_int_equal(clip_frames_left(&clip), 2);
    assert_int_equal(clip_next(&clip, &offset), CLIP_OK);
    assert_int_equal(offset, 22);
    assert_int_equal(clip_frames_left(&clip), 1);
    assert_int_equal(clip_next(&clip, &offset), CLIP_OK);
    assert_int_equal(offset, 37);
    assert_int_equal(clip.frames, 2);
    assert_int_equal(clip_frames_left(&clip), 0);
    assert_int_equal(clip_next(&clip, &offset), CLIP_END);
    assert_int_equal(clip_next(&clip, &offset), CLIP_END);
}

static void second_frame_refused(const char *tail, const char *reason)
{
    char text[100];
    uint32_t offset = 0;

    snprintf(text, sizeof(text), "YUV4MPEG2 W2 H2\nFRAME\n123456%s", tail);
    assert_int_equal(open_text(text), CLIP_OK);
    assert_int_equal(clip_next(&clip, &offset), CLIP_OK);
    assert_int_equal(clip_next(&clip, &offset), CLIP_ERROR);
    assert_string_equal(clip.reason, reason);
    assert_int_equal(offset, 22); /* a failed call has changed nothing */
    assert_int_equal(clip.frames, 1);
    assert_int_equal(clip_next(&clip, &offset), CLIP_ERROR);
}

static void broken_frames(void **state)
{
    uint32_t offset;

    (void)state;
    second_frame_refused("FRAME\n", "frame 2 is truncated: 0 of 6 bytes");
    second_frame_refused("FRAME\n12345", "frame 2 is truncated: 5 of 6 bytes");
    second_frame_refused("F", "frame 2 has a truncated header");
    second_frame_refused("FRAME", "frame 2 has a truncated header");
    second_frame_refused("FRAME Ip", "frame 2 has a truncated header");
    second_frame_refused("JUNK", "frame 2 does not begin with FRAME at offset 28");
    second_frame_refused("FRAMES\n123456", "frame 2 does not begin with FRAME at offset 28");
    assert_int_equal(open_text("YUV4MPEG2 W2 H2\n"), CLIP_OK);
    assert_int_equal(clip_next(&clip, &offset), CLIP_ERROR);
    assert_string_equal(clip.reason, "no frame after the header");
}

static void ppm(void **state)
{
    uint32_t offset;

    (void)state;
    assert_int_equal(open_text("P6\n# by hand\n2 1\n255\nRGBRGB"), CLIP_OK);
    assert_int_equal(clip.format, CLIP_RGB);
    assert_int_equal(clip.width, 2);
    assert_int_equal(clip.height, 1);
    assert_int_equal(clip.maxval, 255);
    assert_int_equal(clip.frame_bytes, 6);
    assert_int_equal(clip_frames_left(&clip), 1);
    assert_int_equal(clip_next(&clip, &offset), CLIP_OK);
    assert_int_equal(offset, 21);
    assert_int_equal(clip_next(&clip, &offset), CLIP_END);
    assert_int_equal(clip_frames_left(&clip), 0);

    /* Two bytes a sample from 256 on. */
    assert_int_equal(open_text("P6 2 3 255\n"), CLIP_OK);
    assert_int_equal(clip.frame_bytes, 18);
    assert_int_equal(open_text("P6 2 3 256\n"), CLIP_OK);
    assert_int_equal(clip.frame_bytes, 36);
    assert_int_equal(open_text("P6 1920 1080 65535\n"), CLIP_OK);
    assert_int_equal(clip.maxval, 65535);
    assert_int_equal(clip.frame_bytes, 12441600);

    /* A comment ends at a carriage return, too. */
    assert_int_equal(open_text("P6#c\r5#c\r1 9#c\r"), CLIP_OK);
    assert_int_equal(clip.width, 5);

    /* Comments where netpbm takes them: after a token and before the one whitespace; a second image is left alone. */
    assert_int_equal(open_text("P6#c\n1#c\n\t#c 9 9\r\n1\v7#c\n \n#P6 1 1 1 xyz"), CLIP_OK);
    assert_int_equal(clip.maxval, 7);
    assert_int_equal(clip_next(&clip, &offset), CLIP_OK);
    assert_string_equal(&((const char *)file.bytes)[offset], " \n#P6 1 1 1 xyz");
    assert_int_equal(clip_next(&clip, &offset), CLIP_END);
}

static void ppm_refusals(void **state)
{
    uint32_t offset;

    (void)state;
    refused("P6", "neither a YUV4MPEG2 clip nor a PPM (P6) picture");
    refused("P3\n1 1\n255\n1 1 1\n", "neither a YUV4MPEG2 clip nor a PPM (P6) picture");
    refused("P65 1 255\n", "neither a YUV4MPEG2 clip nor a PPM (P6) picture");
    refused("P6\n", "truncated header");
    refused("P6\n12", "truncated header");
    refused("P6\n12 12\n25", "truncated header");
    refused("P6\n12 12\n255", "truncated header");
    refused("P6\nx 12\n255\n", "bad width in the header");
    refused("P6\n12 -2\n255\n", "bad height in the header");
    refused("P6\n12 2\n255x", "bad maxval in the header");
    refused("P6\n0 12\n255\n", "size 0x12 is not within 1x1 to 1920x1080");
    refused("P6\n12 99999\n255\n", "size 12x99999 is not within 1x1 to 1920x1080");
    refused("P6\n1 1\n0\n", "unsupported maxval 0 (only 1 to 65535)");
    refused("P6\n1 1\n65536\n123456", "unsupported maxval 65536 (only 1 to 65535)");
    refused("P6\n1 1\n4294967551\n123456", "unsupported maxval 999999999 (only 1 to 65535)"); /* 2^32 + 255 */
    assert_int_equal(open_text("P6\n2 1\n255\nRGBRG"), CLIP_OK);
    assert_int_equal(clip_next(&clip, &offset), CLIP_ERROR);
    assert_string_equal(clip.reason, "the picture is truncated: 5 of 6 bytes");
    assert_int_equal(open_text("P6\n2 1\n256\nRRGGBBRRGGB"), CLIP_OK);
    assert_int_equal(clip_next(&clip, &offset), CLIP_ERROR);
    assert_string_equal(clip.reason, "the picture is truncated: 11 of 12 bytes");
}

/* The FRAME line begins in the first chunk and ends in the second. A device that fails at any one byte gives an error, never a frame from it and never a retry without end. */
static void device_failures(void **state)
{
    static const char text[] = "YUV4MPEG2 W8 H6 Xpadding-padding-padding-padding-padding-pad\nFRAME\n"
                               "123456789012345678901234567890123456789012345678901234567890123456789012";
    unsigned failures = 0;

    (void)state;
    for (uint32_t at = 0; at < 2 * CLIP_CHUNK; at++) {
        uint32_t offset;
        enum clip_result result;

        file = (struct file){(const uint8_t *)text, sizeof(text) - 1, at};
        reader.size = sizeof(text) - 1;
        const bool opened = clip_open(&clip, &reader) == CLIP_OK;

        result = opened ? clip_next(&clip, &offset) : CLIP_ERROR;
        assert_int_equal(result, CLIP_ERROR); /* the text fits two chunks, and both are needed */
        assert_non_null(strstr(clip.reason, "the input device failed"));
        if (opened) { /* the device is well again: nothing of the failed read is taken for the file */
            file.fail_at = NO_FAILURE;
            assert_int_equal(clip_next(&clip, &offset), CLIP_OK);
            assert_string_equal(text + offset, strstr(text, "\n1") + 1);
        }
        failures++;
    }
    assert_int_equal(failures, 2 * CLIP_CHUNK);
}

/* Every prefix, and many damaged copies: the sanitizers and read_file() watch the bounds, this the promises. */
static void hostile_files(void **state)
{
    static const char *const seeds[] = {
        "YUV4MPEG2 W3 H3 F25:1 Ip C420jpeg XCOLORRANGE=FULL\nFRAME\n12345678901234567FRAME I\n12345678901234567",
        "P6\n# c\n3 2\n255\n123456789012345678",
    };
    static const char damage[] = "0 1\n9#FWHCX:\xff";
    uint32_t random = 1, frames_seen = 0;

    (void)state;
    for (unsigned round = 0; round < 40000; round++) {
        const char *const seed = seeds[round % 2];
        uint32_t size = (uint32_t)strlen(seed);
        uint8_t *const bytes = malloc(size);
        uint32_t offset;

        assert_non_null(bytes);
        memcpy(bytes, seed, size);
        if (round / 2 < size) {
            size = round / 2;
        } else {
            for (unsigned change = 0; change < 1 + round % 3; change++) {
                random = random * 1664525 + 1013904223;
                bytes[(random >> 8) % size] =
                    (random & 1) != 0 ? (uint8_t)damage[(random >> 28) % 13] : (uint8_t)(random >> 24);
            }
        }
        if (open_bytes(bytes, size) == CLIP_OK) {
            assert_in_range(clip.width, 1, CLIP_MAX_WIDTH);
            assert_in_range(clip.height, 1, CLIP_MAX_HEIGHT);
            while (clip_next(&clip, &offset) == CLIP_OK) {
                assert_true(offset <= size && clip.frame_bytes <= size - offset);
                assert_true(clip.frames <= size);
                (void)clip_frames_left(&clip);
                frames_seen++;
            }
        }
        free(bytes);
    }
    assert_true(frames_seen > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(y4m_headers),  cmocka_unit_test(y4m_refusals),    cmocka_unit_test(long_headers),
        cmocka_unit_test(frames),       cmocka_unit_test(broken_frames),   cmocka_unit_test(ppm),
        cmocka_unit_test(ppm_refusals), cmocka_unit_test(device_failures), cmocka_unit_test(hostile_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
