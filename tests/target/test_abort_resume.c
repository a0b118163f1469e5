/* SPDX-License-Identifier: MIT */
/*
 * Data aborts that a handler resumes. What would break it: a register, a flag or a vector register that the handler's use shows through in, an IT
 * block that goes on with the wrong condition, a stack pointer that drifts, a handler that runs with interrupts masked or inside
 * itself, an abort that is handed over though it is none of the MMU's.
 */
#include "boot/cpu.h"
#include "boot/exception.h"
#include "boot/fault.h"
#include "boot/image.h"
#include "boot/mmu.h"
#include "tests/target/support/hardware.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include <string.h>

#define PAGE 4096u

static unsigned char *page;     /* taken away before each case, given back by the handler */
static volatile unsigned calls; /* by faults of loads and stores, which the compiler does not know of */
static volatile struct abort_record seen;
static volatile bool seen_masked, seen_irq_on, mends = true, aborts_itself, waits;
static volatile uint32_t seen_mode, seen_sp;

/* Spoils all that a call may change. */
__attribute__((noinline)) static void spoil(void)
{
    __asm__ volatile(
        "vmov.i32 q0, #0x55\n\tvmov.i32 q1, #0x55\n\tvmov.i32 q2, #0x55\n\tvmov.i32 q3, #0x55\n\t"
        "vmov.i32 q8, #0x55\n\tvmov.i32 q9, #0x55\n\tvmov.i32 q10, #0x55\n\tvmov.i32 q11, #0x55\n\t"
        "vmov.i32 q12, #0x55\n\tvmov.i32 q13, #0x55\n\tvmov.i32 q14, #0x55\n\tvmov.i32 q15, #0x55\n\t"
        "mov r0, #0\n\tvmsr fpscr, r0\n\tcmp r0, #1\n\tmov r1, #1\n\tmov r2, #2\n\tmov r3, #3\n\tmov r12, #4" ::
            : "r0", "r1", "r2", "r3", "r12", "cc", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d16", "d17", "d18",
              "d19", "d20", "d21", "d22", "d23", "d24", "d25", "d26", "d27", "d28", "d29", "d30", "d31");
}

static bool handler(void *context, const struct abort_record *record, bool masked)
{
    uint32_t cpsr = cpu_read_cpsr();

    calls = calls + 1;
    seen = *record;
    seen_masked = masked;
    seen_irq_on = (cpsr & CPSR_I) == 0;
    seen_mode = cpsr & CPSR_MODE;
    seen_sp = (uint32_t)(uintptr_t)__builtin_frame_address(0);
    if (context != &page || calls > 20) { /* a test that repeats for ever would only hang */
        return false;
    }
    if (waits) {
        uint64_t end = platform()->microseconds() + 2000;
        while (platform()->microseconds() < end) {
            platform()->sleep_until(end); /* ends by the timer's interrupt */
        }
    }
    if (aborts_itself) {
        static volatile uintptr_t nowhere = 0x200;
        (void)*(volatile uint32_t *)nowhere;
    }
    if (mends && !mmu_map((uintptr_t)page, (uintptr_t)page, 2 * PAGE, MMU_DATA)) {
        return false;
    }
    spoil();
    return mends;
}

static void take_away(void)
{
    calls = 0;
    if (!mmu_unmap((uintptr_t)page, 2 * PAGE)) {
        tap_note("the page cannot be unmapped");
    }
}

/* Loads every register from *in, loads a word from an address in r0, and stores all registers to *out: r0-r12, lr, sp difference, APSR,
 * FPSCR, d0-d31. In A32 and in T32. */
struct registers {
    uint32_t r[14], sp, apsr, fpscr, pad;
    uint64_t d[32];
};

static struct registers in, out;

