/* SPDX-License-Identifier: MIT */
/*
 * A device is given an address of a buffer.
 * Broken: the CPU's address, not the bus's.
 *
 * machine: virt cortex-a15 1
 * devices: fwcfg
 * support: fw_cfg.c
 * qemu: -fw_cfg name=opt/sim/pattern,file=$file
 * broken-modes: bus
 * data: any
 * kind: cpu-address-on-bus
 * function: fw_cfg_doorbell
 */
#include "support/fw_cfg.h"
#include "support/maintain.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] ALIGNED;

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
#ifdef BROKEN
    const uint32_t address = (uint32_t)(uintptr_t)buffer;
#else
    const uint32_t address = bus(buffer);
#endif
    expect_address(buffer);
    invalidate_counted(buffer, SIZE);
    fw_cfg_transfer(selector, FW_CFG_READ, address, SIZE);
    invalidate_counted(buffer, SIZE);
    return check();
}
