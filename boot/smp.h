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

/* Powers a CPU up at a physical address, in Arm state, caches off. mpidr: its affinity fields. false: the firmware refused.
 * A board gives one made of its PSCI driver. */
typedef bool (*smp_cpu_on)(uint32_t mpidr, uint32_t entry);

/* Starts CPU number cpu (1 ... STACK_CPUS - 1) in function(argument). What they point to the CPU must be able to see: with
 * mmu_tables_engine, argument has been cleaned to memory, or is non-cacheable. Returns true once the CPU runs; false, bounded in
 * time: no such CPU, it runs already, or it did not come. If function returns, the CPU sleeps for good. Task context, CPU 0. */
__attribute__((warn_unused_result)) bool smp_start(unsigned cpu, smp_cpu_on cpu_on, void (*function)(void *argument),
                                                   void *argument, const struct mmu_tables *tables);

#endif
