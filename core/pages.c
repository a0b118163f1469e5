/* SPDX-License-Identifier: MIT */
/*
 * Changing the mapping of a buffer's pages.
 */
#include "core/pages.h"
#include "core/chunk.h"

static void raise(uint8_t *rights, unsigned to)
{
    if (*rights < to)
        *rights = (uint8_t)to;
}

/* Adds an access of the CPU. */
static void add(struct page_use *use, const struct access *access)
{
    const unsigned own = access->manner.direction == BATON_READ ? BATON_PROTECT_READ : BATON_PROTECT_READ_WRITE;

    if (access->manner.hold == BATON_HOLD_RESERVED) /* W3: no access yet */
        return;
    raise(&use->any, own);
    if (access->manner.hold == BATON_HOLD_ENDING)
        return;
    raise(&use->open, own);
    if (access->manner.hold != BATON_HOLD_IN_TRANSIT)
        raise(&use->granted, own);
}

struct page_use pages_use(const struct buffer *buffer, struct line_range page, const struct access *taker)
{
    struct page_use use = {.limit = BATON_PROTECT_READ_WRITE};

    for (const struct access *access = buffer->accesses; access != NULL; access = access->next) {
        const bool in_transit = access->manner.hold == BATON_HOLD_IN_TRANSIT;

        if (!lines_meet(access->lines, page))
            continue;
        if (access->attachment != NULL) {
            if (access->manner.direction != BATON_READ) /* T4 */
                use.limit = BATON_PROTECT_NONE;
            else if (use.limit != BATON_PROTECT_NONE && ((access->ties & TIE_TOLERANT) == 0 || in_transit)) /* T5 */
                use.limit = BATON_PROTECT_READ;
        }
        if (access == taker)
            continue;
        if (access->attachment == NULL)
            add(&use, access);
        if (in_transit && (access->ties & TIE_MAINTAINED) == 0)
            use.transit = (buffer->special & (SPECIAL_BOUNCED | SPECIAL_DEBUG)) != 0 ? BATON_PROTECT_READ_WRITE
                                                                                     : BATON_PROTECT_READ;
    }
    return use;
}

void pages_update(struct baton *instance, struct buffer *buffer, struct line_range lines, const struct access *taker,
                  enum baton_protection least)
{
    const struct baton_port *port = instance->port;
    const uint32_t count = port->page >> instance->granule_shift;
    struct line_range page = {lines.first & ~(count - 1), 0};

    for (; page.first < lines.end; page.first = page.end) {
        const uint32_t lock_state = instance_lock(instance);
        uint8_t protection = least;

        page.end = page.first + count;
        if (enforcement_updates(buffer)) { /* not of one that enforces nothing */
            struct page_use use = pages_use(buffer, page, taker);

            /* M4, T3: only when its lines have been maintained. */
            if (taker != NULL && taker->attachment == NULL && least == BATON_PROTECT_NONE &&
                lines_meet(taker->lines, page))
                add(&use, taker);
            raise(&protection, buffer->enforcement->rights(instance, buffer, page, &use));
            raise(&protection, use.transit);
        }
        if (protection != BATON_PROTECT_NONE && (buffer->special & SPECIAL_DOMAIN) != 0) /* L2 */
            protection = BATON_PROTECT_WRITE_COMBINED;
        port->protect(port->context, (uintptr_t)chunk_cpu(buffer, page.first, instance->granule_shift),
                      (enum baton_protection)protection);
        instance_unlock(instance, lock_state);
    }
}

static bool possible(const struct baton *instance, const struct pool *pool, const struct baton_buffer_config *config)
{
    const struct baton_port *port = instance->port;

    if (port->protect == NULL || port->prepare == NULL || port->page < port->granule ||
        (((uint32_t)(uintptr_t)pool->config.cpu ^ pool->config.physical) & (port->page - 1)) != 0)
        return false;
    /* T8: no mapping is both non-cacheable and read-only; a touch may have to wait; one pointer leads to all of it. */
    return config->enforcement == NULL || !config->enforcement->automatic ||
           ((config->policy == NULL || config->policy->pages == NULL) && port->may_wait != NULL && port->wait != NULL &&
            port->now != NULL && config->chunks <= 1);
}

const struct pages pages_of_its_own = {possible, pages_update};
