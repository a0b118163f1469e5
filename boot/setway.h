/* SPDX-License-Identifier: MIT */
/*
 * The CPU's own caches by level, and boot/setway.S for C: for applications that measure what others do (apps/bench/, apps/workloads/).
 * Nobody uses it for a handoff (why: boot/setway.S). Any context; one CPU at a time selects a level.
 */
#ifndef BATON_BOOT_SETWAY_H
#define BATON_BOOT_SETWAY_H

#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"

#define SETWAY_LEVELS 7u /* most that CLIDR tells of */

/* A level up to the point of coherency; sets 0: no data there (CLIDR, CCSIDR; ARM ARM DDI 0406C, B4.1.20 and B4.1.19). */
struct setway_level {
    uint32_t line, ways, sets; /* line: bytes */
};

/* The number of levels, as the routines take it: CLIDR.LoC. */
static inline uint32_t setway_levels(void)
{
    return cp15_read_CLIDR() >> 24 & 7;
}

static inline struct setway_level setway_level(uint32_t level)
{
    /* Types from 2 on hold data. */
    if (level >= setway_levels() || (cp15_read_CLIDR() >> (3 * level) & 7) < 2) {
        return (struct setway_level){0};
    }
    cp15_write_CSSELR(level << 1);
    isb();
    const uint32_t ccsidr = cp15_read_CCSIDR();
    return (struct setway_level){16u << (ccsidr & 7), (ccsidr >> 3 & 0x3ff) + 1, (ccsidr >> 13 & 0x7fff) + 1};
}

/* Lines of all levels. */
static inline uint32_t setway_lines(void)
{
    uint32_t lines = 0;

    for (uint32_t level = 0; level < SETWAY_LEVELS; level++) {
        const struct setway_level cache = setway_level(level);
        lines += cache.ways * cache.sets;
    }
    return lines;
}

/* Calls a routine, which is made for boot and for registers that no call preserves. */
#define SETWAY_CALL(routine)                                                                                           \
    do {                                                                                                               \
        register uint32_t levels_ __asm__("r0") = setway_levels();                                                     \
                                                                                                                       \
        __asm__ volatile("bl " routine                                                                                 \
                         : "+r"(levels_)                                                                               \
                         :                                                                                             \
                         : "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r12", "lr", "cc", "memory");                     \
    } while (0)

#endif
