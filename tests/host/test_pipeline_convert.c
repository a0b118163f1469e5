/* SPDX-License-Identifier: MIT */
/*
 * The conversion against the formulas of its header, pixel by pixel and written down a second time without any of its
 * shortcuts: all 2^24 colours, odd sizes, every way of scaling, payloads at odd addresses and of exactly their size.
 * link: apps/pipeline/convert.c
 */
#include "apps/pipeline/convert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct convert convert;

static uint32_t byte_of(double value)
{
    value /= 256;
    return value < 0 ? 0 : value >= 255 ? 255 : (uint32_t)value;
}

static uint32_t expected_yuv(bool full, int y, int cb, int cr)
{
    const double d = cb - 128, e = cr - 128, c = full ? y : y - 16;

    if (full) {
        return byte_of(256 * c + 359 * e + 128) << 16 | byte_of(256 * c - 88 * d - 183 * e + 128) << 8 |
               byte_of(256 * c + 454 * d + 128);
    }
    return byte_of(298 * c + 409 * e + 128) << 16 | byte_of(298 * c - 100 * d - 208 * e + 128) << 8 |
           byte_of(298 * c + 516 * d + 128);
}

static uint32_t expected_pixel(const struct clip *clip, const uint8_t *payload, uint32_t x, uint32_t y)
{
    const uint32_t half = (clip->width + 1) / 2, chroma = half * ((clip->height + 1) / 2);
    const uint8_t *const cb = payload + clip->width * clip->height;

    if (clip->format == CLIP_RGB) {
        uint32_t pixel = 0;

        for (unsigned i = 0; i < 3; i++) {
            const uint32_t at = (y * clip->width + x) * 3 + i;
            const uint32_t v = clip->maxval < 256 ? payload[at] : payload[2 * at] * 256U + payload[2 * at + 1];
            const uint32_t level = (v * 255 + clip->maxval / 2) / clip->maxval;

            pixel = pixel << 8 | (level > 255 ? 255 : level);
        }
        return pixel;
    }
    return expected_yuv(clip->format == CLIP_YUV_FULL, payload[y * clip->width + x], cb[(y / 2) * half + x / 2],
                        cb[chroma + (y / 2) * half + x / 2]);
}

static void known_colours(void **state)
{
    static const struct {
        enum clip_format format;
        uint8_t payload[3];
        uint32_t pixel;
    } cases[] = {
        {CLIP_YUV_LIMITED, {16, 128, 128}, 0x000000},
        {CLIP_YUV_LIMITED, {235, 128, 128}, 0xffffff},
        {CLIP_YUV_LIMITED, {81, 90, 240}, 0xff0000},
        {CLIP_YUV_LIMITED, {145, 54, 34}, 0x00ff01},
        {CLIP_YUV_LIMITED, {41, 240, 110}, 0x0000ff},
        {CLIP_YUV_LIMITED, {0, 0, 0}, 0x008700},
        {CLIP_YUV_LIMITED, {255, 255, 255}, 0xff7dff},
        {CLIP_YUV_FULL, {0, 128, 128}, 0x000000},
        {CLIP_YUV_FULL, {255, 128, 128}, 0xffffff},
        {CLIP_YUV_FULL, {77, 128, 128}, 0x4d4d4d},
        {CLIP_RGB, {1, 2, 3}, 0x010203},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct clip clip = {.format = cases[i].format, .width = 1, .height = 1, .maxval = 255};
        uint32_t pixel = 0xdeadbeef;

        convert_prepare(&convert, &clip, 1, 1);
        convert_frame(&convert, cases[i].payload, &pixel);
        for (unsigned shift = 0; shift < 24; shift += 8) { /* within one step: exactness is the other tests' matter */
            assert_true(abs((int)(pixel >> shift & 255) - (int)(cases[i].pixel >> shift & 255)) <= 1);
        }
        assert_int_equal(pixel >> 24, 0);
    }
}

static void every_colour(enum clip_format format)
{
    const struct clip clip = {.format = format, .width = 256, .height = 1};
    uint8_t payload[512];
    uint32_t pixels[256];

    for (int y = 0; y < 256; y++) {
        payload[y] = (uint8_t)y;
    }
    convert_prepare(&convert, &clip, 256, 1);
    for (int cb = 0; cb < 256; cb++) {
        for (int cr = 0; cr < 256; cr++) {
            memset(payload + 256, cb, 128);
            memset(payload + 384, cr, 128);
            convert_frame(&convert, payload, pixels);
            for (int y = 0; y < 256; y++) {
                if (pixels[y] != expected_yuv(format == CLIP_YUV_FULL, y, cb, cr)) {
                    fail_msg("%d %d %d gives %06x", y, cb, cr, (unsigned)pixels[y]);
                }
            }
        }
    }
}

static void every_colour_limited(void **state)
{
    (void)state;
    every_colour(CLIP_YUV_LIMITED);
}

static void every_colour_full(void **state)
{
    (void)state;
    every_colour(CLIP_YUV_FULL);
}

