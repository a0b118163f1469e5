/* SPDX-License-Identifier: MIT */
/* The PL081 DMA controller (DDI 0218E) of the RealView boards, channel 0. In QEMU a transfer ends within the store that starts it. */
#ifndef SIM_TEST_PL081_H
#define SIM_TEST_PL081_H

#include "image.h"

struct pl081_item {
    volatile uint32_t source, destination, next, control;
};

/* Bytes, both addresses count up, terminal-count interrupt. */
#define PL081_CONTROL(size) (0x8c000000u | (size))

/* Sets the channel up with its first item and starts it: Device stores only, no barrier. */
static inline void pl081_start(uint32_t to, uint32_t from, uint32_t next, uint32_t control)
{
    write32(PL081 + 0x008, 1);
    write32(PL081 + 0x100, from);
    write32(PL081 + 0x104, to);
    write32(PL081 + 0x108, next);
    write32(PL081 + 0x10c, control);
    write32(PL081 + 0x110, 0x8001);
    write32(PL081 + 0x030, 1);
}

/* Reads RawIntTCStatus until it is set; no barrier after the read. */
static inline void pl081_poll(void)
{
    for (uint32_t i = 0; i < 1000; i++)
        if ((read32(PL081 + 0x014) & 1) != 0)
            return;
    finish(7);
}

#endif
