/* SPDX-License-Identifier: MIT */
/*
 * Changing the mapping of a buffer's pages.
 */
#include "core/pages.h"
#include "core/chunk.h"

void pages_protect(struct baton *instance, const struct buffer *buffer, struct line_range lines, page_rights *rights,
                   const struct access *taker, enum baton_protection least)
{
    const struct baton_port *port = instance->port;
    const uint32_t count = port->page >> instance->granule_shift;
    struct line_range page = {lines.first & ~(count - 1), 0};

    for (; page.first < lines.end; page.first = page.end) {
        enum baton_protection protection = least;
        uint32_t lock_state;

        page.end = page.first + count;
        lock_state = instance_lock(instance);
        if (rights != NULL)
            protection = rights(instance, buffer, page, taker, least);
        if (protection != BATON_PROTECT_NONE && (buffer->special & SPECIAL_DOMAIN) != 0) /* L2 */
            protection = BATON_PROTECT_WRITE_COMBINED;
        port->protect(port->context, (uintptr_t)chunk_cpu(buffer, page.first, instance->granule_shift), protection);
        instance_unlock(instance, lock_state);
    }
}

enum baton_protection pages_transit(const struct buffer *buffer, struct line_range page, const struct access *taker)
{
    for (const struct access *other = buffer->accesses; other != NULL; other = other->next) {
        if (other != taker && other->manner.hold == BATON_HOLD_IN_TRANSIT && lines_meet(other->lines, page))
            return (buffer->special & (SPECIAL_BOUNCED | SPECIAL_DEBUG)) != 0 ? BATON_PROTECT_READ_WRITE
                                                                              : BATON_PROTECT_READ;
    }
    return BATON_PROTECT_NONE;
}
