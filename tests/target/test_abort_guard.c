/* SPDX-License-Identifier: MIT */
/*
 * abort_guard(): what it catches, records and preserves. What would break it: a register of the caller that is lost on the way out of
 * an abort, a guard that stays up, a stack pointer that drifts, a mask that is not restored.
 */
#include "boot/cpu.h"
#include "boot/exception.h"
#include "boot/fault.h"
#include "boot/registers/barrier.h"
#include "tests/target/support/tap.h"

#include <stddef.h>

#define BAD 0x00000123u

extern unsigned char abort_site_load[], abort_site_undefined[], abort_site_arm[];

static unsigned calls;

static void fine(void *argument)
{
    calls++;
    *(unsigned *)argument += 1;
}

__attribute__((noinline, noclone)) static void load(void *address)
{
    uint32_t value;

    calls++;
    __asm__ volatile(".global abort_site_load\nabort_site_load:\n\tldrb %0, [%1]" : "=r"(value) : "r"(address));
}

__attribute__((noinline, noclone)) static void undefined(void *argument)
{
    (void)argument;
    __asm__ volatile(".global abort_site_undefined\nabort_site_undefined:\n\tudf #7");
}

/* The same in A32, where the return address is another distance away. */
__attribute__((target("arm"), noinline, noclone)) static void undefined_arm(void *argument)
{
    (void)argument;
    __asm__ volatile(".global abort_site_arm\nabort_site_arm:\n\tudf #7");
}

/* Spoils everything that a call preserves, vector registers and stack included, then aborts. */
__attribute__((naked)) static void spoil(void *argument __attribute__((unused)))
{
    __asm__ volatile("push {r4-r11, lr}\n\t"
                     "sub sp, sp, #0x440\n\t"
                     "vmov.i32 q4, #0x55\n\tvmov.i32 q5, #0x55\n\tvmov.i32 q6, #0x55\n\tvmov.i32 q7, #0x55\n\t"
                     "mov r4, #1\n\tmov r5, #2\n\tmov r6, #3\n\tmov r7, #4\n\tmov r8, #5\n\tmov r9, #6\n\t"
                     "mov r10, #7\n\tmov r11, #8\n\tmov lr, #9\n\t"
                     "mov r0, #0x100\n\tldr r0, [r0]\n\tudf #0");
}

static void nested(void *argument)
{
    struct abort_record inner;
    volatile bool *both = argument;

    both[0] = !abort_guard(load, (void *)BAD, &inner) && inner.address == BAD;
    both[1] = true;
    load((void *)(BAD + 1)); /* the outer guard's */
    both[1] = false;
}

static void note_masks(void *argument)
{
    *(uint32_t *)argument = cpu_read_cpsr();
}

__attribute__((naked, noinline)) static uint32_t call_with_marks(struct abort_record *record __attribute__((unused)))
{
    __asm__ volatile("push {r4-r11, lr}\n\t"
                     "sub sp, sp, #12\n\t"
                     "mov r2, r0\n\t"
                     "ldr r4, =0x44444444\n\tldr r5, =0x55555555\n\tldr r6, =0x66666666\n\tldr r7, =0x77777777\n\t"
                     "ldr r8, =0x88888888\n\tldr r9, =0x99999999\n\tldr r10, =0xaaaaaaaa\n\t"
                     "vmov d8, r4, r5\n\tvmov d9, r5, r6\n\tvmov d10, r6, r7\n\tvmov d11, r7, r8\n\t"
                     "vmov d12, r8, r9\n\tvmov d13, r9, r10\n\tvmov d14, r10, r4\n\tvmov d15, r4, r6\n\t"
                     "mov r11, sp\n\t"
                     "ldr r0, =%c0\n\t"
                     "movs r1, #0\n\t"
                     "bl abort_guard\n\t"
                     "mov r3, r0\n\t" /* 0: aborted */
                     "ldr r0, =0x44444444\n\tcmp r4, r0\n\tit ne\n\torrne r3, #2\n\t"
                     "ldr r0, =0x55555555\n\tcmp r5, r0\n\tit ne\n\torrne r3, #4\n\t"
                     "ldr r0, =0x66666666\n\tcmp r6, r0\n\tit ne\n\torrne r3, #8\n\t"
                     "ldr r0, =0x77777777\n\tcmp r7, r0\n\tit ne\n\torrne r3, #16\n\t"
                     "ldr r0, =0x88888888\n\tcmp r8, r0\n\tit ne\n\torrne r3, #32\n\t"
                     "ldr r0, =0x99999999\n\tcmp r9, r0\n\tit ne\n\torrne r3, #64\n\t"
                     "ldr r0, =0xaaaaaaaa\n\tcmp r10, r0\n\tit ne\n\torrne r3, #128\n\t"
                     "mov r0, sp\n\tcmp r11, r0\n\tit ne\n\torrne r3, #256\n\t"
                     "vmov r0, r1, d8\n\tcmp r0, r4\n\tit eq\n\tcmpeq r1, r5\n\tit ne\n\torrne r3, #512\n\t"
                     "vmov r0, r1, d11\n\tcmp r0, r7\n\tit eq\n\tcmpeq r1, r8\n\tit ne\n\torrne r3, #512\n\t"
                     "vmov r0, r1, d15\n\tcmp r0, r4\n\tit eq\n\tcmpeq r1, r6\n\tit ne\n\torrne r3, #512\n\t"
                     "mov sp, r11\n\t"
                     "mov r0, r3\n\t"
                     "add sp, sp, #12\n\t"
                     "pop {r4-r11, pc}\n\t"
                     ".ltorg" ::"i"(spoil));
}

