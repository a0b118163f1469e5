/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The decoder against the assembler: each line is assembled as A32 and as T32 and must decode to what stands beside it.
 */
// link: sim/arm/decode.c
#include "sim/arm/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define A32 1
#define T32 2

static const struct {
    const char *text;
    int sets;
    enum arm_operation operation;
    int source, option, condition;
} table[] = {
    {"mcr p15, 0, r3, c7, c6, 1", A32 | T32, ARM_DCIMVAC, 3, -1, 14},
    {"mcr p15, 0, r12, c7, c6, 2", A32 | T32, ARM_DCISW, 12, -1, 14},
    {"mcr p15, 0, r0, c7, c10, 1", A32 | T32, ARM_DCCMVAC, 0, -1, 14},
    {"mcr p15, 0, r1, c7, c10, 2", A32 | T32, ARM_DCCSW, 1, -1, 14},
    {"mcr p15, 0, lr, c7, c11, 1", A32 | T32, ARM_DCCMVAU, 14, -1, 14},
    {"mcr p15, 0, r2, c7, c14, 1", A32 | T32, ARM_DCCIMVAC, 2, -1, 14},
    {"mcr p15, 0, r2, c7, c14, 2", A32 | T32, ARM_DCCISW, 2, -1, 14},
    {"mcr p15, 0, r2, c7, c10, 4", A32 | T32, ARM_DSB, 2, 15, 14},
    {"mcr p15, 0, r2, c7, c10, 5", A32 | T32, ARM_DMB, 2, 15, 14},
    {"mcrne p15, 0, r5, c7, c6, 1", A32, ARM_DCIMVAC, 5, -1, 1},
    {"mcrlt p15, 0, r5, c7, c10, 1", A32, ARM_DCCMVAC, 5, -1, 11},
    {"dsb sy", A32 | T32, ARM_DSB, -1, 15, -1},
    {"dsb st", A32 | T32, ARM_DSB, -1, 14, -1},
    {"dsb ish", A32 | T32, ARM_DSB, -1, 11, -1},
    {"dsb oshst", A32 | T32, ARM_DSB, -1, 2, -1},
    {"dmb sy", A32 | T32, ARM_DMB, -1, 15, -1},
    {"dmb nsh", A32 | T32, ARM_DMB, -1, 7, -1},
    {"isb sy", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"mcr p15, 0, r0, c1, c0, 0", A32 | T32, ARM_TRANSLATION, -1, -1, -1},
    {"mcr p15, 0, r3, c1, c0, 1", A32 | T32, ARM_ACTLR, 3, -1, -1},
    {"mcr p15, 0, r0, c1, c1, 0", A32 | T32, ARM_TRANSLATION, -1, -1, -1},
    {"mcr p15, 0, r0, c2, c0, 2", A32 | T32, ARM_TRANSLATION, -1, -1, -1},
    {"mcr p15, 0, r0, c3, c0, 0", A32 | T32, ARM_TRANSLATION, -1, -1, -1},
    {"mcr p15, 0, r0, c8, c7, 0", A32 | T32, ARM_TRANSLATION, -1, -1, -1},
    {"mcr p15, 0, r0, c10, c2, 0", A32 | T32, ARM_TRANSLATION, -1, -1, -1},
    {"mcrr p15, 1, r0, r1, c2", A32 | T32, ARM_TRANSLATION, -1, -1, -1},
    {"smc #0", A32 | T32, ARM_MODE, -1, -1, -1},
    {"hvc #0", A32 | T32, ARM_MODE, -1, -1, -1},
    {"hvc #0x1234", A32 | T32, ARM_MODE, -1, -1, -1},
    {"cps #0x16", A32 | T32, ARM_MODE, -1, -1, -1},
    {"rfeia sp!", A32 | T32, ARM_MODE, -1, -1, -1},
    {"rfedb r1", A32 | T32, ARM_MODE, -1, -1, -1},
    {"movs pc, lr", A32, ARM_MODE, -1, -1, -1},
    {"subs pc, lr, #4", A32 | T32, ARM_MODE, -1, -1, -1},
    {"ldm sp!, {r0, pc}^", A32, ARM_MODE, -1, -1, -1},
    {"msr cpsr_c, r0", A32 | T32, ARM_MODE, -1, -1, -1},
    {"svc #0x123456", A32, ARM_SEMIHOSTING, -1, -1, -1},
    {"svc #0xab", T32, ARM_SEMIHOSTING, -1, -1, -1},
    {"svc #0xac", T32, ARM_OTHER, -1, -1, -1},
    {"svc #0x123457", A32, ARM_OTHER, -1, -1, -1},
    {"mrc p15, 0, r0, c7, c10, 1", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"mcr p15, 0, r0, c7, c5, 0", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"mcr p14, 0, r0, c7, c6, 1", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"mcr p15, 1, r0, c7, c6, 1", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"mcr p15, 0, r0, c12, c0, 0", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"ldm sp!, {r0, pc}", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"msr cpsr_f, r0", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"cpsid i", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"cmp r0, r1", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"teq r0, r1", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"mov pc, lr", A32, ARM_OTHER, -1, -1, -1},
    {"str r0, [r1]", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"vld1.8 {d0-d3}, [r0]!", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"pld [r0, #64]", A32 | T32, ARM_OTHER, -1, -1, -1},
    {"nop.w", T32, ARM_OTHER, -1, -1, -1},
};

