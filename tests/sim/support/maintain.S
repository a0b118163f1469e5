/* SPDX-License-Identifier: MIT */
/* The assembly styles of maintain.h. */
    .syntax unified
    .text

    .macro loop_style name, crm
    .arm
    .global \name
    .type \name, %function
\name:
    mrc p15, 0, r3, c0, c0, 1
    ubfx r3, r3, #16, #4
    mov r2, #4
    lsl r2, r2, r3
    sub r3, r2, #1
    bic r0, r0, r3
1:  mcr p15, 0, r0, c7, \crm, 1
    add r0, r0, r2
    cmp r0, r1
    blo 1b
    dsb
    bx lr
    .size \name, . - \name
    .endm

    loop_style clean_loop, c10
    loop_style invalidate_loop, c6
    loop_style flush_loop, c14

    .macro counted_style name, crm
    .thumb
    .global \name
    .type \name, %function
    .thumb_func
\name:
    cbz r1, 2f
    adds r1, r0, r1
    subs r1, #1
    lsrs r0, r0, #5
    rsb r1, r0, r1, lsr #5
    lsls r0, r0, #5
1:  mcr p15, 0, r0, c7, \crm, 1
    adds r0, #32
    subs r1, #1
    bpl 1b
2:  dsb st
    bx lr
    .size \name, . - \name
    .endm

    counted_style clean_counted, c10
    counted_style invalidate_counted, c6
    counted_style flush_counted, c14

    .arm
    .global sync_conditional
    .type sync_conditional, %function
sync_conditional:
    add r1, r0, r1
    bic r0, r0, #31
1:  cmp r2, #3
    mcreq p15, 0, r0, c7, c14, 1
    beq 2f
    tst r2, #1
    mcrne p15, 0, r0, c7, c10, 1
    tst r2, #2
    mcrne p15, 0, r0, c7, c6, 1
2:  add r0, r0, #32
    cmp r0, r1
    blo 1b
    mov r0, #0
    mcr p15, 0, r0, c7, c10, 4      /* the DSB of ARMv6, still valid */
    bx lr
    .size sync_conditional, . - sync_conditional

    .thumb
    .global sync_it_block
    .type sync_it_block, %function
    .thumb_func
sync_it_block:
    add r1, r0
    bic r0, r0, #31
1:  tst r2, #1
    beq 2f
    tst r2, #2
    ite eq
    mcreq p15, 0, r0, c7, c10, 1
    mcrne p15, 0, r0, c7, c14, 1
    b 3f
2:  mcr p15, 0, r0, c7, c6, 1
3:  adds r0, #32
    cmp r0, r1
    blo 1b
    dsb sy
    bx lr
    .size sync_it_block, . - sync_it_block

/* Turns this CPU's data cache off, then cleans and invalidates its level 1 (cache_off_flush) or not (cache_off): no memory access
   between, since a stack in a cache that is switched off is not there. For one CPU without a level 2. Clobbers r0-r3, ip. */
    .macro off_style name, flush
    .arm
    .global \name
    .type \name, %function
\name:
    mrc p15, 0, r0, c1, c0, 0
    bic r0, r0, #4
    mcr p15, 0, r0, c1, c0, 0
    isb
    .if \flush
    mov r0, #0
    mcr p15, 2, r0, c0, c0, 0
    isb
    mrc p15, 1, r0, c0, c0, 0
    ubfx r1, r0, #3, #10            /* ways - 1 */
    ubfx r2, r0, #13, #15           /* sets - 1 */
    and r0, r0, #7
    add r0, r0, #4
    clz r3, r1
    lsl r1, r1, r3                  /* the way's number in its place at the top */
    mov ip, #1
    lsl r3, ip, r3                  /* one way less */
    lsl r2, r2, r0                  /* the set's in its place */
    lsl r0, ip, r0                  /* one set less */
1:  mov ip, r2
2:  orr ip, ip, r1
    mcr p15, 0, ip, c7, c14, 2
    bic ip, ip, r1
    subs ip, ip, r0
    bpl 2b
    subs r1, r1, r3
    bcs 1b
    dsb
    .endif
    bx lr
    .size \name, . - \name
    .endm

    off_style cache_off, 0
    off_style cache_off_flush, 1
