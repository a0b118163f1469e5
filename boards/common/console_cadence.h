/* SPDX-License-Identifier: MIT */
/*
 * A Cadence UART as a board's console. A board that names console_cadence defines board_cadence_uart.
 */
#ifndef BATON_BOARDS_COMMON_CONSOLE_CADENCE_H
#define BATON_BOARDS_COMMON_CONSOLE_CADENCE_H

#include "boards/common/board.h"
#include "drivers/cadence_uart.h"

extern const struct cadence_uart_config board_cadence_uart;
extern const struct board_console console_cadence;

#endif
