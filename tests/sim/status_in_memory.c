/* SPDX-License-Identifier: MIT */
/*
 * The device says in memory that it is done: fw_cfg clears its descriptor's control word, which the CPU polls uncached.
 * Broken: no barrier between that read and the invalidate, which may overtake it.
 *
 * machine: virt cortex-a15 1
 * devices: fwcfg
 * support: fw_cfg.c
 * qemu: -fw_cfg name=opt/sim/pattern,file=$file
 * kind: unordered-completion
 * function: check
 * data: any
 */
#include "support/fw_cfg.h"
#include "support/maintain.h"

#define SIZE 256u
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i)) /* accused */
            return 1;
    return 0;
}

int main(void)
{
    const uint32_t selector = fw_cfg_find("opt/sim/pattern");
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = 0x55;
    flush_inline(buffer, SIZE);
    expect_address(buffer);
    fw_cfg_describe(&fw_cfg_descriptor, selector, FW_CFG_READ, bus(buffer), SIZE);
    dsb();
    fw_cfg_doorbell(bus(&fw_cfg_descriptor));
    for (uint32_t i = 0; i < POLLS && fw_cfg_descriptor.control != 0; i++) {
    }
#ifndef BROKEN
    dmb();
#endif
    invalidate_inline(buffer, SIZE);
    return check();
}
