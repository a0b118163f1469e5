/* SPDX-License-Identifier: MIT */
/*
 * A peer CPU, coherent with this one, fills a buffer; this CPU cleans it for a bus master.
 * Broken: by set and way, which does not reach the peer's cache.
 *
 * machine: virt cortex-a15 3
 * machine: virt cortex-a7 3
 * kind: stale-device-read
 * function: peer
 * function: master_copy
 */
#include "support/maintain.h"

#define SIZE 512u
static volatile uint8_t buffer[SIZE] ALIGNED;
static volatile uint32_t filled ALIGNED;

NOINLINE static void peer(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i); /* accused */
    dmb();
    filled = 1;
    __asm__ volatile("dsb\n\tsev" ::: "memory");
}

int main(void)
{
    master_start();
    cpu_start(1, enter_cached, peer);
    for (uint32_t i = 0; i < POLLS && filled == 0; i++)
        __asm__ volatile("wfe" ::: "memory");
    dmb();
    expect_address(buffer);
#ifdef BROKEN
    clean_all();
#else
    clean_loop(buffer, buffer + SIZE);
#endif
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
