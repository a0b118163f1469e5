/* SPDX-License-Identifier: MIT */
/*
 * The same memory is mapped a second time, non-cacheable, in the bus's view.
 * Broken: the CPU reads through the second mapping what it wrote through the first (READ), or reads through the first what
 * it wrote through the second (WRITE), without maintenance between.
 *
 * machine: virt cortex-a15 1
 * machine: virt cortex-a7 1
 * machine: vexpress-a15 cortex-a15 1
 * machine: realview-pbx-a9 cortex-a9 1
 * machine: raspi2b cortex-a7 4
 * machine: xilinx-zynq-a9 cortex-a9 1
 * variants: READ=stale-device-read@fill+check WRITE=stale-cpu-read@fill+check
 */
#include "support/maintain.h"

#define SIZE 256u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void fill(volatile uint8_t *to)
{
    for (uint32_t i = 0; i < SIZE; i++)
        to[i] = pattern(i); /* accused */
}

NOINLINE static int check(const volatile uint8_t *from)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (from[i] != pattern(i))
            return 1;
    return 0;
}

int main(void)
{
    volatile uint8_t *alias = (volatile uint8_t *)((uint32_t)(uintptr_t)buffer + ALIAS);
    __asm__("" : "+r"(alias));
    expect_address(buffer);
#ifndef WRITE
    fill(buffer);
#ifndef BROKEN
    clean_loop(buffer, buffer + SIZE);
#endif
    if (check(alias) != 0)
        return 1;
#endif
#ifndef READ
    flush_loop(buffer, buffer + SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        alias[i] = 0;
    dsb();
    invalidate_loop(buffer, buffer + SIZE);
    if (buffer[0] + buffer[64] + buffer[128] + buffer[192] != 0)
        return 1;
    fill(alias);
    dsb();
#ifndef BROKEN
    invalidate_loop(buffer, buffer + SIZE);
#endif
    return check(buffer);
#else
    return 0;
#endif
}
