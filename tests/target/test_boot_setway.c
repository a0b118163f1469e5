/* SPDX-License-Identifier: MIT */
/*
 * Whole-cache maintenance: every line of every data cache exactly once, innermost level first, for the geometries of real cores and for
 * this one's. The routines run in User mode, where each CP15 access is undefined: the handler answers with a made-up CLIDR
 * and CCSIDR and records the operands, since the emulator does nothing on them. What would break it: a way shift that is off when
 * the number of ways is no power of two, a level left out or too many, an instruction cache taken for a data cache.
 */
#include "boot/cpu.h"
#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"
#include "tests/target/support/tap.h"

#include <stddef.h>
#include <string.h>

void setway_clean(uint32_t levels);
void setway_invalidate(uint32_t levels);
void setway_clean_invalidate(uint32_t levels);

/* CLIDR types. */
#define INSTRUCTION 1u
#define SPLIT 3u
#define UNIFIED 4u

#define LINES_MAX 0x40000u

struct cache {
    uint32_t type, line, ways, sets; /* bytes, and how many */
};

static const struct geometry {
    const char *name;
    uint32_t levels; /* that are maintained */
    struct cache cache[4];
} geometries[] = {
    {"Cortex-A15: 32 KiB 2-way, 1 MiB 16-way", 2, {{SPLIT, 64, 2, 256}, {UNIFIED, 64, 16, 1024}}},
    {"Cortex-A7: 32 KiB 4-way, 512 KiB 8-way", 2, {{SPLIT, 64, 4, 128}, {UNIFIED, 64, 8, 1024}}},
    {"Cortex-A9: 32 KiB 4-way of 32 bytes", 1, {{SPLIT, 32, 4, 256}}},
    {"the first of two levels, as CPU 1 does", 1, {{SPLIT, 64, 2, 256}, {UNIFIED, 64, 16, 1024}}},
    {"3 ways, 6 ways", 2, {{SPLIT, 32, 3, 64}, {UNIFIED, 128, 6, 16}}},
    {"direct-mapped, then fully associative", 2, {{SPLIT, 16, 1, 512}, {UNIFIED, 64, 64, 1}}},
    {"an instruction cache between", 3, {{SPLIT, 64, 4, 32}, {INSTRUCTION, 64, 4, 32}, {UNIFIED, 32, 8, 64}}},
    {"no level", 0, {{SPLIT, 64, 4, 32}}},
};
#define GEOMETRIES (sizeof(geometries) / sizeof(geometries[0]))

static struct {
    const struct geometry *geometry;
    uint32_t selected;   /* CSSELR */
    uint32_t crm;        /* of the operation that is expected */
    uint32_t level;      /* of the last operand */
    uint32_t operations; /* so far */
    uint32_t
        wrong; /* operands that name no line, twice the same, another operation, or an inner level after an outer one */
    uint8_t seen[LINES_MAX / 8];
} recorder;

static uint32_t log2_up(uint32_t value)
{
    return value <= 1 ? 0 : 32 - (uint32_t)__builtin_clz(value - 1);
}

static uint32_t first_line(uint32_t level)
{
    uint32_t first = 0, i;

    for (i = 0; i < level; i++) {
        if (recorder.geometry->cache[i].type >= 2) {
            first += recorder.geometry->cache[i].ways * recorder.geometry->cache[i].sets;
        }
    }
    return first;
}

static void operand(uint32_t value)
{
    uint32_t level = value >> 1 & 7, set_bits, way_bits, line_bits, set, way, line;
    const struct cache *cache = &recorder.geometry->cache[level];

    recorder.operations++;
    if (level >= recorder.geometry->levels || cache->type < 2 || level < recorder.level) {
        recorder.wrong++;
        return;
    }
    recorder.level = level;
    line_bits = log2_up(cache->line);
    set_bits = log2_up(cache->sets);
    way_bits = log2_up(cache->ways);
    set = value >> line_bits & ((1u << set_bits) - 1);
    way = way_bits == 0 ? 0 : value >> (32 - way_bits);
    line = first_line(level) + way * cache->sets + set;
    if (set >= cache->sets || way >= cache->ways || line >= LINES_MAX ||
        value != (level << 1 | set << line_bits | (way_bits == 0 ? 0 : way << (32 - way_bits))) ||
        (recorder.seen[line / 8] & 1u << line % 8) != 0) {
        recorder.wrong++;
        return;
    }
    recorder.seen[line / 8] |= (uint8_t)(1u << line % 8);
}

static uint32_t clidr(void)
{
    uint32_t value = 0, i;

    for (i = 0; i < 4; i++) {
        value |= recorder.geometry->cache[i].type << 3 * i;
    }
    return value;
}

static uint32_t ccsidr(void)
{
    const struct cache *cache = &recorder.geometry->cache[recorder.selected >> 1 & 3];

    return (log2_up(cache->line) - 4) | (cache->ways - 1) << 3 | (cache->sets - 1) << 13;
}

