/* SPDX-License-Identifier: MIT */
/*
 * Starting another CPU. It runs one function in SVC mode with its own vectors' stacks, tables and cpu_number(), interrupts masked,
 * FP on, MMU on; data caches on with mmu_tables_cpu, off with mmu_tables_engine.
 *
 * An engine CPU shares nothing with the others but non-cacheable and device memory: no malloc, no printf, no global that another CPU
 * writes, no exclusives. Its own stacks and page of data are unmapped from mmu_tables_cpu as it starts.
 */
#ifndef BATON_BOOT_SMP_H
#define BATON_BOOT_SMP_H

#include "boot/mmu.h"

#include <stdbool.h>
#include <stdint.h>

/* Starts CPU number cpu (1 ... STACK_CPUS - 1) in function(argument). What they point to the CPU must be able to see: with
 * mmu_tables_engine, argument has been cleaned to memory, or is non-cacheable. Returns true once the CPU runs; false, bounded in
 * time: no such CPU, it runs already, it did not come, or mmu_map_uncached_window() was not called yet (its answer comes that way). If function returns, the CPU sleeps for good. Task context, CPU 0. */
__attribute__((warn_unused_result)) bool smp_start(unsigned cpu, void (*function)(void *argument), void *argument,
                                                   const struct mmu_tables *tables);

/* For board_cpu_on(): lets the CPU out of the pen where those wait that came to the image's entry at once with the first (boot/pen.S), after
 * which a Cortex-A5 or A9 needs an SGI. Nothing comes of it where the CPU waits elsewhere. */
__attribute__((warn_unused_result)) bool smp_release(uint32_t mpidr, uint32_t entry);

#endif
