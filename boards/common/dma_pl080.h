/* SPDX-License-Identifier: MIT */
/*
 * A PL080 or PL081 as a board's DMA controller. A board that names dma_pl080 defines board_pl080.
 */
#ifndef BATON_BOARDS_COMMON_DMA_PL080_H
#define BATON_BOARDS_COMMON_DMA_PL080_H

#include "apps/platform.h"
#include "drivers/pl080.h"

struct dma_pl080_config {
    uintptr_t base;
    uint32_t interrupt; /* the combined one */
    uint32_t limits;    /* PL080_LIMIT_ bits; PL080_LIMITS_QEMU where QEMU is all that the board has run on */
};

extern const struct dma_pl080_config board_pl080;
extern struct pl080 pl080;

void dma_pl080(struct platform *platform);

#endif
