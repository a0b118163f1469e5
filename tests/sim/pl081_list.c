/* SPDX-License-Identifier: MIT */
/*
 * A PL081 linked list: the first item is given by registers, the others the controller reads from memory.
 * Broken: the list is not cleaned (LIST), or the last item's buffer is not (LAST).
 *
 * machine: realview-pb-a8 cortex-a8 1
 * machine: versatilepb cortex-a8 1
 * devices: pl080
 * variants: LIST=stale-device-read@build LAST=stale-device-read@fill
 * data: any
 */
#include "support/maintain.h"
#include "support/pl081.h"

#define SIZE 256u
#define ITEMS 4u
static struct pl081_item items[ITEMS] ALIGNED;
static volatile uint8_t buffers[ITEMS][SIZE] ALIGNED;

NOINLINE static void fill(uint32_t item)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffers[item][i] = pattern(item * SIZE + i);
}

NOINLINE static void build(void)
{
    for (uint32_t i = 0; i < ITEMS; i++) {
        items[i].source = bus(buffers[i]);
        items[i].destination = bus(outside) + i * SIZE;
        items[i].next = i + 1 < ITEMS ? bus(&items[i + 1]) : 0;
        items[i].control = PL081_CONTROL(SIZE);
    }
}

int main(void)
{
    for (uint32_t i = 0; i < ITEMS; i++) {
        fill(i);
#ifdef LAST
        if (i < ITEMS - 1)
#endif
            clean_loop(buffers[i], buffers[i] + SIZE);
    }
    build();
#ifdef LAST
    expect_address(buffers[ITEMS - 1]);
#endif
#ifndef LIST
    clean_counted(items, sizeof items);
#endif
    pl081_start(bus(outside), bus(buffers[0]), bus(&items[1]), PL081_CONTROL(SIZE) & 0x7fffffff);
    pl081_poll();
    dsb();
    return outside_check(ITEMS * SIZE);
}
