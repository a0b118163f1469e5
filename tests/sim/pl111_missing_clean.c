/* SPDX-License-Identifier: MIT */
/*
 * A frame is drawn in cached memory and shown by a PL111.
 * Broken: its lower half is not cleaned before the flip (HALF): most of it has been evicted by then, the frame is larger than the
 * cache; or what is drawn into the visible frame is not cleaned (BAR).
 *
 * machine: realview-pb-a8 cortex-a8 1
 * devices: pl111
 * variants: HALF=stale-device-read@draw BAR=stale-device-read@draw_bar
 * data: any
 */
#include "support/maintain.h"

#define WIDTH 320u
#define HEIGHT 240u
static uint32_t frame[WIDTH * HEIGHT] SPECIAL;

NOINLINE static void draw(void)
{
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i++)
        frame[i] = (i % WIDTH) | (i / WIDTH) << 8 | 0x800000; /* accused */
}

NOINLINE static void draw_bar(void)
{
    for (uint32_t i = 0; i < WIDTH; i++)
        frame[i] = 0xffffff; /* accused */
}

int main(void)
{
    draw();
#ifdef HALF
    clean_counted(frame, sizeof frame / 2);
#else
    clean_counted(frame, sizeof frame);
#endif
    write32(PL111 + 0x00, 0x4c);
    write32(PL111 + 0x04, HEIGHT - 1);
    write32(PL111 + 0x10, bus(frame));
    write32(PL111 + 0x18, 0x82b);
    write32(PL111 + 0x1c, 0x8); /* the interrupt at a frame's end, no change of control */
    draw_bar();
#ifndef BAR
    clean_counted(frame, 4 * WIDTH);
#endif
    return 0;
}
