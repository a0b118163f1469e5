/* SPDX-License-Identifier: MIT */
/*
 * RealView PB-A8: what it is made of, and where that is. Constants.
 */
#include "boards/common/board.h"

#include "boards/common/clock_sp804.h"
#include "boards/common/console_pl011.h"
#include "boards/common/display_pl111.h"
#include "boards/common/dma_pl080.h"
#include "boards/common/gic.h"
#include "boards/common/host_semihosting.h"
#include "boards/realview-pb-a8/machine.h"
#include "boot/board.h"

const struct mmu_region board_memory_map[] = {
    {"devices", PB_A8_DEVICES, PB_A8_DEVICES_SIZE, MMU_DEVICE},
    {"interrupt controller", PB_A8_GIC, PB_A8_GIC_SIZE, MMU_DEVICE},
    {NULL, 0, 0, MMU_NONE},
};

const struct outer_cache *const board_outer = NULL; /* its second level is inside */
const struct pl011 board_uart = {.config = {.base = PB_A8_UART, .poll_limit = 1000000}};
const struct gicv2_config board_gic = {.distributor = PB_A8_GIC_DISTRIBUTOR, .cpu_interface = PB_A8_GIC_CPU};
const struct clock_sp804_config board_sp804 = {
    .timer = {.base = PB_A8_TIMER, .megahertz = 1},
    .interrupt = PB_A8_SPI_TIMER,
    .select = PB_A8_SYSTEM_CONTROLLER,
    .select_bits = PB_A8_TIMCLK,
};
const struct display_pl111_config board_pl111 = {
    .controller = {.base = PB_A8_DISPLAY, .variant = PL111_VARIANT_PL111},
    .interrupt = PB_A8_SPI_DISPLAY,
};
const struct dma_pl080_config board_pl080 = {
    .base = PB_A8_DMA,
    .interrupt = PB_A8_SPI_DMA,
    .limits = PL080_LIMITS_QEMU,
};

const struct board board = {
    .name = "realview-pb-a8",
    .bus_view = PB_A8_RAM_HALF,
    .console = &console_pl011,
    .interrupts = &gic_interrupts,
    .clock = &clock_sp804,
    .host = &host_semihosting,
    .display = display_pl111,
    .dma = dma_pl080,
};
