/* SPDX-License-Identifier: MIT */
/* QEMU's fw_cfg device as a bus master (docs/specs/fw_cfg of QEMU), for the images on virt. */
#ifndef SIM_TEST_FW_CFG_H
#define SIM_TEST_FW_CFG_H

#include "image.h"

#define FW_CFG_READ 2u /* the device writes memory */
#define FW_CFG_WRITE 16u

/* Big-endian. */
struct fw_cfg_descriptor {
    volatile uint32_t control, length, address_high, address_low;
};
extern struct fw_cfg_descriptor fw_cfg_descriptor; /* in .uncached */

/* The selector of a file, by reads of the data register; ends the image if there is none. */
uint32_t fw_cfg_find(const char *name);
void fw_cfg_describe(struct fw_cfg_descriptor *descriptor, uint32_t selector, uint32_t operation, uint32_t address,
                     uint32_t size);
/* The two Device stores that start a transfer; no barrier. */
void fw_cfg_doorbell(uint32_t descriptor);
/* All of it with the uncached descriptor, a DMB before the doorbell and a DSB after the completion. */
void fw_cfg_transfer(uint32_t selector, uint32_t operation, uint32_t address, uint32_t size);

/* Shows a frame of 32-bit pixels at a bus address. */
void ramfb_show(uint32_t address, uint32_t width, uint32_t height);

#endif
