/* SPDX-License-Identifier: MIT */
/*
 * A frame's payload to XRGB8888 pixels, scaled to the size shown. Pure; called by the pipeline's convert stage and by tests.
 *
 * YUV is BT.601 in integers, ">> 8" an arithmetic shift, clip() to 0..255, with D = Cb - 128 and E = Cr - 128:
 *
 *   limited range, C = Y - 16                    full range (XCOLORRANGE=FULL), C = Y
 *   R = clip((298 C + 409 E + 128) >> 8)         R = clip((256 C + 359 E + 128) >> 8)
 *   G = clip((298 C - 100 D - 208 E + 128) >> 8) G = clip((256 C - 88 D - 183 E + 128) >> 8)
 *   B = clip((298 C + 516 D + 128) >> 8)         B = clip((256 C + 454 D + 128) >> 8)
 *
 * Pixel (x, y) takes the chroma sample (x >> 1, y >> 1) wherever the file says that chroma is sited. A PPM sample v becomes
 * (v * 255 + maxval / 2) / maxval, at most 255. A shown pixel takes the source pixel under its centre (fit_nearest()).
 */
#ifndef BATON_APPS_PIPELINE_CONVERT_H
#define BATON_APPS_PIPELINE_CONVERT_H

#include "apps/pipeline/clip.h"

#include <stdint.h>

/* What does not change from frame to frame. About 4 KiB: static or allocated, not on a small stack. */
struct convert {
    enum clip_format format;
    uint32_t maxval;                    /* CLIP_RGB: of a sample */
    uint32_t width, height;             /* of the source, pixels */
    uint32_t shown_width, shown_height; /* of the result */
    uint16_t column[CLIP_MAX_WIDTH];    /* source column of each shown column */
};

/* For an opened clip shown at shown_width x shown_height (1 x 1 to CLIP_MAX_WIDTH x CLIP_MAX_HEIGHT). */
void convert_prepare(struct convert *convert, const struct clip *clip, uint32_t shown_width, uint32_t shown_height);

/* Reads the payload (clip->frame_bytes, any alignment) and writes every pixel: shown_width * shown_height words, row by row. What it
 * reads of pixels it has itself written before. */
void convert_frame(const struct convert *convert, const uint8_t *payload, uint32_t *pixels);

#endif
