/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ramfb: QEMU scans out the memory that its configuration (28 bytes, written through fw_cfg) names. It is taken for read at each
 * flip, at the frame boundary (the next flip) and at the end of the run.
 */
#include "sim/plugin/plugin.h"

#include <string.h>

static struct {
    struct device *device;
    uint64_t address;
    uint32_t bytes, pc;
} screen;

static uint32_t big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

static void scan_out(struct device *device)
{
    if (screen.address)
        device_reads(device, screen.address, screen.bytes, false, 0, screen.pc);
}

static void switch_off(struct device *device)
{
    (void)device;
    screen.address = 0;
}

void ramfb_configure(uint64_t address, uint32_t bytes, unsigned cpu, uint32_t pc)
{
    const uint8_t *config = address <= UINT32_MAX ? machine_ram((uint32_t)address, bytes) : NULL;
    uint32_t width, height, stride;

    (void)cpu;
    if (!config)
        return;
    if (!screen.device) {
        screen.device = device_add("ramfb", 0, 0, NULL, 0);
        if (!screen.device)
            return;
        screen.device->frame = scan_out;
        screen.device->reset = switch_off;
    }
    scan_out(screen.device);
    width = big_endian(config + 16);
    height = big_endian(config + 20);
    stride = big_endian(config + 24);
    if (!stride)
        stride = width * 4;
    if (!width || !height || width > 16384 || height > 16384 || stride > 1u << 17 ||
        height * (uint64_t)stride > 1u << 28)
        return;
    screen.address = (uint64_t)big_endian(config) << 32 | big_endian(config + 4);
    screen.bytes = (height - 1) * stride + (width * 4 < stride ? width * 4 : stride);
    screen.pc = pc;
    scan_out(screen.device);
}
