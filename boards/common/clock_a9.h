/* SPDX-License-Identifier: MIT */
/*
 * The Cortex-A9 MPCore's global timer as a board's clock. A board that names clock_a9 defines board_a9_timer.
 */
#ifndef BATON_BOARDS_COMMON_CLOCK_A9_H
#define BATON_BOARDS_COMMON_CLOCK_A9_H

#include "boards/common/board.h"
#include "drivers/a9_timer.h"

struct clock_a9_config {
    struct a9_timer_config timer;
    uint32_t interrupt; /* PPI */
};

extern const struct clock_a9_config board_a9_timer;
extern struct a9_timer a9_timer;
extern const struct board_clock clock_a9;

#endif