#define BODY                                                                                                           \
    "push {r4-r11, lr}\n\tvpush {d8-d15}\n\tpush {r0, r1}\n\tsub sp, sp, #8\n\t" /* 4-aligned at the fault */          \
    "add r2, r0, #72\n\tvldmia r2!, {d0-d15}\n\tvldmia r2!, {d16-d31}\n\t"                                             \
    "ldr r2, [r0, #64]\n\tvmsr fpscr, r2\n\tldr r2, [r0, #60]\n\tmsr apsr_nzcvqg, r2\n\t"                              \
    "ldr lr, [r0, #52]\n\tldm r0, {r0-r12}\n\t"                                                                        \
    "ldr r1, [r0]\n\t"                                                                                                 \
    "push {r0}\n\tldr r0, [sp, #16]\n\tstr r1, [r0, #4]\n\tadd r1, r0, #8\n\tstm r1!, {r2-r12}\n\tstr lr, [r1]\n\t"    \
    "mrs r1, apsr\n\tstr r1, [r0, #60]\n\tvmrs r1, fpscr\n\tstr r1, [r0, #64]\n\tadd r1, sp, #4\n\tstr r1, [r0, "      \
    "#56]\n\t"                                                                                                         \
    "add r2, r0, #72\n\tvstmia r2!, {d0-d15}\n\tvstmia r2!, {d16-d31}\n\tpop {r1}\n\tstr r1, [r0]\n\t"                 \
    "add sp, sp, #16\n\tvpop {d8-d15}\n\tpop {r4-r11, pc}"

__attribute__((naked, noinline, target("thumb"))) static void
all_registers_thumb(const struct registers *from __attribute__((unused)), struct registers *to __attribute__((unused)))
{
    __asm__ volatile(BODY);
}

__attribute__((naked, noinline, target("arm"))) static void
all_registers_arm(const struct registers *from __attribute__((unused)), struct registers *to __attribute__((unused)))
{
    __asm__ volatile(BODY);
}

static void keeps_registers(void (*body)(const struct registers *, struct registers *), const char *name)
{
    for (unsigned i = 0; i < 14; i++) {
        in.r[i] = 0x01010101u * (i + 1);
    }
    for (unsigned i = 0; i < 32; i++) {
        in.d[i] = 0x1122334455667788u * (i + 1);
    }
    in.r[0] = (uint32_t)(uintptr_t)page + 8;
    in.apsr = 0xa80f0000;  /* N, C, Q, GE */
    in.fpscr = 0x50c00010; /* Z, V, rounding, an exception flag */
    *(uint32_t *)(page + 8) = 0xcafe0000;
    memset(&out, 0, sizeof(out));
    take_away();
    body(&in, &out);
    in.r[1] = 0xcafe0000; /* what was loaded */
    tap_ok(calls == 1 && memcmp(in.r, out.r, sizeof(in.r)) == 0, "%s: general registers", name);
    tap_ok((out.apsr & 0xf80f0000) == in.apsr && out.fpscr == in.fpscr, "%s: flags, Q, GE, FPSCR", name);
    if (!tap_ok(memcmp(in.d, out.d, sizeof(in.d)) == 0, "%s: vector registers", name)) {
        for (unsigned i = 0; i < 32; i++) {
            tap_note("d%u %08lx%08lx", i, (unsigned long)(out.d[i] >> 32), (unsigned long)out.d[i]);
        }
    }
    tap_ok(out.sp % 8 == 4 && seen_sp < out.sp,
           "%s: the stack was not 8-aligned at the fault, and the handler was below it", name);
}

/* Faults in the middle of an IT block; what follows in it must still be conditional, on flags that the handler has spoilt. */
__attribute__((noinline)) static uint32_t it_block(void *address)
{
    uint32_t result = 0x10;

    __asm__ volatile("cmp %1, %1\n\t"
                     "itete eq\n\t"
                     "ldreq r3, [%1]\n\t"
                     "addne %0, %0, #1\n\t"
                     "addeq %0, %0, #2\n\t"
                     "addne %0, %0, #4\n\t"
                     : "+r"(result)
                     : "r"(address)
                     : "r3", "cc", "memory");
    return result;
}

static void load(void *address)
{
    (void)*(volatile uint32_t *)address;
}

static void load_in_sys(void *address)
{
    __asm__ volatile("mrs r2, cpsr\n\tmov r3, sp\n\tcps #0x1f\n\tmov r12, sp\n\tmov sp, r3\n\tldr r1, [%0]\n\t"
                     "mov sp, r12\n\tcps #0x13" ::"r"(address)
                     : "r1", "r2", "r3", "r12", "memory");
}

