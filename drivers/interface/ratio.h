/* SPDX-License-Identifier: MIT */
/*
 * The ratio of two frequencies, for drivers of counters: x * multiplier >> shift, so that no path divides 64 bits. Off by less than one in 2^31.
 */
#ifndef BATON_DRIVERS_INTERFACE_RATIO_H
#define BATON_DRIVERS_INTERFACE_RATIO_H

#include <stdint.h>

struct ratio {
    uint32_t multiplier;
    uint32_t shift;
};

/* numerator / denominator, neither of them 0, with all 32 bits of the multiplier in use: it lies in [2^31, 2^32). */
static inline struct ratio ratio_of(uint32_t numerator, uint32_t denominator)
{
    uint64_t value = numerator;
    uint32_t shift = 0;

    while (value / denominator < 0x80000000u) {
        value <<= 1;
        shift++;
    }
    return (struct ratio){.multiplier = (uint32_t)(value / denominator), .shift = shift};
}

static inline uint64_t ratio_scale(struct ratio by, uint64_t value)
{
    uint64_t low = (uint64_t)(uint32_t)value * by.multiplier;
    uint64_t high = (value >> 32) * by.multiplier;

    if (by.shift >= 32) {
        return (high + (low >> 32)) >> (by.shift - 32);
    }
    return (high << (32 - by.shift)) + (low >> by.shift);
}

#endif
