/* SPDX-License-Identifier: MIT */
/*
 * From whatever privileged mode a CPU was entered in to SVC mode, Hyp included. Called from boot/reset.S on each CPU, MMU and caches
 * off, without a stack.
 */
#include "boot/address.inc"
#include "boot/registers/cp15.h"
#include "boot/sctlr.h"

#define MODE_SVC 0x13
#define MODE_HYP 0x1a

    .syntax unified
    .arch_extension virt
    .arm

    .section .text.hyp, "ax"
    .global to_svc
/* To SVC mode, and on at r11. From Hyp mode: hand everything to PL1 (ARM ARM B4.1, Virtualization Extensions registers). */
to_svc:
    and     r0, r10, #0x1f
    cmp     r0, #MODE_HYP
    beq     1f
    cps     #MODE_SVC
    bx      r11

1:  mov     r0, #0
    CP15(mcr, r0, CP15_HCR)         @ no second stage, nothing routed to Hyp
    CP15(mcr, r0, CP15_HSTR)        @ no CP15 traps
    movw    r1, #0x33ff             @ no FP/NEON, CPACR or trace traps; the coprocessors that do not exist read as one
    CP15(mcr, r1, CP15_HCPTR)
    CP15(mrc, r1, CP15_PMCR)
    ubfx    r1, r1, #11, #5         @ all event counters are PL1's, and no PMU or debug traps
    CP15(mcr, r1, CP15_HDCR)
    CP15(mrc, r1, CP15_MIDR)
    CP15(mcr, r1, CP15_VPIDR)
    CP15(mrc, r1, CP15_MPIDR)
    CP15(mcr, r1, CP15_VMPIDR)
    CP15(mrc, r1, CP15_ID_PFR1)
    tst     r1, #0xf0000            @ generic timer
    beq     2f
    mov     r1, #3
    CP15(mcr, r1, CP15_CNTHCTL)     @ PL1 may use the physical counter and timer
    CP15_64(mcrr, r0, r0, CP15_CNTVOFF)
2:  address r1, hyp_vectors
    CP15(mcr, r1, CP15_HVBAR)
    address r1, SCTLR_OFF
    CP15(mcr, r1, CP15_SCTLR)       @ PL1's own: unknown after reset
    msr     elr_hyp, r11
    mov     r1, #(MODE_SVC | 0x1c0) @ A, I, F masked
    msr     spsr_cxsf, r1
    isb
    eret

/* Left in Hyp mode for a call that nobody here serves: an HVC returns -1, PSCI's NOT_SUPPORTED. Nothing else is routed there. */
    .balign 32
hyp_vectors:
    b       hyp_sleep
    b       hyp_sleep
    b       hyp_sleep
    b       hyp_sleep
    b       hyp_sleep
    b       hyp_call
    b       hyp_sleep
    b       hyp_sleep
hyp_sleep:
    wfi
    b       hyp_sleep
hyp_call:
    mvn     r0, #0
    eret
