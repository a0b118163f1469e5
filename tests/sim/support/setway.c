/* SPDX-License-Identifier: MIT */
/* Whole data cache by set and way (DDI 0406C, B2.2.6): levels from CLIDR, geometry from CCSIDR. */
#include "maintain.h"

static uint32_t log2_up(uint32_t value)
{
    uint32_t bits = 0;
    while ((1u << bits) < value)
        bits++;
    return bits;
}

__attribute__((always_inline)) static inline void every_line(void (*operation)(uint32_t), uint32_t levels)
{
    uint32_t clidr, ccsidr;
    __asm__ volatile("mrc p15, 1, %0, c0, c0, 1" : "=r"(clidr));
    for (uint32_t level = 0; level < (clidr >> 24 & 7) && level < levels; level++) {
        if ((clidr >> 3 * level & 7) < 2)
            continue;
        __asm__ volatile("mcr p15, 2, %1, c0, c0, 0\n\tisb\n\tmrc p15, 1, %0, c0, c0, 0"
                         : "=r"(ccsidr)
                         : "r"(level << 1));
        const uint32_t line_bits = (ccsidr & 7) + 4;
        const uint32_t ways = (ccsidr >> 3 & 0x3ff) + 1;
        const uint32_t sets = (ccsidr >> 13 & 0x7fff) + 1;
        for (uint32_t way = 0; way < ways; way++)
            for (uint32_t set = 0; set < sets; set++)
                operation((ways == 1 ? 0 : way << (32 - log2_up(ways))) | set << line_bits | level << 1);
    }
    __asm__ volatile("mcr p15, 2, %0, c0, c0, 0" ::"r"(0));
    dsb();
}

NOINLINE void clean_all(void)
{
    every_line(dccsw, 7);
}

NOINLINE void clean_level_1(void)
{
    every_line(dccsw, 1);
}

NOINLINE void invalidate_all(void)
{
    every_line(dcisw, 7);
}

NOINLINE void flush_all(void)
{
    every_line(dccisw, 7);
}
