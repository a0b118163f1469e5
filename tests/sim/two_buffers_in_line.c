/* SPDX-License-Identifier: MIT */
/*
 * A transmit and a receive buffer, small ones.
 * Broken: they share a line. The master writes the one while the CPU writes and cleans the other (lost-update), or the CPU
 * writes the one and invalidates the other (discarded-store).
 *
 * machine: virt cortex-a15 2
 * variants: WRITE_BACK_OVER=lost-update@check DROP=discarded-store@check+fill
 */
#include "support/maintain.h"

#ifdef BROKEN
#define SIZE 32u
#else
#define SIZE LINE
#endif
static struct {
    volatile uint8_t transmit[SIZE], receive[SIZE];
} buffers ALIGNED;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < 32; i++)
        buffers.transmit[i] = pattern(i);
}

NOINLINE static int check(const volatile uint8_t *buffer)
{
    for (uint32_t i = 0; i < 32; i++)
        if (buffer[i] != pattern(i)) /* accused */
            return 1;
    return 0;
}

int main(void)
{
    master_start();
    outside_set(32);
    if (buffers.transmit[0] != 0)
        return 1;
    master_copy_start(bus(buffers.receive), bus(outside), 32);
    master_wait();
    fill();
#ifdef DROP
    expect_address(buffers.transmit);
#else
    expect_address(buffers.receive);
    clean_loop(buffers.transmit, buffers.transmit + 32);
#endif
    invalidate_loop(buffers.receive, buffers.receive + 32);
#ifdef DROP
    return check(buffers.transmit);
#else
    return check(buffers.receive);
#endif
}
