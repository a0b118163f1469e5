/* SPDX-License-Identifier: MIT */
/*
 * What differs from core to core and must be right before its caches go on: joining the coherence of the other cores (ACTLR, the snoop
 * control unit), and errata of the Cortex-A8 and -A9. Called from boot/reset.S on each CPU, in SVC mode, MMU and caches off, the first level
 * invalidated, without a stack; touches CP15 and the control unit's registers. tests/target/test_boot_core.c runs it for many cores.
 *
 * Non-secure code may be refused some of these registers, with an undefined-instruction exception on some cores: then whoever
 * came before has set them, or has not and nobody can. Hence vectors that go on behind the instruction; and nothing is written that is
 * set already.
 */
#include "boot/address.inc"
#include "boot/registers/cp15.h"

/* ACTLR by the cores' manuals (A5 DDI 0433, A7 DDI 0464, A8 DDI 0344, A9 DDI 0388, A12, A15 DDI 0438, A17). */
#define ACTLR_A8_L2EN (1 << 1)   /* the second level, set from reset */
#define ACTLR_A8_L1NEON (1 << 5) /* NEON's data goes through the first level */
#define ACTLR_A8_IBE (1 << 6)    /* CP15's invalidation of branch predictions is no NOP */
#define ACTLR_A8_DBSM (1 << 7)   /* a branch's size is not mispredicted */
#define ACTLR_A8_PLDNOP (1 << 9) /* PLD does nothing */
#define ACTLR_FW (1 << 0)        /* A5, A9: maintenance reaches the other cores */
#define ACTLR_A9_ZEROS (1 << 3)  /* writes full lines of zeros by a way that the outer cache must know: it does not */
#define ACTLR_SMP (1 << 6)       /* in the coherence; without it shareable memory is not cached on a Cortex-A9 */
#define ACTLR_EXCL (1 << 7)      /* A5, A9: exclusive with the outer cache, which has it off */

/*
 * Errata of the Cortex-A8, as Linux, U-Boot and barebox handle them, in ACTLR and its second level's auxiliary control register:
 * - 430973 (r1), 454179 (before r2p1): predictions outlive branches that were there before, or have another size: whoever loads an image
 *   over another meets them. IBE, so that the BPIALL in boot/reset.S, which comes after this, has an effect; DBSM.
 * - 621766 (before r2p1), 458693 (r2p0): certain NEON loads, or a false hazard of memory operations, stop the core for ever. L1NEON; for the
 *   latter PLDNOP too.
 * - 725233 (before r2p1): forwarding of what a PLD fetched is off. Bit 27 of the second level's.
 * - 460075 (r2p0): data written to the second level can be overwritten with older data. No write-allocate there: bit 22.
 * Elsewhere: 657417 (Thumb branches over a page's end), tools/make/firmware.mk. 709718 (order of accesses to shareable devices),
 * boot/mmu_descriptor.c. Not needed here: 430973 asks for more at each change of address space: there is one.
 */
#define L2_A8_460075 (1 << 22)
#define L2_A8_725233 (1 << 27)

/*
 * Errata of the Cortex-A9 MPCore, as published in its notice (UAN 0009) and handled by Linux and U-Boot. Diagnostic register bits for those that have one:
 * - 742230 (r1p0 to r2p2), 794072 (all): a DMB may not order, or stall others: as a DSB. Bit 4.
 * - 742231 (r2p0 to r2p2): a line that moves out while another core asks for it can be corrupted. Bits 12, 22.
 * - 743622 (r2): the store buffer may corrupt data. Bit 6.
 * - 751472 (before r3p0): an interrupted ICIALLUIS may keep a broadcast from ending. Bit 11.
 * - 761320 (before r4p0): full-line writes of two cores can lock up. Bit 21.
 * - 764369 (all): maintenance by address of lines that other cores hold may stop short of memory: a bit of the control unit, below, and a DSB before
 *   the operations (boards/common/port_outer.c, boot/smp.c).
 * Not needed here: 643719 (boot/reset.S). 720789: no TLB operation by address and ASID is used. 754322: one address space, no ASID changes.
 * 754327: a store may stay in its buffer while the core spins: those that spin here have sent theirs by a DSB. 775420: maintenance
 * of an address that aborts: none is asked for.
 */
#define DIAGNOSTIC_DMB (1 << 4)
#define DIAGNOSTIC_743622 (1 << 6)
#define DIAGNOSTIC_751472 (1 << 11)
#define DIAGNOSTIC_742231 (1 << 12 | 1 << 22)
#define DIAGNOSTIC_761320 (1 << 21)

/* Snoop control unit, from CBAR (A9 MPCore DDI 0407, 2.2; the A5's is the same). */
#define SCU_CONTROL 0x00
#define SCU_ENABLE (1 << 0)
#define SCU_POWER 0x08      /* a byte a core; 0: normal */
#define SCU_INVALIDATE 0x0c /* the tags that it keeps of each core: 4 bits of ways a core */
#define SCU_DIAGNOSTIC 0x30
#define SCU_764369 (1 << 0)

    .syntax unified
    .arm

