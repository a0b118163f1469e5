/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * See arena.h. Called by model.c alone.
 */
#define _DEFAULT_SOURCE
#include "sim/model/arena.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CHUNK ((size_t)2 << 20)

struct chunk {
    struct chunk *next;
};

void *arena_take(struct arena *arena, size_t bytes)
{
    void *piece;

    bytes = (bytes + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
    if (arena->left < bytes) {
        struct chunk *chunk = aligned_alloc(CHUNK, CHUNK);

        if (!chunk)
            abort();
        madvise(chunk, CHUNK, MADV_HUGEPAGE); /* a wish */
        memset(chunk, 0, CHUNK);
        chunk->next = arena->chunks;
        arena->chunks = chunk;
        arena->left = CHUNK - ARENA_ALIGNMENT;
    }
    piece = (char *)arena->chunks + CHUNK - arena->left;
    arena->left -= bytes;
    return piece;
}

void arena_free(struct arena *arena)
{
    while (arena->chunks) {
        struct chunk *chunk = arena->chunks;

        arena->chunks = chunk->next;
        free(chunk);
    }
    arena->left = 0;
}
