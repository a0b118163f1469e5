/* SPDX-License-Identifier: MIT */
/*
 * What looks wrong and is not: nothing is to be reported, also under strict and with noise.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * only: right
 */
#include "support/maintain.h"

#define SIZE 512u
static volatile uint8_t a[SIZE] ALIGNED, b[SIZE] ALIGNED, scratch[SIZE] ALIGNED;

static void copy(volatile uint8_t *to, const volatile uint8_t *from, uint32_t size)
{
    master_copy_start(bus(to), bus(from), size);
    master_wait();
}

static int check(const volatile uint8_t *from, uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i < end; i++)
        if (from[i] != pattern(i))
            return 1;
    return 0;
}

/* A bus master reads what a bus master wrote: no CPU is concerned, although the CPU has (clean) copies. */
static int device_to_device(void)
{
    const uint32_t sum = a[0] + a[64] + b[0] + b[128];
    outside_set(SIZE);
    copy(a, outside, SIZE);
    copy(b, a, SIZE);
    outside_clear(SIZE);
    copy(outside, b, SIZE);
    return outside_check(SIZE) || sum != 0;
}

/* The CPU overwrites whole lines that a device wrote before: what the cache had of them does not matter. */
static int overwrite(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        a[i] = pattern(SIZE - 1 - i);
    clean_loop(a, a + SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        a[i] = pattern(i);
    clean_loop(a, a + SIZE);
    outside_clear(SIZE);
    copy(outside, a, SIZE);
    return outside_check(SIZE);
}

/* Half of each of two lines is written by a device, the other half is only read by the CPU. */
static int halves(void)
{
    invalidate_loop(b, b + SIZE);
    if (check(b, 0, SIZE) != 0)
        return 1;
    outside_clear(32);
    copy(b, outside, 32);
    const int wrong = check(b, 32, 64);
    invalidate_loop(b, b + LINE);
    return wrong || b[0] != 0 || b[31] != 0 || check(b, 32, 64);
}

/* Stores that nobody needs any more are thrown away. */
static int discard(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        scratch[i] = 0xaa;
    invalidate_loop(scratch, scratch + SIZE);
    outside_set(SIZE);
    copy(scratch, outside, SIZE);
    invalidate_loop(scratch, scratch + SIZE);
    const int wrong = check(scratch, 0, SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        scratch[i] = 0xbb;
    invalidate_loop(scratch, scratch + SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        scratch[i] = pattern(i);
    return wrong || check(scratch, 0, SIZE);
}

/* The barrier and the operation may be far apart, and several buffers share one barrier. */
static int shared_barrier(void)
{
    for (uint32_t i = 0; i < LINE; i++)
        a[i] = b[i] = pattern(i);
    dccmvac((uint32_t)(uintptr_t)a);
    dccimvac((uint32_t)(uintptr_t)b);
    mailbox.to = bus(outside);
    mailbox.from = bus(a);
    mailbox.size = LINE;
    outside_clear(LINE);
    dsb();
    doorbell();
    master_wait();
    int wrong = outside_check(LINE);
    copy(outside, b, LINE);
    return wrong | outside_check(LINE);
}

int main(void)
{
    master_start();
    return device_to_device() | overwrite() | halves() | discard() | shared_barrier();
}