/* The core's revision, 0x21 for r2p1, and its first digit. */
.macro revision both, major
    CP15(mrc, \both, CP15_MIDR)
    ubfx    \major, \both, #20, #4
    and     \both, \both, #0xf
    orr     \both, \both, \major, lsl #4
.endm

    .section .text.core_setup, "ax"
    .global core_setup
    .type core_setup, %function
/* r8: CPU number, 0 for the one that boots. Leaves VBAR at vectors of its own. Clobbers r0-r3. */
core_setup:
    address r0, core_vectors
    CP15(mcr, r0, CP15_VBAR)
    isb
    CP15(mrc, r0, CP15_MIDR)
    lsr     r1, r0, #24
    cmp     r1, #0x41               @ ARM
    bxne    lr
    ubfx    r0, r0, #4, #12
    movw    r3, #0xc08
    cmp     r0, r3
    beq     cortex_a8
    mov     r1, #ACTLR_SMP
    mov     r2, #0
    movw    r3, #0xc07
    cmp     r0, r3
    movw    r3, #0xc0d
    cmpne   r0, r3
    movw    r3, #0xc0e
    cmpne   r0, r3
    movw    r3, #0xc0f
    cmpne   r0, r3
    beq     actlr
    mov     r1, #(ACTLR_SMP | ACTLR_FW)
    movw    r3, #0xc05
    cmp     r0, r3
    beq     scu
    movw    r3, #0xc09
    cmp     r0, r3
    bxne    lr

    @ Cortex-A9: r1 is what its diagnostic register is to have.
    revision r0, r2
    mov     r1, #DIAGNOSTIC_DMB
    cmp     r0, #0x40
    orrlo   r1, r1, #DIAGNOSTIC_761320
    cmp     r0, #0x30
    orrlo   r1, r1, #DIAGNOSTIC_751472
    cmp     r2, #2
    orreq   r1, r1, #DIAGNOSTIC_743622
    bne     1f
    cmp     r0, #0x22
    orrls   r1, r1, #(1 << 12)
    orrls   r1, r1, #(1 << 22)
1:  CP15(mrc, r2, CP15_A9_DIAGNOSTIC)
    orr     r1, r1, r2
    cmp     r1, r2
    beq     2f
    CP15(mcr, r1, CP15_A9_DIAGNOSTIC)
2:  mov     r1, #(ACTLR_SMP | ACTLR_FW)

    @ The control unit comes before the cores: switched on once, with nothing in their caches that it could know.
scu:
    CP15(mrc, r0, CP15_MPIDR)
    and     r0, r0, #0xc0000000     @ multiprocessing extensions, and not a uniprocessor
    cmp     r0, #0x80000000
    bne     4f
    CP15(mrc, r2, CP15_CBAR)
    cmp     r8, #0
    bne     3f
    ldr     r0, [r2, #SCU_DIAGNOSTIC]
    orr     r0, r0, #SCU_764369
    str     r0, [r2, #SCU_DIAGNOSTIC]
    ldr     r0, [r2, #SCU_CONTROL]
    tst     r0, #SCU_ENABLE
    bne     3f
    movw    r3, #0xffff
    str     r3, [r2, #SCU_INVALIDATE]
    orr     r0, r0, #SCU_ENABLE
    str     r0, [r2, #SCU_CONTROL]
3:  CP15(mrc, r0, CP15_MPIDR)
    and     r0, r0, #3
    add     r2, r2, r0
    mov     r0, #0
    strb    r0, [r2, #SCU_POWER]
    dsb
4:  mov     r2, #(ACTLR_EXCL | ACTLR_A9_ZEROS)

actlr:                              @ r1: bits to be set, r2: and cleared
    CP15(mrc, r0, CP15_ACTLR)
    bic     r3, r0, r2
    orr     r3, r3, r1
    cmp     r3, r0
    bxeq    lr
    CP15(mcr, r3, CP15_ACTLR)
    isb
    bx      lr

cortex_a8:                          @ r3: what the second level's register is to have
    revision r0, r2
    mov     r1, #ACTLR_A8_L2EN
    mov     r3, #0
    cmp     r0, #0x21
    orrlo   r1, r1, #(ACTLR_A8_L1NEON | ACTLR_A8_IBE | ACTLR_A8_DBSM)
    orrlo   r3, r3, #L2_A8_725233
    cmp     r0, #0x20
    orreq   r1, r1, #ACTLR_A8_PLDNOP
    orreq   r3, r3, #L2_A8_460075
    mov     r2, #0
    CP15(mrc, r0, CP15_A8_L2_AUXILIARY)
    orr     r3, r3, r0
    cmp     r3, r0
    beq     actlr
    CP15(mcr, r3, CP15_A8_L2_AUXILIARY)
    b       actlr
    .size core_setup, . - core_setup

/* An undefined instruction is gone past: LR_und is the next one's address, and no stack is used. The others do not come. */
    .balign 32
core_vectors:
    b       .
    movs    pc, lr
    b       .
    b       .
    b       .
    b       .
    b       .
    b       .
