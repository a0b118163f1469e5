/* SPDX-License-Identifier: MIT */
/*
 * Buffers whose mapping changes page by page: what enforcement by the MMU (core/protect.c, automatic.c) and policies
 * (core/policy.c) share. Such a buffer starts on a page and is padded to pages.
 */
#ifndef BATON_CORE_PAGES_H
#define BATON_CORE_PAGES_H

#include "core/enforcement.h"

/* What the accesses in flight say about a page; enum baton_protection. */
struct page_use {
    uint8_t granted; /* what the CPU's allow together that are granted and not ending, */
    uint8_t open;    /* with those in transit, */
    uint8_t any;     /* and with those that end */
    uint8_t limit;   /* what devices leave to the CPU */
    uint8_t transit; /* M4: what others that are in transit need: maintenance and copies go through the mapping */
};

/* Looks through the accesses, but for the taker. Under the lock. Bounded by limits.accesses. */
struct page_use pages_use(const struct buffer *buffer, struct line_range page, const struct access *taker);

extern const struct pages pages_of_its_own;

/* pages->update(); and the same for a buffer without enforcement, whose pages get what is given as least. */
void pages_update(struct baton *instance, struct buffer *buffer, struct line_range lines, const struct access *taker,
                  enum baton_protection least);

static inline struct line_range pages_all(const struct buffer *buffer)
{
    return (struct line_range){0, buffer->lines};
}

#endif
