/* SPDX-License-Identifier: MIT */
/*
 * qemu-system-arm -M virt: what it is made of, and where that is. Constants.
 */
#include "boards/common/board.h"

#include "boards/common/clock_generic.h"
#include "boards/common/console_pl011.h"
#include "boards/common/display_ramfb.h"
#include "boards/common/engine.h"
#include "boards/common/firmware_psci.h"
#include "boards/common/gic.h"
#include "boards/common/host_fw_cfg.h"
#include "boards/virt/machine.h"
#include "boot/board.h"

const struct mmu_region board_memory_map[] = {
    {"devices", VIRT_DEVICES, VIRT_DEVICES_SIZE, MMU_DEVICE},
    {"virtio", 0x0a000000, 0x4000, MMU_DEVICE},
    {"device tree", VIRT_RAM, 0x00200000, MMU_RODATA},
    {"bus view of RAM", VIRT_RAM + VIRT_RAM_HALF, VIRT_RAM_HALF, MMU_NONE},
    {NULL, 0, 0, MMU_NONE},
};

const struct outer_cache *const board_outer = NULL;
const struct pl011 board_uart = {.config = {.base = VIRT_UART, .poll_limit = 1000000}}; /* on from reset */
const struct gicv2_config board_gic = {.distributor = VIRT_GIC_DISTRIBUTOR, .cpu_interface = VIRT_GIC_CPU};
const struct clock_generic_config board_generic_timer = {.interrupt = VIRT_PPI_TIMER};
const uintptr_t board_fw_cfg = VIRT_FW_CFG;
const struct engine_config board_engine = {
    .doorbell = VIRT_SGI_DOORBELL,
    .interrupt = VIRT_SPI_ENGINE,
};

const struct board board = {
    .name = "virt",
    .bus_view = VIRT_RAM_HALF,
    .console = &console_pl011,
    .interrupts = &gic_interrupts,
    .clock = &clock_generic,
    .host = &host_fw_cfg,
    .display = display_ramfb,
    .dma = dma_engine,
    .cpu_on = psci_start_cpu,
    .power_off = psci_power_off,
};
