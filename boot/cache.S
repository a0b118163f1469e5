/* SPDX-License-Identifier: MIT */
/*
 * Cache maintenance by address: see boot/cache.h for what is promised.
 *
 * In assembly, deliberate: an instruction a line is what these routines are judged by, and compilers differ. The loop issues sixteen
 * operations a turn and is entered in its middle for what is not a multiple of sixteen, so that a line costs an MCR and an ADD
 * plus a sixteenth of SUBS and BPL. It counts lines instead of comparing addresses, deliberate too: a comparison goes wrong where
 * the range ends at the top of the address space.
 */
#include "boot/registers/cp15.h"

    .syntax unified
    .thumb

/* A function with unwind information of a leaf, so that a fault inside it still has a backtrace. */
.macro begin name
    .section .text.\name, "ax", %progbits
    .global \name
    .type \name, %function
    .balign 4
    .thumb_func
\name:
    .fnstart
.endm

.macro finish name
    .fnend
    .size \name, . - \name
.endm

/* r0 = start, r1 = length, not wrapping and not zero -> r2 = length - 1; else returns. last is clobbered with the last address. */
.macro check_range last
    subs    r2, r1, #1
    bcc     2f                      /* length 0: nothing to do */
    adds    \last, r2, r0
    bcs     3f                      /* wraps */
.endm

/* r3 = log2 of the smallest line in bytes: CTR.DminLine is log2 in words. */
.macro line_shift
    CP15(mrc, r3, CP15_CTR)
    ubfx    r3, r3, #16, #4
    adds    r3, r3, #2
.endm

/* r0 = address, r1 = line, r2 = lines - 1; returns true. The table gives the way into the loop: with 15 left over it is entered
 * at its top, with 0 at its last operation. Six bytes a step, in halfwords from the table. */
#define FOR_LINES(...)                             \
    lsrs    r3, r2, #4                            ;\
    and     r2, r2, #15                           ;\
    tbb     [pc, r2]                              ;\
4:  .irp    left, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 ;\
    .byte   (16 + 6 * (15 - \left)) / 2           ;\
    .endr                                         ;\
1:  .rept   16                                    ;\
    CP15(mcr, r0, __VA_ARGS__)                    ;\
    adds    r0, r0, r1                            ;\
    .endr                                         ;\
    subs    r3, r3, #1                            ;\
    bpl     1b                                    ;\
    dsb     sy                                    ;\
2:  movs    r0, #1                                ;\
    bx      lr                                    ;\
3:  movs    r0, #0                                ;\
    bx      lr

/* Cleaning rounds outwards: the lines from that of the first byte to that of the last. */
#define CLEANING(NAME, ...)                        \
    begin   NAME                                  ;\
    check_range r2                                ;\
    line_shift                                    ;\
    lsrs    r2, r2, r3                            ;\
    lsr     r12, r0, r3                           ;\
    sub     r2, r2, r12                           ;\
    movs    r1, #1                                ;\
    lsls    r1, r1, r3                            ;\
    FOR_LINES(__VA_ARGS__)                        ;\
    finish  NAME

CLEANING(cache_clean_range, CP15_DCCMVAC)
CLEANING(cache_clean_invalidate_range, CP15_DCCIMVAC)

    begin   cache_invalidate_range
    check_range r12
    line_shift
    orr     r12, r0, r1
    lsrs    r2, r2, r3
    movs    r1, #1
    lsls    r1, r1, r3
    subs    r3, r1, #1
    tst     r12, r3
    bne     3f                      /* an edge line is shared with somebody: refused */
    dmb     sy                      /* not before the status read that allowed it */
    FOR_LINES(CP15_DCIMVAC)
    finish  cache_invalidate_range

    begin   cache_line_min
    line_shift
    movs    r0, #1
    lsls    r0, r0, r3
    bx      lr
    finish  cache_line_min
