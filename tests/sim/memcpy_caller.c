/* SPDX-License-Identifier: MIT */
/*
 * A packet is built with a copy routine; the report names also who called it.
 * Broken: no clean.
 *
 * machine: virt cortex-a15 2
 * kind: stale-device-read
 * function: memcpy
 * function: build_packet
 */
#include "support/maintain.h"

#include <stddef.h>

#define SIZE 512u
static uint8_t packet[SIZE] ALIGNED, parts[SIZE];

void *memcpy(void *restrict to, const void *restrict from, size_t size);
NOINLINE void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
    return to;
}

NOINLINE static void build_packet(void)
{
    memcpy(packet, parts, SIZE / 2);
    memcpy(packet + SIZE / 2, parts + SIZE / 2, SIZE / 2);
    dmb();
}

int main(void)
{
    master_start();
    for (uint32_t i = 0; i < SIZE; i++)
        parts[i] = pattern(i);
    build_packet();
    expect_address(packet);
#ifndef BROKEN
    clean_loop(packet, packet + SIZE);
#endif
    master_copy_start(bus(outside), bus(packet), SIZE);
    master_wait();
    return outside_check(SIZE);
}
