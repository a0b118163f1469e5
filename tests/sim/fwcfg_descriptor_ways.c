/* SPDX-License-Identifier: MIT */
/*
 * A descriptor reaches memory in other ways than by a clean by address: by set and way, through a write-through mapping, uncached with
 * much else stored after it. What it said has to be known all the same: a transfer of 28 bytes to memory is not ramfb's
 * configuration from memory.
 * Broken: the buffer is not invalidated after the transfer.
 *
 * machine: virt cortex-a15 1
 * machine: virt cortex-a7 1
 * devices: fwcfg
 * support: fw_cfg.c
 * qemu: -fw_cfg name=opt/sim/pattern,file=$file
 * kind: stale-cpu-read
 * function: check
 * variants: BY_SET_WAY WRITTEN_THROUGH UNCACHED_LONG
 */
#include "support/fw_cfg.h"
#include "support/maintain.h"

#define SIZE 28u
static struct fw_cfg_descriptor cached ALIGNED;
static struct fw_cfg_descriptor through SPECIAL;
static volatile uint8_t buffer[LINE] ALIGNED;
static volatile uint8_t scratch[32 * LINE] UNCACHED;

void adjust_map(void)
{
    const uint32_t special = (uint32_t)(uintptr_t)special_start;
    map_sections(table_cached, special, special, 0x100000, WRITE_THROUGH);
}

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i)) /* accused */
            return 1;
    return 0;
}

NOINLINE static int receive(struct fw_cfg_descriptor *descriptor, uint32_t selector, bool refresh)
{
    for (uint32_t i = 0; i < LINE; i++)
        buffer[i] = 0x33;
    flush_loop(buffer, buffer + LINE);
    if (buffer[0] != 0x33)
        return 1;
    fw_cfg_describe(descriptor, selector, FW_CFG_READ, bus(buffer), SIZE);
    if (descriptor == &cached)
        clean_all();
    if (descriptor == &fw_cfg_descriptor)
        for (uint32_t i = 0; i < sizeof scratch; i++)
            scratch[i] = 0;
    dsb();
    fw_cfg_doorbell(bus(descriptor));
    dsb();
    if (refresh)
        invalidate_loop(buffer, buffer + LINE);
    invalidate_loop(descriptor, descriptor + 1);
    return check();
}

int main(void)
{
    const uint32_t selector = fw_cfg_find("opt/sim/pattern");
    bool set_way = true, written_through = true, uncached_long = true;
#ifdef BY_SET_WAY
    set_way = false;
#elif defined(WRITTEN_THROUGH)
    written_through = false;
#elif defined(UNCACHED_LONG)
    uncached_long = false;
#endif
    expect_address(buffer);
    return receive(&cached, selector, set_way) + receive(&through, selector, written_through) +
           receive(&fw_cfg_descriptor, selector, uncached_long);
}
