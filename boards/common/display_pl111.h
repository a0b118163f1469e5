/* SPDX-License-Identifier: MIT */
/*
 * A PL110 or PL111 as a board's display. A board that names display_pl111 defines board_pl111.
 */
#ifndef BATON_BOARDS_COMMON_DISPLAY_PL111_H
#define BATON_BOARDS_COMMON_DISPLAY_PL111_H

#include "apps/platform.h"
#include "drivers/pl111.h"

struct display_pl111_config {
    struct pl111_config controller;
    uint32_t interrupt; /* the combined one */
};

extern const struct display_pl111_config board_pl111;
extern struct pl111 pl111;

/* Ends the program if there is none. */
void display_pl111(struct platform *platform);

#endif
