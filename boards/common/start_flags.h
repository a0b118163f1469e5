/* SPDX-License-Identifier: MIT */
/*
 * Starting a CPU of ARM's RealView and Versatile Express boards, whose monitor lets it wait for a software interrupt and then go where the
 * system registers' flags say. The board defines board_flags, and board_gic.
 */
#ifndef BATON_BOARDS_COMMON_START_FLAGS_H
#define BATON_BOARDS_COMMON_START_FLAGS_H

#include <stdbool.h>
#include <stdint.h>

/* SYS_FLAGSSET; SYS_FLAGSCLR is behind it. */
extern const uintptr_t board_flags;

/* boot/board.h: board_cpu_on(). */
bool start_by_flags(uint32_t mpidr, uint32_t entry);

#endif
