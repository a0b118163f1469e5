/* SPDX-License-Identifier: MIT */
/*
 * The mailbox is non-cacheable memory; its stores may still be in a write buffer when the doorbell, Device memory, rings.
 * Broken: no DMB between.
 *
 * machine: virt cortex-a15 2
 * kind: incomplete-maintenance
 * function: master_run
 * function: give
 * data: any
 */
#include "support/maintain.h"

#define SIZE 256u
static uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void give(uint32_t to, uint32_t from, uint32_t size)
{
    mailbox.to = to;     /* accused */
    mailbox.from = from; /* accused */
    mailbox.size = size; /* accused */
#ifndef BROKEN
    __asm__ volatile("dmb st" ::: "memory");
#endif
    doorbell();
}

int main(void)
{
    master_start();
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i);
    clean_counted(buffer, SIZE);
    give(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
