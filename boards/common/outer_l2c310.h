/* SPDX-License-Identifier: MIT */
/*
 * An L2C-310 as a board's outer cache (boot/outer.h): board_outer = &outer_l2c310. The board defines board_l2c310.
 */
#ifndef BATON_BOARDS_COMMON_OUTER_L2C310_H
#define BATON_BOARDS_COMMON_OUTER_L2C310_H

#include "boot/outer.h"
#include "drivers/l2c310.h"

extern const struct l2c310_config board_l2c310;
extern const struct outer_cache outer_l2c310;

#endif
