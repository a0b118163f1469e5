/* SPDX-License-Identifier: MIT */
/*
 * The CPU's generic timer as a board's clock. A board that names clock_generic defines board_generic_timer.
 */
#ifndef BATON_BOARDS_COMMON_CLOCK_GENERIC_H
#define BATON_BOARDS_COMMON_CLOCK_GENERIC_H

#include "boards/common/board.h"
#include "drivers/timer.h"

struct clock_generic_config {
    uint32_t interrupt; /* the virtual timer's, of CPU 0 */
    uint32_t frequency; /* Hz; 0: firmware has left it in CNTFRQ */
};

extern const struct clock_generic_config board_generic_timer;
extern struct timer generic_timer;
extern const struct board_clock clock_generic;

#endif
