/* SPDX-License-Identifier: MIT */
/*
 * How others clean a range (docs/PEERS.md), written by us from that, to be measured beside boot/cache.h. Not to be used: none of them looks
 * whether the range wraps. Compiled with -O2, as they are; test_bench counts their instructions.
 */
#include "apps/bench/bench.h"

#include "boot/cache.h"
#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"

/* Four instructions a line: operation, add, compare, branch. Linux, LK, OP-TEE, TF-A. */
bool baseline_clean_loop(uintptr_t start, size_t length)
{
    const uint32_t line = 4u << (cp15_read_CTR() >> 16 & 0xf);
    const uintptr_t end = start + length;
    uintptr_t at = start & ~(uintptr_t)(line - 1);

    do {
        cp15_write_DCCMVAC(at);
        at += line;
    } while (at < end);
    dsb();
    return true;
}

/* The line's size is a constant of the source, the smallest that there is: right everywhere, twice the operations where lines have 64
 * bytes. */
bool baseline_clean_fixed_32(uintptr_t start, size_t length)
{
    const uintptr_t end = start + length;
    uintptr_t at = start & ~(uintptr_t)31;

    do {
        cp15_write_DCCMVAC(at);
        at += 32;
    } while (at < end);
    dsb();
    return true;
}

/* Each line is waited for, where one wait would do. CMSIS has a DMB there. */
bool baseline_clean_barriers(uintptr_t start, size_t length)
{
    const uint32_t line = 4u << (cp15_read_CTR() >> 16 & 0xf);
    const uintptr_t end = start + length;
    uintptr_t at = start & ~(uintptr_t)(line - 1);

    do {
        cp15_write_DCCMVAC(at);
        dsb();
        at += line;
    } while (at < end);
    return true;
}

/* Everything, by set and way, from a threshold on, as drivers do; theirs span 32 KiB to 16 MiB. */
bool baseline_clean_threshold(uintptr_t start, size_t length)
{
    if (length < BASELINE_THRESHOLD) {
        return baseline_clean_loop(start, length);
    }
    whole_cache_clean();
    return true;
}
