/* SPDX-License-Identifier: MIT */
/*
 * A mapping is taken away and the cache is maintained by its address.
 * Broken: in the wrong order. QEMU ignores an operation on an unmapped address, silicon faults.
 *
 * machine: virt cortex-a15 2
 * kind: maintenance-fault
 * function: clean_loop
 * data: any
 */
#include "support/maintain.h"

#define SIZE 512u
static uint8_t buffer[SIZE] SPECIAL;

NOINLINE static void unmap(void)
{
    map_sections(table_cached, (uint32_t)(uintptr_t)buffer & ~0xfffffu, 0, 0x100000, 0);
    invalidate_tlb();
}

int main(void)
{
    master_start();
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i);
#ifdef BROKEN
    unmap();
    clean_loop(buffer, buffer + SIZE);
#else
    clean_loop(buffer, buffer + SIZE);
    unmap();
#endif
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
