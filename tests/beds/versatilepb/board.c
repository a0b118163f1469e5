/* SPDX-License-Identifier: MIT */
/*
 * The bed: what it is made of, and where that is. Constants; and what tests see of it.
 */
#include "boards/common/board.h"

#include "boards/common/clock_sp804.h"
#include "boards/common/console_pl011.h"
#include "boards/common/dma_pl080.h"
#include "boards/common/host_semihosting.h"
#include "boot/board.h"
#include "tests/beds/versatilepb/machine.h"
#include "tests/beds/versatilepb/vic.h"
#include "tests/target/support/hardware.h"

const struct mmu_region board_memory_map[] = {
    {"devices", VERSATILE_DEVICES, VERSATILE_DEVICES_SIZE, MMU_DEVICE},
    {NULL, 0, 0, MMU_NONE},
};

const struct outer_cache *const board_outer = NULL;
const struct pl011 board_uart = {.config = {.base = VERSATILE_UART, .poll_limit = 1000000}};
const struct clock_sp804_config board_sp804 = {
    .timer = {.base = VERSATILE_TIMER, .megahertz = 1},
    .interrupt = VERSATILE_VIC_TIMER,
};
const struct dma_pl080_config board_pl080 = {
    .base = VERSATILE_DMA,
    .interrupt = VERSATILE_VIC_DMA,
    .limits = PL080_LIMITS_QEMU,
};

const struct board board = {
    .name = "versatilepb",
    .bus_view = VERSATILE_RAM_HALF,
    .console = &console_pl011,
    .interrupts = &vic_interrupts,
    .clock = &clock_sp804,
    .host = &host_semihosting,
    .dma = dma_pl080,
};

const struct hardware *hardware(void)
{
    static const struct hardware versatile = {.pl080 = &pl080};

    return &versatile;
}
