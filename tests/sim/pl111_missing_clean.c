/* SPDX-License-Identifier: MIT */
/*
 * A frame is drawn in cached memory and shown by a PL111.
 * Broken: its lower half is not cleaned before the flip. Most of it has been evicted by then: the frame is larger than the
 * cache.
 *
 * machine: realview-pb-a8 cortex-a8 1
 * devices: pl111
 * kind: stale-device-read
 * function: draw
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

int main(void)
{
    draw();
#ifdef BROKEN
    clean_counted(frame, sizeof frame / 2);
#else
    clean_counted(frame, sizeof frame);
#endif
    write32(PL111 + 0x00, 0x4c);
    write32(PL111 + 0x04, HEIGHT - 1);
    write32(PL111 + 0x10, bus(frame));
    write32(PL111 + 0x18, 0x82b);
    return 0;
}
