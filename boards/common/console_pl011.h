/* SPDX-License-Identifier: MIT */
/*
 * A PL011 as a board's console. A board that names console_pl011 defines board_uart; a loader, or its reset, has set the UART up.
 */
#ifndef BATON_BOARDS_COMMON_CONSOLE_PL011_H
#define BATON_BOARDS_COMMON_CONSOLE_PL011_H

#include "boards/common/board.h"
#include "drivers/pl011.h"

extern const struct pl011 board_uart;
extern const struct board_console console_pl011;

/* The same UART with room for what it receives. */
struct pl011 *console_uart(void);

#endif
