/* SPDX-License-Identifier: MIT */
/*
 * What boot/ needs from a board. Each boards/NAME/ defines these; nobody else does, and boot/ includes nothing of boards/.
 */
#ifndef BATON_BOOT_BOARD_H
#define BATON_BOOT_BOARD_H

#include "boot/mmu.h"

#include <stddef.h>
#include <stdint.h>

/* The memory map that boot/ installs before the MMU goes on, beside the image's own sections: RAM that is not the image,
 * and device registers. An entry with size 0 ends it. Physical = virtual. */
extern const struct mmu_region board_memory_map[];

/* Writes length bytes to the console: polled, without waiting for anything but the transmitter, for a bounded time. Called from
 * newlib's write and from abort reports; MMU on. */
void board_console_write(const char *text, size_t length);

/* Called once on CPU 0 before main(): MMU and caches on, newlib ready, interrupts masked. */
void board_init(void);

/* The last resort of a clean exit where no debugger takes the semihosting call: power off or reset. May return. */
void board_power_off(int status);

#endif
