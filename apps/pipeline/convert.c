/* SPDX-License-Identifier: MIT */
/*
 * The conversion of convert.h. A row of the source is converted once, at the columns that are shown, and repeated where the
 * picture grows: no more pixels are computed than the screen has. No division for a YUV pixel; a PPM is one picture.
 */
#include "apps/pipeline/convert.h"

#include "apps/pipeline/fit.h"

#include <string.h>

/* The factors of a range. */
struct range {
    int black, luma, red_cr, green_cb, green_cr, blue_cb;
};

static const struct range limited = {16, 298, 409, -100, -208, 516};
static const struct range full = {0, 256, 359, -88, -183, 454};

static uint32_t clip_to_byte(int value)
{
    const int floor = value < 0 ? 0 : value;

    return (uint32_t)(floor > 255 ? 255 : floor);
}

/* Each chroma sample counts once for the neighbours that share it. */
static void yuv_row(const struct convert *convert, const uint8_t *payload, uint32_t y, uint32_t *pixels)
{
    const struct range *const range = convert->format == CLIP_YUV_FULL ? &full : &limited;
    const uint32_t width = convert->width, half = (width + 1) / 2, count = convert->shown_width;
    const uint8_t *const luma = payload + y * width;
    const uint8_t *const cb = payload + width * convert->height + (y >> 1) * half;
    const uint8_t *const cr = cb + half * ((convert->height + 1) / 2);
    uint32_t x = 0;

    while (x < count) {
        const uint32_t shared = convert->column[x] >> 1;
        const int d = cb[shared] - 128, e = cr[shared] - 128, base = 128 - range->luma * range->black;
        const int red = base + range->red_cr * e;
        const int green = base + range->green_cb * d + range->green_cr * e;
        const int blue = base + range->blue_cb * d;

        do {
            const int c = range->luma * luma[convert->column[x]];

            pixels[x++] = clip_to_byte((c + red) >> 8) << 16 | clip_to_byte((c + green) >> 8) << 8 |
                          clip_to_byte((c + blue) >> 8);
        } while (x < count && convert->column[x] >> 1 == shared);
    }
}

static void rgb_row(const struct convert *convert, const uint8_t *payload, uint32_t y, uint32_t *pixels)
{
    const uint32_t bytes = clip_sample_bytes(convert->maxval);

    for (uint32_t x = 0; x < convert->shown_width; x++) {
        const uint8_t *rgb = payload + (y * convert->width + convert->column[x]) * 3 * bytes;
        uint32_t pixel = 0;

        for (unsigned i = 0; i < 3; i++, rgb += bytes) {
            const uint32_t value = bytes == 1 ? rgb[0] : (uint32_t)rgb[0] << 8 | rgb[1];
            const uint32_t level = (value * 255 + convert->maxval / 2) / convert->maxval;

            pixel = pixel << 8 | (level < 255 ? level : 255);
        }
        pixels[x] = pixel;
    }
}

void convert_prepare(struct convert *convert, const struct clip *clip, uint32_t shown_width, uint32_t shown_height)
{
    convert->format = clip->format;
    convert->maxval = clip->maxval;
    convert->width = clip->width;
    convert->height = clip->height;
    convert->shown_width = shown_width;
    convert->shown_height = shown_height;
    for (uint32_t x = 0; x < shown_width; x++) {
        convert->column[x] = (uint16_t)fit_nearest(x, clip->width, shown_width);
    }
}

void convert_frame(const struct convert *convert, const uint8_t *payload, uint32_t *pixels)
{
    const uint32_t count = convert->shown_width;
    uint32_t done = UINT32_MAX; /* source row of the row above */

    for (uint32_t y = 0; y < convert->shown_height; y++, pixels += count) {
        const uint32_t from = fit_nearest(y, convert->height, convert->shown_height);

        if (from == done) {
            memcpy(pixels, pixels - count, count * sizeof(*pixels));
        } else if (convert->format == CLIP_RGB) {
            rgb_row(convert, payload, from, pixels);
        } else {
            yuv_row(convert, payload, from, pixels);
        }
        done = from;
    }
}
