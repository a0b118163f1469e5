/* SPDX-License-Identifier: MIT */
/*
 * The modes of drivers/pl111.c: the timings of the industry (VESA DMT 1.13: 640x480, 800x600, 848x480, 1024x768; VESA CVT 1.1, normal
 * blanking at 60 Hz, for the others, whose clock goes in steps of 250 kHz: the smallest are slower), as far as the controller's fields reach: a width that is a multiple of 16, up to 1024.
 * Constants only.
 */
#include "drivers/pl111.h"

#include <stddef.h>

static const struct pl111_mode modes[] = {
    /* width, front porch, sync, back porch;  height, the same;  clock;  negative sync of rows, of frames */
    {160, 8, 8, 16, 120, 3, 4, 6, 1250000, true, false},
    {320, 8, 32, 40, 200, 3, 6, 6, 5000000, true, false},
    {320, 8, 32, 40, 240, 3, 4, 6, 6000000, true, false},
    {400, 16, 32, 48, 240, 3, 10, 6, 7250000, true, false},
    {480, 16, 40, 56, 272, 3, 10, 6, 10000000, true, false},
    {640, 16, 64, 80, 360, 3, 5, 8, 18000000, true, false},
    {640, 16, 64, 80, 400, 3, 6, 8, 20000000, true, false},
    {640, 16, 96, 48, 480, 10, 2, 33, 25175000, true, true},
    {800, 24, 72, 96, 480, 3, 10, 7, 29500000, true, false},
    {800, 40, 128, 88, 600, 1, 4, 23, 40000000, false, false},
    {848, 16, 112, 112, 480, 6, 8, 23, 33750000, false, false},
    {960, 32, 96, 128, 540, 3, 5, 14, 40750000, true, false},
    {1024, 40, 96, 136, 576, 3, 5, 15, 46500000, true, false},
    {1024, 40, 104, 144, 600, 3, 10, 11, 49000000, true, false},
    {1024, 24, 136, 160, 768, 3, 6, 29, 65000000, true, true},
};

const struct pl111_mode *pl111_mode_of(uint32_t width, uint32_t height)
{
    for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (modes[i].width == width && modes[i].height == height) {
            return &modes[i];
        }
    }
    return NULL;
}
