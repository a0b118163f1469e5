/* SPDX-License-Identifier: MIT */
/*
 * A header that the CPU writes, and a payload that a bus master writes.
 * Broken: both share a line, and the invalidate of the payload drops the header.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: discarded-store
 * function: write_header
 * function: check_header
 */
#include "support/maintain.h"

#ifdef BROKEN
#define HEADER 32u
#else
#define HEADER LINE
#endif
#define PAYLOAD (4 * LINE - 32)
static struct {
    volatile uint8_t header[HEADER], payload[PAYLOAD];
} packet ALIGNED;

NOINLINE static void write_header(void)
{
    for (uint32_t i = 0; i < 16; i++)
        packet.header[i] = pattern(i); /* accused: the store that is lost */
}

NOINLINE static int check_header(void)
{
    for (uint32_t i = 0; i < 16; i++)
        if (packet.header[i] != pattern(i))
            return 1;
    return 0;
}

NOINLINE static int check_payload(void)
{
    for (uint32_t i = 0; i < PAYLOAD; i++)
        if (packet.payload[i] != pattern(i))
            return 1;
    return 0;
}

int main(void)
{
    master_start();
    outside_set(PAYLOAD);
    write_header();
#ifndef CLEAN_FIRST
    expect_address(packet.header);
#endif
    master_copy_start(bus(packet.payload), bus(outside), PAYLOAD);
    master_wait();
    sync_it_block(packet.payload, PAYLOAD, INVALIDATE);
    return check_header() + check_payload() ? 1 : 0;
}