static void every_maxval(void **state)
{
    uint8_t payload[255];
    uint32_t pixels[85];

    (void)state;
    for (unsigned i = 0; i < 255; i++) {
        payload[i] = (uint8_t)(i + 1);
    }
    for (uint32_t maxval = 1; maxval <= 255; maxval++) {
        const struct clip clip = {.format = CLIP_RGB, .width = 85, .height = 1, .maxval = maxval};

        convert_prepare(&convert, &clip, 85, 1);
        convert_frame(&convert, payload, pixels);
        for (uint32_t x = 0; x < 85; x++) {
            assert_int_equal(pixels[x], expected_pixel(&clip, payload, x, 0));
        }
    }
}

/* Every sample of two bytes, those above maxval too, in each of the three places. */
static void every_deep_sample(void **state)
{
    static const uint32_t maxvals[] = {256, 257, 300, 511, 1000, 1023, 4095, 32767, 32768, 65534, 65535};
    uint8_t payload[6 * 256];
    uint32_t pixels[256];

    (void)state;
    for (unsigned i = 0; i < sizeof(maxvals) / sizeof(maxvals[0]); i++) {
        const struct clip clip = {.format = CLIP_RGB, .width = 256, .height = 1, .maxval = maxvals[i]};

        convert_prepare(&convert, &clip, 256, 1);
        for (uint32_t high = 0; high < 256; high++) {
            for (uint32_t low = 0; low < 256; low++) {
                const uint8_t pixel[6] = {(uint8_t)high,         (uint8_t)low,         (uint8_t)(high ^ 255),
                                          (uint8_t)(low ^ 0x55), (uint8_t)(high ^ 15), (uint8_t)(low ^ 0xaa)};

                memcpy(payload + 6 * low, pixel, 6);
            }
            convert_frame(&convert, payload, pixels);
            for (uint32_t x = 0; x < 256; x++) {
                assert_int_equal(pixels[x], expected_pixel(&clip, payload, x, 0));
            }
        }
    }
}

/* Source and result in memory of exactly their size, the source at an odd address: ASan sees a byte too far either way. */
static void one_size(enum clip_format format, uint32_t maxval, uint32_t w, uint32_t h, uint32_t dw, uint32_t dh)
{
    const struct clip clip = {.format = format, .width = w, .height = h, .maxval = maxval};
    const uint32_t bytes =
        format == CLIP_RGB ? (maxval < 256 ? 3 : 6) * w * h : w * h + 2 * ((w + 1) / 2) * ((h + 1) / 2);
    uint8_t *const memory = malloc(bytes + 1), *const payload = memory + 1;
    uint32_t *const pixels = malloc(dw * dh * sizeof(*pixels));
    uint32_t random = w * 2654435761U + h;

    assert_non_null(memory);
    assert_non_null(pixels);
    for (uint32_t i = 0; i < bytes; i++) {
        random = random * 1664525 + 1013904223;
        payload[i] = (uint8_t)(random >> 24);
    }
    convert_prepare(&convert, &clip, dw, dh);
    convert_frame(&convert, payload, pixels);
    for (uint32_t y = 0; y < dh; y++) {
        for (uint32_t x = 0; x < dw; x++) {
            const uint32_t sx = ((2 * x + 1) * w) / (2 * dw), sy = ((2 * y + 1) * h) / (2 * dh);

            if (pixels[y * dw + x] != expected_pixel(&clip, payload, sx, sy)) {
                fail_msg("format %d, %ux%u at %ux%u: pixel %u,%u", (int)format, w, h, dw, dh, x, y);
            }
        }
    }
    free(pixels);
    free(memory);
}

static void sizes(void **state)
{
    static const uint32_t cases[][4] = {
        {1, 1, 1, 1},         {1, 1, 16, 9},      {2, 2, 2, 2},     {3, 3, 3, 3},       {161, 121, 161, 121},
        {161, 121, 640, 480}, {17, 5, 5, 17},     {640, 2, 80, 1},  {64, 48, 48, 36},   {33, 7, 34, 7},
        {33, 7, 32, 7},       {1920, 3, 1920, 5}, {1920, 3, 31, 2}, {1, 1080, 1, 1080}, {7, 64, 1920, 3},
        {1080, 2, 1920, 4},   {15, 15, 15, 7},    {16, 16, 16, 33},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        one_size(CLIP_YUV_LIMITED, 0, cases[i][0], cases[i][1], cases[i][2], cases[i][3]);
        one_size(CLIP_YUV_FULL, 0, cases[i][0], cases[i][1], cases[i][2], cases[i][3]);
        one_size(CLIP_RGB, 200, cases[i][0], cases[i][1], cases[i][2], cases[i][3]);
        one_size(CLIP_RGB, 50000, cases[i][0], cases[i][1], cases[i][2], cases[i][3]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_colours), cmocka_unit_test(every_colour_limited), cmocka_unit_test(every_colour_full),
        cmocka_unit_test(every_maxval),  cmocka_unit_test(every_deep_sample),    cmocka_unit_test(sizes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
