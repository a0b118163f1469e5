/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory for what the model knows of lines: given back all at once. It is visited in no order, an eviction here and one there, so that
 * the host's TLB misses as often as its caches; pieces lie together, in huge pages where the host has them.
 */
#ifndef SIM_MODEL_ARENA_H
#define SIM_MODEL_ARENA_H

#include <stddef.h>

#define ARENA_ALIGNMENT 128

struct arena {
    struct chunk *chunks;
    size_t left; /* of the first chunk */
};

/* Zeros. Ends the program if there is no memory. */
void *arena_take(struct arena *arena, size_t bytes);
void arena_free(struct arena *arena);

#endif
