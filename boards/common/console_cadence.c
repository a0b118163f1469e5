/* SPDX-License-Identifier: MIT */
/*
 * A Cadence UART as a board's console.
 */
#include "boards/common/console_cadence.h"

static void write(const char *text, size_t length)
{
    (void)cadence_uart_write(&board_cadence_uart, text, length);
}

static int read(void)
{
    return cadence_uart_read(&board_cadence_uart);
}

const struct board_console console_cadence = {.write = write, .read = read};
