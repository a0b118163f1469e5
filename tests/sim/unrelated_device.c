/* SPDX-License-Identifier: MIT */
/*
 * The completion is polled in the descriptor, uncached, and a DSB follows; then the program writes to its console, whose flags
 * it reads, and only then invalidates. The console's flags tell nothing of the transfer: no second barrier is needed.
 * Broken: there is none between the status that told it and the invalidate either.
 *
 * machine: virt cortex-a15 1
 * devices: fwcfg
 * support: fw_cfg.c
 * qemu: -fw_cfg name=opt/sim/pattern,file=$file
 * kind: unordered-completion
 * function: invalidate_loop
 * data: any
 */
#include "support/fw_cfg.h"
#include "support/maintain.h"

#define SIZE 512u
#define UART 0x09000000u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void put(char letter)
{
    while ((read32(UART + 0x18) & 0x20) != 0) {
    }
    write32(UART, (uint32_t)letter);
}

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i))
            return 1;
    return 0;
}

int main(void)
{
    const uint32_t selector = fw_cfg_find("opt/sim/pattern");
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = 0x33;
    flush_loop(buffer, buffer + SIZE);
    fw_cfg_describe(&fw_cfg_descriptor, selector, FW_CFG_READ, bus(buffer), SIZE);
    dmb();
    fw_cfg_doorbell(bus(&fw_cfg_descriptor));
#ifndef BROKEN
    while (fw_cfg_descriptor.control != 0) {
    }
    dsb();
#endif
    put('.');
    invalidate_loop(buffer, buffer + SIZE);
    return check();
}
