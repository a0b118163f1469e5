/* SPDX-License-Identifier: MIT */
/*
 * The image runs in place from flash (-bios): none of its code is ever in RAM, and RAM is found by its first store there.
 * Broken: no invalidate of what fw_cfg wrote.
 *
 * machine: virt cortex-a15 1
 * machine: virt cortex-a7 1
 * start: flash
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

void adjust_map(void)
{
    map_sections(table_cached, 0, 0, 0x100000, NON_CACHEABLE);
}

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
