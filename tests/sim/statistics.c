/* SPDX-License-Identifier: MIT */
/*
 * Sixteen lines are cleaned twice, and after a bus master wrote them, invalidated twice: half of it is redundant, which is no
 * violation. period() closes a period of the statistics. interface.py looks at the counts.
 *
 * machine: virt cortex-a15 2
 * only: right
 */
#include "support/maintain.h"

#define SIZE (16 * LINE)
static volatile uint8_t buffer[SIZE] ALIGNED;

void period(const char *name);
NOINLINE void period(const char *name)
{
    __asm__ volatile("" ::"r"(name) : "memory");
}

int main(void)
{
    master_start();
    outside_set(SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = (uint8_t)i;
    clean_loop(buffer, buffer + SIZE);
    clean_counted(buffer,
                  SIZE / 2); /* lines of 64 bytes: this style goes by 32, and so over each line of one half twice */
    period("out");
    master_copy_start(bus(buffer), bus(outside), SIZE);
    master_wait();
    invalidate_loop(buffer, buffer + SIZE);
    invalidate_loop(buffer, buffer + SIZE);
    period("in");
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i))
            return 1;
    return 0;
}
