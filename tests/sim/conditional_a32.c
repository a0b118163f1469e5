/* SPDX-License-Identifier: MIT */
/*
 * One routine for all directions, its operations conditional.
 * Broken: it is asked for an invalidate, its clean is passed over. Also: an operation on an unmapped address that its
 * condition switches off is no fault.
 *
 * machine: virt cortex-a15 2
 * flags: -marm
 * kind: discarded-store
 * function: fill
 * function: check_own
 * variants: INVALIDATES NOTHING=stale-device-read@fill+master_copy
 */
#include "support/maintain.h"

#ifndef SYNC
#define SYNC sync_conditional
#endif
#define SIZE 256u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
}

NOINLINE static int check_own(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i))
            return 1;
    return 0;
}

NOINLINE static void clean_if(uint32_t address, bool wanted)
{
    __asm__ volatile("cmp %1, #0\n\tit ne\n\tmcrne p15, 0, %0, c7, c10, 1" ::"r"(address), "r"(wanted)
                     : "cc", "memory");
}

int main(void)
{
    master_start();
    fill();
    expect_address(buffer);
    clean_if(0xf0000000, false);
#ifdef NOTHING
    for (uint32_t i = 0; i < SIZE; i += LINE)
        clean_if((uint32_t)(uintptr_t)buffer + i, false);
    dsb();
#elif defined(INVALIDATES)
    SYNC(buffer, SIZE, INVALIDATE);
    return check_own();
#else
    SYNC(buffer, SIZE, CLEAN);
#endif
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE) + check_own() ? 1 : 0;
}
