/* SPDX-License-Identifier: MIT */
/*
 * A pool keeps no map of its memory. Its buffers are a list sorted by address, the pieces of those that have several are
 * another, and the holes are what lies between; neighbouring holes are one without being told to. The pool's own memory holds
 * nothing but the buffers' content.
 */
#include "core/pool.h"

bool pool_overlaps(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
    return a <= b + (b_size - 1) && b <= a + (a_size - 1);
}

static uint32_t chunk_size(const struct chunk *chunk, uint32_t shift)
{
    return (chunk->lines.end - chunk->lines.first) << shift;
}

bool pool_memory_is_known(const struct baton *instance, uint32_t physical, uint32_t size)
{
    for (uint32_t i = 0; i < instance->pools.limit; i++) {
        const struct pool *pool = (const struct pool *)handle_slot(&instance->pools, i, sizeof(struct pool));

        /* A pool that was never added has size 0. */
        if (pool->config.size != 0 && pool_overlaps(physical, size, pool->config.physical, pool->config.size))
            return true;
    }
    for (const struct buffer *import = instance->imports; import != NULL; import = import->next) {
        if (import->chunk_count == 0 && pool_overlaps(physical, size, import->physical, import->size))
            return true;
    }
    for (const struct chunk *chunk = instance->chunks; chunk != instance->chunks + instance->chunk_limit; chunk++) {
        if (chunk->used && pool_overlaps(physical, size, chunk->physical, chunk_size(chunk, instance->granule_shift)))
            return true; /* if not an importer's: of a pool, which was found above */
    }
    return false;
}

struct hole {
    uint32_t start, room; /* bytes, from the pool's start */
};

/* How much of a hole can be used, and from where on. */
static struct hole usable(const struct pool *pool, const struct pool_need *need, uint32_t start, uint32_t end)
{
    const uint32_t unaligned = need->unit - 1;
    const uint32_t skipped = -(pool->config.physical + start + need->bias) & unaligned;

    if (end - start < skipped)
        return (struct hole){start, 0};
    return (struct hole){start + skipped, (end - start - skipped) & (need->pieces > 1 ? ~unaligned : UINT32_MAX)};
}

/* The largest hole of those that are smaller than the last one, or as large and behind it; but the first that has room for
 * fit. Room 0: there is none. */
static struct hole next_hole(const struct pool *pool, uint32_t shift, const struct pool_need *need, uint32_t fit,
                             struct hole last)
{
    const struct buffer *buffer = pool->buffers;
    const struct chunk *chunk = pool->chunks;
    struct hole best = {0, 0};

    for (uint32_t start = 0, end, next;; start = next) { /* the hole ends where what begins at end ends at next */

        while (buffer != NULL && buffer->chunk_count != 0)
            buffer = buffer->next;
        if (buffer != NULL && (chunk == NULL || buffer->physical < chunk->physical)) {
            end = buffer->physical - pool->config.physical;
            next = end + (buffer->lines << shift);
            buffer = buffer->next;
        } else if (chunk != NULL) {
            end = chunk->physical - pool->config.physical;
            next = end + chunk_size(chunk, shift);
            chunk = chunk->next;
        } else {
            next = end = pool->config.size;
        }

        const struct hole hole = usable(pool, need, start, end);

        if (hole.room >= fit)
            return hole;
        if (hole.room > best.room && (hole.room < last.room || (hole.room == last.room && hole.start > last.start)))
            best = hole;
        if (end == pool->config.size)
            return best;
    }
}

uint32_t pool_divide(const struct pool *pool, uint32_t shift, const struct pool_need *need, struct chunk *pieces,
                     uint32_t *first)
{
    struct hole hole = next_hole(pool, shift, need, need->bytes, (struct hole){0, UINT32_MAX});
    uint32_t count = 0;

    *first = hole.start;
    for (uint32_t line = 0, lines = need->bytes >> shift; line < lines; count++) {
        if (count != 0)
            hole = next_hole(pool, shift, need, UINT32_MAX, hole);

        const uint32_t left = lines - line, room = hole.room >> shift;
        const uint32_t end = line + (room < left ? room : left);

        if (hole.room == 0 || (room < left && count + 1 >= need->pieces))
            return 0;
        if (pieces == NULL && need->prepare != NULL &&
            !need->prepare->prepare(need->prepare->context, (uintptr_t)pool->config.cpu + hole.start,
                                    (size_t)(end - line) << shift))
            return POOL_UNPREPARED;
        if (pieces != NULL)
            pieces[count] = (struct chunk){.cpu = (char *)pool->config.cpu + hole.start,
                                           .physical = pool->config.physical + hole.start,
                                           .lines = {line, end},
                                           .pool = pool,
                                           .used = true};
        line = end;
    }
    return count;
}

struct chunk *pool_take_chunks(const struct baton *instance, uint32_t count)
{
    uint32_t run = 0;

    for (uint32_t i = 0; i < instance->chunk_limit; i++) {
        run = instance->chunks[i].used ? 0 : run + 1;
        if (run == count)
            return &instance->chunks[i + 1 - count];
    }
    return NULL;
}

void pool_enter(struct baton *instance, struct buffer *buffer)
{
    struct buffer **link = &instance->imports;

    if (buffer->pool != NULL) {
        for (uint32_t i = 0; i < buffer->chunk_count; i++) {
            struct chunk **place = &buffer->pool->chunks;

            while (*place != NULL && (*place)->physical < buffer->chunks[i].physical)
                place = &(*place)->next;
            buffer->chunks[i].next = *place;
            *place = &buffer->chunks[i];
        }
        link = &buffer->pool->buffers;
        while (*link != NULL && (*link)->physical < buffer->physical)
            link = &(*link)->next;
    }
    buffer->next = *link;
    *link = buffer;
}

void pool_leave(struct baton *instance, struct buffer *buffer)
{
    struct buffer **link = buffer->pool != NULL ? &buffer->pool->buffers : &instance->imports;

    for (uint32_t i = 0; i < buffer->chunk_count; i++) {
        buffer->chunks[i].used = false;
        if (buffer->pool != NULL) {
            struct chunk **place = &buffer->pool->chunks;

            while (*place != &buffer->chunks[i])
                place = &(*place)->next;
            *place = (*place)->next;
        }
    }
    while (*link != buffer)
        link = &(*link)->next;
    *link = buffer->next;
}
