/* SPDX-License-Identifier: MIT */
/*
 * What a record begins with, and the periods that the simulator is told of.
 */
#include "apps/bench/bench.h"

#include "boot/board.h"
#include "boot/pmu.h"
#include "boot/setway.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CLOCK_MICROSECONDS 10000u

uint32_t bench_cache_bytes(void)
{
    uint32_t bytes = 0;

    for (uint32_t level = 0; level < SETWAY_LEVELS; level++) {
        const struct setway_level cache = setway_level(level);
        bytes += cache.ways * cache.sets * cache.line;
    }
    return bytes;
}

unsigned bench_levels(void)
{
    return board_outer != NULL ? 2 : 1;
}

static const char *cpu_name(void)
{
    static const struct {
        uint32_t part;
        const char *name;
    } parts[] = {{0xc05, "Cortex-A5"},  {0xc07, "Cortex-A7"},  {0xc08, "Cortex-A8"}, {0xc09, "Cortex-A9"},
                 {0xc0d, "Cortex-A12"}, {0xc0e, "Cortex-A17"}, {0xc0f, "Cortex-A15"}};
    const uint32_t midr = cp15_read_MIDR();

    for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (midr >> 24 == 0x41 && (midr >> 4 & 0xfff) == parts[i].part) {
            return parts[i].name;
        }
    }
    return "unknown";
}

/* By the board's clock. Under icount an emulator's clock goes by instructions: there it says nothing. */
static uint32_t cycles_per_second(void)
{
    const struct platform *board = platform();
    const uint64_t start = board->microseconds();
    const uint32_t cycles = pmu_cycles();
    uint64_t now;

    do {
        now = board->microseconds();
    } while (now - start < CLOCK_MICROSECONDS);
    return (uint32_t)((uint64_t)(pmu_cycles() - cycles) * 1000000u / (uint32_t)(now - start));
}

void bench_print_head(void)
{
    const char *counter = platform()->setting("counter");
    const bool icount = counter != NULL && strcmp(counter, "icount") == 0;

    printf("bench: # board: %s\n", platform()->board);
    printf("bench: # cpu: %s, MIDR 0x%08" PRIx32 "\n", cpu_name(), cp15_read_MIDR());
    for (uint32_t level = 0; level < SETWAY_LEVELS; level++) {
        const struct setway_level cache = setway_level(level);

        if (cache.sets != 0) {
            printf("bench: # L%" PRIu32 " data: %" PRIu32 " KiB, %" PRIu32 " ways, lines of %" PRIu32 " bytes\n",
                   level + 1, cache.ways * cache.sets * cache.line / 1024, cache.ways, cache.line);
        }
    }
    if (board_outer != NULL) {
        printf("bench: # outer: an L2C-310, lines of %" PRIu32 " bytes, maintained after or before the others\n",
               board_outer->line);
    }
    printf("bench: # granule: %" PRIu32 " bytes\n", platform()->port->granule);
    if (icount) {
        printf("bench: # clock: none, an emulator that counts instructions: no cycle of it is one of silicon\n");
    } else {
        printf("bench: # clock: %" PRIu32 " cycles a second, by the board's timer\n", cycles_per_second());
    }
    printf("bench: # counter: %s\n", icount ? "PMCCNTR under icount, instructions" : "PMCCNTR, cycles");
    printf("bench: # compiler: gcc %s\n", __VERSION__);
    printf("bench: group,name,bytes,align,state,lines,instructions,cycles,instructions_min,instructions_max,"
           "cycles_min,cycles_max,repetitions,context,in_flight,enforcement,entries,policy\n");
}

/* Ends a period of the simulator's statistics, which finds this function by its name (its option mark). */
__attribute__((noinline)) void bench_mark(const char *period);
__attribute__((noinline)) void bench_mark(const char *period)
{
    __asm__ volatile("" ::"r"(period) : "memory");
}

void bench_begin_period(void)
{
    bench_mark("set-up");
}

void bench_end_period(void)
{
    static char period[12];

    snprintf(period, sizeof(period), "%" PRIu32, bench_rows);
    bench_mark(period);
}
