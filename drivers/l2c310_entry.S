/* SPDX-License-Identifier: MIT */
/*
 * The L2C-310 for code that has no stack: at entry, when a loader may have left it on. See drivers/l2c310.h. In A32; changes r0-r3, r12
 * and flags.
 *
 * Everything is cleaned, by way, and nothing invalidated: with off, l2c310_enable() does that. A clean has no errata but the sync's.
 */
    .syntax unified
    .arm

#define CONFIG_BASE 0        /* struct l2c310_config, drivers/l2c310.c asserts these */
#define CONFIG_POLL_LIMIT 16

#define CACHE_ID 0x000
#define CONTROL 0x100
#define AUX_CONTROL 0x104
#define CACHE_SYNC 0x730
#define UNMAPPED 0x740
#define CLEAN_WAY 0x7bc

    .section .text.l2c310_entry, "ax"
    .global l2c310_entry
    .type l2c310_entry, %function
l2c310_entry:
    ldr     r2, [r0, #CONFIG_BASE]
    ldr     r12, [r0, #CONFIG_POLL_LIMIT]
    ldr     r3, [r2, #CONTROL]
    tst     r3, #1
    bxeq    lr                      @ off: its lines are none, or chance
    ldr     r3, [r2, #AUX_CONTROL]
    mov     r0, #0xff
    tst     r3, #(1 << 16)          @ 16 ways
    orrne   r0, r0, r0, lsl #8
    dsb
    str     r0, [r2, #CLEAN_WAY]
1:  ldr     r3, [r2, #CLEAN_WAY]
    tst     r3, r0
    beq     2f
    subs    r12, r12, #1
    bne     1b
2:  mov     r0, #0
    ldr     r3, [r2, #CACHE_ID]
    and     r3, r3, #0x3f
    cmp     r3, #5                  @ r3p0: erratum 753970
    streq   r0, [r2, #UNMAPPED]
    strne   r0, [r2, #CACHE_SYNC]
    dsb
    cmp     r1, #0
    bxeq    lr
    str     r0, [r2, #CONTROL]
    dsb
    bx      lr
    .size l2c310_entry, . - l2c310_entry
