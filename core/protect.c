/* SPDX-License-Identifier: MIT */
/*
 * Enforcement by the MMU: BATON_ENFORCE_MMU. The CPU's mapping of a page exists while an access of the CPU to some of it is open
 * (docs/OWNERSHIP.md, M1 to M6). Called by core/handoff.c and release.c without the lock, and by core/fault.c.
 */
#include "core/pages.h"
#include "core/refusal.h"

/* M1: what the CPU's accesses allow together. ENDING: the pointer is void already. */
static enum baton_protection open_rights(const struct buffer *buffer, struct line_range page, bool granted_only)
{
    enum baton_protection rights = BATON_PROTECT_NONE;

    for (const struct access *access = buffer->accesses; access != NULL; access = access->next) {
        if (access->attachment != NULL || access->manner.hold == BATON_HOLD_ENDING ||
            (granted_only && access->manner.hold == BATON_HOLD_IN_TRANSIT) || !lines_meet(access->lines, page))
            continue;
        if (access->manner.direction != BATON_READ)
            return BATON_PROTECT_READ_WRITE;
        rights = BATON_PROTECT_READ;
    }
    return rights;
}

static enum baton_protection rights(const struct baton *instance, const struct buffer *buffer, struct line_range page,
                                    const struct access *taker, enum baton_protection least)
{
    const enum baton_protection open = open_rights(buffer, page, false);
    const enum baton_protection transit = pages_transit(buffer, page, taker);

    (void)instance;
    if (open > least)
        least = open;
    return transit > least ? transit : least;
}

static void update(struct baton *instance, struct buffer *buffer, struct line_range lines, const struct access *taker,
                   enum baton_protection least)
{
    pages_protect(instance, buffer, lines, rights, taker, least);
}

/* M5: a device that holds the byte, or else whoever holds some of the page. */
static const struct access *holder_of(const struct buffer *buffer, struct line_range line, struct line_range page)
{
    const struct access *holder = NULL;

    for (const struct access *access = buffer->accesses; access != NULL; access = access->next) {
        if (lines_meet(access->lines, line))
            return access;
        if (lines_meet(access->lines, page))
            holder = access;
    }
    return holder;
}

static enum baton_status fault(struct baton *instance, struct buffer *buffer, const struct fault *fault,
                               uint32_t lock_state)
{
    const enum baton_protection needed = fault->write ? BATON_PROTECT_READ_WRITE : BATON_PROTECT_READ;
    const struct refusal refusal = {.verb = fault_verb,
                                    .call_site = fault->pc,
                                    .range = {fault->offset, 1},
                                    .buffer = buffer,
                                    .holder = holder_of(buffer, fault->line, fault->page)};

    if (open_rights(buffer, fault->page, true) < needed)
        return refuse(instance, lock_state, BATON_ERROR_BUSY, &refusal);
    /* M6: it is open, and was being changed by another CPU at that moment. */
    instance_unlock(instance, lock_state);
    pages_protect(instance, buffer, fault->line, rights, NULL, BATON_PROTECT_NONE);
    return BATON_OK;
}

const struct baton_enforcement baton_enforcement_mmu = {.pages = true, .update = update, .fault = fault};
