/* SPDX-License-Identifier: MIT */
/*
 * The buffer is invalidated before the DMA; while the master writes, the CPU works on the memory beside it and may fetch
 * lines of the buffer speculatively.
 * Broken: no invalidate after. Right by luck as long as nothing is fetched: strict names it.
 *
 * machine: virt cortex-a15 2
 * kind: stale-cpu-read
 * function: check
 * function: master_copy
 * caught: strict
 * data: right
 */
#include "support/maintain.h"

#define SIZE 1024u
static struct {
    volatile uint8_t before[SIZE], buffer[SIZE], after[SIZE];
} memory ALIGNED;

NOINLINE static void work_beside(void)
{
    for (uint32_t i = 0; i < SIZE; i += 4)
        memory.after[i] = memory.before[SIZE - 1 - i];
}

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (memory.buffer[i] != pattern(i))
            return 1;
    return 0;
}

int main(void)
{
    master_start();
    outside_set(SIZE);
    work_beside();
    invalidate_loop(memory.buffer, memory.buffer + SIZE);
    master_copy_start(bus(memory.buffer), bus(outside), SIZE);
    work_beside();
    master_wait();
#ifndef BROKEN
    invalidate_loop(memory.buffer, memory.buffer + SIZE);
#endif
    return check();
}
