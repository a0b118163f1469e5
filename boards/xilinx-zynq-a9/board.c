/* SPDX-License-Identifier: MIT */
/*
 * Zynq-7000: what it is made of, and where that is. Constants. There is no display.
 */
#include "boards/common/board.h"

#include "boards/common/clock_a9.h"
#include "boards/common/console_cadence.h"
#include "boards/common/engine.h"
#include "boards/common/gic.h"
#include "boards/common/host_semihosting.h"
#include "boards/common/outer_l2c310.h"
#include "boards/common/port.h"
#include "boards/common/start_mailbox.h"
#include "boards/xilinx-zynq-a9/machine.h"
#include "boot/board.h"

const struct mmu_region board_memory_map[] = {
    {"peripherals", ZYNQ_PERIPHERALS, ZYNQ_PERIPHERALS_SIZE, MMU_DEVICE},
    {"private devices", ZYNQ_PRIVATE, ZYNQ_PRIVATE_SIZE, MMU_DEVICE},
    {"bus view of RAM", ZYNQ_RAM_HALF, ZYNQ_RAM_HALF, MMU_NONE},
    {NULL, 0, 0, MMU_NONE},
};

/* The latencies that UG585 asks for (3.4). What it wants in the system-level control registers before is the first-stage loader's. */
const struct outer_cache *const board_outer = &outer_l2c310;
const struct l2c310_config board_l2c310 = {
    .base = ZYNQ_L2C310,
    .tag_latency = 0x111,
    .data_latency = 0x121,
    .prefetch = L2C310_PREFETCH_DATA | L2C310_PREFETCH_INSTRUCTIONS,
    .poll_limit = 10000000,
};
const uintptr_t board_mailbox = ZYNQ_CPU1_START;
const struct cadence_uart_config board_cadence_uart = {.base = ZYNQ_UART0, .poll_limit = 1000000};
const struct gicv2_config board_gic = {.distributor = ZYNQ_GIC_DISTRIBUTOR, .cpu_interface = ZYNQ_GIC_CPU};
const struct clock_a9_config board_a9_timer = {
    .timer = {.base = ZYNQ_TIMER, .frequency = ZYNQ_CPU_3X2X},
    .interrupt = ZYNQ_PPI_TIMER,
};
const struct engine_config board_engine = {.doorbell = ZYNQ_SGI_DOORBELL, .interrupt = ZYNQ_SPI_ENGINE};

const struct board board = {
    .name = "xilinx-zynq-a9",
    .bus_view = ZYNQ_RAM_HALF,
    .console = &console_cadence,
    .interrupts = &gic_interrupts,
    .clock = &clock_a9,
    .host = &host_semihosting,
    .port = port_init_outer,
    .dma = dma_engine,
    .cpu_on = start_by_mailbox,
};
