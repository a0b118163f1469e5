/* SPDX-License-Identifier: MIT */
/*
 * Hosts that write a file by the view of memory of the CPU that asks (BATON_DOMAIN_CACHE): not into a buffer whose mapping the MMU takes
 * away from it while a device has it (BATON_ENFORCE_MMU).
 */
#ifndef BATON_BOARDS_COMMON_HOST_CPU_H
#define BATON_BOARDS_COMMON_HOST_CPU_H

#include "boards/common/board.h"

/* struct board_host's read, by a function that reads the file's bytes from an offset on to one place. */
bool host_cpu_read(bool (*copy)(uint32_t offset, void *to, uint32_t length), uint32_t offset,
                   const struct baton_destination *to, uint32_t length);

#endif
