/* SPDX-License-Identifier: MIT */
/*
 * The interrupt controllers of BCM2836 and BCM2837 as a board's. A board that names bcm2836_interrupts defines board_bcm2836.
 */
#ifndef BATON_BOARDS_COMMON_BCM2836_H
#define BATON_BOARDS_COMMON_BCM2836_H

#include "boards/common/board.h"
#include "drivers/bcm2836_interrupts.h"

extern const struct bcm2836_interrupts_config board_bcm2836;
extern struct bcm2836_interrupts bcm2836;
extern const struct board_interrupts bcm2836_interrupts;

#endif
