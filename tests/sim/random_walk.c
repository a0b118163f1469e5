/* SPDX-License-Identifier: MIT */
/*
 * A long random sequence of handoffs, all of them right: ranges of one memory are written and read by the CPU, in different
 * widths, and by a bus master, with maintenance in changing styles, as late as it is allowed and no more than needed. Every
 * byte that is read is compared. Nothing is to be reported.
 * Broken: once in a while one of the operations is left out.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * variants: FORGET_CLEAN=stale-device-read|discarded-store FORGET_INVALIDATE=stale-cpu-read|lost-update
 */
#include "support/maintain.h"

#define LINES 64u
#define STEPS 300u

static uint8_t memory[LINES * LINE] ALIGNED;
/* What each byte should be; in which view it is newest. One owner a line. */
static uint8_t expected[LINES * LINE] ALIGNED;
static enum { EQUAL, CPU_NEWER, BUS_NEWER } state[LINES];
static uint32_t seed = 12345;

static uint32_t random(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

static void maintain(uint32_t line, uint32_t operations)
{
    uint8_t *const start = memory + line * LINE;
    switch (random(5)) {
    case 0:
        operations == CLEAN ? clean_loop(start, start + LINE) : invalidate_loop(start, start + LINE);
        break;
    case 1:
        operations == CLEAN ? clean_counted(start, LINE) : invalidate_counted(start, LINE);
        break;
    case 2:
        sync_conditional(start, LINE, operations);
        break;
    case 3:
        sync_it_block(start, LINE, operations);
        break;
    default:
        operations == CLEAN ? clean_inline(start, LINE) : invalidate_inline(start, LINE);
        break;
    }
}

/* The lines of a range become readable by the CPU. */
static void to_cpu(uint32_t first, uint32_t count, uint32_t step)
{
    for (uint32_t line = first; line < first + count; line++) {
        if (state[line] != BUS_NEWER)
            continue;
#ifdef FORGET_INVALIDATE
        if (step < 100 || step % 16 != 0)
#endif
            maintain(line, INVALIDATE);
        state[line] = EQUAL;
    }
    (void)step;
}

static void to_bus(uint32_t first, uint32_t count, uint32_t step)
{
    for (uint32_t line = first; line < first + count; line++) {
        if (state[line] != CPU_NEWER)
            continue;
#ifdef FORGET_CLEAN
        if (step < 100 || step % 16 != 0)
#endif
            maintain(line, CLEAN);
        state[line] = EQUAL;
    }
    (void)step;
}

NOINLINE static void cpu_write(uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i < end;) {
        const uint32_t value = random(0xffffffff), width = (i & 3) == 0 && i + 4 <= end ? 4 : 1;
        for (uint32_t b = 0; b < width; b++)
            expected[i + b] = (uint8_t)(value >> 8 * b);
        if (width == 4)
            *(volatile uint32_t *)(memory + i) = value;
        else
            *(volatile uint8_t *)(memory + i) = (uint8_t)value;
        i += width;
    }
}

NOINLINE static int cpu_read(uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i < end; i++)
        if (*(volatile uint8_t *)(memory + i) != expected[i])
            return 1;
    return 0;
}

static void master_writes(uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i < end; i++)
        expected[i] = outside[i - start] = (uint8_t)random(256);
    dsb();
    master_copy_start(bus(memory + start), bus(outside), end - start);
    master_wait();
}

static int master_reads(uint32_t start, uint32_t end)
{
    master_copy_start(bus(outside), bus(memory + start), end - start);
    master_wait();
    for (uint32_t i = start; i < end; i++)
        if (outside[i - start] != expected[i])
            return 1;
    return 0;
}

int main(void)
{
    int wrong = 0;
    master_start();
    for (uint32_t step = 0; step < STEPS; step++) {
        const uint32_t first = random(LINES), count = 1 + random(LINES - first < 8 ? LINES - first : 8);
        const uint32_t start = first * LINE + random(LINE / 2), end = (first + count) * LINE - random(LINE / 2);
        switch (random(4)) {
        case 0: /* part of a line may be written: the rest must be right in the cache first */
            to_cpu(first, count, step);
            cpu_write(start, end);
            for (uint32_t line = first; line < first + count; line++)
                state[line] = CPU_NEWER;
            break;
        case 1:
            to_cpu(first, count, step);
            wrong |= cpu_read(start, end);
            break;
        case 2: /* nothing dirty where a device writes */
            to_bus(first, count, step);
            master_writes(start, end);
            for (uint32_t line = first; line < first + count; line++)
                state[line] = BUS_NEWER;
            break;
        default:
            to_bus(first, count, step);
            wrong |= master_reads(start, end);
            break;
        }
    }
    return wrong;
}
