/* SPDX-License-Identifier: MIT */
/*
 * QEMU's ramfb as a board's display, by way of its fw_cfg (boards/common/host_fw_cfg.h).
 */
#ifndef BATON_BOARDS_COMMON_DISPLAY_RAMFB_H
#define BATON_BOARDS_COMMON_DISPLAY_RAMFB_H

#include "apps/platform.h"

/* Ends the program if there is none. */
void display_ramfb(struct platform *platform);

#endif
