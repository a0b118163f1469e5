/* SPDX-License-Identifier: MIT */
/* See fw_cfg.h. */
#include "fw_cfg.h"

struct fw_cfg_descriptor fw_cfg_descriptor UNCACHED;
static volatile uint8_t ramfb_configuration[28] UNCACHED;

static uint32_t read_big_endian(uint32_t bytes)
{
    uint32_t value = 0;
    while (bytes-- > 0)
        value = value << 8 | *(volatile uint8_t *)FW_CFG;
    return value;
}

uint32_t fw_cfg_find(const char *name)
{
    *(volatile uint16_t *)(FW_CFG + 8) = __builtin_bswap16(0x19);
    for (uint32_t files = read_big_endian(4); files > 0; files--) {
        read_big_endian(4);
        const uint32_t selector = read_big_endian(2);
        read_big_endian(2);
        uint32_t same = 1, ended = 0;
        for (uint32_t i = 0; i < 56; i++) {
            const char letter = (char)read_big_endian(1);
            if (same && !ended)
                same = letter == name[i];
            ended |= letter == 0;
        }
        if (same)
            return selector;
    }
    finish(8);
}

void fw_cfg_describe(struct fw_cfg_descriptor *descriptor, uint32_t selector, uint32_t operation, uint32_t address,
                     uint32_t size)
{
    descriptor->control = __builtin_bswap32(selector << 16 | 8 | operation);
    descriptor->length = __builtin_bswap32(size);
    descriptor->address_high = 0;
    descriptor->address_low = __builtin_bswap32(address);
}

NOINLINE void fw_cfg_doorbell(uint32_t descriptor)
{
    write32(FW_CFG + 0x10, 0);
    write32(FW_CFG + 0x14, __builtin_bswap32(descriptor));
}

NOINLINE void fw_cfg_transfer(uint32_t selector, uint32_t operation, uint32_t address, uint32_t size)
{
    fw_cfg_describe(&fw_cfg_descriptor, selector, operation, address, size);
    dmb();
    fw_cfg_doorbell(bus(&fw_cfg_descriptor));
    for (uint32_t i = 0; i < 1000 && fw_cfg_descriptor.control != 0; i++) {
    }
    dsb();
    if (fw_cfg_descriptor.control != 0)
        finish(9);
}

void ramfb_show(uint32_t address, uint32_t width, uint32_t height)
{
    const uint32_t fields[7] = {0, address, 0x34325258 /* XR24 */, 0, width, height, 4 * width};
    for (uint32_t i = 0; i < sizeof fields; i++)
        ramfb_configuration[i] = (uint8_t)(fields[i / 4] >> (24 - 8 * (i % 4)));
    fw_cfg_transfer(fw_cfg_find("etc/ramfb"), FW_CFG_WRITE, bus(ramfb_configuration), sizeof ramfb_configuration);
}
