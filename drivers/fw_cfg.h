/* SPDX-License-Identifier: MIT */
/*
 * QEMU's firmware configuration device (QEMU, docs/specs/fw_cfg), memory-mapped: named files between host and guest, by
 * register (for early settings) and by DMA.
 *
 * The device is a bus master: it sees memory and no cache. It reads the command from a descriptor and writes the outcome back
 * there; the descriptor lies in non-cacheable memory that the board gives. What a transfer moves lies in mapped buffers.
 *
 * One user at a time: a transfer is a sequence on one selection. A caller that may be interrupted by another one masks
 * interrupts around a call.
 */
#ifndef BATON_DRIVERS_FW_CFG_H
#define BATON_DRIVERS_FW_CFG_H

#include "core/baton.h"

enum fw_cfg_status {
    FW_CFG_OK = 0,
    FW_CFG_ERROR_ABSENT,  /* no such device at the address, or one without DMA */
    FW_CFG_ERROR_NO_FILE, /* no file of that name */
    FW_CFG_ERROR_RANGE,   /* beyond the end of the file, or of the memory named */
    FW_CFG_ERROR_DEVICE,  /* the device set its error bit: it could not reach the memory, or refuses the write */
    FW_CFG_ERROR_TIMEOUT, /* no outcome in time: the device may still be at it */
};

const char *fw_cfg_status_text(enum fw_cfg_status status);

/* As the device reads it: big-endian, address in two words. */
struct fw_cfg_descriptor {
    uint32_t control;
    uint32_t length;
    uint32_t address_high;
    uint32_t address_low;
};

struct fw_cfg_config {
    uintptr_t base;                                /* registers, virtual address */
    volatile struct fw_cfg_descriptor *descriptor; /* non-cacheable; NULL: no DMA, or not yet */
    uint32_t descriptor_bus;                       /* the same as the device sees it */
    uint32_t poll_limit;                           /* reads of the descriptor before a transfer is given up */
};

struct fw_cfg_file {
    uint32_t size; /* bytes */
    uint16_t selector;
};

/* Looks for the device's signature; with a descriptor also for its DMA interface. */
BATON_MUST_CHECK enum fw_cfg_status fw_cfg_probe(const struct fw_cfg_config *config);

/* Looks a file up in the directory, by register. */
BATON_MUST_CHECK enum fw_cfg_status fw_cfg_find(const struct fw_cfg_config *config, const char *name,
                                                struct fw_cfg_file *file);

/* Reads the first length bytes of a file by register: a byte a load, for short texts. */
BATON_MUST_CHECK enum fw_cfg_status fw_cfg_read_text(const struct fw_cfg_config *config, const struct fw_cfg_file *file,
                                                     void *to, uint32_t length);

/* One of the numbered items that are no files (selector below 0x20): a little-endian number of 4 or fewer bytes. */
uint32_t fw_cfg_read_number(const struct fw_cfg_config *config, uint16_t selector, unsigned bytes);
#define FW_CFG_RAM_SIZE 0x03u /* bytes of RAM, 64 bits of which this reads the low half */
#define FW_CFG_CPU_COUNT 0x05u

/* The device writes length bytes from offset of the file to the start of the destination, over its segments. Done on return. */
BATON_MUST_CHECK enum fw_cfg_status fw_cfg_read(const struct fw_cfg_config *config, const struct fw_cfg_file *file,
                                                uint32_t offset, const struct baton_destination *to, uint32_t length);

/* The device reads length bytes from memory into the start of a file that it lets the guest write. from is memory that needs no
 * maintenance: non-cacheable, written before the call. */
BATON_MUST_CHECK enum fw_cfg_status fw_cfg_write(const struct fw_cfg_config *config, const struct fw_cfg_file *file,
                                                 baton_bus_address from, uint32_t length);

#endif
