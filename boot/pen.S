/* SPDX-License-Identifier: MIT */
/*
 * Where CPUs beyond the first wait on machines that start all of them at once at the image's entry, until smp_release() (boot/smp.c) lets one
 * out. MMU and caches off, no stack. They read smp_pen from memory, where smp_release() has cleaned it to.
 *
 * A Cortex-A5 or A9 sleeps in WFI, its GIC interface switched on (it is a private peripheral, DDI 0407, 1.5), and the board sends it
 * an SGI. Others sleep in WFE: an emulator spins there, but knows no better.
 */
#include "boot/address.inc"
#include "boot/registers/cp15.h"

#define GIC_CPU 0x100 /* from CBAR */
#define GICC_CTLR 0x00
#define GICC_PMR 0x04
#define GICC_IAR 0x0c
#define GICC_EOIR 0x10

    .syntax unified
    .arm

    .section .text.pen, "ax"
    .global pen
    .type pen, %function
pen:
    CP15(mrc, r0, CP15_MPIDR)
    ubfx    r0, r0, #0, #24
    address r1, smp_pen
    mov     r3, #0
    CP15(mrc, r2, CP15_MIDR)
    ubfx    r2, r2, #4, #12
    movw    r12, #0xc05
    cmp     r2, r12
    movw    r12, #0xc09
    cmpne   r2, r12
    bne     1f
    CP15(mrc, r3, CP15_CBAR)
    add     r3, r3, #GIC_CPU
    mov     r2, #0xff
    str     r2, [r3, #GICC_PMR]
    mov     r2, #1
    str     r2, [r3, #GICC_CTLR]
1:  ldr     r2, [r1]                @ whom smp_release() means; 0: nobody
    cmp     r2, r0
    beq     2f
    cmp     r3, #0
    dsb
    wfeeq
    wfine
    b       1b
2:  cmp     r3, #0
    beq     3f
    ldr     r2, [r3, #GICC_IAR]     @ the SGI, or spurious
    str     r2, [r3, #GICC_EOIR]
    mov     r2, #0
    str     r2, [r3, #GICC_CTLR]
    dsb
3:  ldr     r2, [r1, #4]            @ where to
    bx      r2
    .size pen, . - pen
