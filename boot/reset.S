/* SPDX-License-Identifier: MIT */
/*
 * Entry of the boot CPU (offset 0 of the raw image) and of CPU 1 (boot/smp.c), A32, from any privileged mode or Hyp.
 * Ends in boot_main() or smp_main(), in SVC mode, MMU and caches off, with stacks, VBAR, FP and a cleared .bss.
 *
 * May be entered with caches and MMU on (U-Boot `go`), virtual = physical, at the address it is linked for. Then the image itself
 * may lie in dirty lines, so until the caches are clean this code loads and stores nothing at all: a store would be
 * overwritten by a later write-back, and a load with the cache just switched off would read old memory. Addresses come from
 * movw/movt, not from literal pools, and calls keep lr in a register. (The outer cache's constants are read while the caches are as they
 * were found, or are clean.)
 *
 * r8: CPU number, r9: SCTLR or HSCTLR as found, r10: CPSR as found. r11: where to_svc (boot/hyp.S) goes on.
 */
#include "boot/address.inc"
#include "boot/outer.h"
#include "boot/registers/cp15.h"
#include "boot/sctlr.h"
#include "boot/stack.h"

#define MODE_IRQ 0x12
#define MODE_FIQ 0x11
#define MODE_SVC 0x13
#define MODE_ABT 0x17
#define MODE_HYP 0x1a
#define MODE_UND 0x1b

    .syntax unified
    .arch_extension virt
    .arch_extension sec
    .arm

    .section .reset, "ax"
    .global _start
    .type _start, %function
    .fnstart
_start:
    @ Not where it was linked: back to the loader, with a status other than 0 and nothing touched.
    adr     r12, _start
    address r3, _start
    cmp     r12, r3
    movne   r0, #1
    bxne    lr

    mrs     r10, cpsr
    cpsid   aif
    setend  le

    @ Machines that start all their CPUs here at once: those beyond the first wait.
    CP15(mrc, r0, CP15_MPIDR)
    and     r1, r0, #0xc0000000     @ multiprocessing extensions, and not a uniprocessor
    cmp     r1, #0x80000000
    bne     1f
    tst     r0, #0xff
    bne     pen
1:
    bl      read_sctlr
    CP15(mrc, r0, CP15_CLIDR)
    ubfx    r0, r0, #24, #3         @ LoC
    tst     r9, #SCTLR_C
    beq     2f

    @ Caches found on. First make memory whole while they still are: with the caches off the next instruction is
    @ fetched from memory, and the loader may have left this very code in a dirty line. Then switch off, then drop every line:
    @ clean ones are stale as soon as we write memory, and whatever got dirty in between is kept. An outer cache comes behind the
    @ CPU's own each time.
    bl      setway_clean
    mov     r1, #0
    bl      outer
    bl      mmu_off
    CP15(mrc, r0, CP15_CLIDR)
    ubfx    r0, r0, #24, #3
    bl      setway_clean_invalidate
    mov     r1, #1
    bl      outer
    b       3f

    @ Cold: what the lines hold is chance, or was cleaned by whoever switched the caches off. An outer cache that is on has been set
    @ up by somebody, and may have the image.
2:  mov     r8, r0
    mov     r1, #1
    bl      outer
    bl      mmu_off
    mov     r0, r8
    bl      setway_invalidate

3:  mov     r8, #0
    address r11, boot_cpu
    b       to_svc

boot_cpu:
    bl      prepare_cpu

    address r0, __clear_start
    address r1, __clear_end
    mov     r2, #0
    mov     r3, #0
    mov     r4, #0
    mov     r5, #0
    mov     r6, #0
    mov     r7, #0
    mov     r11, #0
    mov     r12, #0
