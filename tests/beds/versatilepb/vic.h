/* SPDX-License-Identifier: MIT */
/*
 * PL190 vectored interrupt controller (ARM DDI 0181), of which nothing is vectored: as the bed's interrupt controller.
 */
#ifndef BATON_TESTS_BEDS_VERSATILEPB_VIC_H
#define BATON_TESTS_BEDS_VERSATILEPB_VIC_H

#include "boards/common/board.h"

extern const struct board_interrupts vic_interrupts;

#endif
