/* SPDX-License-Identifier: MIT */
/* The L2C-310 outer cache (DDI 0246H, 3.3): maintenance by physical address, 32-byte lines. */
#ifndef SIM_TEST_L2C310_H
#define SIM_TEST_L2C310_H

#include "image.h"

#define L2_INVALIDATE 0x770u
#define L2_CLEAN 0x7b0u
#define L2_FLUSH 0x7f0u

static inline void l2_sync(void)
{
    write32(L2C310 + 0x730, 0);
    while ((read32(L2C310 + 0x730) & 1) != 0) {
    }
    dsb();
}

static inline void l2_on(void)
{
    write32(L2C310 + 0x77c, 0xffff); /* invalidate all ways */
    while ((read32(L2C310 + 0x77c) & 0xffff) != 0) {
    }
    l2_sync();
#ifdef EXCLUSIVE
    write32(L2C310 + 0x104, 0x02421000);
#elif !defined(NO_OVERRIDE)
    write32(L2C310 + 0x104, 0x02420000); /* shared override */
#endif
    write32(L2C310 + 0x100, 1);
    dsb();
}

static inline void l2_range(uint32_t operation, const volatile void *address, uint32_t size)
{
    const uint32_t start = (uint32_t)(uintptr_t)address & ~31u, end = (uint32_t)(uintptr_t)address + size;
    for (uint32_t line = start; line < end; line += 32)
        write32(L2C310 + operation, line);
}

#endif
