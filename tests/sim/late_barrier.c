/* SPDX-License-Identifier: MIT */
/*
 * The barrier has to come before the interrupt that starts the bus master. What comes between that and the master's read does not
 * help, though the last Device store before the read has a DSB before it: the simulator knows which one was the doorbell (gic=).
 * Broken: the DSB of a clean (LATE_DSB), or the DMB of the mailbox (LATE_DMB), comes after the doorbell.
 *
 * machine: virt cortex-a15 2
 * devices: gic
 * kind: incomplete-maintenance
 * variants: LATE_DSB=incomplete-maintenance@fill LATE_DMB=incomplete-maintenance@give
 * data: any
 */
#include "support/maintain.h"

#define SIZE 512u
static uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i);
}

NOINLINE static void give(uint32_t to, uint32_t from, uint32_t size)
{
    mailbox.to = to;
    mailbox.from = from;
    mailbox.size = size;
#ifndef LATE_DMB
    dmb();
#endif
    doorbell();
    dsb();
    write32(UART + 0x38, 0); /* the UART's interrupt mask: whatever is Device memory and none of the master's */
}

int main(void)
{
    master_start();
    fill();
    for (uint32_t at = 0; at < SIZE; at += LINE)
        dccmvac((uint32_t)(uintptr_t)&buffer[at]);
#ifndef LATE_DSB
    dsb();
#endif
    give(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
