/* SPDX-License-Identifier: MIT */
/*
 * Where each CPU's stacks lie, for C and assembly. Every CPU has one block of STACK_CPU_SIZE bytes in the linker's .stacks
 * section: a page of data of its own (boot/cpu.h), then a stack for each mode with an unmapped guard page below it.
 * A stack that overflows runs into its guard page; the abort that follows has a stack of its own to report from.
 *
 * Nobody but the CPU itself touches its block, and no cache line of it is shared with another CPU: an engine CPU that
 * runs outside the coherence keeps its stacks and data there.
 */
#ifndef BATON_BOOT_STACK_H
#define BATON_BOOT_STACK_H

#define STACK_PAGE 0x1000

/* Cores that can be started; those beyond sleep. */
#define STACK_CPUS 3

/* Bytes of each stack: main() and its calls run in SVC mode, an interrupt handler on IRQ's, every abort report on ABT's.
 * UND's is the emergency stack of an abort inside a report. FIQ is not used by baton; its stack serves its report's entry. */
#define STACK_SVC_SIZE 0x10000
#define STACK_IRQ_SIZE 0x2000
#define STACK_ABT_SIZE 0x2000
#define STACK_UND_SIZE 0x1000
#define STACK_FIQ_SIZE 0x1000

/* Offsets in a CPU's block of the tops (a full descending stack starts at its top). */
#define STACK_SVC_TOP (2 * STACK_PAGE + STACK_SVC_SIZE)
#define STACK_IRQ_TOP (STACK_SVC_TOP + STACK_PAGE + STACK_IRQ_SIZE)
#define STACK_ABT_TOP (STACK_IRQ_TOP + STACK_PAGE + STACK_ABT_SIZE)
#define STACK_UND_TOP (STACK_ABT_TOP + STACK_PAGE + STACK_UND_SIZE)
#define STACK_FIQ_TOP (STACK_UND_TOP + STACK_PAGE + STACK_FIQ_SIZE)
#define STACK_CPU_SIZE STACK_FIQ_TOP

#ifndef __ASSEMBLER__
#include <stdint.h>

extern unsigned char stacks[STACK_CPUS][STACK_CPU_SIZE];
#endif

#endif
