/* SPDX-License-Identifier: MIT */
/*
 * A frame is drawn in cached memory and shown by scan-out.
 * Broken: its lower half is not cleaned before the flip; the screen shows what memory had before, in stripes of a line.
 *
 * machine: virt cortex-a15 1
 * devices: fwcfg
 * support: fw_cfg.c
 * qemu: -device ramfb
 * screen: ramfb
 * kind: stale-device-read
 * function: draw
 */
#include "support/fw_cfg.h"
#include "support/maintain.h"

#define WIDTH 128u
#define HEIGHT 64u
static uint32_t frame[WIDTH * HEIGHT] SPECIAL;

NOINLINE static void draw(void)
{
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i++)
        frame[i] = (i % WIDTH) << 1 | (i / WIDTH) << 10 | 0x800000; /* accused */
}

int main(void)
{
    draw();
    expect_address(frame + WIDTH * HEIGHT / 2);
#ifdef BROKEN
    clean_counted(frame, sizeof frame / 2);
#else
    clean_counted(frame, sizeof frame);
#endif
    ramfb_show(bus(frame), WIDTH, HEIGHT);
    print("data: right\n");
    for (;;) {
    } /* the runner ends QEMU, after it has looked at the screen */
}
