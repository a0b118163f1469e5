/* SPDX-License-Identifier: MIT */
/*
 * The abort report. Formats by itself and writes straight to the board's console: when it runs, newlib's state may be in the
 * middle of anything. Called by boot/exception.c in ABT mode, interrupts masked.
 */
#include "boot/board.h"
#include "boot/boot.h"
#include "boot/cpu.h"
#include "boot/exception.h"
#include "boot/fault.h"
#include "boot/unwind.h"

#include <string.h>

static void text(const char *string)
{
    board_console_write(string, strlen(string));
}

static void hex(uint32_t value)
{
    static const char digits[] = "0123456789abcdef";
    char buffer[10] = {'0', 'x'};
    unsigned i;

    for (i = 0; i < 8; i++) {
        buffer[2 + i] = digits[value >> (28 - 4 * i) & 0xf];
    }
    board_console_write(buffer, sizeof(buffer));
}

static void decimal(uint32_t value)
{
    char buffer[10];
    unsigned i = sizeof(buffer);

    do {
        buffer[--i] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    board_console_write(buffer + i, sizeof(buffer) - i);
}

static void named(const char *name, uint32_t value)
{
    text(name);
    hex(value);
}

static const char *mode_name(uint32_t cpsr)
{
    switch (cpsr & CPSR_MODE) {
    case MODE_USR:
        return "USR";
    case MODE_FIQ:
        return "FIQ";
    case MODE_IRQ:
        return "IRQ";
    case MODE_SVC:
        return "SVC";
    case MODE_MON:
        return "MON";
    case MODE_ABT:
        return "ABT";
    case MODE_UND:
        return "UND";
    case MODE_SYS:
        return "SYS";
    default:
        return "illegal mode";
    }
}

static void stack_overflow(uint32_t address)
{
    static const struct {
        const char *mode;
        uint32_t bottom;
    } guards[] = {
        {"SVC", STACK_SVC_TOP - STACK_SVC_SIZE}, {"IRQ", STACK_IRQ_TOP - STACK_IRQ_SIZE},
        {"ABT", STACK_ABT_TOP - STACK_ABT_SIZE}, {"UND", STACK_UND_TOP - STACK_UND_SIZE},
        {"FIQ", STACK_FIQ_TOP - STACK_FIQ_SIZE},
    };
    uint32_t offset = address - (uint32_t)(uintptr_t)stacks;
    unsigned i;

    for (i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
        uint32_t guard = guards[i].bottom - STACK_PAGE;

        if (offset < sizeof(stacks) && offset % STACK_CPU_SIZE - guard < STACK_PAGE) {
            text("stack overflow: the address is in the guard page of CPU ");
            decimal(offset / STACK_CPU_SIZE);
            text("'s ");
            text(guards[i].mode);
            text(" stack\n");
        }
    }
}

static void what(const struct exception_frame *frame)
{
    uint32_t status, address;

    switch (frame->kind) {
    case EXCEPTION_DATA_ABORT:
        status = cp15_read_DFSR();
        address = cp15_read_DFAR();
        text("data abort: ");
        text(fault_text(status));
        if (fault_is_asynchronous(status)) {
            text(", address and instruction unknown");
        } else {
            text(fault_is_write(status) ? ", write to " : ", read of ");
            hex(address);
        }
        named(" (DFSR ", status);
        text(")\n");
        if (!fault_is_asynchronous(status)) {
            stack_overflow(address);
        }
        break;
    case EXCEPTION_PREFETCH_ABORT:
        status = cp15_read_IFSR();
        text("prefetch abort: ");
        text(fault_text(status));
        named(", execution at ", cp15_read_IFAR());
        named(" (IFSR ", status);
        text(")\n");
        break;
    case EXCEPTION_UNDEFINED:
        text("undefined instruction\n");
        break;
    case EXCEPTION_SVC:
        text("unexpected supervisor call\n");
        break;
    default:
        text("unexpected FIQ\n");
        break;
    }
}

void exception_report(const struct exception_frame *frame)
{
    static const char *const names[16] = {"  r0  ", "  r1  ", "  r2  ", "  r3  ", "  r4  ", "  r5  ",
                                          "  r6  ", "  r7  ", "  r8  ", "  r9  ", "  r10 ", "  r11 ",
                                          "  r12 ", "  sp  ", "  lr  ", "  pc  "};
    uint32_t registers[16], pcs[UNWIND_FRAMES_MAX];
    size_t count, i;

    for (i = 0; i < 13; i++) {
        registers[i] = frame->r[i]; /* no memcpy(): it may use NEON, and that may be off */
    }
    registers[13] = frame->sp;
    registers[14] = frame->lr;
    registers[15] = frame->pc;
    if (frame->kind == EXCEPTION_UNDEFINED || frame->kind == EXCEPTION_SVC) {
        registers[15] -= (frame->cpsr & CPSR_T) != 0 ? 2 : 4; /* their return address is the next instruction's */
    }

    text("\nCPU ");
    decimal(cpu_number());
    text(": ");
    what(frame);
    for (i = 0; i < 16; i++) {
        named(names[i], registers[i]);
        if (i % 4 == 3) {
            text("\n");
        }
    }
    named("  cpsr ", frame->cpsr);
    text(" (");
    text(mode_name(frame->cpsr));
    text((frame->cpsr & CPSR_T) != 0 ? ", Thumb" : ", Arm");
    text((frame->cpsr & CPSR_I) != 0 ? ", IRQ masked)\n" : ", IRQ on)\n");

    text("backtrace (arm-none-eabi-addr2line -f -i -p -e IMAGE ADDRESS...):\n");
    count = unwind_backtrace(registers, pcs, UNWIND_FRAMES_MAX);
    for (i = 0; i < count; i++) {
        text("  #");
        decimal((uint32_t)i);
        named(" ", pcs[i]);
        text("\n");
    }
}
