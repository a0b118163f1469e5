/* SPDX-License-Identifier: MIT */
/*
 * The CPU that runs this: its number, its own page of data, its processor state. Used inside boot/ and by target tests;
 * any context, no locks needed since each CPU sees only its own page.
 */
#ifndef BATON_BOOT_CPU_H
#define BATON_BOOT_CPU_H

#include "boot/registers/cp15.h"
#include "boot/stack.h"

#include <stdbool.h>
#include <stdint.h>

/* Bits of CPSR (ARM ARM B1.3.3). */
#define CPSR_MODE 0x1fu
#define CPSR_T (1u << 5)
#define CPSR_F (1u << 6)
#define CPSR_I (1u << 7)
#define CPSR_A (1u << 8)
#define MODE_USR 0x10u
#define MODE_FIQ 0x11u
#define MODE_IRQ 0x12u
#define MODE_SVC 0x13u
#define MODE_MON 0x16u
#define MODE_ABT 0x17u
#define MODE_HYP 0x1au
#define MODE_UND 0x1bu
#define MODE_SYS 0x1fu

struct abort_guard_state;
struct abort_record;
struct exception_frame;

/* In the first page of the CPU's block in boot/stack.h; zero when the CPU starts. */
struct cpu_local {
    void (*irq_handler)(void *context);
    void *irq_context;
    struct abort_guard_state *guard; /* innermost abort_guard() that is running */
    uint32_t reporting;              /* an abort report has begun: another one on this CPU is nested */
    bool (*abort_handler)(void *context, const struct abort_record *record, bool masked);
    bool (*resume)(struct exception_frame *frame,
                   struct cpu_local *local); /* with a handler: boot/resume.c, which so is linked by who has one */
    void *abort_context;
    uint32_t resuming; /* the abort handler is running: another abort is its own, and not resumed */
};

/* 0 is the CPU that booted. */
static inline unsigned cpu_number(void)
{
    return cp15_read_TPIDRPRW();
}

static inline struct cpu_local *cpu_local(void)
{
    return (struct cpu_local *)stacks[cpu_number()];
}

static inline uint32_t cpu_read_cpsr(void)
{
    uint32_t cpsr;
    __asm__ volatile("mrs %0, cpsr" : "=r"(cpsr)::"memory");
    return cpsr;
}

/* Masks IRQ on this CPU; the result goes to cpu_irq_restore(). */
static inline uint32_t cpu_irq_save(void)
{
    uint32_t cpsr = cpu_read_cpsr();
    __asm__ volatile("cpsid i" ::: "memory");
    return cpsr;
}

static inline void cpu_irq_restore(uint32_t cpsr)
{
    if (!(cpsr & CPSR_I)) {
        __asm__ volatile("cpsie i" ::: "memory");
    }
}

#endif
