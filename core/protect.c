/* SPDX-License-Identifier: MIT */
/*
 * Enforcement by the MMU: BATON_ENFORCE_MMU. The CPU's mapping of a page exists while an access of the CPU to some of it is open
 * (docs/OWNERSHIP.md, M1 to M6). Called by core/handoff.c and release.c without the lock, and by core/fault.c.
 */
#include "core/pages.h"
#include "core/refusal.h"

/* M1 */
static enum baton_protection rights(const struct baton *instance, const struct buffer *buffer, struct line_range page,
                                    const struct page_use *use)
{
    (void)instance;
    (void)buffer;
    (void)page;
    return (enum baton_protection)use->open;
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

    if (pages_use(buffer, fault->page, NULL).granted < needed)
        return refuse(instance, lock_state, BATON_ERROR_BUSY, &refusal);
    /* M6: it is open, and was being changed by another CPU at that moment. */
    instance_unlock(instance, lock_state);
    pages_update(instance, buffer, fault->line, NULL, BATON_PROTECT_NONE);
    return BATON_OK;
}

const struct baton_enforcement baton_enforcement_mmu = {.pages = &pages_of_its_own, .rights = rights, .fault = fault};
