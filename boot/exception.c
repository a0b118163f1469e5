/* SPDX-License-Identifier: MIT */
/*
 * What boot/vectors.S calls: dispatch of IRQs and aborts, and the two ends of an abort guard. Runs in IRQ and ABT mode,
 * interrupts masked; never waits, and ends the program after a report.
 */
#include "boot/exception.h"

#include "boot/board.h"
#include "boot/cpu.h"
#include "boot/fault.h"
#include "boot/registers/barrier.h"
#include "boot/resume.h"
#include "boot/semihosting.h"

#include <stddef.h>
#include <unistd.h>

/* On the stack of abort_guard(); the offsets are known to boot/vectors.S. */
struct abort_guard_state {
    struct abort_guard_state *previous;
    struct abort_record *record;
    uint32_t cpsr;     /* before the guard */
    uint32_t resuming; /* cpu_local()'s, before the guard: it may end the abort handler as well */
};

extern unsigned char abort_guard_landing[];
void abort_guard_enter(struct abort_guard_state *state);
void abort_guard_leave(struct abort_guard_state *state);
void exception_irq(void);
void exception_dispatch(struct exception_frame *frame);
_Noreturn void exception_nested(void);

void exception_set_irq_handler(void (*handler)(void *context), void *context)
{
    struct cpu_local *local = cpu_local();

    local->irq_handler = handler;
    local->irq_context = context;
}

void abort_guard_enter(struct abort_guard_state *state)
{
    struct cpu_local *local = cpu_local();

    dsb(); /* what was begun before the guard is not the guarded function's */
    isb();
    state->previous = local->guard;
    state->resuming = local->resuming;
    local->guard = state;
    __asm__ volatile("cpsie a" ::: "memory");
}

void abort_guard_leave(struct abort_guard_state *state)
{
    dsb(); /* an asynchronous abort of the function is taken here at the latest, with the guard still up */
    isb();
    cpu_local()->guard = state->previous;
}

void exception_irq(void)
{
    struct cpu_local *local = cpu_local();

    if (local->irq_handler == NULL) {
        static const char text[] = "\nunexpected IRQ: no handler is set on this CPU\n";

        board_console_write(text, sizeof(text) - 1);
        _exit(EXCEPTION_EXIT_STATUS);
    }
    local->irq_handler(local->irq_context);
}

/* true: the frame now resumes in the guard. */
static bool caught(struct exception_frame *frame, struct cpu_local *local)
{
    struct abort_guard_state *state = local->guard;
    bool thumb = (frame->cpsr & CPSR_T) != 0;

    if (state == NULL || (frame->cpsr & CPSR_MODE) != (state->cpsr & CPSR_MODE)) {
        return false;
    }
    switch (frame->kind) {
    case EXCEPTION_UNDEFINED:
        *state->record = (struct abort_record){EXCEPTION_UNDEFINED, 0, 0, frame->pc - (thumb ? 2 : 4)};
        break;
    case EXCEPTION_PREFETCH_ABORT:
        *state->record = (struct abort_record){EXCEPTION_PREFETCH_ABORT, cp15_read_IFSR(), cp15_read_IFAR(), frame->pc};
        if (fault_status(state->record->status) == FAULT_DEBUG_EVENT) {
            state->record->address = frame->pc; /* IFAR is UNKNOWN after one (BKPT) */
        }
        break;
    case EXCEPTION_DATA_ABORT:
        *state->record = (struct abort_record){EXCEPTION_DATA_ABORT, cp15_read_DFSR(), cp15_read_DFAR(), frame->pc};
        break;
    default:
        return false;
    }
    local->resuming = state->resuming;
    frame->r[0] = (uint32_t)(uintptr_t)state;
    frame->pc = (uint32_t)(uintptr_t)abort_guard_landing;
    frame->cpsr = state->cpsr & ~CPSR_A; /* A32 state; a further asynchronous abort is still the function's */
    return true;
}

void exception_dispatch(struct exception_frame *frame)
{
    struct cpu_local *local = cpu_local();

    if (frame->kind == EXCEPTION_SVC && semihosting_refused(frame->pc)) {
        return; /* nobody took the call: it goes on behind the trap with its request unanswered */
    }
    if (local->resume == NULL || !local->resume(frame, local)) {
        exception_unresumed(frame);
    }
}

void exception_unresumed(struct exception_frame *frame)
{
    struct cpu_local *local = cpu_local();

    if (caught(frame, local)) {
        return;
    }
    if (local->reporting != 0) {
        exception_nested();
    }
    local->reporting = 1;
    exception_report(frame);
    _exit(EXCEPTION_EXIT_STATUS);
}

_Noreturn void exception_nested(void)
{
    static const char text[] = "\nabort inside an abort report\n";

    /* Once it may be the console that aborts, or the exit: each is tried only once more. */
    switch (++cpu_local()->reporting) {
    case 1: /* the first report did not get as far as its own mark */
    case 2:
        board_console_write(text, sizeof(text) - 1);
        _exit(EXCEPTION_EXIT_STATUS);
    case 3:
        _exit(EXCEPTION_EXIT_STATUS);
    default:
        for (;;) {
            wfi();
        }
    }
}
