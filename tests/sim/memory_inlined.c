/* SPDX-License-Identifier: MIT */
/*
 * Packets made by copies that the compiler makes of its own: structure assignment, memset and memcpy that it expands or calls, NEON
 * copies of 16 bytes and more, LDM and STM; into .bss, and on from one buffer to the next.
 * Broken: the last line, which only such a store has written, is not cleaned; or the copy's source is not refreshed.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * flags: -O3 -fbuiltin -ftree-loop-distribute-patterns -mfpu=neon-vfpv4 -funsafe-math-optimizations -Wno-unused-function
 * variants: ASSIGN=stale-device-read@assign CLEAR=stale-device-read@clear NEON_COPY=stale-device-read@neon_copy
 * variants: MULTIPLE=stale-device-read@multiple CALLED=stale-device-read@called SOURCE=stale-cpu-read@neon_copy+master_copy
 * variants: SOURCE_CALLED=stale-cpu-read@memcpy+called
 * data: any
 */
#include "support/maintain.h"

#include <arm_neon.h>
#include <stddef.h>

struct packet {
    uint32_t words[4 * LINE / 4];
};
static struct packet source ALIGNED, target ALIGNED;

void *memcpy(void *restrict to, const void *restrict from, size_t size);
NOINLINE __attribute__((optimize("no-tree-loop-distribute-patterns"))) void *
memcpy(void *restrict to, const void *restrict from, size_t size)
{
    const uint64_t *f = from;
    for (uint64_t *t = to; size >= 8; size -= 8)
        *t++ = *f++;
    return to;
}
void *memset(void *to, int value, size_t size);
NOINLINE __attribute__((optimize("no-tree-loop-distribute-patterns"))) void *memset(void *to, int value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((volatile uint8_t *)to)[i] = (uint8_t)value;
    return to;
}

NOINLINE static void assign(void)
{
    target = source;
    __asm__ volatile("" ::: "memory");
}

NOINLINE static void clear(void)
{
    for (uint32_t i = 0; i < LINE; i++)
        target.words[i] = 0;
    __asm__ volatile("" ::: "memory");
}

NOINLINE static void neon_copy(void)
{
    for (uint32_t i = 0; i < LINE; i += 4)
        vst1q_u32(&target.words[i], vld1q_u32(&source.words[i]));
    __asm__ volatile("" ::: "memory");
}

NOINLINE static void multiple(void)
{
    const uint32_t *from = source.words;
    uint32_t *to = target.words, left = sizeof target;
    __asm__ volatile("1: ldmia %0!, {r3-r6}\n\tstmia %1!, {r3-r6}\n\tsubs %2, %2, #16\n\tbne 1b"
                     : "+r"(from), "+r"(to), "+r"(left)
                     :
                     : "r3", "r4", "r5", "r6", "cc", "memory");
}

NOINLINE static void called(void)
{
    memcpy(&target, &source, sizeof target);
    __asm__ volatile("" ::: "memory");
}

static int send(void (*make)(void), uint32_t forgotten, uint32_t expected)
{
    make();
    clean_loop((const uint8_t *)&target, (const uint8_t *)&target + sizeof target - forgotten);
    master_copy_start(bus(outside), bus(&target), sizeof target);
    master_wait();
    for (uint32_t i = 0; i < LINE; i++)
        if (((volatile uint32_t *)outside)[i] != (expected ? i * expected : 0))
            return 1;
    return 0;
}

#ifdef ASSIGN
#define F1 LINE
#else
#define F1 0
#endif
#ifdef CLEAR
#define F2 LINE
#else
#define F2 0
#endif
#ifdef NEON_COPY
#define F3 LINE
#else
#define F3 0
#endif
#ifdef MULTIPLE
#define F4 LINE
#else
#define F4 0
#endif
#ifdef CALLED
#define F5 LINE
#else
#define F5 0
#endif

static void receive(uint32_t factor, bool refresh)
{
    for (uint32_t i = 0; i < LINE; i++)
        ((volatile uint32_t *)outside)[i] = i * factor;
    dsb();
    master_copy_start(bus(&source), bus(outside), sizeof source);
    master_wait();
    if (refresh)
        invalidate_loop((const uint8_t *)&source, (const uint8_t *)&source + sizeof source);
}

int main(void)
{
    int wrong = 0;
    bool refresh_neon = true, refresh_called = true;
#ifdef SOURCE
    refresh_neon = false;
#endif
#ifdef SOURCE_CALLED
    refresh_called = false;
#endif
    master_start();
    receive(3, true);
    wrong += send(assign, F1, 3);
    wrong += send(clear, F2, 0);
    receive(5, refresh_neon);
    wrong += send(neon_copy, F3, 5);
    receive(7, true);
    wrong += send(multiple, F4, 7);
    receive(9, refresh_called);
    wrong += send(called, F5, 9);
    return wrong != 0;
}