/* Assembles one instruction; returns its bytes' number, 0 if the assembler refuses it. */
static size_t assemble(const char *text, bool thumb, uint8_t *code)
{
    char directory[] = "/tmp/decode.XXXXXX", path[64], command[512];
    size_t size = 0;
    FILE *file;

    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/i.s", directory);
    file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, ".syntax unified\n.arch armv7-a\n.arch_extension sec\n.arch_extension virt\n.fpu neon\n%s\n%s\n",
            thumb ? ".thumb" : ".arm", text);
    fclose(file);
    snprintf(command, sizeof(command),
             "cd %s && arm-none-eabi-as i.s -o i.o 2>/dev/null && arm-none-eabi-objcopy -O binary i.o i.bin",
             directory);
    if (system(command) == 0) {
        snprintf(path, sizeof(path), "%s/i.bin", directory);
        file = fopen(path, "r");
        assert_non_null(file);
        size = fread(code, 1, 4, file);
        fclose(file);
    }
    snprintf(command, sizeof(command), "rm -r %s", directory);
    assert_int_equal(system(command), 0);
    return size;
}

static void check(size_t i, bool thumb)
{
    struct arm_instruction got;
    uint8_t code[4];
    size_t size = assemble(table[i].text, thumb, code);

    if (!size)
        fail_msg("the assembler refuses '%s'", table[i].text);
    if (!thumb)
        got = arm_decode_a32((uint32_t)code[3] << 24 | (uint32_t)code[2] << 16 | (uint32_t)code[1] << 8 | code[0]);
    else if (size == 2)
        got = arm_decode_t32((uint32_t)code[1] << 8 | code[0], 2);
    else
        got = arm_decode_t32((uint32_t)code[1] << 24 | (uint32_t)code[0] << 16 | (uint32_t)code[3] << 8 | code[2], 4);
    if (got.operation != table[i].operation)
        fail_msg("%s '%s' is %s", thumb ? "T32" : "A32", table[i].text, arm_operation_name(got.operation));
    if (table[i].source >= 0)
        assert_int_equal(got.source, table[i].source);
    if (table[i].option >= 0)
        assert_int_equal(got.option, table[i].option);
    if (table[i].condition >= 0)
        assert_int_equal(got.condition, table[i].condition);
}

static void test_a32(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].sets & A32)
            check(i, false);
}

static void test_t32(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].sets & T32)
            check(i, true);
}

/* ITSTATE of each instruction of "ittee ne": conditions NE NE EQ EQ, then no block any more. */
static void test_if_then(void **state)
{
    static const uint8_t conditions[] = {1, 1, 0, 0};
    uint8_t code[4], it;

    (void)state;
    assert_int_equal(assemble("ittee ne\nnopne\nnopne\nnopeq\nnopeq", true, code), 4);
    struct arm_instruction got = arm_decode_t32((uint32_t)code[1] << 8 | code[0], 2);
    assert_int_equal(got.operation, ARM_IF_THEN);
    it = got.if_then;
    for (size_t i = 0; i < sizeof(conditions); i++, it = arm_if_then_advance(it))
        assert_int_equal(it >> 4, conditions[i]);
    assert_int_equal(it, 0);
}

/* Every condition under every state of the flags, against the words of the ARM ARM's table A8-1. */
static void test_conditions(void **state)
{
    (void)state;
    for (uint32_t flags = 0; flags < 16; flags++) {
        bool n = flags & 8, z = flags & 4, c = flags & 2, v = flags & 1;
        bool expected[16] = {z,       !z,     c,      !c,           n,           !n,   v,   !v, c && !z,
                             !c || z, n == v, n != v, !z && n == v, z || n != v, true, true};

        for (unsigned condition = 0; condition < 16; condition++)
            assert_int_equal(arm_condition_holds(condition, flags << 28), expected[condition]);
    }
}

static void test_barrier_domains(void **state)
{
    static const bool system[16] = {true,  true,  true,  true,  false, false, false, false,
                                    false, false, false, false, true,  true,  true,  true};

    (void)state;
    for (unsigned option = 0; option < 16; option++)
        assert_int_equal(arm_barrier_reaches_system(option), system[option]);
    assert_true(arm_barrier_orders_loads(15));
    assert_false(arm_barrier_orders_loads(14));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a32),
        cmocka_unit_test(test_t32),
        cmocka_unit_test(test_if_then),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_barrier_domains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
