/* SPDX-License-Identifier: MIT */
/*
 * Data aborts that are resumed (boot/exception.h: exception_set_abort_handler). Called by exception_dispatch() in ABT mode; the
 * handler itself, and what follows it, in the mode that has aborted, as a signal handler would: on its stack, with its interrupt mask,
 * so that it may wait for interrupts.
 */
#include "boot/resume.h"

#include "boot/cpu.h"
#include "boot/fault.h"
#include "boot/mmu.h"

#include <stddef.h>

/* On the interrupted stack. What of struct exception_frame is where is known to boot/resume_entry.S. */
struct resume_block {
    struct exception_frame frame;
    uint32_t status, address; /* DFSR, DFAR */
};

_Static_assert(sizeof(struct resume_block) % 8 == 0, "sp stays aligned below it");
_Static_assert(offsetof(struct resume_block, frame.sp) == 14 * 4 && offsetof(struct resume_block, frame.cpsr) == 17 * 4,
               "boot/resume_entry.S");

/* The block, vector registers, and the frames of the handler and its calls. */
#define STACK_NEEDED 4096u

void resume_run(struct resume_block *block);
extern unsigned char resume_entry[];

/* A change of the tables makes it right: what the MMU refuses, not what the bus does. */
static bool is_translation(uint32_t status)
{
    switch (fault_status(status)) {
    case FAULT_TRANSLATION_SECTION:
    case FAULT_TRANSLATION_PAGE:
    case FAULT_PERMISSION_SECTION:
    case FAULT_PERMISSION_PAGE:
        return true;
    default:
        return false;
    }
}

/* local->resume, in ABT mode. true: the frame now resumes in the abort handler, which finds the original on the interrupted stack. */
static bool resume_begin(struct exception_frame *frame, struct cpu_local *local)
{
    const uint32_t mode = frame->cpsr & CPSR_MODE;
    struct resume_block *block;
    uint32_t status = cp15_read_DFSR();

    if (frame->kind != EXCEPTION_DATA_ABORT || local->resuming != 0 || (mode != MODE_SVC && mode != MODE_SYS) ||
        !is_translation(status)) {
        return false;
    }
    /* A stack that overflows is not grown further. */
    if (frame->sp <= STACK_NEEDED) {
        return false;
    }
    for (uint32_t at = (frame->sp - STACK_NEEDED) & ~(MMU_PAGE - 1); at < frame->sp; at += MMU_PAGE) {
        if (!mmu_writable(at)) {
            return false;
        }
    }
    /* 8 bytes for resume_entry's return, then aligned. */
    block = (struct resume_block *)(uintptr_t)((frame->sp - 8 - sizeof(*block)) & ~(uint32_t)7);
    /* Word by word: the frame's copy is no call of newlib's. */
    for (unsigned i = 0; i < sizeof(*frame) / sizeof(uint32_t); i++) {
        ((volatile uint32_t *)&block->frame)[i] = ((const uint32_t *)frame)[i];
    }
    block->status = status;
    block->address = cp15_read_DFAR();
    local->resuming = 1;
    frame->r[0] = (uint32_t)(uintptr_t)block;
    frame->pc = (uint32_t)(uintptr_t)resume_entry;
    frame->cpsr &= mode | CPSR_I | CPSR_F | CPSR_A; /* A32; no IT block */
    return true;
}

void exception_set_abort_handler(exception_abort_handler handler, void *context)
{
    struct cpu_local *local = cpu_local();

    local->abort_handler = handler;
    local->resume = handler != NULL ? resume_begin : NULL;
    local->abort_context = context;
}

/* Declined: from here on it is as if the abort had just been taken, but for the mode. */
static void go_on_as_abort(struct resume_block *block)
{
    __asm__ volatile("cpsid aif" ::: "memory");
    cp15_write_DFSR(block->status); /* the report reads them; others may have aborted since */
    cp15_write_DFAR(block->address);
    exception_unresumed(&block->frame); /* returns only to an abort guard */
}

void resume_run(struct resume_block *block)
{
    struct cpu_local *local = cpu_local();
    const struct abort_record record = {EXCEPTION_DATA_ABORT, block->status, block->address, block->frame.pc};
    bool done = local->abort_handler(local->abort_context, &record, (block->frame.cpsr & CPSR_I) != 0);

    local->resuming = 0;
    if (!done) {
        go_on_as_abort(block);
    }
}
