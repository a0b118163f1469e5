/* SPDX-License-Identifier: MIT */
/*
 * IRQ entry and exit: what a handler may change without harm to the interrupted code, and what it runs on. What would break it: a
 * register, flag or vector register that is not saved, a misaligned stack, an exclusive monitor that is left set.
 */
#include "boot/board.h"
#include "boot/cpu.h"
#include "boot/exception.h"
#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"
#include "tests/target/support/hardware.h"
#include "tests/target/support/tap.h"

#include <stddef.h>

static const struct hardware *hw;
static volatile unsigned handled;
static volatile uint32_t handler_sp, handler_cpsr, guarded_address;
static volatile bool guard_wanted;
static uint32_t exclusive;

static void load(void *address)
{
    (void)*(volatile uint32_t *)address;
}

static void handler(void *context)
{
    struct abort_record record;
    uint32_t sp;

    __asm__ volatile("mov %0, sp" : "=r"(sp));
    handler_sp = sp;
    handler_cpsr = cpu_read_cpsr();
    hw->ring.quiet();
    /* All that a call may change. */
    __asm__ volatile(
        "vmov.i32 q0, #0x77\n\tvmov.i32 q1, #0x77\n\tvmov.i32 q2, #0x77\n\tvmov.i32 q3, #0x77\n\t"
        "vmov.i32 q8, #0x77\n\tvmov.i32 q9, #0x77\n\tvmov.i32 q10, #0x77\n\tvmov.i32 q11, #0x77\n\t"
        "vmov.i32 q12, #0x77\n\tvmov.i32 q13, #0x77\n\tvmov.i32 q14, #0x77\n\tvmov.i32 q15, #0x77\n\t"
        "mov r0, #0\n\tvmsr fpscr, r0\n\tmov r1, #0\n\tmov r2, #0\n\tmov r3, #0\n\tmov r12, #0\n\tcmp r0, #1" ::
            : "r0", "r1", "r2", "r3", "r12", "cc", "q0", "q1", "q2", "q3", "q8", "q9", "q10", "q11", "q12", "q13",
              "q14", "q15", "memory");
    if (guard_wanted && !abort_guard(load, (void *)0x40, &record)) {
        guarded_address = record.address;
    }
    (*(volatile unsigned *)context)++;
}

static void ring(void)
{
    unsigned before = handled, i;

    mmio_write32(hw->ring.address, hw->ring.value);
    dsb();
    for (i = 0; handled == before && i < 10000000; i++) {
    }
}

