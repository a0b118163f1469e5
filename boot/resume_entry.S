/* SPDX-License-Identifier: MIT */
/*
 * Running an abort handler in the mode that has aborted, and going back to the instruction: what boot/resume.c cannot say in C.
 */
    .syntax unified
    .arm

/* Entered by the return from the abort: the interrupted mode, its stack and interrupt mask. r0: struct resume_block on that stack,
 * 8-byte aligned, whose first member is a struct exception_frame. An interrupt here has its own stack: sp may lag behind. */
    .section .text.resume_entry, "ax"
    .global resume_entry
    .type resume_entry, %function
    .fnstart
    .cantunwind
resume_entry:
    mov     sp, r0
    mov     r4, r0
    vpush   {d0-d7}                 @ what a call may change; d8-d15 it preserves
    vpush   {d16-d31}
    vmrs    r5, fpscr
    bl      resume_run
    vmsr    fpscr, r5
    vpop    {d16-d31}
    vpop    {d0-d7}

/* Return address and CPSR go below the interrupted stack pointer, where nothing is: RFE takes them from there and leaves sp where
 * it was. */
    ldr     r1, [r4, #(14 * 4)]     @ sp
    ldr     r2, [r4, #(16 * 4)]     @ pc
    ldr     r3, [r4, #(17 * 4)]     @ cpsr
    sub     r1, r1, #8
    stm     r1, {r2, r3}
    str     r1, [r4, #(14 * 4)]
    ldr     lr, [r4, #(15 * 4)]
    add     sp, r4, #4
    ldm     sp, {r0-r12}
    ldr     sp, [sp, #(13 * 4)]
    clrex                           @ an LDREX before the fault must not pair with the handler's STREX
    rfeia   sp!                     @ CPSR with it: flags, IT state, Thumb bit, masks
    .fnend
    .size resume_entry, . - resume_entry
