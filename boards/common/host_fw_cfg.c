/* SPDX-License-Identifier: MIT */
/*
 * QEMU's fw_cfg as a board's host. Task context on CPU 0.
 */
#include "boards/common/host_fw_cfg.h"

#include "boot/cpu.h"

#include <stdio.h>

#define FOLDER "opt/baton/"

static struct fw_cfg_file file;
static struct fw_cfg_descriptor descriptor __attribute__((section(".uncached.fw_cfg"), aligned(64)));

struct fw_cfg_config host_fw_cfg_device = {.descriptor = &descriptor, .poll_limit = 100000000};

const char *host_fw_cfg_ready(void)
{
    host_fw_cfg_device.base = board_fw_cfg;
    host_fw_cfg_device.descriptor_bus = board_bus_address(&descriptor);
    enum fw_cfg_status status = fw_cfg_probe(&host_fw_cfg_device);

    return status == FW_CFG_OK ? NULL : fw_cfg_status_text(status);
}

static bool find(const char *name, struct fw_cfg_file *found)
{
    char path[64];
    int length = snprintf(path, sizeof(path), FOLDER "%s", name);

    return length > 0 && (size_t)length < sizeof(path) && fw_cfg_find(&host_fw_cfg_device, path, found) == FW_CFG_OK;
}

static bool text(const char *name, char *to, size_t size)
{
    struct fw_cfg_file found;

    if (!find(name, &found)) {
        return false;
    }
    uint32_t length = found.size < size ? found.size : size - 1;
    to[length] = '\0';
    return fw_cfg_read_text(&host_fw_cfg_device, &found, to, length) == FW_CFG_OK;
}

static bool open(const char *name, uint32_t *size)
{
    bool found = host_fw_cfg_ready() == NULL && find(name, &file);

    *size = file.size;
    return found;
}

/* The display may be flipped from an interrupt handler. */
static bool read(uint32_t offset, const struct baton_destination *to, uint32_t length)
{
    uint32_t state = cpu_irq_save();
    enum fw_cfg_status status = fw_cfg_read(&host_fw_cfg_device, &file, offset, to, length);

    cpu_irq_restore(state);
    return status == FW_CFG_OK;
}

const struct board_host host_fw_cfg = {
    .init = host_fw_cfg_ready,
    .text = text,
    .open = open,
    .read = read,
    .device =
        {.name = "fw_cfg", .domain = BATON_DOMAIN_MEMORY, .dma_mask = 0xffffffff, .alignment = 1, .segment_count = 1},
};
