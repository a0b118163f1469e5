/* SPDX-License-Identifier: MIT */
/*
 * Cache maintenance as third-party firmware writes it, in several styles. All are by address to the point of coherency,
 * round outwards to lines and end with a DSB, if nothing else is said. The simulator has to understand all of them.
 */
#ifndef SIM_TEST_MAINTAIN_H
#define SIM_TEST_MAINTAIN_H

#include "image.h"

/* A32, start and end, line size from CTR, four instructions a line. */
void clean_loop(const volatile void *start, const volatile void *end);
void invalidate_loop(const volatile void *start, const volatile void *end);
void flush_loop(const volatile void *start, const volatile void *end);

/* T32, address and size, lines counted down to zero. */
void clean_counted(const volatile void *address, uint32_t size);
void invalidate_counted(const volatile void *address, uint32_t size);
void flush_counted(const volatile void *address, uint32_t size);

/* One routine for all directions, the operation chosen by conditional instructions: A32 by condition codes, T32 by IT blocks. */
#define CLEAN 1u
#define INVALIDATE 2u
void sync_conditional(const volatile void *address, uint32_t size, uint32_t operations);
void sync_it_block(const volatile void *address, uint32_t size, uint32_t operations);

/* Whole data cache, each level to the level of coherency, by set and way, this CPU only. */
void clean_all(void);
void clean_level_1(void); /* its first level only */
void flush_all(void);
void invalidate_all(void); /* before the caches are turned on */

/* Turns this CPU's data cache off, and cleans and invalidates all its levels, or not. For one CPU. */
void cache_off(void);
void cache_off_flush(void);

/* C around one-instruction inlines. */
#define CP15_OPERATION(name, crm, opc2)                                                                                \
    static inline void name(uint32_t value)                                                                            \
    {                                                                                                                  \
        __asm__ volatile("mcr p15, 0, %0, c7, " #crm ", " #opc2 ::"r"(value) : "memory");                              \
    }
CP15_OPERATION(dcimvac, c6, 1)
CP15_OPERATION(dccmvac, c10, 1)
CP15_OPERATION(dccmvau, c11, 1)
CP15_OPERATION(dccimvac, c14, 1)
CP15_OPERATION(dccsw, c10, 2)
CP15_OPERATION(dccisw, c14, 2)
CP15_OPERATION(dcisw, c6, 2)

#define FOR_EACH_LINE(line, address, size)                                                                             \
    for (uint32_t line = (uint32_t)(uintptr_t)(address) & ~(LINE - 1); line < (uint32_t)(uintptr_t)(address) + (size); \
         line += 32)

static inline void clean_inline(const volatile void *address, uint32_t size)
{
    FOR_EACH_LINE(line, address, size)
    dccmvac(line);
    dsb();
}
static inline void invalidate_inline(const volatile void *address, uint32_t size)
{
    FOR_EACH_LINE(line, address, size)
    dcimvac(line);
    dsb();
}
static inline void flush_inline(const volatile void *address, uint32_t size)
{
    FOR_EACH_LINE(line, address, size)
    dccimvac(line);
    dsb();
}

#endif
