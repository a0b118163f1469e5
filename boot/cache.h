/* SPDX-License-Identifier: MIT */
/*
 * Cache maintenance by address, to the point of coherency. Called by the boards' port of the core (publish, refresh),
 * by boot/ for page tables and CPU start, by tests and the benchmark. It touches no memory but through the CP15
 * operations.
 *
 * All of it, on every CPU and board:
 * - A range is [start, start + length). Its lines are those of the smallest data cache line, read from CTR.DminLine
 *   (ARM ARM DDI 0406C, B4.1.42) at each call, so that one image serves 32 and 64 byte lines.
 * - length 0 does nothing. A range may end at the top of the address space and may cross 0x80000000. One that would
 *   wrap past it is refused: false, and nothing was done.
 * - On return the operations are complete for every observer in the system (DSB SY): a doorbell may follow.
 * - The addresses are mapped, with any attribute: an operation on an unmapped address faults (ARM ARM, B2.2.7).
 *   Operations by address reach the other CPUs of the inner-shareable domain; caches outside the CPU (an L2C-310) are
 *   their driver's.
 * - Any context; caches on or off. No stack is used beyond the return.
 *
 * Cost, counted on QEMU under icount (make test, test_cache_range): clean 2.125 instructions a line + 20,
 * invalidate + 25, at most.
 */
#ifndef BATON_BOOT_CACHE_H
#define BATON_BOOT_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes dirty lines of the range back; they stay valid, clean. Ends that are not line-aligned are rounded outwards,
 * which is harmless: cleaning a neighbour's line loses nothing. */
__attribute__((warn_unused_result)) bool cache_clean_range(uintptr_t start, size_t length);

/* Drops the lines of the range without writing them back: the next load fetches from memory. A DMB before the first
 * operation keeps it behind the read of the device's status that allowed it. Refused (false, nothing done) when an end
 * is not aligned to the line: the whole edge line would go, and with it a neighbour's bytes. */
__attribute__((warn_unused_result)) bool cache_invalidate_range(uintptr_t start, size_t length);

/* Writes dirty lines back and drops them. Rounded outwards like clean. */
__attribute__((warn_unused_result)) bool cache_clean_invalidate_range(uintptr_t start, size_t length);

/* Bytes of the smallest data or unified cache line of any level this CPU controls (CTR.DminLine): the step of the
 * operations above. */
uint32_t cache_line_min(void);

#endif
