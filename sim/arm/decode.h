/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which instructions the simulator has to know: cache maintenance and barriers, and what changes how addresses are translated.
 * Everything else only shows through its memory accesses. Encodings: ARM ARM DDI 0406C, B4.2.1 (cache operations), A8.8 (instructions).
 *
 * Pure: called by the plugin's translation hook and by the host tests.
 */
#ifndef SIM_ARM_DECODE_H
#define SIM_ARM_DECODE_H

#include <stdbool.h>
#include <stdint.h>

enum arm_operation {
    ARM_OTHER,
    ARM_DCIMVAC,  /* invalidate by address to the point of coherency */
    ARM_DCISW,    /* invalidate by set and way */
    ARM_DCCMVAC,  /* clean by address to the point of coherency */
    ARM_DCCSW,    /* clean by set and way */
    ARM_DCCMVAU,  /* clean by address to the point of unification */
    ARM_DCCIMVAC, /* clean and invalidate by address */
    ARM_DCCISW,   /* clean and invalidate by set and way */
    ARM_ACTLR,    /* writes the auxiliary control register */
    ARM_DSB,
    ARM_DMB,
    ARM_TRANSLATION, /* writes a register that translation depends on, or the TLB */
    ARM_MODE,        /* may change the mode: banks of these registers and Hyp mode's own go with it */
    ARM_SEMIHOSTING, /* the call to the host */
    ARM_IF_THEN,     /* T32 IT: the next instructions are conditional */
};

struct arm_instruction {
    enum arm_operation operation;
    uint8_t source;    /* core register that carries the operand */
    uint8_t condition; /* 14, 15: always */
    uint8_t option;    /* of a barrier: SY 15, ST 14, ISH 11, ... */
    uint8_t if_then;   /* of ARM_IF_THEN: the instruction's low byte, the initial ITSTATE */
};

/* code: an A32 word, or a T32 instruction as one halfword, or as first << 16 | second halfword. */
struct arm_instruction arm_decode_a32(uint32_t code);
struct arm_instruction arm_decode_t32(uint32_t code, unsigned bytes);

/* Does an instruction with this condition execute under these flags (CPSR)? */
bool arm_condition_holds(unsigned condition, uint32_t cpsr);

/* ITSTATE after one instruction of the block; 0: the block is over. The condition of the next one is its upper nibble. */
uint8_t arm_if_then_advance(uint8_t state);

const char *arm_operation_name(enum arm_operation operation);

/* A barrier that reaches devices: full system or outer shareable. */
bool arm_barrier_reaches_system(unsigned option);
/* It orders loads too, not only stores. */
bool arm_barrier_orders_loads(unsigned option);

#endif
