/* SPDX-License-Identifier: MIT */
/*
 * What was linked in as a board's host: `make linked` puts settings and the clip into the image, for hardware with neither debugger nor
 * emulator beside it. Such an image asks nobody else: on any board this host takes the place of the one that struct board names.
 *
 * The file is copied by the CPU (BATON_DOMAIN_CACHE); boards/common/host_cpu.h says what follows.
 */
#ifndef BATON_BOARDS_COMMON_HOST_LINKED_H
#define BATON_BOARDS_COMMON_HOST_LINKED_H

#include "boards/common/board.h"

/* In section .linked of the image, once or not at all; boards/common/linked.S. */
struct host_linked_image {
    const char *settings; /* NAME=TEXT, ended, for each; then an empty one */
    const char *name;     /* the file's: the one to open() it by */
    const unsigned char *start, *end;
};

extern const struct board_host host_linked;

/* Is there one? */
bool host_linked_present(void);

#endif
