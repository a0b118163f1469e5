/* SPDX-License-Identifier: MIT */
/*
 * What boot/core.S does for each core: ACTLR, by a Cortex-A8's or -A9's revision its register for errata, the snoop control unit. It runs in User
 * mode, where each CP15 access is undefined, and the handler plays the core; words of memory play the control unit. Then its vectors: a
 * register that is refused is gone past. And what a stackless clean of an L2C-310 does (drivers/l2c310_entry.S), on memory too.
 * What would break it: a bit that another core understands otherwise, an erratum that is off by a revision, a control unit that is
 * emptied while it is on, a write of what is right already.
 */
#include "boot/cpu.h"
#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"
#include "drivers/l2c310.h"
#include "tests/target/support/tap.h"

#include <stddef.h>
#include <string.h>

void core_setup(void);

#define ONE_OF_TWO 0x80000000u
#define UNIPROCESSOR 0xc0000000u
#define NO_MULTIPROCESSING 0u

#define SCU_CONTROL (0x00 / 4)
#define SCU_POWER (0x08 / 4)
#define SCU_INVALIDATE (0x0c / 4)
#define SCU_DIAGNOSTIC (0x30 / 4)
#define SCU_WORDS 16u
#define UNTOUCHED 0x00000300u

static const struct core {
    const char *name;
    uint32_t midr, mpidr, cpu, actlr, scu_control;
    uint32_t actlr_after, diagnostic,
        scu_after; /* diagnostic: or a Cortex-A8's L2; UNTOUCHED: no control unit is looked for */
} cores[] = {
    {"Cortex-A15", 0x412fc0f1, ONE_OF_TWO, 0, 0, 0, 0x40, 0, UNTOUCHED},
    {"Cortex-A15 in the coherence already", 0x412fc0f1, ONE_OF_TWO, 0, 0x40, 0, 0x40, 0, UNTOUCHED},
    {"Cortex-A7", 0x410fc075, ONE_OF_TWO | 1, 1, 0x100, 0, 0x140, 0, UNTOUCHED},
    {"Cortex-A12", 0x410fc0d0, ONE_OF_TWO, 0, 0, 0, 0x40, 0, UNTOUCHED},
    {"Cortex-A17", 0x411fc0e1, ONE_OF_TWO, 0, 0, 0, 0x40, 0, UNTOUCHED},
    {"Cortex-A8 r3p2", 0x413fc082, NO_MULTIPROCESSING, 0, 0x40, 0, 0x42, 0, UNTOUCHED}, /* bit 6 is another thing's */
    {"Cortex-A8 r0p0", 0x410fc080, NO_MULTIPROCESSING, 0, 0x2, 0, 0xe2, 0x08000000, UNTOUCHED},
    {"Cortex-A8 r1p1", 0x411fc081, NO_MULTIPROCESSING, 0, 0x2, 0, 0xe2, 0x08000000, UNTOUCHED},
    {"Cortex-A8 r1p7", 0x411fc087, NO_MULTIPROCESSING, 0, 0x2, 0, 0xe2, 0x08000000, UNTOUCHED},
    {"Cortex-A8 r2p0", 0x412fc080, NO_MULTIPROCESSING, 0, 0x2, 0, 0x2e2, 0x08400000, UNTOUCHED},
    {"Cortex-A8 r2p1", 0x412fc081, NO_MULTIPROCESSING, 0, 0x2, 0, 0x2, 0, UNTOUCHED},
    {"Cortex-A5", 0x410fc051, ONE_OF_TWO, 0, 0x80, 0, 0x41, 0, 1},
    {"Cortex-A5, one core", 0x410fc051, UNIPROCESSOR, 0, 0, 0, 0x41, 0, UNTOUCHED},
    {"Cortex-A9 r0p0", 0x410fc090, ONE_OF_TWO, 0, 0x88, 0x20, 0x41, 0x200810, 0x21},
    {"Cortex-A9 r1p0", 0x411fc090, ONE_OF_TWO, 0, 0, 0, 0x41, 0x200810, 1},
    {"Cortex-A9 r2p0", 0x412fc090, ONE_OF_TWO, 0, 0, 0, 0x41, 0x601850, 1},
    {"Cortex-A9 r2p2", 0x412fc092, ONE_OF_TWO, 0, 0, 0, 0x41, 0x601850, 1},
    {"Cortex-A9 r2p3", 0x412fc093, ONE_OF_TWO, 0, 0, 0, 0x41, 0x200850, 1},
    {"Cortex-A9 r2p10", 0x412fc09a, ONE_OF_TWO, 0, 0, 0, 0x41, 0x200850, 1},
    {"Cortex-A9 r3p0", 0x413fc090, ONE_OF_TWO, 0, 0, 0, 0x41, 0x200010, 1},
    {"Cortex-A9 r4p1", 0x414fc091, ONE_OF_TWO, 0, 0, 0, 0x41, 0x10, 1},
    {"Cortex-A9, its control unit on", 0x413fc090, ONE_OF_TWO, 0, 0x41, 0x1, 0x41, 0x200010, 0x1},
    {"Cortex-A9, the second", 0x413fc090, ONE_OF_TWO | 1, 1, 0, 0, 0x41, 0x200010, 0},
    {"Cortex-A9, one core", 0x413fc090, UNIPROCESSOR, 0, 0, 0, 0x41, 0x200010, UNTOUCHED},
    {"another maker's core", 0x513fc090, ONE_OF_TWO, 0, 0, 0, 0, 0, UNTOUCHED},
    {"an Arm core of another kind", 0x410fc180, ONE_OF_TWO, 0, 0, 0, 0, 0, UNTOUCHED},
};
#define CORES (sizeof(cores) / sizeof(cores[0]))

