/* SPDX-License-Identifier: MIT */
/*
 * Raspberry Pi 2 Model B: what it is made of, and where that is. Constants.
 */
#include "boards/common/board.h"

#include "boards/common/bcm2836.h"
#include "boards/common/clock_generic.h"
#include "boards/common/console_pl011.h"
#include "boards/common/host_semihosting.h"
#include "boards/common/videocore.h"
#include "boards/raspi2b/machine.h"
#include "boot/board.h"

/* The framebuffer is mapped when the firmware has said where it is. */
const struct mmu_region board_memory_map[] = {
    {"peripherals", RASPI2B_PERIPHERALS, RASPI2B_PERIPHERALS_SIZE, MMU_DEVICE},
    {"local peripherals", RASPI2B_LOCAL, RASPI2B_LOCAL_SIZE, MMU_DEVICE},
    {NULL, 0, 0, MMU_NONE},
};

const struct outer_cache *const board_outer = NULL;

const struct pl011 board_uart = {.config = {.base = RASPI2B_UART, .poll_limit = 1000000}};
const struct bcm2836_interrupts_config board_bcm2836 = {.local = RASPI2B_LOCAL, .peripherals = RASPI2B_INTERRUPTS};
const struct clock_generic_config board_generic_timer = {.interrupt = BCM2836_VIRTUAL_TIMER};
const struct videocore_config board_videocore = {
    .mailbox = RASPI2B_MAILBOX,
    .dma = RASPI2B_DMA,
    .dma_interrupts = RASPI2B_IRQ_DMA0,
    .bus_offset = RASPI2B_BUS,
};

const struct board board = {
    .name = "raspi2b",
    .bus_view = RASPI2B_RAM_HALF,
    .console = &console_pl011,
    .interrupts = &bcm2836_interrupts,
    .clock = &clock_generic,
    .host = &host_semihosting,
    .display = display_videocore,
    .dma = dma_videocore,
};
