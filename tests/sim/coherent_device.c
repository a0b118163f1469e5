/* SPDX-License-Identifier: MIT */
/*
 * A device that snoops the CPU's caches: it takes the CPU's address and needs no maintenance.
 * Broken: it is given the bus's address.
 *
 * machine: virt cortex-a15 1
 * devices: fwcfg
 * options: coherent=fwcfg
 * support: fw_cfg.c
 * qemu: -fw_cfg name=opt/sim/pattern,file=$file
 * broken-modes: bus
 * kind: cpu-address-on-bus
 * function: fw_cfg_doorbell
 * data: any
 */
#include "support/fw_cfg.h"

#define SIZE 512u
static struct fw_cfg_descriptor descriptor ALIGNED;
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
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = 0x33;
    uint32_t address = (uint32_t)(uintptr_t)buffer;
#ifdef BROKEN
    address += bus_offset;
#endif
    fw_cfg_describe(&descriptor, selector, FW_CFG_READ, address, SIZE);
    dsb();
    fw_cfg_doorbell((uint32_t)(uintptr_t)&descriptor);
    dsb();
    return check();
}