static struct {
    const struct core *core;
    uint32_t actlr, diagnostic, vbar;
    unsigned writes, strange; /* of ACTLR and the register for errata; other accesses */
} seen;
static volatile uint32_t scu[SCU_WORDS];

/* registers: r0 to r12, then the address after the A32 instruction. */
void core_undefined(uint32_t *registers);
void core_undefined(uint32_t *registers)
{
    uint32_t instruction = *(const uint32_t *)(uintptr_t)(registers[13] - 4);
    uint32_t *rt = &registers[instruction >> 12 & 0xf];
    uint32_t part = seen.core->midr & 0xfff0;

    switch (instruction & 0xffff0fff) {
    case 0xee100f10: /* mrc p15, 0, rt, c0, c0, 0 */
        *rt = seen.core->midr;
        break;
    case 0xee100fb0: /* mrc p15, 0, rt, c0, c0, 5 */
        *rt = seen.core->mpidr;
        break;
    case 0xee9f0f10: /* mrc p15, 4, rt, c15, c0, 0 */
        *rt = (uint32_t)(uintptr_t)scu;
        break;
    case 0xee110f30: /* mrc p15, 0, rt, c1, c0, 1 */
        *rt = seen.actlr;
        break;
    case 0xee010f30:
        seen.actlr = *rt;
        seen.writes++;
        break;
    case 0xee1f0f30: /* mrc p15, 0, rt, c15, c0, 1 */
        *rt = seen.diagnostic;
        seen.strange += part != 0xc090;
        break;
    case 0xee0f0f30:
        seen.diagnostic = *rt;
        seen.writes++;
        break;
    case 0xee390f50: /* mrc p15, 1, rt, c9, c0, 2 */
        *rt = seen.diagnostic;
        seen.strange += part != 0xc080;
        break;
    case 0xee290f50:
        seen.diagnostic = *rt;
        seen.writes++;
        break;
    case 0xee0c0f10: /* mcr p15, 0, rt, c12, c0, 0 */
        seen.vbar = *rt;
        break;
    default:
        seen.strange++;
        break;
    }
}

extern unsigned char core_test_vectors[];
void core_descend(uint32_t cpu);
uint32_t core_gone_past(void);

__asm__("    .section .text.core_test_vectors, \"ax\"\n"
        "    .syntax unified\n"
        "    .arm\n"
        "    .balign 32\n"
        "    .global core_test_vectors\n"
        "core_test_vectors:\n"
        "    b   .\n"
        "    b   1f\n" /* undefined */
        "    b   2f\n" /* SVC: the routine is done */
        "    b   .\n"  /* nothing else comes: the test's budget ends a hang */
        "    b   .\n"
        "    b   .\n"
        "    b   .\n"
        "    b   .\n"
        "1:  push {r0-r12, lr}\n"
        "    mov r0, sp\n"
        "    blx core_undefined\n"
        "    ldm sp!, {r0-r12, pc}^\n"
        "2:  pop {r4-r12, lr}\n"
        "    bx  lr\n"
        "    .global core_descend\n"
        "    .type core_descend, %function\n"
        "core_descend:\n"
        "    push {r4-r12, lr}\n"
        "    mov r8, r0\n"
        "    cps #0x1f\n"
        "    mov sp, #0\n" /* no stack: it promises to use none */
        "    cps #0x10\n"
        "    bl  core_setup\n"
        "    svc #0\n"
        /* An undefined instruction in the middle: 2 if the one behind it is the next. */
        "    .global core_gone_past\n"
        "    .type core_gone_past, %function\n"
        "core_gone_past:\n"
        "    mov r0, #0\n"
        "    add r0, r0, #1\n"
        "    udf #0\n"
        "    add r0, r0, #1\n"
        "    bx  lr\n"
        "    .thumb\n");

