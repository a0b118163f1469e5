/* SPDX-License-Identifier: MIT */
/*
 * Transfers behind an L2C-310 as a kernel (ranges: inner, then outer with one sync), a vendor's library (line by line, a sync each;
 * inwards the outer line first) and a boot loader (set and way, all ways) do them.
 * Broken: a slip of one of them each.
 *
 * machine: realview-pbx-a9 cortex-a9 1
 * machine: vexpress-a9 cortex-a9 1
 * machine: xilinx-zynq-a9 cortex-a9 1
 * devices: l2c310
 * options: pl080=0x10030000
 * kind: stale-device-read
 * function: fill
 * function: window_copy
 * variants: T_OUTER_FIRST T_NO_OUTER T_OUTER_SHORT T_VIRTUAL V_SHORT S_NO_OUTER S_OUTER_FIRST S_HALF_WAYS
 * variants: T_NO_SYNC=incomplete-maintenance@fill+window_copy
 * variants: R_INNER_ONLY=stale-cpu-read@check+window_copy R_OUTER_ONLY=stale-cpu-read@check+window_copy
 * variants: R_OUTER_CLEANED=stale-cpu-read@check+window_copy V_INNER_FIRST_LINE=stale-cpu-read@check+window_copy
 * variants: R_THROWN=discarded-store@fill+check R_DIRTY=lost-update@check+window_copy
 * data: any
 */
#include "support/l2c310.h"
#include "support/maintain.h"
#include "support/window.h"

#define SIZE (8 * LINE)
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = pattern(i);
}

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (buffer[i] != pattern(i))
            return 1;
    return 0;
}

/* A kernel's. */
NOINLINE static void kernel_to_device(void)
{
#if defined(T_OUTER_FIRST)
    l2_range(L2_CLEAN, buffer, SIZE);
    l2_sync();
#endif
    clean_loop(buffer, buffer + SIZE);
#if defined(T_OUTER_SHORT)
    l2_range(L2_CLEAN, buffer, SIZE - 32);
#elif defined(T_VIRTUAL)
    l2_range(L2_CLEAN, (const volatile void *)((uintptr_t)buffer ^ 0x00800000u), SIZE);
#elif !defined(T_NO_OUTER) && !defined(T_OUTER_FIRST)
    l2_range(L2_CLEAN, buffer, SIZE);
#endif
#if !defined(T_NO_SYNC) && !defined(T_NO_OUTER)
    l2_sync();
#endif
}

NOINLINE static void kernel_before_device(void)
{
#ifndef R_DIRTY
    invalidate_loop(buffer, buffer + SIZE);
    l2_range(L2_INVALIDATE, buffer, SIZE);
    l2_sync();
#endif
}

NOINLINE __attribute__((unused)) static void kernel_from_device(void)
{
#if defined(R_OUTER_CLEANED)
    l2_range(L2_CLEAN, buffer, SIZE);
#elif !defined(R_INNER_ONLY)
    l2_range(L2_INVALIDATE, buffer, SIZE);
#endif
    l2_sync();
#ifndef R_OUTER_ONLY
    invalidate_loop(buffer, buffer + SIZE);
#endif
}

/* A library's: the address of a whole line, no more. */
NOINLINE static void vendor_flush(const volatile void *address, uint32_t size)
{
    const uint32_t end = (uint32_t)(uintptr_t)address + size;
    for (uint32_t at = (uint32_t)(uintptr_t)address & ~31u; at < end; at += 32) {
        dccimvac(at);
        dsb();
        write32(L2C310 + 0xf40, 3);
        write32(L2C310 + L2_FLUSH, at);
        write32(L2C310 + 0x730, 0);
        write32(L2C310 + 0xf40, 0);
    }
    dsb();
}

NOINLINE static void vendor_invalidate(const volatile void *address, uint32_t size)
{
    const uint32_t end = (uint32_t)(uintptr_t)address + size;
    for (uint32_t at = (uint32_t)(uintptr_t)address & ~31u; at < end; at += 32) {
#ifdef V_INNER_FIRST_LINE
        if (at != (uint32_t)(uintptr_t)address)
#endif
            write32(L2C310 + L2_INVALIDATE, at);
        dsb();
        dcimvac(at);
    }
    dsb();
}

/* A boot loader's. */
NOINLINE static void boot_flush_all(void)
{
#ifdef S_OUTER_FIRST
    write32(L2C310 + 0x7fc, 0xffff);
    while ((read32(L2C310 + 0x7fc) & 0xffff) != 0) {
    }
    write32(L2C310 + 0x740, 0);
#endif
    flush_all();
#if defined(S_HALF_WAYS)
    write32(L2C310 + 0x7fc, 0xfe);
#elif !defined(S_NO_OUTER) && !defined(S_OUTER_FIRST)
    write32(L2C310 + 0x7fc, 0xffff);
    while ((read32(L2C310 + 0x7fc) & 0xffff) != 0) {
    }
#endif
    write32(L2C310 + 0x740, 0);
    dsb();
}

static int out(void)
{
    outside_clear(SIZE);
    window_copy(outside, buffer, SIZE);
    return outside_check(SIZE);
}

/* The buffer in both caches, with other bytes; then the pattern from outside. */
static void in(void)
{
    outside_set(SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = 0x11;
    vendor_flush(buffer, SIZE);
}

int main(void)
{
    int wrong = 0;
    l2_on();
    fill();
    kernel_to_device();
    wrong += out();
    fill();
    boot_flush_all();
    wrong += out();
    fill();
#ifdef V_SHORT
    vendor_flush(buffer, SIZE - 32);
#else
    vendor_flush(buffer, SIZE);
#endif
    wrong += out();

    in();
    kernel_before_device();
#ifndef R_DIRTY
    for (uint32_t i = 0; i < SIZE; i += 32)
        if (buffer[i] != 0x11) /* fetched again, as speculation may */
            return 1;
    window_copy(buffer, outside, SIZE);
    kernel_from_device();
#else
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = 0x22;
    clean_loop(buffer, buffer + SIZE); /* into the outer cache */
    window_copy(buffer, outside, SIZE);
    l2_range(L2_FLUSH, buffer, SIZE);
    l2_sync();
    invalidate_loop(buffer, buffer + SIZE);
#endif
    wrong += check();
    in();
    if (buffer[0] + buffer[SIZE - 1] + buffer[40] != 3 * 0x11)
        return 1;
    window_copy(buffer, outside, SIZE);
    vendor_invalidate(buffer, SIZE);
    wrong += check();
#ifdef R_THROWN
    fill();
    kernel_from_device();
    wrong += check();
#endif
    return wrong != 0;
}
