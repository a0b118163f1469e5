/* SPDX-License-Identifier: MIT */
/*
 * Whose memory is what: the holes of a pool, and what an import may be. Called by core/buffer.c and core/import.c, under the lock.
 */
#ifndef BATON_CORE_POOL_H
#define BATON_CORE_POOL_H

#include "core/instance.h"

/* Memory that a buffer needs. */
struct pool_need {
    uint32_t bytes;                   /* a multiple of the granule; 0: there is no room */
    uint32_t unit;                    /* each piece starts at a multiple of it, a power of two, at least the granule, */
    uint32_t bias;                    /* when this was added to its physical address; */
    uint32_t pieces;                  /* at most so many; 0 and 1: one */
    const struct baton_port *prepare; /* not NULL: each piece's mapping will change */
};

/* Not empty, and within 32 bits and the CPU's addresses; it may end at the very top of both. */
static inline bool pool_memory_fits(const void *cpu, uint32_t physical, uint32_t size)
{
    return cpu != NULL && size != 0 && size - 1 <= UINT32_MAX - physical && size - 1 <= UINTPTR_MAX - (uintptr_t)cpu;
}

/* Two parts of memory have a byte in common. Their sizes are not zero. */
bool pool_overlaps(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size);

/* Some pool, or import, has some of this memory already. */
bool pool_memory_is_known(const struct baton *instance, uint32_t physical, uint32_t size);

#define POOL_UNPREPARED UINT32_MAX /* the port cannot change the mapping of a piece */

/* Into how many pieces the pool can divide what is needed: one, the first hole that fits, or the largest holes, and as few of
 * them as do. 0: it has no room. Fills in pieces, if there are any to fill in, and where the first one is, from the pool's
 * start. Bounded by the number of pieces times that of all pieces of the pool's buffers. */
uint32_t pool_divide(const struct pool *pool, uint32_t shift, const struct pool_need *need, struct chunk *pieces,
                     uint32_t *first);

/* Memory to describe that many pieces; NULL: not so many in a row are left. */
struct chunk *pool_take_chunks(const struct baton *instance, uint32_t count);

/* The buffer has its memory from here on: enters it, and its pieces, where its pool, or the imports, are looked through. */
void pool_enter(struct baton *instance, struct buffer *buffer);

/* And has it no more. */
void pool_leave(struct baton *instance, struct buffer *buffer);

#endif
