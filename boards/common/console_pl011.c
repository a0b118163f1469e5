/* SPDX-License-Identifier: MIT */
/*
 * A PL011 as a board's console. Writing has constants alone for state; reading is CPU 0's.
 */
#include "boards/common/console_pl011.h"

struct pl011 *console_uart(void)
{
    static struct pl011 uart;

    uart.config = board_uart.config;
    return &uart;
}

static void write(const char *text, size_t length)
{
    (void)pl011_write(&board_uart, text, length);
}

static int read(void)
{
    return pl011_read(console_uart());
}

const struct board_console console_pl011 = {.write = write, .read = read};
