/* SPDX-License-Identifier: MIT */
/*
 * See cp15_recorder.h. The vectors and the two mode changes are the only assembly: SVC calls down to User mode and comes
 * back by SVC; the undefined-instruction vector decodes, records and skips.
 */
#include "tests/target/support/cp15_recorder.h"

#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"

static struct {
    uint32_t ctr;
    struct cp15_record *records;
    uint32_t capacity, count;
} recorder;

/* From the undefined-instruction vector: registers r0 to r12, then the address after the first halfword. Returns where to go on. */
uint32_t cp15_recorder_undefined(uint32_t *registers);

uint32_t cp15_recorder_undefined(uint32_t *registers)
{
    uint32_t after = registers[13];
    const uint16_t *half = (const uint16_t *)(after - 2);
    uint32_t instruction = (uint32_t)half[0] << 16 | half[1];
    uint32_t rt = instruction >> 12 & 15;
    instruction &= ~0xf000u;
    if (instruction == (CP15_RECORD_MCR(0, 0, 0, 1) | 1u << 20) && rt < 13) {
        registers[rt] = recorder.ctr;
    } else if ((instruction & 0xff100f10u) == 0xee000f10u && rt < 13) {
        if (recorder.count < recorder.capacity)
            recorder.records[recorder.count] = (struct cp15_record){instruction, registers[rt]};
        recorder.count++;
    } else {
        recorder.count = 0xffffffffu;
        recorder.capacity = 0;
    }
    return after + 2; /* both were 32-bit instructions */
}

void cp15_recorder_vectors(void);
bool cp15_recorder_descend(bool (*routine)(uintptr_t a, size_t b), uintptr_t a, size_t b);

__asm__("    .section .text.cp15_recorder, \"ax\"\n"
        "    .syntax unified\n"
        "    .arm\n"
        "    .balign 32\n"
        "    .global cp15_recorder_vectors\n"
        "    .type cp15_recorder_vectors, %function\n"
        "cp15_recorder_vectors:\n"
        "    b   .\n"  /* reset: not taken through VBAR */
        "    b   1f\n" /* undefined */
        "    b   2f\n" /* SVC */
        "    b   .\n"  /* the rest does not come: interrupts are masked, the budget ends a hang */
        "    b   .\n"
        "    b   .\n"
        "    b   .\n"
        "    b   .\n"
        "1:  stmfd sp!, {r0-r12, lr}\n"
        "    mov r0, sp\n"
        "    blx cp15_recorder_undefined\n"
        "    str r0, [sp, #52]\n"
        "    ldmfd sp!, {r0-r12, pc}^\n"
        "2:  pop {r4-r11, lr}\n" /* the stack of SVC mode is as descend left it */
        "    bx  lr\n"
        "    .global cp15_recorder_descend\n"
        "    .type cp15_recorder_descend, %function\n"
        "cp15_recorder_descend:\n"
        "    push {r4-r11, lr}\n"
        "    mov r12, r0\n"
        "    mov r0, r1\n"
        "    mov r1, r2\n"
        "    sub r3, sp, #256\n" /* User mode's stack: below this one, of which SVC mode uses no more meanwhile */
        "    cps #0x1f\n"
        "    mov sp, r3\n"
        "    cps #0x10\n"
        "    blx r12\n"
        "    svc #0\n"
        "    .thumb\n");

bool cp15_recorder_call(bool (*routine)(uintptr_t a, size_t b), uintptr_t a, size_t b, uint32_t ctr,
                        struct cp15_record *records, uint32_t capacity, uint32_t *count)
{
    recorder.ctr = ctr;
    recorder.records = records;
    recorder.capacity = capacity;
    recorder.count = 0;

    uint32_t cpsr;
    __asm__ volatile("mrs %0, cpsr\n\tcpsid if" : "=r"(cpsr)::"memory");
    uint32_t vbar = cp15_read_VBAR(), dacr = cp15_read_DACR();
    cp15_write_DACR(0xffffffffu); /* manager of every domain: User mode may read text and write its stack */
    cp15_write_VBAR((uint32_t)cp15_recorder_vectors);
    isb();
    bool result = cp15_recorder_descend(routine, a, b);
    cp15_write_VBAR(vbar);
    cp15_write_DACR(dacr);
    isb();
    __asm__ volatile("msr cpsr_c, %0" ::"r"(cpsr) : "memory");
    *count = recorder.count;
    return result;
}