int main(void)
{
    struct abort_record record;

    platform();
    page = (unsigned char *)__pool_start + 16 * PAGE;
    exception_set_abort_handler(handler, &page);

    tap_plan(hardware()->refused != 0 ? 22 : 21);
    keeps_registers(all_registers_thumb, "T32");
    keeps_registers(all_registers_arm, "A32");

    take_away();
    tap_ok(it_block(page) == 0x12 && calls == 1, "an IT block goes on with its condition");
    tap_ok(seen.kind == EXCEPTION_DATA_ABORT && seen.address == (uint32_t)(uintptr_t)page &&
               !fault_is_write(seen.status) && fault_status(seen.status) == FAULT_TRANSLATION_PAGE &&
               seen_mode == MODE_SVC,
           "the handler is told what happened, in the mode where it did");

    /* A store of several registers over the page's end, part of it there. */
    uint32_t *words = (uint32_t *)(page + PAGE - 8);
    take_away();
    __asm__ volatile(
        "mov r4, #1\n\tmov r5, #2\n\tmov r6, #3\n\tmov r7, #4\n\tmov r3, %0\n\tstm r3!, {r4, r5, r6, r7}\n\tmov %0, r3"
        : "+r"(words)::"r3", "r4", "r5", "r6", "r7", "memory");
    tap_ok(calls == 1 && words == (uint32_t *)(page + PAGE + 8) && words[-1] == 4 && words[-4] == 1 &&
               fault_is_write(seen.status),
           "STM with write-back is repeated whole");
    take_away();
    memset(page, 7, 2 * PAGE);
    tap_ok(calls == 1 && page[0] == 7 && page[2 * PAGE - 1] == 7, "memset");
    if (!mmu_map((uintptr_t)page, (uintptr_t)page, PAGE, MMU_RODATA)) {
        tap_note("not mapped");
    }
    calls = 0;
    load(page);
    page[0] = 1;
    tap_ok(calls == 1 && fault_status(seen.status) == FAULT_PERMISSION_PAGE && page[0] == 1,
           "a store to a read-only page, by permission");

    take_away();
    load_in_sys(page);
    tap_ok(calls == 1 && seen_mode == MODE_SYS, "in SYS mode, too");

    take_away();
    waits = true;
    load(page);
    waits = false;
    tap_ok(calls == 1 && seen_irq_on && !seen_masked, "interrupts on: the handler has waited for one");
    take_away();
    uint32_t state = cpu_irq_save();
    load(page);
    bool still = (cpu_read_cpsr() & CPSR_I) != 0;
    cpu_irq_restore(state);
    tap_ok(calls == 1 && !seen_irq_on && seen_masked && still, "masked: it is told, and they stay masked");

    /* Declined. */
    mends = false;
    take_away();
    memset(&record, 0, sizeof(record));
    bool returned = abort_guard(load, page + 4, &record);
    tap_ok(!returned && calls == 1 && record.address == (uint32_t)(uintptr_t)page + 4 && record.pc == seen.pc &&
               record.status == seen.status,
           "declined: the guard catches what it would have caught");
    mends = true;
    aborts_itself = true;
    returned = abort_guard(load, page, &record);
    aborts_itself = false;
    tap_ok(!returned && calls == 2 && record.address == 0x200,
           "an abort in the handler goes to the guard, not to the handler");
    calls = 0;
    load(page);
    tap_ok(calls == 1, "and the next one to the handler again");

    calls = 0;
    if (hardware()->refused != 0) {
        returned = abort_guard(load, (void *)(uintptr_t)hardware()->refused, &record);
        tap_ok(!returned && calls == 0 && fault_status(record.status) == FAULT_EXTERNAL,
               "what the bus refuses is not handed over");
    }

    exception_set_abort_handler(NULL, NULL);
    take_away();
    returned = abort_guard(load, page, &record);
    tap_ok(!returned && calls == 0, "no handler, as before");
    exception_set_abort_handler(handler, &page);
    load(page);

    /* The exclusive monitor is clear after it. */
    uint32_t failed, *word = (uint32_t *)(page + 64);
    take_away();
    static uint32_t other;
    __asm__ volatile("ldrex r3, [%2]\n\tldr r2, [%1]\n\tstrex %0, r3, [%2]"
                     : "=&r"(failed)
                     : "r"(word), "r"(&other)
                     : "r2", "r3", "memory");
    tap_ok(failed == 1 && calls == 1, "an exclusive pair around it fails, and will be tried again");
    return tap_done();
}
