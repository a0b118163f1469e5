/* SPDX-License-Identifier: MIT */
/*
 * A boot loader for tests/boot/test_raw_image: starts a raw image as U-Boot's `go` does, with the MMU and the caches on, interrupts
 * on, and nothing tidy. It finds the image at IMAGE, copies it to TARGET through its cacheable mapping, fills the RAM behind
 * with junk, and calls it. In Hyp mode if that is how the machine starts, else in SVC mode, or in SYS mode with -DSYS.
 * If the image comes back, the program ends with status 40 + r0 through semihosting.
 *
 * -DIMAGE, -DIMAGE_SIZE, -DTARGET: addresses and bytes, multiples of 32. With -DL2C310=ADDRESS, for a Cortex-A9: an outer cache is on too,
 * and the 256 MiB around its registers are mapped as Device.
 */
#include "boot/registers/cp15.h"

#define JUNK_SIZE 0x200000
#define SCTLR_ON ((1 << 0) | (1 << 2) | (1 << 11) | (1 << 12))

    .syntax unified
    .arch_extension virt
    .arm
    .global _start
_start:
    cpsid   aif
    mrs     r0, cpsr
    and     r0, r0, #0x1f
    cmp     r0, #0x1a
    beq     hyp

    ldr     r0, =sections           @ 4 GiB flat: write-back, everybody may everything
    ldr     r1, =0x15c0e            @ section, C B, TEX 001, AP 11, S
    mov     r2, #0
1:  orr     r3, r1, r2, lsl #20
    str     r3, [r0, r2, lsl #2]
    add     r2, r2, #1
    cmp     r2, #4096
    bne     1b
#ifdef L2C310
    ldr     r1, =0x10c06            @ section, Device, AP 11, S
    ldr     r2, =(L2C310 >> 28 << 8)
    mov     r4, #256
1:  orr     r3, r1, r2, lsl #20
    str     r3, [r0, r2, lsl #2]
    add     r2, r2, #1
    subs    r4, r4, #1
    bne     1b
    ldr     r1, =L2C310
    ldr     r2, =0xffff
    str     r2, [r1, #0x77c]        @ invalidate by way
1:  ldr     r3, [r1, #0x77c]
    tst     r3, r2
    bne     1b
    mov     r2, #0
    str     r2, [r1, #0x730]
    mov     r2, #1
    str     r2, [r1, #0x100]
    dsb
    CP15(mrc, r1, CP15_ACTLR)
    orr     r1, r1, #(1 << 6)
    CP15(mcr, r1, CP15_ACTLR)
#endif
    mov     r2, #0
    CP15(mcr, r2, CP15_TTBCR)
    orr     r0, r0, #0x4a
    CP15(mcr, r0, CP15_TTBR0)
    mvn     r2, #0
    CP15(mcr, r2, CP15_DACR)
    mov     r2, #0
    CP15(mcr, r2, CP15_TLBIALL)
    dsb
    isb
    CP15(mrc, r0, CP15_SCTLR)
    ldr     r1, =SCTLR_ON
    orr     r0, r0, r1
    CP15(mcr, r0, CP15_SCTLR)
    isb
    b       copy

hyp:
    ldr     r0, =blocks             @ long descriptors: four blocks of 1 GiB
    ldr     r1, =0x741              @ block, AF, inner shareable, AP 01, attribute 0
    mov     r2, #0
    mov     r4, #0
1:  orr     r3, r1, r2, lsl #30
    str     r3, [r0], #4
    str     r4, [r0], #4
    add     r2, r2, #1
    cmp     r2, #4
    bne     1b
    mvn     r0, #0
    CP15(mcr, r0, CP15_HMAIR0)      @ write-back, write and read allocate
    ldr     r0, =0x80003500         @ inner shareable, write-back walks, all 4 GiB
    CP15(mcr, r0, CP15_HTCR)
    ldr     r0, =blocks
    mov     r1, #0
    CP15_64(mcrr, r0, r1, CP15_HTTBR)
    CP15(mcr, r1, CP15_TLBIALLH)
    dsb
    isb
    CP15(mrc, r0, CP15_HSCTLR)
    ldr     r1, =SCTLR_ON
    orr     r0, r0, r1
    CP15(mcr, r0, CP15_HSCTLR)
    isb
    @ What a hypervisor may have left: traps of FP, PMU, ID registers and timers, an offset of time, other ID values.
    mvn     r0, #0
    CP15(mcr, r0, CP15_HCPTR)
    ldr     r1, =0x0000b80f         @ HSTR: some of CP15's CRn
    CP15(mcr, r1, CP15_HSTR)
    ldr     r1, =0x00000fe0         @ HDCR: TPM, TPMCR, TDE, TDA, TDOSA, TDRA; no event counter
    CP15(mcr, r1, CP15_HDCR)
    ldr     r1, =0x07f80001         @ HCR: second stage, traps
    CP15(mcr, r1, CP15_HCR)
    CP15(mcr, r0, CP15_VPIDR)
    CP15(mcr, r0, CP15_VMPIDR)
    mov     r1, #0
    CP15(mcr, r1, CP15_CNTHCTL)
    mov     r1, #0x1000
    CP15_64(mcrr, r0, r1, CP15_CNTVOFF)

copy:
    ldr     r8, =IMAGE
    ldr     r9, =TARGET
    ldr     r10, =IMAGE_SIZE
1:  ldm     r8!, {r0-r7}
    stm     r9!, {r0-r7}
    subs    r10, r10, #32
    bne     1b
    ldr     r10, =JUNK_SIZE
    ldr     r0, =0xdeadbeef
    mov     r1, r0
    mov     r2, r0
    mov     r3, r0
2:  stm     r9!, {r0-r3}
    subs    r10, r10, #16
    bne     2b

    @ Junk where the image must not rely on anything.
    CP15(mcr, r0, CP15_TPIDRPRW)
    CP15(mcr, r0, CP15_VBAR)
    CP15(mcr, r0, CP15_TPIDRURO)
#ifdef SYS
    cps     #0x1f
#endif
    cpsie   if
    ldr     r12, =TARGET
    mov     sp, r0
    mov     r4, r0
    mov     r8, r0
    mov     r11, r0
    blx     r12

    cpsid   if
    add     r0, r0, #40
    ldr     r1, =parameters
    str     r0, [r1, #4]
    ldr     r0, =0x20026
    str     r0, [r1]
    mov     r0, #0x20
    svc     0x123456
    b       .
    .ltorg

    .bss
    .balign 0x4000
sections:
    .space  0x4000
blocks:
    .space  32
parameters:
    .space  8
