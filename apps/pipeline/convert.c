/* SPDX-License-Identifier: MIT */
/*
 * The conversion of convert.h. Rows are converted once and repeated when the picture grows; columns come from a table. No
 * division and no table look-up for a YUV pixel.
 */
#include "apps/pipeline/convert.h"

#include "apps/pipeline/fit.h"

#include <stdbool.h>
#include <string.h>

/* The factors of a range; always a constant argument, so that each range has loops of its own. */
struct range {
    int black, luma, red_cr, green_cb, green_cr, blue_cb;
};

static const struct range limited = {16, 298, 409, -100, -208, 516};
static const struct range full = {0, 256, 359, -88, -183, 454};

#define ALWAYS_INLINE inline __attribute__((always_inline))

struct chroma {
    int red, green, blue; /* what a chroma sample adds to each, with the rounding */
};

static ALWAYS_INLINE struct chroma chroma_terms(const struct range *range, int cb, int cr)
{
    return (struct chroma){
        .red = range->red_cr * (cr - 128) + 128,
        .green = range->green_cb * (cb - 128) + range->green_cr * (cr - 128) + 128,
        .blue = range->blue_cb * (cb - 128) + 128,
    };
}

static ALWAYS_INLINE uint32_t clip_to_byte(int value)
{
    const int floor = value < 0 ? 0 : value;

    return (uint32_t)(floor > 255 ? 255 : floor);
}

static ALWAYS_INLINE uint32_t yuv_pixel(const struct range *range, struct chroma chroma, int y)
{
    const int luma = range->luma * (y - range->black);

    return clip_to_byte((luma + chroma.red) >> 8) << 16 | clip_to_byte((luma + chroma.green) >> 8) << 8 |
           clip_to_byte((luma + chroma.blue) >> 8);
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* One source row */

/* Every pixel of it; the chroma terms once for two of them. */
static ALWAYS_INLINE void yuv_row(const struct range *range, const uint8_t *luma, const uint8_t *cb, const uint8_t *cr,
                                  uint32_t width, uint32_t *pixels)
{
    uint32_t x = 0;

    for (; x + 1 < width; x += 2) {
        const struct chroma chroma = chroma_terms(range, *cb++, *cr++);

        pixels[x] = yuv_pixel(range, chroma, luma[x]);
        pixels[x + 1] = yuv_pixel(range, chroma, luma[x + 1]);
    }
    if (x < width) {
        pixels[x] = yuv_pixel(range, chroma_terms(range, *cb, *cr), luma[x]);
    }
}

/* Only the pixels that are shown. */
static ALWAYS_INLINE void yuv_samples(const struct range *range, const uint8_t *luma, const uint8_t *cb,
                                      const uint8_t *cr, const uint16_t *column, uint32_t count, uint32_t *pixels)
{
    for (uint32_t x = 0; x < count; x++) {
        const uint32_t from = column[x];

        pixels[x] = yuv_pixel(range, chroma_terms(range, cb[from >> 1], cr[from >> 1]), luma[from]);
    }
}

static ALWAYS_INLINE uint32_t rgb_pixel(const uint8_t *level, const uint8_t *rgb)
{
    return (uint32_t)level[rgb[0]] << 16 | (uint32_t)level[rgb[1]] << 8 | level[rgb[2]];
}

static void rgb_row(const uint8_t *level, const uint8_t *rgb, uint32_t width, uint32_t *pixels)
{
    for (uint32_t x = 0; x < width; x++, rgb += 3) {
        pixels[x] = rgb_pixel(level, rgb);
    }
}

static void rgb_samples(const uint8_t *level, const uint8_t *rgb, const uint16_t *column, uint32_t count,
                        uint32_t *pixels)
{
    for (uint32_t x = 0; x < count; x++) {
        pixels[x] = rgb_pixel(level, rgb + 3 * (uint32_t)column[x]);
    }
}

/* The whole of source row y. */
static void whole_row(const struct convert *convert, const uint8_t *payload, uint32_t y, uint32_t *pixels)
{
    const uint32_t width = convert->width, half = (width + 1) / 2;
    const uint8_t *const luma = payload + y * width;
    const uint8_t *const cb = payload + width * convert->height + (y >> 1) * half;
    const uint8_t *const cr = cb + half * ((convert->height + 1) / 2);

    switch (convert->format) {
    case CLIP_YUV_LIMITED:
        yuv_row(&limited, luma, cb, cr, width, pixels);
        break;
    case CLIP_YUV_FULL:
        yuv_row(&full, luma, cb, cr, width, pixels);
        break;
    case CLIP_RGB:
        rgb_row(convert->level, payload + 3 * y * width, width, pixels);
        break;
    }
}

/* The shown pixels of source row y. */
static void sampled_row(const struct convert *convert, const uint8_t *payload, uint32_t y, uint32_t *pixels)
{
    const uint32_t width = convert->width, half = (width + 1) / 2, count = convert->shown_width;
    const uint8_t *const luma = payload + y * width;
    const uint8_t *const cb = payload + width * convert->height + (y >> 1) * half;
    const uint8_t *const cr = cb + half * ((convert->height + 1) / 2);

    switch (convert->format) {
    case CLIP_YUV_LIMITED:
        yuv_samples(&limited, luma, cb, cr, convert->column, count, pixels);
        break;
    case CLIP_YUV_FULL:
        yuv_samples(&full, luma, cb, cr, convert->column, count, pixels);
        break;
    case CLIP_RGB:
        rgb_samples(convert->level, payload + 3 * y * width, convert->column, count, pixels);
        break;
    }
}

/* ---------------------------------------------------------------------------------------------------------------- */

void convert_prepare(struct convert *convert, const struct clip *clip, uint32_t shown_width, uint32_t shown_height)
{
    convert->format = clip->format;
    convert->width = clip->width;
    convert->height = clip->height;
    convert->shown_width = shown_width;
    convert->shown_height = shown_height;
    for (uint32_t x = 0; x < shown_width; x++) {
        convert->column[x] = (uint16_t)fit_nearest(x, clip->width, shown_width);
    }
    for (uint32_t value = 0; clip->format == CLIP_RGB && value < 256; value++) {
        const uint32_t level = (value * 255 + clip->maxval / 2) / clip->maxval;

        convert->level[value] = (uint8_t)(level < 255 ? level : 255);
    }
}

void convert_frame(struct convert *convert, const uint8_t *payload, uint32_t *pixels)
{
    const uint32_t count = convert->shown_width;
    uint32_t done = 0; /* source row of the row above */

    for (uint32_t y = 0; y < convert->shown_height; y++, pixels += count) {
        const uint32_t from = fit_nearest(y, convert->height, convert->shown_height);

        if (y > 0 && from == done) {
            memcpy(pixels, pixels - count, count * sizeof(*pixels));
        } else if (count == convert->width) {
            whole_row(convert, payload, from, pixels);
        } else if (count < convert->width) {
            sampled_row(convert, payload, from, pixels);
        } else {
            whole_row(convert, payload, from, convert->line);
            for (uint32_t x = 0; x < count; x++) {
                pixels[x] = convert->line[convert->column[x]];
            }
        }
        done = from;
    }
}
