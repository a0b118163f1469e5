/* SPDX-License-Identifier: MIT */
/*
 * Loops for `make bench-sim`: what the simulator costs where nothing but memory is accessed, and where hardly any memory is. Prints the
 * microseconds of each loop, a line each, by the generic timer, which follows the host's clock. No test: it judges nothing.
 */
#include "apps/platform.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BYTES (8u << 20) /* far more than the caches hold: every line is filled and evicted */
#define TIMES 4u

static void measure(const struct platform *board, const char *name, void (*loop)(uint8_t *from, uint8_t *to),
                    uint8_t *from, uint8_t *to)
{
    loop(from, to); /* translated by now, and the lines' state is that of a loop that runs on */
    uint64_t start = board->microseconds();

    for (unsigned i = 0; i < TIMES; i++) {
        loop(from, to);
    }
    printf("bench: %s %" PRIu32 "\n", name, (uint32_t)(board->microseconds() - start));
}

static void copy(uint8_t *from, uint8_t *to)
{
    memcpy(to, from, BYTES);
}

static void copy_words(uint8_t *from, uint8_t *to)
{
    const volatile uint32_t *source = (const volatile uint32_t *)from;
    volatile uint32_t *destination = (volatile uint32_t *)to;

    for (uint32_t i = 0; i < BYTES / 4; i++) {
        destination[i] = source[i];
    }
}

static void fill(uint8_t *from, uint8_t *to)
{
    (void)from;
    memset(to, 0x5a, BYTES);
}

static void compute(uint8_t *from, uint8_t *to)
{
    uint32_t x = from[0] | 1u;

    for (uint32_t i = 0; i < 4000000; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
    }
    to[0] = (uint8_t)x;
}

int main(void)
{
    const struct platform *board = platform();
    uint8_t *from = board->memory.cpu, *to = from + BYTES;

    memset(from, 1, 2 * BYTES);
    measure(board, "memcpy", copy, from, to);
    measure(board, "copy-by-words", copy_words, from, to);
    measure(board, "memset", fill, from, to);
    measure(board, "arithmetic", compute, from, to);
    return 0;
}
