/* SPDX-License-Identifier: MIT */
/*
 * Maintenance of whole data caches by set and way, for entry alone: with a coherent neighbour running, or for a handoff, it
 * is wrong (lines migrate between caches while the loop runs; ARM ARM B2.2.7).
 *
 * Called from boot/reset.S with `bl`, in A32, on a core that may have its caches on or off, without any stack: the
 * routines touch registers alone. r0: number of levels (CLIDR.LoC for the boot CPU, CLIDR.LoUIS for one that joins a running
 * system). Innermost level first. Clobbers r0-r7, r12 and flags; complete (DSB) on return.
 */
#include "boot/registers/cp15.h"

    .syntax unified
    .arm

    .macro setway name, operation:vararg
    .section .text.\name, "ax"
    .global \name
    .type \name, %function
\name:
    lsl     r0, r0, #1
    mov     r1, #0                  @ level * 2, as CSSELR and the operand have it
1:  cmp     r1, r0
    bhs     5f
    CP15(mrc, r2, CP15_CLIDR)
    add     r3, r1, r1, lsr #1
    lsr     r2, r2, r3
    and     r2, r2, #7
    cmp     r2, #2                  @ 0: none, 1: instructions only
    blo     4f
    CP15(mcr, r1, CP15_CSSELR)
    isb
    CP15(mrc, r2, CP15_CCSIDR)
    and     r3, r2, #7
    add     r3, r3, #4              @ log2 of the line's bytes
    ubfx    r4, r2, #3, #10         @ ways - 1
    ubfx    r5, r2, #13, #15        @ sets - 1
    clz     r6, r4                  @ a direct-mapped cache gives 32, and a shift by 32 gives 0
2:  mov     r7, r5
3:  orr     r12, r1, r4, lsl r6
    orr     r12, r12, r7, lsl r3
    \operation
    subs    r7, r7, #1
    bge     3b
    subs    r4, r4, #1
    bge     2b
    dsb                             @ this level is in the next before that one is worked on
4:  add     r1, r1, #2
    b       1b
5:  mov     r1, #0
    CP15(mcr, r1, CP15_CSSELR)
    dsb
    isb
    bx      lr
    .size \name, . - \name
    .endm

    setway  setway_clean, CP15(mcr, r12, CP15_DCCSW)
    setway  setway_clean_invalidate, CP15(mcr, r12, CP15_DCCISW)
    setway  setway_invalidate, CP15(mcr, r12, CP15_DCISW)
