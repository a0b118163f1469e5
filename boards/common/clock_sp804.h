/* SPDX-License-Identifier: MIT */
/*
 * An SP804 as a board's clock. A board that names clock_sp804 defines board_sp804.
 */
#ifndef BATON_BOARDS_COMMON_CLOCK_SP804_H
#define BATON_BOARDS_COMMON_CLOCK_SP804_H

#include "boards/common/board.h"
#include "drivers/sp804.h"

struct clock_sp804_config {
    struct sp804_config timer;
    uint32_t interrupt; /* the combined one */
    /* Where the clock of the timers is chosen: bits of a register that give them TIMCLK; 0: there is no choice. */
    uintptr_t select;
    uint32_t select_bits;
};

extern const struct clock_sp804_config board_sp804;
extern struct sp804 sp804;
extern const struct board_clock clock_sp804;

#endif
