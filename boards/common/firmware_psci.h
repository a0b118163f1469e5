/* SPDX-License-Identifier: MIT */
/*
 * PSCI firmware below a board: CPUs and power. By SMC or HVC, as the image was entered.
 */
#ifndef BATON_BOARDS_COMMON_FIRMWARE_PSCI_H
#define BATON_BOARDS_COMMON_FIRMWARE_PSCI_H

#include <stdbool.h>
#include <stdint.h>

/* boot/board.h: board_cpu_on(). */
bool psci_start_cpu(uint32_t mpidr, uint32_t entry);

void psci_power_off(void);

#endif
