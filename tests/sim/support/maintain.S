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

/* Turns this CPU's data cache off, then cleans and invalidates all its levels (cache_off_flush) or not (cache_off): no memory access
   between, since a stack in a cache that is switched off is not there. For one CPU. Clobbers r0-r3, r12, s0-s3. */
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
    vmov s0, s1, r4, r5
    vmov s2, s3, r6, r7
    mov r7, #0                      /* the level, as CSSELR has it */
0:  mrc p15, 1, r0, c0, c0, 1
    ubfx r1, r0, #24, #3
    cmp r1, r7, lsr #1              /* level of coherency */
    bls 4f
    add r1, r7, r7, lsr #1
    lsr r0, r0, r1
    and r0, r0, #7
    cmp r0, #2
    blo 3f
    mcr p15, 2, r7, c0, c0, 0
    isb
    mrc p15, 1, r0, c0, c0, 0
    ubfx r1, r0, #3, #10            /* ways - 1 */
    ubfx r2, r0, #13, #15           /* sets - 1 */
    and r0, r0, #7
    add r0, r0, #4
    clz r3, r1
    mov r4, #1
    lsl r5, r4, r3                  /* one way */
    lsl r6, r4, r0                  /* one set */
    lsl r1, r1, r3
    lsl r2, r2, r0
1:  mov r12, r2
2:  orr r4, r12, r1
    orr r4, r4, r7
    mcr p15, 0, r4, c7, c14, 2
    subs r12, r12, r6
    bpl 2b
    subs r1, r1, r5
    bcs 1b
3:  add r7, r7, #2
    b 0b
4:  dsb
    vmov r4, r5, s0, s1
    vmov r6, r7, s2, s3
    .endif
    bx lr
    .size \name, . - \name
    .endm

    off_style cache_off, 0
    off_style cache_off_flush, 1
