/* SPDX-License-Identifier: MIT */
/*
 * A debugger or emulator with semihosting as a board's host. Its command line is the image's name, and then NAME=TEXT for each
 * setting, a blank before each; %XX in a text is the byte of that hexadecimal number, a blank or a percent sign for instance. The file is given
 * by its path, as the text of its name. Where nobody takes semihosting calls there are no settings and no file.
 *
 * The file is read by the CPU's own view of memory (BATON_DOMAIN_CACHE); boards/common/host_cpu.h says what follows. Into a buffer that
 * the MMU has taken away the host cannot write, and the read fails.
 */
#ifndef BATON_BOARDS_COMMON_HOST_SEMIHOSTING_H
#define BATON_BOARDS_COMMON_HOST_SEMIHOSTING_H

#include "boards/common/board.h"

extern const struct board_host host_semihosting;

#endif
