/* SPDX-License-Identifier: MIT */
/*
 * A bus master is started by a flag that it polls in memory. A Device store of another purpose between the clean and its DSB is no
 * doorbell of that master.
 *
 * machine: virt cortex-a15 2
 * devices: gic
 * only: right
 */
#include "support/maintain.h"

#define SIZE 512u
#define FULL 1u
#define DONE 2u
static uint8_t buffer[SIZE] ALIGNED;
static volatile uint32_t flag UNCACHED;

NOINLINE static void await(uint32_t value)
{
    for (uint32_t i = 0; i < POLLS && flag != value; i++)
        __asm__ volatile("wfe");
    dmb();
}

static void copy(void)
{
    await(FULL);
    for (uint32_t i = 0; i < SIZE; i++)
        ((volatile uint8_t *)outside)[i] = *(volatile uint8_t *)bus(&buffer[i]);
    dmb();
    flag = DONE;
    __asm__ volatile("dsb\n\tsev" ::: "memory");
}

int main(void)
{
    flag = 0;
    dsb();
    cpu_start(1, enter_uncached, copy);
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i);
    for (uint32_t at = 0; at < SIZE; at += LINE)
        dccmvac((uint32_t)(uintptr_t)&buffer[at]);
    write32(UART + 0x38, 0);
    dsb();
    flag = FULL;
    __asm__ volatile("dsb\n\tsev" ::: "memory");
    await(DONE);
    return outside_check(SIZE);
}