/* With other vectors, interrupts masked. */
static uint32_t with_vectors(uint32_t vectors, uint32_t (*function)(void))
{
    uint32_t vbar = cp15_read_VBAR(), dacr = cp15_read_DACR(), state = cpu_irq_save(), result;

    cp15_write_DACR(0xffffffff); /* manager: User mode may execute the text */
    cp15_write_VBAR(vectors);
    isb();
    result = function();
    cp15_write_VBAR(vbar);
    cp15_write_DACR(dacr);
    isb();
    cpu_irq_restore(state);
    return result;
}

static uint32_t run(void)
{
    core_descend(seen.core->cpu);
    return 0;
}

static void check(const struct core *core)
{
    bool has_scu = core->scu_after != UNTOUCHED;
    uint32_t power = has_scu ? 0x03030303u & ~(0xffu << 8 * (core->mpidr & 3)) : 0x03030303u;
    bool emptied = has_scu && core->cpu == 0 && (core->scu_control & 1) == 0;

    memset(&seen, 0, sizeof(seen));
    seen.core = core;
    seen.actlr = core->actlr;
    for (unsigned i = 0; i < SCU_WORDS; i++) {
        scu[i] = 0;
    }
    scu[SCU_CONTROL] = core->scu_control;
    scu[SCU_POWER] = 0x03030303;
    (void)with_vectors((uint32_t)(uintptr_t)core_test_vectors, run);
    if (!tap_ok(seen.strange == 0 && seen.actlr == core->actlr_after && seen.diagnostic == core->diagnostic &&
                    seen.writes == (unsigned)((core->actlr != core->actlr_after) + (core->diagnostic != 0)),
                "%s: ACTLR 0x%lx, register for errata 0x%lx", core->name, (unsigned long)core->actlr_after,
                (unsigned long)core->diagnostic)) {
        tap_note("0x%lx and 0x%lx by %u writes, %u strange accesses", (unsigned long)seen.actlr,
                 (unsigned long)seen.diagnostic, seen.writes, seen.strange);
    }
    if (!tap_ok(scu[SCU_CONTROL] == (has_scu ? core->scu_after : core->scu_control) && scu[SCU_POWER] == power &&
                    scu[SCU_INVALIDATE] == (emptied ? 0xffff : 0) && scu[SCU_DIAGNOSTIC] == (has_scu && core->cpu == 0),
                "%s: the control unit", core->name)) {
        tap_note("control 0x%lx, power 0x%lx, invalidate 0x%lx, diagnostic 0x%lx", (unsigned long)scu[SCU_CONTROL],
                 (unsigned long)scu[SCU_POWER], (unsigned long)scu[SCU_INVALIDATE], (unsigned long)scu[SCU_DIAGNOSTIC]);
    }
}

/* ---------------------------------------------------------------------------------------------------------------- */

#define L2_CONTROL (0x100 / 4)
#define L2_AUX (0x104 / 4)
#define L2_SYNC (0x730 / 4)
#define L2_UNMAPPED (0x740 / 4)
#define L2_CLEAN_WAY (0x7bc / 4)
#define ALL_ONES 0xffffffffu

static uint32_t controller[0x400];

/* Memory does not clear the bits of a clean that goes on: its end is not waited for for ever. */
static void l2c310(uint32_t control, uint32_t aux, uint32_t revision, uint32_t off)
{
    const struct l2c310_config config = {.base = (uintptr_t)controller, .poll_limit = 100};
    volatile uint32_t *reg = controller;
    bool on = (control & 1) != 0, r3p0 = revision == 5;

    memset(controller, 0xff, sizeof(controller));
    reg[0] = 0x410000c0 | revision;
    reg[L2_CONTROL] = control;
    reg[L2_AUX] = aux;
    l2c310_entry(&config, off);
    bool cleaned = reg[L2_CLEAN_WAY] == (!on ? ALL_ONES : (aux & 1u << 16) != 0 ? 0xffffu : 0xffu);
    bool synced = reg[L2_SYNC] == (on && !r3p0 ? 0 : ALL_ONES) && reg[L2_UNMAPPED] == (on && r3p0 ? 0 : ALL_ONES);
    tap_ok(cleaned && synced && reg[L2_CONTROL] == (off ? 0 : control),
           "an L2C-310 that is %s, %d ways, revision %lu, %s", on ? "on" : "off", (aux & 1u << 16) != 0 ? 16 : 8,
           (unsigned long)revision, off ? "to be off" : "to stay so");
}

int main(void)
{
    tap_plan(2 * CORES + 1 + 6);
    for (unsigned i = 0; i < CORES; i++) {
        check(&cores[i]);
    }
    tap_equal(with_vectors(seen.vbar, core_gone_past), 2, "an access that is refused is gone past");

    l2c310(0, 0, 8, 1);
    l2c310(1, 0, 8, 0);
    l2c310(1, 0, 8, 1);
    l2c310(1, 1u << 16, 8, 0);
    l2c310(1, 0, 5, 0);
    l2c310(1, 1u << 16, 4, 1);
    return tap_done();
}
