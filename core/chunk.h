/* SPDX-License-Identifier: MIT */
/*
 * Where the lines of a buffer are: in one piece, or in several. Pure look-ups, under the lock or of fields that never change.
 */
#ifndef BATON_CORE_CHUNK_H
#define BATON_CORE_CHUNK_H

#include "core/instance.h"

/* The lines of the piece that holds a line. Bounded by the buffer's pieces. */
struct line_range chunk_lines(const struct buffer *buffer, uint32_t line);

/* Where the CPU, and the bus before any offset, find a line's first byte. */
char *chunk_cpu(const struct buffer *buffer, uint32_t line, uint32_t shift);
uint32_t chunk_physical(const struct buffer *buffer, uint32_t line, uint32_t shift);

#endif
