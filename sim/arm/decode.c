/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A32 and T32 decoding of the instructions that matter to caches.
 */
#include "sim/arm/decode.h"

#include <stddef.h>

/* A write to CP15: CRn, opc1, CRm, opc2 as in the ARM ARM's table. */
static enum arm_operation cp15_write(unsigned crn, unsigned opc1, unsigned crm, unsigned opc2, uint8_t *option)
{
    static const struct {
        uint8_t crm, opc2, operation;
    } cache[] = {
        {6, 1, ARM_DCIMVAC},   {6, 2, ARM_DCISW},   {10, 1, ARM_DCCMVAC}, {10, 2, ARM_DCCSW}, {11, 1, ARM_DCCMVAU},
        {14, 1, ARM_DCCIMVAC}, {14, 2, ARM_DCCISW}, {10, 4, ARM_DSB},     {10, 5, ARM_DMB},
    };

    if (crn == 7 && opc1 == 0) {
        for (size_t i = 0; i < sizeof(cache) / sizeof(cache[0]); i++) {
            if (cache[i].crm == crm && cache[i].opc2 == opc2) {
                *option = 15; /* the CP15 barriers are full ones */
                return (enum arm_operation)cache[i].operation;
            }
        }
        return ARM_OTHER;
    }
    if (crn == 1 && opc1 == 0 && crm == 0 && opc2 == 1)
        return ARM_ACTLR;
    /* Control, translation tables, domains, TLB, memory attributes, context and FCSE. */
    if (crn == 1 || crn == 2 || crn == 3 || crn == 8 || crn == 10 || crn == 13)
        return ARM_TRANSLATION;
    return ARM_OTHER;
}

/* The coprocessor space below the condition is the same in A32 and T32. */
static bool coprocessor(uint32_t code, struct arm_instruction *instruction)
{
    if ((code & 0x0f100f10) == 0x0e000f10) { /* MCR p15 */
        instruction->source = code >> 12 & 15;
        instruction->operation =
            cp15_write(code >> 16 & 15, code >> 21 & 7, code & 15, code >> 5 & 7, &instruction->option);
        return true;
    }
    if ((code & 0x0ff00f00) == 0x0c400f00) { /* MCRR p15: only TTBR0 and TTBR1 (CRm 2) change translation */
        instruction->operation = (code & 15) == 2 ? ARM_TRANSLATION : ARM_OTHER;
        return true;
    }
    return false;
}

struct arm_instruction arm_decode_a32(uint32_t code)
{
    struct arm_instruction instruction = {.condition = code >> 28};

    if (instruction.condition == 15) {
        if ((code & 0xfffffff0) == 0xf57ff040)
            instruction.operation = ARM_DSB;
        else if ((code & 0xfffffff0) == 0xf57ff050)
            instruction.operation = ARM_DMB;
        else if ((code & 0xfe50ffff) == 0xf8100a00 || (code & 0xfff3fe20) == 0xf1020000) /* RFE, CPS with a mode */
            instruction.operation = ARM_MODE;
        instruction.option = code & 15;
        return instruction;
    }
    if (coprocessor(code, &instruction))
        return instruction;
    if ((code & 0x0fffffff) == 0x0f123456 || (code & 0x0fffffff) == 0x010f0070) /* SVC 0x123456, HLT 0xf000 */
        instruction.operation = ARM_SEMIHOSTING;
    else if ((code & 0x0ffffff0) == 0x01600070 || (code & 0x0fffffff) == 0x0160006e ||
             (code & 0x0ff000f0) == 0x01400070) /* SMC, ERET, HVC */
        instruction.operation = ARM_MODE;
    else if ((code & 0x0c10f000) == 0x0010f000 && (code & 0x01800000) != 0x01000000) /* SUBS pc, MOVS pc */
        instruction.operation = ARM_MODE;
    else if ((code & 0x0e508000) == 0x08508000) /* LDM with pc and ^ */
        instruction.operation = ARM_MODE;
    else if ((code & 0x0fb1f000) == 0x0321f000 || (code & 0x0fb1fff0) == 0x0121f000) /* MSR cpsr_c */
        instruction.operation = ARM_MODE;
    return instruction;
}

struct arm_instruction arm_decode_t32(uint32_t code, unsigned bytes)
{
    struct arm_instruction instruction = {.condition = 14};

    if (bytes == 2) {
        if ((code & 0xff00) == 0xbf00 && (code & 0x000f)) {
            instruction.operation = ARM_IF_THEN;
            instruction.if_then = code & 0xff;
        } else if (code == 0xdfab || code == 0xbabc) { /* SVC 0xab, HLT 0x3c */
            instruction.operation = ARM_SEMIHOSTING;
        }
        return instruction;
    }
    if ((code & 0xfffffff0) == 0xf3bf8f40)
        instruction.operation = ARM_DSB;
    else if ((code & 0xfffffff0) == 0xf3bf8f50)
        instruction.operation = ARM_DMB;
    else if ((code & 0xfff0ffff) == 0xf7f08000 || (code & 0xfff0f000) == 0xf7e08000) /* SMC, HVC */
        instruction.operation = ARM_MODE;
    else if ((code & 0xffffff00) == 0xf3de8f00) /* SUBS pc, lr; ERET */
        instruction.operation = ARM_MODE;
    else if ((code & 0xffd0ffff) == 0xe810c000 || (code & 0xffd0ffff) == 0xe990c000) /* RFE */
        instruction.operation = ARM_MODE;
    else if ((code & 0xfffff900) == 0xf3af8100) /* CPS with a mode */
        instruction.operation = ARM_MODE;
    else if ((code & 0xfff0f1ff) == 0xf3808100) /* MSR cpsr_c */
        instruction.operation = ARM_MODE;
    if (instruction.operation) {
        instruction.option = code & 15;
        return instruction;
    }
    if ((code & 0xf0000000) == 0xe0000000 || (code & 0xf0000000) == 0xf0000000)
        coprocessor(code, &instruction);
    return instruction;
}

bool arm_condition_holds(unsigned condition, uint32_t cpsr)
{
    bool n = cpsr >> 31 & 1, z = cpsr >> 30 & 1, c = cpsr >> 29 & 1, v = cpsr >> 28 & 1;
    bool holds = true;

    switch (condition >> 1) {
    case 0:
        holds = z;
        break;
    case 1:
        holds = c;
        break;
    case 2:
        holds = n;
        break;
    case 3:
        holds = v;
        break;
    case 4:
        holds = c && !z;
        break;
    case 5:
        holds = n == v;
        break;
    case 6:
        holds = n == v && !z;
        break;
    default:
        return true;
    }
    return condition & 1 ? !holds : holds;
}

uint8_t arm_if_then_advance(uint8_t state)
{
    return state & 7 ? (state & 0xe0) | (state << 1 & 0x1f) : 0;
}

const char *arm_operation_name(enum arm_operation operation)
{
    static const char *const names[] = {
        "?",      "DCIMVAC", "DCISW", "DCCMVAC", "DCCSW",       "DCCMVAU", "DCCIMVAC",
        "DCCISW", "ACTLR",   "DSB",   "DMB",     "translation", "mode",    "semihosting", "IT",
    };

    return names[operation];
}

bool arm_barrier_reaches_system(unsigned option)
{
    /* SY 15, ST 14, LD 13; OSH 3, OSHST 2, OSHLD 1; option 0 and 12 are reserved and behave as SY. */
    return option >= 12 || option <= 3;
}

bool arm_barrier_orders_loads(unsigned option)
{
    return (option & 3) != 2;
}
