/* SPDX-License-Identifier: MIT */
/*
 * Making and ending buffers, as core/import.c and core/bounce.c need it, too. Under the lock.
 */
#ifndef BATON_CORE_BUFFER_H
#define BATON_CORE_BUFFER_H

#include "core/pool.h"

/* A cached buffer with nobody in it; its memory and pieces are filled in. born: R14: its lines are UNKNOWN, R15: or DIRTY. */
void buffer_begin(const struct baton *instance, struct buffer *buffer, const char *name, uint32_t size, uint32_t lines,
                  enum line_state born, const struct baton_enforcement *enforcement);

/* A fresh buffer of the pool, cached and checked, that many bytes, its lines unknown (R14). NO_MEMORY, NO_SLOT: nothing has
 * changed. */
enum baton_status buffer_make(struct baton *instance, struct pool *pool, const char *name, uint32_t size,
                              const struct pool_need *need, struct buffer **made);

/* R13: ends a buffer that no handle leads to and gives its memory back. With the lock, which it gives back meanwhile; returns
 * its new state. */
uint32_t buffer_end(struct baton *instance, struct buffer *buffer, uint32_t lock_state);

#endif
