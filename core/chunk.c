/* SPDX-License-Identifier: MIT */
/*
 * Buffers of several pieces. Called by core/buffer.c, which makes them, and wherever a line becomes an address.
 */
#include "core/chunk.h"

/* The piece that holds the line; of a buffer in one piece, that. */
static struct chunk piece_of(const struct buffer *buffer, uint32_t line)
{
    const struct chunk *chunk = buffer->chunks;

    if (buffer->chunk_count == 0)
        return (struct chunk){.cpu = buffer->cpu, .physical = buffer->physical, .lines = {0, buffer->lines}};
    while (line >= chunk->lines.end)
        chunk++;
    return *chunk;
}

struct line_range chunk_lines(const struct buffer *buffer, uint32_t line)
{
    return piece_of(buffer, line).lines;
}

char *chunk_cpu(const struct buffer *buffer, uint32_t line, uint32_t shift)
{
    const struct chunk piece = piece_of(buffer, line);

    return piece.cpu + ((line - piece.lines.first) << shift);
}

uint32_t chunk_physical(const struct buffer *buffer, uint32_t line, uint32_t shift)
{
    const struct chunk piece = piece_of(buffer, line);

    return piece.physical + ((line - piece.lines.first) << shift);
}
