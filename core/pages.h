/* SPDX-License-Identifier: MIT */
/*
 * Buffers whose mapping changes page by page: what enforcement by the MMU (core/protect.c, automatic.c) and policies
 * (core/policy.c) share. Such a buffer starts on a page and is padded to pages.
 */
#ifndef BATON_CORE_PAGES_H
#define BATON_CORE_PAGES_H

#include "core/enforcement.h"

/* What the CPU may do with a page, given by its lines; at least `least`. Under the lock. Bounded by the accesses in flight and
 * the directory. */
typedef enum baton_protection page_rights(const struct baton *instance, const struct buffer *buffer,
                                          struct line_range page, const struct access *taker,
                                          enum baton_protection least);

/* Changes the mapping of each page of the lines to its rights (NULL: to least) and to the buffer's policy. Without the lock,
 * which is taken once for each page. */
void pages_protect(struct baton *instance, const struct buffer *buffer, struct line_range lines, page_rights *rights,
                   const struct access *taker, enum baton_protection least);

/* M4: what a page's mapping has to allow for accesses in transit, other than the taker's: maintenance and copies go through it. */
enum baton_protection pages_transit(const struct buffer *buffer, struct line_range page, const struct access *taker);

static inline struct line_range pages_all(const struct buffer *buffer)
{
    return (struct line_range){0, buffer->lines};
}

#endif
