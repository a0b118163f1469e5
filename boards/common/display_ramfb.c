/* SPDX-License-Identifier: MIT */
/*
 * QEMU's ramfb as a board's display. Called by boards/common/platform.c; its flip, in any context.
 */
#include "boards/common/display_ramfb.h"

#include "boards/common/host_fw_cfg.h"
#include "boot/cpu.h"
#include "drivers/ramfb.h"

#define SIDE_MAX 4096u /* pixels */

static struct fw_cfg_file file;
static uint32_t words[RAMFB_CONFIG_BYTES / 4] __attribute__((section(".uncached.ramfb"), aligned(64)));

static bool write(void *context, baton_bus_address from, uint32_t length)
{
    uint32_t state = cpu_irq_save();
    enum fw_cfg_status status = fw_cfg_write(&host_fw_cfg_device, &file, from, length);

    (void)context;
    cpu_irq_restore(state);
    return status == FW_CFG_OK;
}

void display_ramfb(struct platform *platform)
{
    static struct ramfb_config config = {
        .bytes = words,
        .write = write,
        .width_max = SIDE_MAX,
        .height_max = SIDE_MAX,
    };
    static struct ramfb screen;

    if (host_fw_cfg_ready() != NULL || fw_cfg_find(&host_fw_cfg_device, "etc/ramfb", &file) != FW_CFG_OK) {
        board_give_up("no display", "QEMU needs -device ramfb");
    }
    config.bytes_bus.value = board_bus_address(words);
    ramfb_init(&screen, &config);
    platform->display = &screen.display;
    platform->display_device = (struct baton_device_config){
        .name = "ramfb",
        .domain = BATON_DOMAIN_MEMORY,
        .dma_mask = 0xffffffff,
        .alignment = 4,
        .segment_count = 1,
    };
}
