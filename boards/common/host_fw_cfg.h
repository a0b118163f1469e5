/* SPDX-License-Identifier: MIT */
/*
 * QEMU's fw_cfg as a board's host: settings and the file are opt/baton/NAME. A board that names host_fw_cfg defines board_fw_cfg.
 */
#ifndef BATON_BOARDS_COMMON_HOST_FW_CFG_H
#define BATON_BOARDS_COMMON_HOST_FW_CFG_H

#include "boards/common/board.h"
#include "drivers/fw_cfg.h"

extern const uintptr_t board_fw_cfg; /* its registers */
extern const struct board_host host_fw_cfg;

/* The device itself, for other uses. It has one selection and one descriptor: one user at a time, interrupts masked. */
extern struct fw_cfg_config host_fw_cfg_device;

/* Makes it ready, its DMA too once board_bus_offset is known: for who uses it whoever the host is. NULL, or what is wrong with it. */
const char *host_fw_cfg_ready(void);

#endif
