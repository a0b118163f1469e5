/* SPDX-License-Identifier: MIT */
/*
 * The descriptor of a fw_cfg transfer is memory that the device reads too.
 * Broken: it is in cached memory and not cleaned (CACHED), or cleaned without a DSB (NO_DSB), or in non-cacheable memory and
 * not drained before the doorbell (NO_DMB).
 *
 * machine: virt cortex-a15 1
 * devices: fwcfg
 * support: fw_cfg.c
 * qemu: -fw_cfg name=opt/sim/pattern,file=$file
 * variants: CACHED=stale-device-read@fw_cfg_describe NO_DSB=incomplete-maintenance NO_DMB=incomplete-maintenance@fw_cfg_describe
 * data: any
 */
#include "support/fw_cfg.h"
#include "support/maintain.h"

#define SIZE 64u
#ifndef NO_DMB
static struct fw_cfg_descriptor cached ALIGNED;
#endif
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void describe(struct fw_cfg_descriptor *descriptor, uint32_t selector)
{
    fw_cfg_describe(descriptor, selector, FW_CFG_READ, bus(buffer), SIZE);
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
#if !defined(CACHED) && !defined(NO_DSB)
    describe(&fw_cfg_descriptor, selector);
#ifndef NO_DMB
    __asm__ volatile("dsb st" ::: "memory");
#endif
    fw_cfg_doorbell(bus(&fw_cfg_descriptor));
#ifdef BROKEN
    dsb();
    invalidate_inline(buffer, SIZE);
    return check();
#endif
#endif
#ifndef NO_DMB
    describe(&cached, selector);
#ifndef CACHED
    dccimvac((uint32_t)(uintptr_t)&cached);
#ifndef NO_DSB
    dsb();
#endif
#endif
    fw_cfg_doorbell(bus(&cached));
    dsb();
    invalidate_inline(buffer, SIZE);
    return check();
#endif
}
