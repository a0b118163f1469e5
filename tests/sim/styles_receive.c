/* SPDX-License-Identifier: MIT */
/*
 * Buffers filled by a bus master, through the invalidate routines of several families of firmware, each with a slip of its own.
 * The CPU has read the buffer before, so that old copies lie in its cache, and its neighbours are in use.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: stale-cpu-read
 * function: check
 * function: master_copy
 * variants: K_FIRST K_LAST K_CLEAN B_REFUSED L_ZERO L_COUNT_SHORT K_BEFORE_ONLY K_TOO_EARLY K_EXTRA R_CLEANS
 * variants: K_EDGES_DROPPED=discarded-store@neighbours+check_neighbours K_FLUSH_AFTER=lost-update@check+master_copy
 * variants: K_NO_BARRIER=unordered-completion@check
 * data: any
 */
#include "support/maintain.h"

#define SIZE (4 * LINE)
static struct {
    volatile uint8_t before[LINE / 2], data[SIZE], after[LINE / 2];
} area ALIGNED;

NOINLINE static void neighbours(uint8_t value)
{
    for (uint32_t i = 0; i < LINE / 2; i++)
        area.before[i] = area.after[i] = value;
}

NOINLINE static int check_neighbours(uint8_t value)
{
    for (uint32_t i = 0; i < LINE / 2; i++)
        if (area.before[i] != value || area.after[i] != value)
            return 1;
    return 0;
}

NOINLINE static int check(const volatile uint8_t *data, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        if (data[i] != pattern(i))
            return 1;
    return 0;
}

/* A kernel's: the lines at the edges, which others share, are cleaned before they go. */
NOINLINE __attribute__((unused)) static void kernel_invalidate(uint32_t start, uint32_t end)
{
#ifdef K_FIRST
    start += LINE;
#endif
#ifdef K_LAST
    end -= LINE;
#endif
#if !defined(K_EDGES_DROPPED)
    if (start & (LINE - 1))
        dccimvac(start & ~(LINE - 1));
    if (end & (LINE - 1))
        dccimvac(end & ~(LINE - 1));
#endif
    start &= ~(LINE - 1);
    end &= ~(LINE - 1);
#ifdef K_EDGES_DROPPED
    end += LINE;
#endif
    while (start < end) {
#ifdef K_CLEAN
        dccmvac(start);
#else
        dcimvac(start);
#endif
        start += LINE;
    }
    dsb();
}

NOINLINE static void boot_invalidate_range(uint32_t start, uint32_t stop)
{
#ifdef B_REFUSED
    stop -= 8;
#endif
    if ((start | stop) & (LINE - 1))
        return;
    for (; start < stop; start += LINE)
        dcimvac(start);
    dsb();
}

NOINLINE static void library_invalidate(const volatile void *address, int32_t size)
{
    uint32_t at = (uint32_t)(uintptr_t)address;
#ifdef L_COUNT_SHORT
    size -= (int32_t)LINE;
#endif
    while (size > 0) {
        dcimvac(at);
        dmb();
        at += LINE;
        size -= (int32_t)LINE;
    }
    dsb();
}

static int receive(uint32_t style)
{
    /* the kernel's buffer shares lines with its neighbours; nobody writes them while the transfer runs */
    volatile uint8_t *const data = style == 0 ? area.data : area.data + LINE / 2;
    const uint32_t size = style == 0 ? SIZE : SIZE - LINE, start = (uint32_t)(uintptr_t)data;
    for (uint32_t i = 0; i < size; i++)
        data[i] = 0x55;
    flush_loop(area.before, area.after + LINE / 2);
    for (uint32_t i = 0; i < size; i++)
        if (data[i] != 0x55)
            return 1;
    neighbours(0x5a);
    if (style == 0) {
#ifndef K_FLUSH_AFTER
        kernel_invalidate(start, start + size);
#else
        for (uint32_t i = 0; i < size; i++)
            data[i] = 0x66;
#endif
#ifdef K_EXTRA
        if (data[LINE] != 0x55)
            return 1;
#endif
    } else {
        flush_loop(data, data + size);
        for (uint32_t i = 0; i < size; i += 16)
            if (data[i] != 0x55) /* nothing forbids it: what is fetched is invalidated later */
                return 1;
    }
#ifdef K_BEFORE_ONLY
    if (style == 0 && data[0] + data[LINE] + data[SIZE - 1] != 3 * 0x55)
        return 1;
#endif
#ifdef K_TOO_EARLY
    master_copy_start(bus(data), bus(outside), size);
    kernel_invalidate(start, start + size);
    if (data[LINE] != 0x55)
        __asm__ volatile("");
    master_wait();
    return check(data, size);
#endif
    master_copy_start(bus(data), bus(outside), size);
#ifdef K_NO_BARRIER
    master_poll();
#else
    master_wait();
#endif
    switch (style) {
    case 0:
#ifdef K_FLUSH_AFTER
        flush_loop(data, data + size);
#elif !defined(K_BEFORE_ONLY) && !defined(K_EXTRA)
        kernel_invalidate(start, start + size);
#endif
        break;
    case 1:
        boot_invalidate_range(start, start + size);
        break;
    case 2:
#ifdef L_ZERO
        library_invalidate(data, 0);
#else
        library_invalidate(data, (int32_t)size);
#endif
        break;
    default:
#ifdef R_CLEANS
        sync_conditional(data, size, CLEAN);
#else
        sync_conditional(data, size, INVALIDATE);
#endif
        break;
    }
#ifdef K_EDGES_DROPPED
    return check_neighbours(0x5a) + check(data, size);
#else
    return check(data, size) + check_neighbours(0x5a);
#endif
}

int main(void)
{
    int wrong = 0;
    master_start();
    outside_set(SIZE);
    for (uint32_t style = 0; style < 4; style++)
        wrong += receive(style);
    return wrong != 0;
}
