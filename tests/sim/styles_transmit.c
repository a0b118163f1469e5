/* SPDX-License-Identifier: MIT */
/*
 * Buffers handed to a bus master through the clean routines of several families of firmware, each with a slip of its own:
 * a kernel's (start, end; line size from CTR), a boot loader's (refuses ranges that are not whole lines), a microcontroller
 * library's (address and a signed size, counted down), an RTOS's (under a lock, with a flag to say that caches are on).
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: stale-device-read
 * function: fill
 * function: master_copy
 * variants: K_FIRST K_LAST K_POU K_WRONG_LINE K_STORE_AFTER B_REFUSED L_ZERO L_COUNT_SHORT R_OFF R_IT H_HALF
 * variants: K_DMB=incomplete-maintenance K_ISH=incomplete-maintenance K_NSHST=incomplete-maintenance K_DSB_BEFORE=incomplete-maintenance
 * variants: L_NO_DSB=incomplete-maintenance L_DMB_EACH=incomplete-maintenance R_AFTER_DOORBELL=incomplete-maintenance
 * variants: K_INVALIDATE=discarded-store@fill+kernel_clean R_INVALIDATE=discarded-store@fill+rtos_flush
 * data: any
 */
#include "support/maintain.h"

#define SIZE (5 * LINE)
static volatile uint8_t buffer[SIZE] ALIGNED;

NOINLINE static void fill(uint32_t seed)
{
    outside_clear(SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = (uint8_t)(pattern(i) ^ seed); /* accused */
}

static uint32_t line_size(void)
{
    uint32_t ctr;
    __asm__ volatile("mrc p15, 0, %0, c0, c0, 1" : "=r"(ctr));
    return 4u << (ctr >> 16 & 15);
}

/* A kernel's. */
NOINLINE static void kernel_clean(uint32_t start, uint32_t end)
{
#ifdef K_WRONG_LINE
    const uint32_t line = 2 * line_size();
#else
    const uint32_t line = line_size();
#endif
#ifdef K_DSB_BEFORE
    dsb();
#endif
#ifdef K_FIRST
    uint32_t at = (start + line) & ~(line - 1);
#else
    uint32_t at = start & ~(line - 1);
#endif
#ifdef K_LAST
    end -= line;
#endif
    do {
#ifdef K_POU
        dccmvau(at);
#elif defined(K_INVALIDATE)
        dcimvac(at);
#else
        dccmvac(at);
#endif
        at += line;
    } while (at < end);
#ifdef K_DMB
    dmb();
#elif defined(K_ISH)
    __asm__ volatile("dsb ish" ::: "memory");
#elif defined(K_NSHST)
    __asm__ volatile("dsb nshst" ::: "memory");
#elif !defined(K_DSB_BEFORE)
    __asm__ volatile("dsb st" ::: "memory");
#endif
}

/* A boot loader's. */
NOINLINE static bool boot_range_ok(uint32_t start, uint32_t stop)
{
    return (start & (LINE - 1)) == 0 && (stop & (LINE - 1)) == 0;
}

NOINLINE static void boot_flush_range(uint32_t start, uint32_t stop)
{
#ifdef B_REFUSED
    stop -= 4;
#endif
    if (!boot_range_ok(start, stop))
        return;
    for (uint32_t at = start; at < stop; at += line_size())
        dccimvac(at);
    __asm__ volatile("mcr p15, 0, %0, c7, c10, 4" ::"r"(0) : "memory");
}

/* A library's. */
NOINLINE static void library_clean(const volatile void *address, int32_t size)
{
    int32_t left = size;
    uint32_t at = (uint32_t)(uintptr_t)address;
#ifdef L_COUNT_SHORT
    left = size - (int32_t)LINE;
#endif
    __asm__ volatile("dsb" ::: "memory");
    while (left > 0) {
        dccmvac(at);
#ifdef L_DMB_EACH
        dmb();
#endif
        at += LINE;
        left -= (int32_t)LINE;
    }
#if !defined(L_NO_DSB) && !defined(L_DMB_EACH)
    dsb();
#endif
    __asm__ volatile("isb" ::: "memory");
}

/* An RTOS's. */
static volatile bool caches_are_on = true;

NOINLINE static void rtos_flush(const volatile void *address, uint32_t size, uint32_t write)
{
    uint32_t cpsr, at = (uint32_t)(uintptr_t)address & ~(LINE - 1);
    const uint32_t end = (uint32_t)(uintptr_t)address + size;
    if (!caches_are_on || size == 0)
        return;
    __asm__ volatile("mrs %0, cpsr\n\tcpsid i" : "=r"(cpsr)::"memory");
    for (; at < end; at += LINE)
        __asm__ volatile(
            "cmp %1, #0\n\tite ne\n\tmcrne p15, 0, %0, c7, c14, 1\n\tmcreq p15, 0, %0, c7, c6, 1" ::"r"(at), "r"(write)
            : "cc", "memory");
#ifndef R_AFTER_DOORBELL
    dsb();
#endif
    __asm__ volatile("msr cpsr_c, %0" ::"r"(cpsr) : "memory");
}

NOINLINE static int send(uint32_t seed)
{
    master_copy_start(bus(outside), bus(buffer), SIZE);
#ifdef R_AFTER_DOORBELL
    dsb();
#endif
    master_wait();
    for (uint32_t i = 0; i < SIZE; i++)
        if (((volatile uint8_t *)outside)[i] != (uint8_t)(pattern(i) ^ seed))
            return 1;
    return 0;
}

int main(void)
{
    const uint32_t start = (uint32_t)(uintptr_t)buffer;
    int wrong = 0;
    master_start();
    fill(1);
    kernel_clean(start, start + SIZE);
#ifdef K_STORE_AFTER
    fill(1);
#endif
    wrong += send(1);
    fill(2);
    boot_flush_range(start, start + SIZE);
    wrong += send(2);
    fill(3);
#ifdef L_ZERO
    library_clean(buffer, 0);
#else
    library_clean(buffer, SIZE);
#endif
    wrong += send(3);
    fill(4);
#ifdef R_OFF
    caches_are_on = false;
#endif
#if defined(R_IT) || defined(R_INVALIDATE)
    rtos_flush(buffer, SIZE, 0);
#ifdef R_IT
    fill(4);
#endif
#else
    rtos_flush(buffer, SIZE, 1);
#endif
    wrong += send(4);
    fill(5);
#ifdef H_HALF
    clean_loop(buffer, buffer + SIZE / 2);
#else
    clean_loop(buffer, buffer + SIZE);
#endif
    wrong += send(5);
    return wrong != 0;
}
