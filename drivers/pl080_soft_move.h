/* SPDX-License-Identifier: MIT */
/*
 * Moving one burst: the loads and stores of the PL080-style engine, and nothing else. Called by pl080_soft_engine.c inside a guard,
 * since each of them may be refused by the bus.
 */
#ifndef BATON_DRIVERS_PL080_SOFT_MOVE_H
#define BATON_DRIVERS_PL080_SOFT_MOVE_H

#include <stdbool.h>
#include <stdint.h>

/* Addresses are aligned to their widths (log2 of 1, 2 or 4 bytes), and the bytes are a multiple of both. */
struct pl080_soft_move {
    uint32_t source, destination;
    uint32_t transfers; /* of the source's width */
    uint32_t source_width, destination_width;
    bool source_increment, destination_increment;
};

/* Loads and stores exactly as wide as the widths say and in the order of addresses, packed or unpacked little-endian in between
 * where the widths differ (DDI 0196, chapter 2). */
void pl080_soft_move(const struct pl080_soft_move *what);

#endif
