/* SPDX-License-Identifier: MIT */
/*
 * Names: of functions that the compiler inlined, of the caller of a copy routine that is not the C library's, of assembly with labels
 * inside a function and with functions that are mere labels.
 * Broken: one kind of place each; no clean (or no DSB after it).
 *
 * machine: virt cortex-a15 2
 * flags: -gdwarf-4
 * variants: INLINED=stale-device-read@main+put_word+write_header CALLER=stale-device-read@rt_memcpy+build+master_copy
 * variants: LABELS=incomplete-maintenance@range_clean+build LABELS_ONLY=incomplete-maintenance@bare_range_clean+build
 * data: any
 */
#include "support/maintain.h"

#define SIZE (4 * LINE)
static volatile uint32_t packet[SIZE / 4] ALIGNED;
static uint32_t parts[SIZE / 4];

/* clang-format off */
#define CLEAN_BODY \
    "    bic r0, r0, #63\n" \
    "    cmp r0, r1\n"

__asm__(".syntax unified\n.arm\n"
    ".global range_clean\n.type range_clean, %function\n"
    "range_clean:\n" CLEAN_BODY
    "range_clean_loop:\n"
    "    mcrlo p15, 0, r0, c7, c10, 1\n    addlo r0, r0, #64\n    cmp r0, r1\n    blo range_clean_loop\n"
#ifndef LABELS
    "    dsb\n"
#endif
    "    bx lr\n.size range_clean, . - range_clean\n"
    ".global bare_range_clean\n"
    "bare_range_clean:\n" CLEAN_BODY
    "more:\n"
    "    mcrlo p15, 0, r0, c7, c10, 1\n    addlo r0, r0, #64\n    cmp r0, r1\n    blo more\n"
#ifndef LABELS_ONLY
    "    dsb\n"
#endif
    "    bx lr\n"
    ".thumb\n");
/* clang-format on */
void range_clean(const volatile void *start, const volatile void *end);
void bare_range_clean(const volatile void *start, const volatile void *end);

/* A label has no Thumb bit, and the linker makes no way over from T32. */
static void call_bare(const volatile void *start, const volatile void *end)
{
    register const volatile void *r0 __asm__("r0") = start;
    register const volatile void *r1 __asm__("r1") = end;
    __asm__ volatile("ldr r3, =bare_range_clean\n\tblx r3" : "+r"(r0), "+r"(r1)::"r3", "lr", "cc", "memory");
}

void *rt_memcpy(void *to, const void *from, uint32_t size);
NOINLINE void *rt_memcpy(void *to, const void *from, uint32_t size)
{
    for (uint32_t i = 0; i < size / 4; i++)
        ((volatile uint32_t *)to)[i] = ((const uint32_t *)from)[i];
    return to;
}

__attribute__((always_inline)) static inline void put_word(volatile uint32_t *to, uint32_t value)
{
    *to = value; /* accused */
}

__attribute__((always_inline)) static inline void write_header(void)
{
    put_word(packet, 0x1234);
    put_word(packet + 1, 0x5678);
}

NOINLINE __attribute__((unused)) static void build(void)
{
    rt_memcpy((void *)(uintptr_t)packet, parts, SIZE); /* accused: this line, not that of the return address */

    dmb();
}

int main(void)
{
    master_start();
    for (uint32_t i = 0; i < SIZE / 4; i++)
        parts[i] = i * 77;
#ifdef INLINED
    range_clean(packet, packet + SIZE / 4);
    write_header();
#else
    build();
#ifdef LABELS_ONLY
    call_bare(packet, packet + SIZE / 4);
#elif !defined(CALLER)
    range_clean(packet, packet + SIZE / 4);
    build();
    call_bare(packet, packet + SIZE / 4);
    build();
    range_clean(packet, packet + SIZE / 4);
#endif
#endif
    master_copy_start(bus(outside), bus(packet), SIZE);
    master_wait();
    (void)call_bare;
#ifndef BROKEN
    write_header();
    call_bare(packet, packet + 2);
    if (packet[0] != 0x1234)
        return 1;
#endif
    return ((volatile uint32_t *)outside)[5] != 5 * 77;
}
