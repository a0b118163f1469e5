/* SPDX-License-Identifier: MIT */
/*
 * The clean must have ended before the doorbell is rung; the mailbox's DMB does not see to that.
 * Broken: no barrier, or one that does not reach a device, or one that does not wait for maintenance.
 *
 * machine: virt cortex-a15 2
 * kind: incomplete-maintenance
 * function: master_copy
 * variants: NONE ISH NSH DMB
 * data: any
 */
#include "support/maintain.h"

#define SIZE 512u
static uint8_t buffer[SIZE] ALIGNED;

#if defined(NONE)
#define BARRIER ""
#elif defined(ISH)
#define BARRIER "dsb ish"
#elif defined(NSH)
#define BARRIER "dsb nsh"
#elif defined(DMB)
#define BARRIER "dmb sy"
#else
#define BARRIER "dsb st"
#endif

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i);
}

NOINLINE static void clean_lines(uint32_t address, uint32_t size)
{
    for (uint32_t end = address + size; address < end; address += LINE)
        dccmvac(address);
    __asm__ volatile(BARRIER ::: "memory");
}

int main(void)
{
    master_start();
    fill();
    expect_address(buffer);
    clean_lines((uint32_t)(uintptr_t)buffer, SIZE);
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
