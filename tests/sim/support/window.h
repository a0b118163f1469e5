/* SPDX-License-Identifier: MIT */
/* A bus master for machines that have none here: the board's PL081, or else the CPU itself, through the second, non-cacheable mapping. */
#ifndef SIM_TEST_WINDOW_H
#define SIM_TEST_WINDOW_H

#include "image.h"

#ifdef PL081
#include "pl081.h"
NOINLINE static void window_copy(volatile void *to, const volatile void *from, uint32_t size)
{
    pl081_start(bus(to), bus(from), 0, PL081_CONTROL(size));
    pl081_poll();
    dsb();
}
#else
NOINLINE static void window_copy(volatile void *to, const volatile void *from, uint32_t size)
{
    volatile uint32_t *const t = (volatile uint32_t *)((uint32_t)(uintptr_t)to + ALIAS);
    const volatile uint32_t *const f = (const volatile uint32_t *)((uint32_t)(uintptr_t)from + ALIAS);
    for (uint32_t i = 0; i < size / 4; i++)
        t[i] = f[i];
    dsb();
}
#endif

#endif
