/* SPDX-License-Identifier: MIT */
/*
 * Runs a routine in User mode, where every CP15 access is undefined, and records what it would have done. The emulator does
 * nothing on cache maintenance: this is how a test sees which lines a routine maintains, in which order, and with which line
 * size, on any machine. Used by the cache range test.
 */
#ifndef BATON_TESTS_TARGET_SUPPORT_CP15_RECORDER_H
#define BATON_TESTS_TARGET_SUPPORT_CP15_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cp15_record {
    uint32_t instruction; /* the two halfwords, first one high, with the Rt field cleared */
    uint32_t value;       /* of Rt */
};

/* A T32 "MCR p15, opc1, <Rt>, c<crn>, c<crm>, opc2" with Rt = 0, as stored in cp15_record.instruction. */
#define CP15_RECORD_MCR(opc1, crn, crm, opc2)                                                                          \
    (0xee000f10u | (uint32_t)(opc1) << 21 | (uint32_t)(crn) << 16 | (uint32_t)(opc2) << 5 | (uint32_t)(crm))

/*
 * Calls routine(a, b) in User mode with interrupts masked. CTR reads give ctr; MCRs are recorded in records, at most capacity of
 * them (further ones are counted). Returns the routine's r0; *count is the number of MCRs. Any other undefined instruction
 * makes *count 0xffffffff.
 */
bool cp15_recorder_call(bool (*routine)(uintptr_t a, size_t b), uintptr_t a, size_t b, uint32_t ctr,
                        struct cp15_record *records, uint32_t capacity, uint32_t *count);

#endif
