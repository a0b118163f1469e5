/* SPDX-License-Identifier: MIT */
/*
 * On one CPU with two levels of cache, a clean of all levels by set and way publishes what it wrote; a second mapping,
 * non-cacheable, shows it.
 * Broken: only the first level is cleaned.
 *
 * machine: virt cortex-a15 1
 * machine: virt cortex-a7 1
 * kind: stale-device-read
 * function: fill
 * function: check
 */
#include "support/maintain.h"

#define SIZE 0x20000u
static uint32_t buffer[SIZE / 4] SPECIAL;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE / 4; i++)
        buffer[i] = 0x12345678 ^ i * 0x10001; /* accused */
}

NOINLINE static int check(const volatile uint32_t *from)
{
    int wrong = 0;
    for (uint32_t i = 0; i < SIZE / 4; i++)
        wrong |= from[i] != (0x12345678 ^ i * 0x10001);
    return wrong;
}

int main(void)
{
    uint32_t alias = (uint32_t)(uintptr_t)buffer + ALIAS;
    fill();
    expect_address(buffer);
#ifdef BROKEN
    clean_level_1();
#else
    clean_all();
#endif
    return check((const volatile uint32_t *)alias);
}
