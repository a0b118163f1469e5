/* SPDX-License-Identifier: MIT */
/*
 * CPU 1 as a board's DMA controller (drivers/pl080_soft.h). A board that names dma_engine defines board_engine and board_gic.
 */
#ifndef BATON_BOARDS_COMMON_ENGINE_H
#define BATON_BOARDS_COMMON_ENGINE_H

#include "apps/platform.h"
#include "boot/smp.h"
#include "drivers/pl080_soft.h"

struct engine_config {
    uint32_t doorbell;  /* SGI, CPU 0 to CPU 1 */
    uint32_t interrupt; /* SPI that is wired to nothing */
};

extern const struct engine_config board_engine; /* read-only: CPU 1 reads it from memory */

/* Started on the first call; does not return without one. */
struct pl080_soft *engine_start(void);

void dma_engine(struct platform *platform);

#endif
