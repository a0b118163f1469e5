/* SPDX-License-Identifier: MIT */
/*
 * What boot/ needs from a board. Each boards/NAME/ defines these; nobody else does, and boot/ includes nothing of boards/.
 */
#ifndef BATON_BOOT_BOARD_H
#define BATON_BOOT_BOARD_H

#include "boot/mmu.h"
#include "boot/outer.h"

#include <stddef.h>
#include <stdint.h>

/* The memory map that boot/ installs before the MMU goes on, beside the image's own sections: RAM that is not the image,
 * and device registers. An entry with size 0 ends it. Physical = virtual. */
extern const struct mmu_region board_memory_map[];

/* Writes length bytes to the console: polled, without waiting for anything but the transmitter, for a bounded time. Called from
 * newlib's write and from abort reports; MMU on. */
void board_console_write(const char *text, size_t length);

/* NULL where the CPU's own operations reach memory. Read from the first instruction on, by each CPU. */
extern const struct outer_cache *const board_outer;

/* Powers a CPU up, or lets it out of where it waits, at a physical address, in Arm state, caches off. mpidr: its affinity fields. What it
 * reads there has been cleaned to memory. false: refused, or the board has no more. Called by smp_start(), CPU 0. */
bool board_cpu_on(uint32_t mpidr, uint32_t entry);

/* Called once on CPU 0 before main(): MMU and caches on, newlib ready, interrupts masked. */
void board_init(void);

/* The last resort of a clean exit where no debugger takes the semihosting call: power off or reset. May return. */
void board_power_off(int status);

#endif
