/* SPDX-License-Identifier: MIT */
/*
 * Starting a CPU that a boot ROM lets wait in WFE, until a word in memory says where to go. The board defines board_mailbox, and
 * board_gic.
 */
#ifndef BATON_BOARDS_COMMON_START_MAILBOX_H
#define BATON_BOARDS_COMMON_START_MAILBOX_H

#include <stdbool.h>
#include <stdint.h>

/* The word's physical address, in a section where nothing is mapped: it is for the store only, and takes no table. */
extern const uintptr_t board_mailbox;

/* boot/board.h: board_cpu_on(). */
bool start_by_mailbox(uint32_t mpidr, uint32_t entry);

#endif