4:  cmp     r0, r1
    stmialo r0!, {r2-r7, r11, r12}
    blo     4b

    address r0, boot_report         @ struct boot_report, boot/boot.h
    CP15(mrc, r2, CP15_MIDR)
    CP15(mrc, r3, CP15_MPIDR)
    stm     r0, {r10}
    str     r9, [r0, #4]
    str     r2, [r0, #8]
    str     r3, [r0, #12]
    bl      boot_main               @ does not return
    .cantunwind
    .fnend
    .size _start, . - _start

/* Entry of CPU 1, by PSCI or a like firmware: caches off. It joins a running system, so it invalidates what is its own (up to
 * the level of unification, inner shareable) and leaves the shared levels alone. */
    .section .text.smp_entry, "ax"
    .global smp_entry
    .type smp_entry, %function
    .fnstart
smp_entry:
    mrs     r10, cpsr
    cpsid   aif
    bl      read_sctlr
    bl      mmu_off
    CP15(mrc, r0, CP15_CLIDR)
    ubfx    r0, r0, #21, #3         @ LoUIS
    cmp     r0, #0                  @ 0 on a Cortex-A9 before r1p0 (erratum 643719): the first level is its own on any core
    moveq   r0, #1
    bl      setway_invalidate
    address r0, smp_request         @ boot/smp.c: cleaned to memory by the CPU that asked
    ldr     r8, [r0]                @ CPU number
    address r11, other_cpu
    b       to_svc
other_cpu:
    bl      prepare_cpu
    bl      smp_main                @ does not return
1:  wfi
    b       1b
    .cantunwind
    .fnend
    .size smp_entry, . - smp_entry

    .section .text.reset_helpers, "ax"

/* r9 = SCTLR, in Hyp mode HSCTLR. Clobbers r0. */
read_sctlr:
    and     r0, r10, #0x1f
    cmp     r0, #MODE_HYP
    beq     1f
    CP15(mrc, r9, CP15_SCTLR)
    bx      lr
1:  CP15(mrc, r9, CP15_HSCTLR)
    bx      lr

/* The outer cache, if there is one, to memory; r1: and off. Clobbers r0-r3, r12. */
outer:
    address r0, board_outer
    ldr     r2, [r0]
    cmp     r2, #0
    bxeq    lr
    ldr     r0, [r2, #OUTER_CONTROLLER]
    ldr     r2, [r2, #OUTER_ENTRY]
    bx      r2

/* MMU, caches and branch prediction off, instruction caches, branch predictor and TLBs empty. Clobbers r0-r1. */
mmu_off:
    dsb
    and     r0, r10, #0x1f
    cmp     r0, #MODE_HYP
    beq     1f
    address r0, SCTLR_OFF
    CP15(mcr, r0, CP15_SCTLR)
    isb
    b       2f
1:  address r0, HSCTLR_OFF
    CP15(mcr, r0, CP15_HSCTLR)
    isb
    mov     r0, #0
    CP15(mcr, r0, CP15_TLBIALLH)
    CP15(mcr, r0, CP15_TLBIALLNSNH)
2:  mov     r0, #0
    CP15(mcr, r0, CP15_ICIALLU)
    CP15(mcr, r0, CP15_BPIALL)
    dsb
    isb
    bx      lr

/* r8: CPU number. In SVC mode: what the core needs of its own, TLB, VBAR, FP, stacks. Clobbers r0-r3, r12. */
prepare_cpu:
    mov     r12, lr
    bl      core_setup
    mov     lr, r12
    mov     r0, #0
    CP15(mcr, r0, CP15_TLBIALL)
    CP15(mcr, r0, CP15_ICIALLU)
    CP15(mcr, r0, CP15_BPIALL)
    CP15(mcr, r0, CP15_TPIDRURO)    @ aborts under way, boot/vectors.S
    CP15(mcr, r8, CP15_TPIDRPRW)
    address r1, vectors
    CP15(mcr, r1, CP15_VBAR)
    dsb
    isb

    CP15(mrc, r0, CP15_CPACR)       @ cp10 and cp11 for everybody, all 32 registers, NEON
    orr     r0, r0, #(0xf << 20)
    bic     r0, r0, #(3 << 30)
    CP15(mcr, r0, CP15_CPACR)
    isb
    mov     r0, #(1 << 30)
    vmsr    fpexc, r0
    mov     r0, #0
    vmsr    fpscr, r0

    address r0, stacks
    address r1, STACK_CPU_SIZE
    mla     r0, r8, r1, r0
    mov     r3, lr                  @ lr is banked
    address r1, STACK_IRQ_TOP
    cps     #MODE_IRQ
    add     sp, r0, r1
    address r1, STACK_ABT_TOP
    cps     #MODE_ABT
    add     sp, r0, r1
    address r1, STACK_UND_TOP
    cps     #MODE_UND
    add     sp, r0, r1
    address r1, STACK_FIQ_TOP
    cps     #MODE_FIQ
    add     sp, r0, r1              @ r0-r7 are not banked in FIQ mode
    address r1, STACK_SVC_TOP
    cps     #MODE_SVC
    add     sp, r0, r1
    bx      r3

    .section .stacks, "aw", %nobits
    .balign STACK_PAGE
    .global stacks
    .type stacks, %object
stacks:
    .space  STACK_CPUS * STACK_CPU_SIZE
    .size stacks, . - stacks
