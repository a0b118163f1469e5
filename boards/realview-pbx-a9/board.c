/* SPDX-License-Identifier: MIT */
/*
 * RealView PBX-A9: what it is made of, and where that is. Constants.
 */
#include "boards/common/board.h"

#include "boards/common/clock_sp804.h"
#include "boards/common/console_pl011.h"
#include "boards/common/display_pl111.h"
#include "boards/common/dma_pl080.h"
#include "boards/common/gic.h"
#include "boards/common/host_semihosting.h"
#include "boards/common/outer_l2c310.h"
#include "boards/common/port.h"
#include "boards/common/start_flags.h"
#include "boards/realview-pbx-a9/machine.h"
#include "boot/board.h"

const struct mmu_region board_memory_map[] = {
    {"devices", PBX_A9_DEVICES, PBX_A9_DEVICES_SIZE, MMU_DEVICE},
    {"private devices", PBX_A9_PRIVATE, PBX_A9_PRIVATE_SIZE, MMU_DEVICE},
    {NULL, 0, 0, MMU_NONE},
};

const struct outer_cache *const board_outer = &outer_l2c310;
const struct l2c310_config board_l2c310 = {
    .base = PBX_A9_L2C310,
    .prefetch = L2C310_PREFETCH_DATA | L2C310_PREFETCH_INSTRUCTIONS,
    .poll_limit = 10000000,
};
const uintptr_t board_flags = PBX_A9_FLAGS_SET;
const struct pl011 board_uart = {.config = {.base = PBX_A9_UART, .poll_limit = 1000000}};
const struct gicv2_config board_gic = {.distributor = PBX_A9_GIC_DISTRIBUTOR, .cpu_interface = PBX_A9_GIC_CPU};
const struct clock_sp804_config board_sp804 = {
    .timer = {.base = PBX_A9_TIMER, .megahertz = 1},
    .interrupt = PBX_A9_SPI_TIMER,
    .select = PBX_A9_SYSTEM_CONTROLLER,
    .select_bits = PBX_A9_TIMCLK,
};
const struct display_pl111_config board_pl111 = {
    .controller = {.base = PBX_A9_DISPLAY, .variant = PL111_VARIANT_PL111},
    .interrupt = PBX_A9_SPI_DISPLAY,
};
const struct dma_pl080_config board_pl080 = {
    .base = PBX_A9_DMA,
    .interrupt = PBX_A9_SPI_DMA,
    .limits = PL080_LIMITS_QEMU,
};

const struct board board = {
    .name = "realview-pbx-a9",
    .bus_view = PBX_A9_RAM_HALF,
    .console = &console_pl011,
    .interrupts = &gic_interrupts,
    .clock = &clock_sp804,
    .host = &host_semihosting,
    .port = port_init_outer,
    .display = display_pl111,
    .dma = dma_pl080,
    .cpu_on = start_by_flags,
};
