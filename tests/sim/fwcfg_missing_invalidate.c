/* SPDX-License-Identifier: MIT */
/*
 * fw_cfg writes a file into a buffer that is in the cache.
 * Broken: no invalidate.
 *
 * machine: virt cortex-a15 1
 * machine: virt cortex-a7 1
 * devices: fwcfg
 * support: fw_cfg.c
 * qemu: -fw_cfg name=opt/sim/pattern,file=$file
 * kind: stale-cpu-read
 * function: check
 */
#include "support/fw_cfg.h"
#include "support/maintain.h"

#define SIZE 1024u
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
    if (buffer[0] + buffer[SIZE - 1] != 0xaa)
        return 1;
    for (uint32_t i = 0; i < SIZE; i += 32)
        if (buffer[i] != 0x55)
            return 1;
    expect_address(buffer);
    fw_cfg_transfer(selector, FW_CFG_READ, bus(buffer), SIZE);
#ifndef BROKEN
    invalidate_inline(buffer, SIZE);
#endif
    return check();
}
