/* SPDX-License-Identifier: MIT */
/*
 * Exception vectors, A32. IRQ runs the CPU's handler on the IRQ stack. All else is brought into ABT mode, where its stack
 * holds a struct exception_frame (boot/exception.h) for exception_dispatch().
 *
 * An abort while another one is being handled must not use the ABT stack: were it the stack that is broken, storing to it would
 * abort again, for ever. TPIDRURO counts the aborts that have not returned, TPIDRURW lends a register to do it; nothing else uses
 * the two.
 */
#include "boot/address.inc"
#include "boot/registers/cp15.h"
#include "boot/stack.h"

#define MODE_ABT 0x17
#define MODE_SYS 0x1f

/* enum exception_kind */
#define EXCEPTION_UNDEFINED 0
#define EXCEPTION_SVC 1
#define EXCEPTION_PREFETCH_ABORT 2
#define EXCEPTION_DATA_ABORT 3
#define EXCEPTION_FIQ 4

    .syntax unified
    .arch_extension sec
    .arm

    .section .vectors, "ax"
    .fnstart
    .balign 32
    .global vectors
vectors:
    b       sleep_forever           @ reset comes elsewhere
    b       undefined
    b       supervisor_call
    b       prefetch_abort
    b       data_abort
    b       sleep_forever           @ Hyp trap: not in this table
    b       irq
    b       fiq

sleep_forever:
    wfi
    b       sleep_forever

/* A handler is an AAPCS function that may call newlib, whose copies use NEON: save what a call may change of both register
 * files. It does not nest, so the IRQ stack is at its (8-byte aligned) top here. */
irq:
    sub     lr, lr, #4
    push    {r0-r3, r12, lr}
    vpush   {d0-d7}
    vpush   {d16-d31}
    vmrs    r0, fpscr
    push    {r0, r1}
    bl      exception_irq
    pop     {r0, r1}
    vmsr    fpscr, r0
    vpop    {d16-d31}
    vpop    {d0-d7}
    clrex                           @ an interrupted LDREX must not pair with the handler's
    ldm     sp!, {r0-r3, r12, pc}^

undefined:
    srsdb   sp!, #MODE_ABT
    cpsid   aif, #MODE_ABT
    sub     sp, sp, #8              @ sp and lr, below
    stmdb   sp!, {r0-r12}
    mov     r0, #EXCEPTION_UNDEFINED
    b       exception

supervisor_call:
    srsdb   sp!, #MODE_ABT
    cpsid   aif, #MODE_ABT
    sub     sp, sp, #8
    stmdb   sp!, {r0-r12}
    mov     r0, #EXCEPTION_SVC
    b       exception

fiq:
    sub     lr, lr, #4
    srsdb   sp!, #MODE_ABT
    cpsid   aif, #MODE_ABT
    sub     sp, sp, #8
    stmdb   sp!, {r0-r12}
    mov     r0, #EXCEPTION_FIQ
    b       exception

/* First of all in an abort. Clobbers nothing but the flags, which SPSR has. */
    .macro count_abort
    CP15(mcr, r0, CP15_TPIDRURW)
    CP15(mrc, r0, CP15_TPIDRURO)
    add     r0, r0, #1
    CP15(mcr, r0, CP15_TPIDRURO)
    cmp     r0, #1
    bhi     nested_abort
    CP15(mrc, r0, CP15_TPIDRURW)
    .endm

prefetch_abort:
    count_abort
    sub     lr, lr, #4
    srsdb   sp!, #MODE_ABT
    sub     sp, sp, #8
    stmdb   sp!, {r0-r12}
    mov     r0, #EXCEPTION_PREFETCH_ABORT
    b       exception

data_abort:
    count_abort
    sub     lr, lr, #8
    srsdb   sp!, #MODE_ABT
    sub     sp, sp, #8
    stmdb   sp!, {r0-r12}
    mov     r0, #EXCEPTION_DATA_ABORT

/* In ABT mode; r0: kind; frame on the stack but for its first word and the interrupted mode's sp and lr. */
exception:
    push    {r0}
    ldr     r1, [sp, #(17 * 4)]     @ CPSR of the interrupted code
    and     r1, r1, #0x1f
    cmp     r1, #0x10
    moveq   r1, #MODE_SYS           @ USR's registers are SYS's
    cmp     r1, #MODE_ABT
    beq     1f                      @ its sp is this one, its lr is gone
    mrs     r0, cpsr
    bic     r2, r0, #0x1f
    orr     r2, r2, r1
    msr     cpsr_c, r2
    mov     r3, sp
    mov     r4, lr
    msr     cpsr_c, r0
    str     r3, [sp, #(14 * 4)]
    str     r4, [sp, #(15 * 4)]
1:  mov     r0, sp
    mov     r4, sp
    bic     sp, sp, #7
    bl      exception_dispatch      @ returns only if the frame is to be resumed, maybe elsewhere
    mov     sp, r4
    pop     {r0}
    sub     r0, r0, #EXCEPTION_PREFETCH_ABORT
    cmp     r0, #(EXCEPTION_DATA_ABORT - EXCEPTION_PREFETCH_ABORT)
    movls   r0, #0                  @ an abort returns
    CP15(mcrls, r0, CP15_TPIDRURO)
    ldm     sp, {r0-r12}
    add     sp, sp, #(15 * 4)
    clrex
    rfeia   sp!

/* r0: how many. The second: say so from the emergency stack, and exit. The third: the semihosting call that needs no memory. */
nested_abort:
    cmp     r0, #2
    bhi     1f
    address r1, stacks
    CP15(mrc, r2, CP15_TPIDRPRW)
    address r3, STACK_CPU_SIZE
    mla     r1, r2, r3, r1
    address r3, STACK_UND_TOP
    add     sp, r1, r3
    bl      exception_nested        @ does not return
1:  cmp     r0, #3
    bhi     sleep_forever
    mov     r0, #0x18               @ SYS_EXIT, ADP_Stopped_RunTimeErrorUnknown
    address r1, 0x20023
    svc     0x123456                @ if nobody listens, the next exception is the last
    b       sleep_forever
    .cantunwind
    .fnend

/* bool abort_guard(void (*function)(void *), void *argument, struct abort_record *record), boot/exception.h. Keeps what a call
 * preserves on the stack; exception_dispatch() resumes at abort_guard_landing with r0 = that stack pointer. */
    .section .text.abort_guard, "ax"
    .global abort_guard
    .type abort_guard, %function
    .fnstart
abort_guard:
    .save   {r3-r11, lr}
    push    {r3-r11, lr}
    .vsave  {d8-d15}
    vpush   {d8-d15}
    .pad    #16
    sub     sp, sp, #16             @ struct abort_guard_state
    mov     r4, r0
    mov     r5, r1
    mrs     r1, cpsr
    str     r2, [sp, #4]
    str     r1, [sp, #8]
    mov     r6, r1
    mov     r0, sp
    bl      abort_guard_enter
    mov     r0, r5
    blx     r4
    mov     r4, #1
    b       1f
    .global abort_guard_landing
abort_guard_landing:
    mov     sp, r0
    ldr     r6, [sp, #8]
    mov     r4, #0
1:  mov     r0, sp
    bl      abort_guard_leave
    msr     cpsr_x, r6              @ the A and I masks as they were
    msr     cpsr_c, r6
    mov     r0, r4
    add     sp, sp, #16
    vpop    {d8-d15}
    pop     {r3-r11, pc}
    .fnend
    .size abort_guard, . - abort_guard
