/* SPDX-License-Identifier: MIT */
/*
 * Exceptions: the IRQ hook that a board's interrupt controller takes, aborts that end in a report, and a guard for
 * code that expects one.
 *
 * IRQ: the handler runs in IRQ mode on the CPU's IRQ stack, interrupts masked, not nested. It may use what any function may use,
 * vector registers included; it must not call malloc() or free(), whose state the interrupted code may be changing, nor
 * abort_guard() unless it also expects the abort.
 *
 * Anything else (undefined instruction, SVC, prefetch and data abort, FIQ) prints the registers, the fault in words and a
 * backtrace, and exits with EXCEPTION_EXIT_STATUS, unless an abort_guard() of the same CPU and mode is running.
 */
#ifndef BATON_BOOT_EXCEPTION_H
#define BATON_BOOT_EXCEPTION_H

#include <stdbool.h>
#include <stdint.h>

/* The order is known to boot/vectors.S. */
enum exception_kind {
    EXCEPTION_UNDEFINED,
    EXCEPTION_SVC,
    EXCEPTION_PREFETCH_ABORT,
    EXCEPTION_DATA_ABORT,
    EXCEPTION_FIQ,
};

#define EXCEPTION_EXIT_STATUS 1

/* Handles this CPU's IRQs from now on; NULL: an IRQ is reported as unexpected. Task context, IRQ masked. */
void exception_set_irq_handler(void (*handler)(void *context), void *context);

/* What stopped a guarded function. */
struct abort_record {
    enum exception_kind kind; /* UNDEFINED, PREFETCH_ABORT or DATA_ABORT */
    uint32_t status;          /* DFSR or IFSR; 0 for UNDEFINED. Words: fault_text(), boot/fault.h */
    uint32_t address;         /* DFAR or IFAR; 0 for UNDEFINED; unknown for an asynchronous external abort */
    uint32_t pc;              /* the instruction; for an asynchronous abort, the one it was taken at */
};

/* Calls function(argument). true: it returned. false: an undefined instruction, a prefetch or a data abort on this CPU in this
 * mode ended it, *record says which; what it had done till then stays done, and locks it held stay held.
 *
 * Asynchronous external aborts (a store that the bus refused, posted) belong to the code that caused them: earlier accesses are
 * completed before the call (their abort is fatal, unless CPSR.A was set and held it back until now), the function's own are
 * completed (DSB) before the guard ends, and CPSR.A is clear meanwhile. May be nested: the inner one catches. Any CPU; its own mode only, so an abort of
 * an interrupt handler that interrupts a guarded function is still fatal. */
bool abort_guard(void (*function)(void *argument), void *argument, struct abort_record *record);

/* A data abort by translation or permission in SVC or SYS mode, on this CPU. Runs in that mode, on its stack, as a function that the
 * instruction calls: all registers are kept. masked: interrupts were, and are (it must not wait for one). true: what was wrong is
 * mended, the instruction is repeated. false: not mine; the abort goes on to the guard or the report that it would have had.
 * An abort in the handler itself is not resumed. */
typedef bool (*exception_abort_handler)(void *context, const struct abort_record *record, bool masked);

/* Sets this CPU's; NULL: none. Task context. Aborts of an interrupt handler, of others than the MMU, of a stack without room (4 KiB) and
 * inside the handler are not handed to it. */
void exception_set_abort_handler(exception_abort_handler handler, void *context);

/* Inside boot/ */

struct exception_frame {
    uint32_t kind;
    uint32_t r[13];
    uint32_t sp, lr; /* of the interrupted mode */
    uint32_t
        pc; /* as the return address was adjusted for the kind: the instruction, but for SVC and UNDEFINED the next one */
    uint32_t cpsr; /* of the interrupted code */
};

/* Prints an abort report on the console; boot/report.c. Returns. */
void exception_report(const struct exception_frame *frame);

#endif
