/* SPDX-License-Identifier: MIT */
/*
 * The Raspberry Pi's DMA controller copies rows in 2D mode, by control blocks and bus addresses of its own.
 * Broken: the source is not cleaned (SOURCE), the second block is not (BLOCK), or the destination is not invalidated after (AFTER).
 *
 * machine: raspi2b cortex-a7 4
 * devices: bcm2835-dma
 * variants: SOURCE=stale-device-read@fill BLOCK=stale-device-read@describe AFTER=stale-cpu-read@check
 * data: any
 */
#include "support/maintain.h"

#define ROWS 8u
#define ROW 48u
#define PITCH 64u
static volatile uint8_t source[ROWS * PITCH] ALIGNED, destination[2 * ROWS * PITCH] ALIGNED;
static volatile uint32_t blocks[2][16] ALIGNED; /* a line each */

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < sizeof source; i++)
        source[i] = pattern(i); /* accused */
}

NOINLINE static void describe(volatile uint32_t *block, uint32_t to, uint32_t next)
{
    block[0] = 1u << 8 | 1u << 4 | 1u << 1; /* accused */
    block[1] = UNCACHED_VIEW + bus(source);
    block[2] = UNCACHED_VIEW + to;
    block[3] = (ROWS - 1) << 16 | ROW;
    block[4] = (PITCH - ROW) << 16 | (PITCH - ROW);
    block[5] = next;
}

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < 2 * ROWS * PITCH; i++)
        if (destination[i] != (i % PITCH < ROW ? pattern(i % (ROWS * PITCH)) : 0)) /* accused */
            return 1;
    return 0;
}

int main(void)
{
    flush_loop(destination, destination + sizeof destination);
    fill();
    describe(blocks[0], bus(destination), UNCACHED_VIEW + bus(blocks[1]));
    describe(blocks[1], bus(destination) + ROWS * PITCH, 0);
    for (uint32_t i = 0; i < sizeof destination; i += PITCH)
        if (destination[i] != 0)
            return 2;
#ifndef SOURCE
    clean_loop(source, source + sizeof source);
#endif
    clean_loop(blocks[0], blocks[1]);
#ifndef BLOCK
    clean_loop(blocks[1], blocks[2]);
#endif
    dsb();
    write32(DMA + 0x204, UNCACHED_VIEW + bus(blocks[0]));
    write32(DMA + 0x200, 1u << 28 | 1);
    while ((read32(DMA + 0x200) & 1) != 0) {
    }
    dmb();
#ifndef AFTER
    invalidate_counted(destination, sizeof destination);
#endif
    return check();
}
