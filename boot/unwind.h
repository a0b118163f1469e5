/* SPDX-License-Identifier: MIT */
/*
 * Backtrace from saved registers, by the image's own unwind tables (Arm, "Exception Handling ABI for the Arm Architecture", EHABI32).
 *
 * Made for abort reports, where anything may be broken: every load is checked against the page tables first, the number
 * of frames is bounded, and a frame that makes no sense ends the walk. Never faults, allocates or loops. Any context with
 * interrupts masked.
 */
#ifndef BATON_BOOT_UNWIND_H
#define BATON_BOOT_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNWIND_FRAMES_MAX 32u

/* Fills pcs[0..] from the innermost function outwards and returns how many. registers: r0-r15 at the interrupted instruction, r15 its
 * address without a Thumb bit. pcs[0] is that address; the others point into the call instruction, so that addr2line names the
 * line of the call. */
size_t unwind_backtrace(const uint32_t registers[16], uint32_t *pcs, size_t capacity);

#endif
