/* SPDX-License-Identifier: MIT */
/*
 * What core/bounce.c, attachments with a bounce buffer, has of core/bounce_copy.c, the copies.
 */
#ifndef BATON_CORE_BOUNCE_H
#define BATON_CORE_BOUNCE_H

#include "core/handoff.h"

/* What has to be copied, and for whom. */
struct bounce_order {
    const struct access *access;
    const struct rules_acquire *request;
    const struct attachment *only; /* an attachment that ends: nothing but its lines that are ahead; or NULL */
};

/* Makes all copies that are due, and adds what it did to *work. Without the lock; the lines are in transit. */
void bounce_copy(struct baton *instance, const struct bounce_order *order, struct work *work);

/* B7: see struct features. */
enum baton_status bounce_room(const struct baton *instance, struct handoff *handoff, struct rules_acquire *request);

/* Who is in flight so that lines that differ cannot be copied: for a newcomer to these lines that needs room (B7), or NULL: when the
 * attachment ends, and only lines that are newer in the bounce buffer count, but for those in transit (B10). */
const struct access *bounce_in_the_way(const struct attachment *attachment, const struct handoff *newcomer,
                                       struct line_range lines);

#endif
