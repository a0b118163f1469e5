/* SPDX-License-Identifier: MIT */
/*
 * Where a picture goes on the screen: as large as fits with its aspect kept, centred. Pure; called by the pipeline and by
 * host tests. README.md documents the same formulas, and the screenshot tests compute them on their own.
 */
#ifndef BATON_APPS_PIPELINE_FIT_H
#define BATON_APPS_PIPELINE_FIT_H

#include <stdint.h>

struct fit {
    uint32_t x, y;          /* top left corner on the screen, pixels */
    uint32_t width, height; /* of the picture as shown, pixels; within the screen, at least 1 x 1 */
};

/* Fits w x h pixels (each at least 1) on a screen. Equal sizes: 1:1. Otherwise the picture takes the screen's full width if
 * w * H >= h * W, else its full height, and the other side is rounded to the nearest pixel (at least 1, at most the screen). */
struct fit fit_picture(uint32_t w, uint32_t h, uint32_t screen_width, uint32_t screen_height);

/* The source pixel, of count, under the centre of pixel at of shown: ((2 * at + 1) * count) / (2 * shown), rounded down. */
static inline uint32_t fit_nearest(uint32_t at, uint32_t count, uint32_t shown)
{
    return ((2 * at + 1) * count) / (2 * shown);
}

#endif
