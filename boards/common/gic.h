/* SPDX-License-Identifier: MIT */
/*
 * The GIC as a board's interrupt controller. A board that names gic_interrupts defines board_gic.
 */
#ifndef BATON_BOARDS_COMMON_GIC_H
#define BATON_BOARDS_COMMON_GIC_H

#include "boards/common/board.h"
#include "drivers/gicv2.h"

extern const struct gicv2_config board_gic; /* read-only: CPUs outside the coherence use it too */
extern struct gicv2 gic;
extern const struct board_interrupts gic_interrupts;

/* Takes notice of what is pending, without a handler. */
void gic_quiet(void);

#endif