int main(void)
{
    struct abort_record record = {0};
    struct cpu_local *local = cpu_local();
    unsigned count = 0, i, wrong = 0;
    uint32_t before, inside, after;
    bool both[2] = {false, false};
    uintptr_t sp;

    tap_plan(19);

    tap_ok(abort_guard(fine, &count, &record) && count == 1 && calls == 1, "a function that returns ran once");
    tap_ok(local->guard == NULL, "no guard is left");

    tap_ok(!abort_guard(load, (void *)BAD, &record) && calls == 2, "a read of nothing is caught");
    /* A page's where the image lies in the first mebibyte too. */
    tap_ok(record.kind == EXCEPTION_DATA_ABORT &&
               (fault_status(record.status) == FAULT_TRANSLATION_SECTION ||
                fault_status(record.status) == FAULT_TRANSLATION_PAGE) &&
               !fault_is_write(record.status) && record.address == BAD,
           "with status and address");
    tap_equal(record.pc, (uint32_t)(uintptr_t)abort_site_load, "and the instruction");
    tap_ok(local->guard == NULL, "no guard is left");

    tap_ok(!abort_guard(undefined, NULL, &record) && record.kind == EXCEPTION_UNDEFINED,
           "an undefined instruction is caught");
    tap_equal(record.pc, (uint32_t)(uintptr_t)abort_site_undefined, "in Thumb state");
    tap_ok(!abort_guard(undefined_arm, NULL, &record) && record.pc == (uint32_t)(uintptr_t)abort_site_arm,
           "and in Arm state");

    tap_ok(!abort_guard((void (*)(void *))0x00000ffc, NULL, &record) && record.kind == EXCEPTION_PREFETCH_ABORT &&
               record.address == 0xffc && record.pc == 0xffc,
           "a jump to nowhere is caught");

    tap_ok(!abort_guard(nested, both, &record) && both[0] && both[1] && record.address == BAD + 1,
           "a guard within a guard: each catches its own");

    tap_equal(call_with_marks(&record), 0, "an abort loses no register of the caller's");

    for (i = 0, sp = (uintptr_t)__builtin_frame_address(0); i < 10000; i++) {
        wrong += abort_guard(load, (void *)BAD, &record) || (uintptr_t)__builtin_frame_address(0) != sp;
    }
    tap_equal(wrong, 0, "ten thousand times, no stack drifts");

    before = cpu_read_cpsr() & (CPSR_A | CPSR_I | CPSR_F | CPSR_MODE);
    tap_ok(abort_guard(note_masks, &inside, &record) && (inside & CPSR_A) == 0, "asynchronous aborts are open inside");
    after = cpu_read_cpsr() & (CPSR_A | CPSR_I | CPSR_F | CPSR_MODE);
    tap_equal(after, before, "the masks are as before");
    __asm__ volatile("cpsid aif" ::: "memory");
    before = cpu_read_cpsr() & (CPSR_A | CPSR_I | CPSR_F | CPSR_MODE);
    (void)abort_guard(note_masks, &inside, &record);
    tap_equal(inside & (CPSR_A | CPSR_I | CPSR_F), CPSR_I | CPSR_F, "with all masked, inside only A is open");
    after = cpu_read_cpsr() & (CPSR_A | CPSR_I | CPSR_F | CPSR_MODE);
    tap_equal(after, before, "and masked again");
    (void)abort_guard(load, (void *)BAD, &record);
    after = cpu_read_cpsr() & (CPSR_A | CPSR_I | CPSR_F | CPSR_MODE);
    tap_equal(after, before, "also after an abort");
    __asm__ volatile("cpsie ai" ::: "memory");
    tap_ok(abort_guard(fine, &count, &record) && count == 2, "and all goes on");
    return tap_done();
}
