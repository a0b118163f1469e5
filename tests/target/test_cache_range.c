/* SPDX-License-Identifier: MIT */
/*
 * The range operations of boot/cache.h: which lines they maintain, at every edge and for both line sizes, and what they cost.
 * What would break it: a loop that compares addresses, a line size taken for granted, an edge line left out or one too many, an
 * instruction more a line. Of other systems these are reported, or were found in their sources (docs/PEERS.md): zero length drops a
 * line (LK, OP-TEE); nothing, silently, up to or beyond the top (nearly all) and across 0x80000000 (Xilinx); an invalidate that
 * takes a neighbour's bytes along (zephyr#108716; LK, OP-TEE, TF-A, CMSIS); the last line left out (Xilinx/embeddedsw#103), or one too
 * many (atmel-software-package#121); the line taken for half as long (zephyr#97513); no DSB behind the loop (NuttX, CMSIS, sDDF).
 *
 * qemu-args: -icount shift=0,sleep=off
 */
#include "boot/cache.h"
#include "boot/pmu.h"
#include "boot/registers/cp15.h"
#include "tests/target/support/cp15_recorder.h"
#include "tests/target/support/tap.h"

#include <stdio.h>

#define DCIMVAC CP15_RECORD_MCR(0, 7, 6, 1)
#define DCCMVAC CP15_RECORD_MCR(0, 7, 10, 1)
#define DCCIMVAC CP15_RECORD_MCR(0, 7, 14, 1)
#define CTR_LINE_64 0x80040000u /* DminLine: 16 words */
#define CTR_LINE_32 0x80030000u

typedef bool (*range_operation)(uintptr_t start, size_t length);

static const struct operation {
    const char *name;
    range_operation routine;
    uint32_t instruction;
    bool rounds;     /* ends that are not aligned are rounded outwards; otherwise refused */
    unsigned budget; /* instructions beside those of the lines */
    unsigned bytes;  /* of code, at most */
} operations[] = {
    {"clean", cache_clean_range, DCCMVAC, true, 20, 220},
    {"clean+invalidate", cache_clean_invalidate_range, DCCIMVAC, true, 20, 220},
    {"invalidate", cache_invalidate_range, DCIMVAC, false, 25, 240},
};
#define OPERATIONS (sizeof operations / sizeof operations[0])

static const struct range {
    const char *what;
    uint32_t start, length;
    bool wraps;
} ranges[] = {
    {"nothing", 0x40100000u, 0, false},
    {"nothing at 0", 0, 0, false},
    {"nothing, unaligned", 0x40100001u, 0, false},
    {"nothing at the top", 0xffffffffu, 0, false},
    {"one line", 0x40100000u, 64, false},
    {"one byte", 0x40100000u, 1, false},
    {"the last byte of a line", 0x4010003fu, 1, false},
    {"two bytes in two lines", 0x4010003fu, 2, false},
    {"one line long, unaligned", 0x40100020u, 64, false},
    {"an aligned start, a ragged end", 0x40100000u, 65, false},
    {"a ragged start, an aligned end", 0x4010007fu, 0x81, false},
    {"15 lines", 0x40100000u, 15 * 64, false},
    {"16 lines", 0x40100000u, 16 * 64, false},
    {"17 lines", 0x40100000u, 17 * 64, false},
    {"33 lines", 0x40100000u, 33 * 64, false},
    {"across 0x80000000", 0x7fffff80u, 0x100, false},
    {"from 0x80000000", 0x80000000u, 0x1000, false},
    {"up to the top", 0xffffffc0u, 0x40, false},
    {"up to the top, long", 0xffffe000u, 0x2000, false},
    {"the last byte of all", 0xffffffffu, 1, false},
    {"from 0", 0, 0x40, false},
    {"beyond the top by a byte", 0xffffffc0u, 0x41, true},
    {"beyond the top, whole line", 0xffffffc0u, 0x80, true},
    {"everything, from 64", 64, 0xffffffffu, true},
};
#define RANGES (sizeof ranges / sizeof ranges[0])

#define CAPACITY 512
static struct cp15_record records[CAPACITY];

/* The records are exactly the range's lines, in order. */
static bool right_lines(const struct operation *operation, const struct range *range, uint32_t line, uint32_t count)
{
    uint32_t first = range->start & ~(line - 1);
    uint32_t last = (range->start + range->length - 1) & ~(line - 1);
    uint32_t expected = range->length == 0 ? 0 : (last - first) / line + 1;
    if (count != expected) {
        tap_note("%lu operations, expected %lu", (unsigned long)count, (unsigned long)expected);
        return false;
    }
    for (uint32_t i = 0; i < count && i < CAPACITY; i++) {
        if (records[i].instruction != operation->instruction || (records[i].value & ~(line - 1)) != first + i * line) {
            tap_note("operation %lu: %08lx of %08lx", (unsigned long)i, (unsigned long)records[i].instruction,
                     (unsigned long)records[i].value);
            return false;
        }
    }
    return true;
}

