/* SPDX-License-Identifier: MIT */
/*
 * fw_cfg: registers, directory and DMA commands as in QEMU's docs/specs/fw_cfg. Called by boards; touches its registers
 * and the descriptor only.
 */
#include "drivers/fw_cfg.h"

#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"

/* Registers. Selector and DMA address are big-endian; data comes a byte a load. */
#define DATA 0x00u
#define SELECTOR 0x08u
#define DMA_ADDRESS_HIGH 0x10u
#define DMA_ADDRESS_LOW 0x14u

#define ITEM_SIGNATURE 0x00u
#define ITEM_INTERFACES 0x01u /* bit 1: DMA */
#define ITEM_DIRECTORY 0x19u
#define INTERFACE_DMA (1u << 1)

#define CONTROL_ERROR (1u << 0)
#define CONTROL_READ (1u << 1)
#define CONTROL_SKIP (1u << 2)
#define CONTROL_SELECT (1u << 3)
#define CONTROL_WRITE (1u << 4)

#define NAME_BYTES 56u
#define FILES_MOST 4096u /* a directory of more is none */

static uint32_t big(uint32_t value)
{
    return __builtin_bswap32(value);
}

const char *fw_cfg_status_text(enum fw_cfg_status status)
{
    switch (status) {
    case FW_CFG_OK:
        return "success";
    case FW_CFG_ERROR_ABSENT:
        return "no fw_cfg device, or one without DMA";
    case FW_CFG_ERROR_NO_FILE:
        return "no such file";
    case FW_CFG_ERROR_RANGE:
        return "beyond the end of the file or of the memory";
    case FW_CFG_ERROR_DEVICE:
        return "the device reported an error";
    case FW_CFG_ERROR_TIMEOUT:
        return "the device did not answer in time";
    }
    return "unknown status";
}

static void select_item(const struct fw_cfg_config *config, uint16_t selector)
{
    mmio_write16(config->base + SELECTOR, __builtin_bswap16(selector));
}

static uint8_t next_byte(const struct fw_cfg_config *config)
{
    return mmio_read8(config->base + DATA);
}

static uint32_t next_big(const struct fw_cfg_config *config, unsigned bytes)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < bytes; i++) {
        value = value << 8 | next_byte(config);
    }
    return value;
}

uint32_t fw_cfg_read_number(const struct fw_cfg_config *config, uint16_t selector, unsigned bytes)
{
    uint32_t value = 0;

    select_item(config, selector);
    for (unsigned i = 0; i < bytes && i < 4; i++) {
        value |= (uint32_t)next_byte(config) << (8 * i);
    }
    return value;
}

enum fw_cfg_status fw_cfg_probe(const struct fw_cfg_config *config)
{
    select_item(config, ITEM_SIGNATURE);
    if (next_big(config, 4) != 0x51454d55u) { /* "QEMU" */
        return FW_CFG_ERROR_ABSENT;
    }
    if (config->descriptor != NULL && (fw_cfg_read_number(config, ITEM_INTERFACES, 4) & INTERFACE_DMA) == 0) {
        return FW_CFG_ERROR_ABSENT;
    }
    return FW_CFG_OK;
}

enum fw_cfg_status fw_cfg_find(const struct fw_cfg_config *config, const char *name, struct fw_cfg_file *file)
{
    select_item(config, ITEM_DIRECTORY);
    uint32_t files = next_big(config, 4);

    for (uint32_t i = 0; i < files && i < FILES_MOST; i++) {
        uint32_t size = next_big(config, 4);
        uint16_t selector = (uint16_t)next_big(config, 2);
        bool same = true;
        bool ended = false;

        next_big(config, 2); /* reserved */
        /* All bytes are read, also after a mismatch: the next entry begins behind them. */
        for (uint32_t at = 0; at < NAME_BYTES; at++) {
            char byte = (char)next_byte(config);
            if (same && !ended) {
                same = byte == name[at];
                ended = byte == '\0';
            }
        }
        if (same && ended) {
            *file = (struct fw_cfg_file){.size = size, .selector = selector};
            return FW_CFG_OK;
        }
    }
    return FW_CFG_ERROR_NO_FILE;
}

enum fw_cfg_status fw_cfg_read_text(const struct fw_cfg_config *config, const struct fw_cfg_file *file, void *to,
                                    uint32_t length)
{
    uint8_t *byte = to;

    if (length > file->size) {
        return FW_CFG_ERROR_RANGE;
    }
    select_item(config, file->selector);
    for (uint32_t i = 0; i < length; i++) {
        byte[i] = next_byte(config);
    }
    return FW_CFG_OK;
}

/* One command: descriptor, barrier, doorbell, outcome. */
static enum fw_cfg_status command(const struct fw_cfg_config *config, uint32_t control, uint32_t address,
                                  uint32_t length)
{
    volatile struct fw_cfg_descriptor *descriptor = config->descriptor;

    if (descriptor == NULL) {
        return FW_CFG_ERROR_ABSENT;
    }
    descriptor->length = big(length);
    descriptor->address_high = 0;
    descriptor->address_low = big(address);
    descriptor->control = big(control);

    /* The descriptor, and the maintenance of what it names, are complete before the doorbell. */
    dsb();
    mmio_write32(config->base + DMA_ADDRESS_HIGH, 0);
    mmio_write32(config->base + DMA_ADDRESS_LOW, big(config->descriptor_bus)); /* this half starts it */

    for (uint32_t polls = 0; polls < config->poll_limit; polls++) {
        uint32_t outcome = big(descriptor->control);
        if ((outcome & CONTROL_ERROR) != 0) {
            return FW_CFG_ERROR_DEVICE;
        }
        if (outcome == 0) {
            dmb(); /* what the device wrote is read after this */
            return FW_CFG_OK;
        }
    }
    return FW_CFG_ERROR_TIMEOUT;
}

enum fw_cfg_status fw_cfg_read(const struct fw_cfg_config *config, const struct fw_cfg_file *file, uint32_t offset,
                               const struct baton_destination *to, uint32_t length)
{
    uint32_t select = (uint32_t)file->selector << 16 | CONTROL_SELECT;

    if (offset > file->size || length > file->size - offset || length > to->length) {
        return FW_CFG_ERROR_RANGE;
    }
    /* A command reads or skips, not both: the file's position survives to the next one. */
    enum fw_cfg_status status = command(config, select | CONTROL_SKIP, 0, offset);

    for (uint32_t i = 0; i < to->count && length != 0 && status == FW_CFG_OK; i++) {
        uint32_t part = to->segments[i].length < length ? to->segments[i].length : length;
        status = command(config, CONTROL_READ, to->segments[i].address.value, part);
        length -= part;
    }
    return status == FW_CFG_OK && length != 0 ? FW_CFG_ERROR_RANGE : status;
}

enum fw_cfg_status fw_cfg_write(const struct fw_cfg_config *config, const struct fw_cfg_file *file,
                                baton_bus_address from, uint32_t length)
{
    if (length > file->size) {
        return FW_CFG_ERROR_RANGE;
    }
    return command(config, (uint32_t)file->selector << 16 | CONTROL_SELECT | CONTROL_WRITE, from.value, length);
}