/* registers: r0 to r12, then the address after the A32 instruction. */
void setway_undefined(uint32_t *registers);
void setway_undefined(uint32_t *registers)
{
    uint32_t instruction = *(const uint32_t *)(uintptr_t)(registers[13] - 4);
    uint32_t *rt = &registers[instruction >> 12 & 0xf];

    switch (instruction & 0xffff0fff) {
    case 0xee300f30: /* mrc p15, 1, rt, c0, c0, 1 */
        *rt = clidr();
        break;
    case 0xee300f10: /* mrc p15, 1, rt, c0, c0, 0 */
        *rt = ccsidr();
        break;
    case 0xee400f10: /* mcr p15, 2, rt, c0, c0, 0 */
        recorder.selected = *rt;
        break;
    default:
        if ((instruction & 0xffff0ff0) == 0xee070f50 && (instruction & 0xf) == recorder.crm) { /* c7, CRm, 2 */
            operand(*rt);
        } else {
            recorder.wrong++;
        }
        break;
    }
}

extern unsigned char setway_vectors[];
void setway_descend(void (*routine)(uint32_t), uint32_t levels);

__asm__("    .section .text.setway_vectors, \"ax\"\n"
        "    .syntax unified\n"
        "    .arm\n"
        "    .balign 32\n"
        "    .global setway_vectors\n"
        "setway_vectors:\n"
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
        "    blx setway_undefined\n"
        "    ldm sp!, {r0-r12, pc}^\n"
        "2:  pop {r4-r12, lr}\n"
        "    bx  lr\n"
        "    .global setway_descend\n"
        "    .type setway_descend, %function\n"
        "setway_descend:\n"
        "    push {r4-r12, lr}\n"
        "    mov r12, r0\n"
        "    mov r0, r1\n"
        "    cps #0x1f\n"
        "    mov sp, #0\n" /* no stack: the routines promise to use none */
        "    cps #0x10\n"
        "    blx r12\n"
        "    svc #0\n"
        "    .thumb\n");

static void record(void (*routine)(uint32_t), uint32_t crm, const struct geometry *geometry)
{
    uint32_t vbar = cp15_read_VBAR(), dacr = cp15_read_DACR(), state;

    memset(&recorder, 0, sizeof(recorder));
    recorder.geometry = geometry;
    recorder.crm = crm;
    state = cpu_irq_save();
    cp15_write_DACR(0xffffffff); /* manager: User mode may execute the text */
    cp15_write_VBAR((uint32_t)(uintptr_t)setway_vectors);
    isb();
    setway_descend(routine, geometry->levels);
    cp15_write_VBAR(vbar);
    cp15_write_DACR(dacr);
    isb();
    cpu_irq_restore(state);
}

static uint32_t lines(const struct geometry *geometry)
{
    uint32_t count = 0, i;

    for (i = 0; i < geometry->levels; i++) {
        count += geometry->cache[i].type >= 2 ? geometry->cache[i].ways * geometry->cache[i].sets : 0;
    }
    return count;
}

/* This core's own geometry, as it reports it. */
static struct geometry own_geometry(void)
{
    struct geometry own = {"this core", cp15_read_CLIDR() >> 24 & 7, {{0}}};
    uint32_t i;

    for (i = 0; i < own.levels && i < 4; i++) {
        uint32_t id;

        cp15_write_CSSELR(i << 1);
        isb();
        id = cp15_read_CCSIDR();
        own.cache[i] = (struct cache){cp15_read_CLIDR() >> 3 * i & 7, 16u << (id & 7), (id >> 3 & 0x3ff) + 1,
                                      (id >> 13 & 0x7fff) + 1};
    }
    return own;
}

int main(void)
{
    static const struct {
        const char *name;
        void (*routine)(uint32_t);
        uint32_t crm;
    } routines[] = {{"invalidate", setway_invalidate, 6},
                    {"clean", setway_clean, 10},
                    {"clean+invalidate", setway_clean_invalidate, 14}};
    struct geometry own = own_geometry();
    unsigned i, j;

    tap_plan(3 * (GEOMETRIES + 1) + 1);
    for (i = 0; i < 3; i++) {
        for (j = 0; j <= GEOMETRIES; j++) {
            const struct geometry *geometry = j < GEOMETRIES ? &geometries[j] : &own;

            record(routines[i].routine, routines[i].crm, geometry);
            if (!tap_ok(recorder.wrong == 0 && recorder.operations == lines(geometry), "%s, %s: %lu lines once each",
                        routines[i].name, geometry->name, (unsigned long)lines(geometry))) {
                tap_note("%lu operations, %lu of them wrong", (unsigned long)recorder.operations,
                         (unsigned long)recorder.wrong);
            }
        }
    }
    tap_equal(4u << (cp15_read_CTR() >> 16 & 0xf), own.cache[0].line, "CTR and CCSIDR agree on the line");
    return tap_done();
}
