/* SPDX-License-Identifier: MIT */
/*
 * Start-up of a test image, independent of baton's: stack, vector unit, .bss, tables and caches on (mmu_on of image.c), main.
 * The MMU is off while .bss and the tables are written, so that memory has them without a clean.
 * Second CPUs arrive from PSCI CPU_ON with the function to run in r0: at enter_bare (MMU and caches off), enter_uncached
 * (a bus master: all memory Normal non-cacheable) or enter_cached (a peer in CPU 0's coherency domain).
 */
    .syntax unified
    .arm
    .section .text.start, "ax"

    .global _start
    .type _start, %function
_start:
    mrc p15, 0, r0, c0, c0, 5
    ands r0, r0, #3
park:
    wfene
    bne park
    mrs r0, cpsr
    and r0, r0, #0x1f
    cmp r0, #0x1a                   /* from HYP to SVC, as a boot loader's successor does */
    bne 2f
    .arch_extension virt
    adr r0, 2f
    msr elr_hyp, r0
    mov r0, #0xd3
    msr spsr_hyp, r0
    eret
2:
#ifdef NON_SECURE
    ldr r0, =table_uncached         /* to mislead: never used, the MMU stays off */
    mcr p15, 0, r0, c2, c0, 0
    cps #0x16                       /* by Monitor mode to Non-secure SVC */
    mov r0, #0xc00
    mcr p15, 0, r0, c1, c1, 2
    mrc p15, 0, r0, c1, c1, 0
    orr r0, r0, #0x31
    mcr p15, 0, r0, c1, c1, 0
    isb
    mov r0, #0xd3
    msr spsr_cxsf, r0
    adr lr, 3f
    movs pc, lr
3:
#endif
    ldr sp, =stack_top
    bl prepare
    ldr r0, =bss_start
    ldr r1, =bss_end
    mov r2, #0
1:  cmp r0, r1
    strlo r2, [r0], #4
    blo 1b
    bl image_start

    .macro entry name
    .global \name
    .type \name, %function
\name:
    mov r4, r0
    mrc p15, 0, r0, c0, c0, 5
    and r0, r0, #3
    ldr sp, =secondary_stacks
    sub sp, sp, r0, lsl #12
    add sp, sp, #0x1000
    bl prepare
    .endm

    entry enter_bare
    blx r4
    b stop

    entry enter_uncached
    ldr r0, =table_uncached
    bl mmu_on
    blx r4
    b stop

    entry enter_cached
    ldr r0, =table_cached
    bl mmu_on
    blx r4
stop:
    wfi
    b stop

/* Vectors, VFP and NEON, the SMP bit of ACTLR. Clobbers r0. */
    .type prepare, %function
prepare:
    ldr r0, =vectors
    mcr p15, 0, r0, c12, c0, 0
    mrc p15, 0, r0, c1, c0, 1
    orr r0, r0, #0x40
    mcr p15, 0, r0, c1, c0, 1
    mov r0, #0xf00000
    mcr p15, 0, r0, c1, c0, 2
    isb
    mov r0, #0x40000000
    vmsr fpexc, r0
    bx lr

    .balign 32
vectors:
    .rept 8
    b fault
    .endr
    .type fault, %function
fault:
    sub r0, lr, #8
    ldr sp, =stack_top
    bl image_fault