static void check_lines(const struct operation *operation, uint32_t line)
{
    for (unsigned i = 0; i < RANGES; i++) {
        const struct range *range = &ranges[i];
        bool aligned = ((range->start | range->length) & (line - 1)) == 0;
        bool accepted = range->length == 0 || (!range->wraps && (operation->rounds || aligned));
        uint32_t count;
        bool result = cp15_recorder_call(operation->routine, range->start, range->length,
                                         line == 64 ? CTR_LINE_64 : CTR_LINE_32, records, CAPACITY, &count);
        bool right = result == accepted && (accepted ? right_lines(operation, range, line, count) : count == 0);
        tap_ok(right, "%s, lines of %lu: %s%s", operation->name, (unsigned long)line, range->what,
               accepted ? "" : " is refused, and nothing done");
    }
}

/*
 * The emulator does nothing on a barrier, so they are looked for in the code: a DSB SY between the last operation and the return, and
 * before the first operation of an invalidate a DMB SY. The routine ends where it refuses: MOVS r0, #0; BX lr.
 */
static void check_code(const struct operation *operation)
{
    const uint16_t *code = (const uint16_t *)((uintptr_t)operation->routine & ~(uintptr_t)1);
    uint32_t end = 0, dsb = 0, dmb = 0, first = 0, last = 0;

    while (end < 256 && !(code[end] == 0x2000 && code[end + 1] == 0x4770)) {
        uint32_t instruction = (uint32_t)code[end] << 16 | code[end + 1];
        if (instruction == operation->instruction) { /* Rt is r0 */
            first = first != 0 ? first : end;
            last = end;
        }
        dsb = instruction == 0xf3bf8f4fu ? end : dsb;
        dmb = instruction == 0xf3bf8f5fu ? end : dmb;
        end++;
    }
    tap_ok(dsb > last && last > first, "%s: a DSB SY behind the last operation", operation->name);
    tap_ok(operation->rounds || (dmb > 0 && dmb < first), "%s: a DMB SY before the first one, if it invalidates only",
           operation->name);
    uint32_t bytes = 2 * (end + 2);
    tap_ok(bytes <= operation->bytes, "%s: %lu bytes of code, at most %u", operation->name, (unsigned long)bytes,
           operation->bytes);
}

/* Without a call's own cost: that of calling a function that does nothing is taken off, its return not. */
__attribute__((noinline)) static bool nothing(uintptr_t start, size_t length)
{
    __asm__ volatile("" ::"r"(start), "r"(length));
    return true;
}

__attribute__((noinline)) static uint32_t count_instructions(range_operation routine, uintptr_t start, size_t length)
{
    uint32_t before = pmu_cycles();
    bool done = routine(start, length);
    uint32_t cycles = pmu_cycles() - before;
    return done ? cycles : 0;
}

extern char __pool_start[];

static void check_cost(const struct operation *operation)
{
    static const uint32_t lengths[] = {64, 128, 960, 1024, 1088, 4096, 65536, 1u << 20};
    uint32_t line = cache_line_min();
    uintptr_t pool = ((uintptr_t)__pool_start + line - 1) & ~(uintptr_t)(line - 1);
    uint32_t empty = count_instructions(nothing, pool, 64) - 2; /* nothing() is two instructions: MOVS, BX */

    for (unsigned i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        uint32_t lines = lengths[i] / line;
        uint32_t used = count_instructions(operation->routine, pool, lengths[i]) - empty;
        uint32_t allowed = lines * 17 / 8 + operation->budget;
        tap_ok(used > lines && used <= allowed, "%s of %lu bytes: %lu instructions, at most 2.125 a line + %u",
               operation->name, (unsigned long)lengths[i], (unsigned long)used, operation->budget);
    }
}

int main(void)
{
    tap_plan(OPERATIONS * (2 * RANGES + 8 + 3) + 1);
    for (unsigned i = 0; i < OPERATIONS; i++) {
        check_lines(&operations[i], 64);
        check_lines(&operations[i], 32);
        check_cost(&operations[i]);
        check_code(&operations[i]);
    }
    tap_ok(cache_line_min() == 4u << (cp15_read_CTR() >> 16 & 0xf), "the smallest line is CTR's");
    return tap_done();
}
