/* SPDX-License-Identifier: MIT */
/*
 * The Raspberry Pi's peripherals lie within the addresses of its RAM: a read of a status there is a read of a device all the same.
 * Broken: no barrier between it and the invalidate of what a bus master wrote.
 *
 * machine: raspi2b cortex-a7 4
 * kind: unordered-completion
 * function: check
 * modes: detect
 * data: any
 */
#include "support/maintain.h"

#define SIZE 256u
#define UART 0x3f201000u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void write_outside(void)
{
    volatile uint8_t *const window = (volatile uint8_t *)((uint32_t)(uintptr_t)buffer + ALIAS);
    for (uint32_t i = 0; i < SIZE; i++)
        window[i] = pattern(i);
    dsb();
}

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i)) /* accused */
            return 1;
    return 0;
}

int main(void)
{
    flush_loop(buffer, buffer + SIZE);
    write_outside();
    while ((read32(UART + 0x18) & 0x20) != 0) {
    }
#ifndef BROKEN
    dmb();
#endif
    invalidate_loop(buffer, buffer + SIZE);
    return check();
}