/* Rings with known values in all registers that the handler changes; returns a bit for each that came back otherwise. */
__attribute__((naked, noinline)) static uint32_t ring_with_marks(uint32_t doorbell __attribute__((unused)),
                                                                 uint32_t value __attribute__((unused)),
                                                                 volatile unsigned *seen __attribute__((unused)))
{
    __asm__ volatile(
        "push {r4-r11, lr}\n\t"
        "vpush {d8-d15}\n\t"
        "mov r4, r0\n\tmov r5, r1\n\tmov r6, r2\n\t"
        "ldr r8, [r6]\n\t"
        "vmov.i32 q0, #0x10\n\tvmov.i32 q1, #0x11\n\tvmov.i32 q2, #0x12\n\tvmov.i32 q3, #0x13\n\t"
        "vmov.i32 q8, #0x18\n\tvmov.i32 q9, #0x19\n\tvmov.i32 q10, #0x1a\n\tvmov.i32 q11, #0x1b\n\t"
        "vmov.i32 q12, #0x1c\n\tvmov.i32 q13, #0x1d\n\tvmov.i32 q14, #0x1e\n\tvmov.i32 q15, #0x1f\n\t"
        "ldr r0, =0x03000000\n\tvmsr fpscr, r0\n\t" /* flush to zero, default NaN */
        "mov r1, #0x21\n\tmov r2, #0x22\n\tmov r3, #0x23\n\tmov r12, #0x2c\n\tmov lr, #0x2e\n\t"
        "mov r0, #0x20\n\t"
        "mov r9, #0\n\t"
        "mvns r7, r9\n\t" /* N set, Z clear */
        "str r5, [r4]\n\t"
        "dsb\n"
        "1: ldr r7, [r6]\n\t" /* loads and a subtraction without flags, until it was handled */
        "sub r7, r7, r8\n\t"
        "cbz r7, 3f\n\t"
        "b 2f\n"
        "3: b 1b\n"
        "2: mov r9, #0\n\t"
        "it pl\n\torrpl r9, #1\n\t"
        "cmp r0, #0x20\n\tit ne\n\torrne r9, #2\n\t"
        "cmp r1, #0x21\n\tit ne\n\torrne r9, #4\n\t"
        "cmp r2, #0x22\n\tit ne\n\torrne r9, #8\n\t"
        "cmp r3, #0x23\n\tit ne\n\torrne r9, #16\n\t"
        "cmp r12, #0x2c\n\tit ne\n\torrne r9, #32\n\t"
        "cmp lr, #0x2e\n\tit ne\n\torrne r9, #64\n\t"
        "vmrs r0, fpscr\n\tldr r1, =0x03000000\n\tcmp r0, r1\n\tit ne\n\torrne r9, #128\n\t"
        "vmov.i32 q4, #0x10\n\tvmov.i32 q5, #0x11\n\tvmov.i32 q6, #0x12\n\tvmov.i32 q7, #0x13\n\t"
        "veor q0, q0, q4\n\tveor q1, q1, q5\n\tveor q2, q2, q6\n\tveor q3, q3, q7\n\t"
        "vmov.i32 q4, #0x18\n\tvmov.i32 q5, #0x19\n\tvmov.i32 q6, #0x1a\n\tvmov.i32 q7, #0x1b\n\t"
        "veor q8, q8, q4\n\tveor q9, q9, q5\n\tveor q10, q10, q6\n\tveor q11, q11, q7\n\t"
        "vmov.i32 q4, #0x1c\n\tvmov.i32 q5, #0x1d\n\tvmov.i32 q6, #0x1e\n\tvmov.i32 q7, #0x1f\n\t"
        "veor q12, q12, q4\n\tveor q13, q13, q5\n\tveor q14, q14, q6\n\tveor q15, q15, q7\n\t"
        "vorr q0, q0, q1\n\tvorr q2, q2, q3\n\tvorr q8, q8, q9\n\tvorr q10, q10, q11\n\t"
        "vorr q12, q12, q13\n\tvorr q14, q14, q15\n\t"
        "vorr q0, q0, q2\n\tvorr q8, q8, q10\n\tvorr q12, q12, q14\n\tvorr q8, q8, q12\n\tvorr q0, q0, q8\n\t"
        "vorr d0, d0, d1\n\tvmov r0, r1, d0\n\torrs r0, r0, r1\n\tit ne\n\torrne r9, #256\n\t"
        "mov r0, #0\n\tvmsr fpscr, r0\n\t"
        "mov r0, r9\n\t"
        "vpop {d8-d15}\n\t"
        "pop {r4-r11, pc}\n\t"
        ".ltorg");
}

/* An LDREX here, an interrupt, the STREX: 1 if the store was refused, as it must be. */
static uint32_t exclusive_across_interrupt(void)
{
    uint32_t value, failed;

    __asm__ volatile("ldrex %0, [%1]" : "=&r"(value) : "r"(&exclusive) : "memory");
    ring();
    __asm__ volatile("strex %0, %1, [%2]" : "=&r"(failed) : "r"(value + 1), "r"(&exclusive) : "memory");
    return failed;
}

int main(void)
{
    uint32_t irq_bottom = (uint32_t)(uintptr_t)stacks[0] + STACK_IRQ_TOP - STACK_IRQ_SIZE;
    unsigned i;

    hw = hardware();
    tap_plan(9);
    exception_set_irq_handler(handler, (void *)(uintptr_t)&handled);
    __asm__ volatile("cpsie i" ::: "memory");
    ring();
    tap_equal(handled, 1, "the handler ran, with its context");
    tap_equal(handler_cpsr & (CPSR_MODE | CPSR_I), MODE_IRQ | CPSR_I, "in IRQ mode, IRQ masked");
    tap_ok(handler_sp > irq_bottom && handler_sp <= irq_bottom + STACK_IRQ_SIZE, "on the IRQ stack");
    tap_equal(cpu_read_cpsr() & (CPSR_MODE | CPSR_I), MODE_SVC, "and back, IRQ on");
    tap_equal(ring_with_marks(hw->ring.address, hw->ring.value, &handled), 0,
              "no register, flag or vector register is lost");
    for (i = 0; i < 1000; i++) {
        ring();
    }
    tap_ok(handled == 1002 && handler_sp > irq_bottom + STACK_IRQ_SIZE - 1024,
           "a thousand times, the stack does not drift");
    tap_equal(exclusive_across_interrupt(), 1, "an exclusive access does not survive an interrupt");
    guard_wanted = true;
    ring();
    tap_equal(guarded_address, 0x40, "a handler may guard an access");
    exception_set_irq_handler(handler, (void *)(uintptr_t)&handled);
    guard_wanted = false;
    ring();
    tap_equal(handled, 1005, "and IRQs go on");
    return tap_done();
}
