/* SPDX-License-Identifier: MIT */
/*
 * Enforcement that opens the CPU's accesses by itself: BATON_ENFORCE_AUTOMATIC, baton_automatic_pointer (docs/OWNERSHIP.md, T1 to T8).
 * A touch is an acquire of the page that is released at once: what stays of it is the mapping, and, of a write, that all lines of the
 * page are dirty. So what a page's mapping may be follows from the directory and from the devices that hold some of it; nothing
 * else is kept. Called by core/handoff.c and release.c without the lock, and by core/fault.c.
 */
#include "core/call.h"
#include "core/pages.h"
#include "core/release.h"

/* T2: what lines of the page say: all dirty, a store leaves nothing to note; all valid in the cache, neither does a load. */
static enum baton_protection lines_allow(const struct buffer *buffer, struct line_range lines)
{
    uint32_t dirty = 0;
    struct extent found;

    for (uint32_t cursor = 0; directory_next(&buffer->directory, lines, &cursor, &found);) {
        if (found.state != LINE_DIRTY)
            return BATON_PROTECT_NONE;
        dirty += found.lines.end - found.lines.first;
    }
    return dirty == lines.end - lines.first ? BATON_PROTECT_READ_WRITE : BATON_PROTECT_READ;
}

/* The same for bounce buffers: one that is ahead has bytes that a load must fetch; one that is not behind has bytes that a store
 * makes old. */
static enum baton_protection bounces_allow(const struct buffer *buffer, struct line_range lines)
{
    enum baton_protection allowed = BATON_PROTECT_READ_WRITE;
    struct extent found;

    for (const struct attachment *attachment = buffer->bounced; attachment; attachment = attachment->next_bounced) {
        uint32_t behind = 0;

        for (uint32_t cursor = 0; directory_next(&attachment->difference, lines, &cursor, &found);) {
            if (found.state == LINE_DIRTY)
                return BATON_PROTECT_NONE;
            behind += found.lines.end - found.lines.first;
        }
        if (behind != lines.end - lines.first)
            allowed = BATON_PROTECT_READ;
    }
    return allowed;
}

static enum baton_protection rights(const struct baton *instance, const struct buffer *buffer, struct line_range page,
                                    const struct page_use *use)
{
    const struct line_range used = {0, ((buffer->size - 1) >> instance->granule_shift) + 1};
    const struct line_range lines = lines_in_common(page, used);
    const enum baton_protection bounced = bounces_allow(buffer, lines);
    enum baton_protection allowed = lines_allow(buffer, lines);

    if (allowed > bounced)
        allowed = bounced;
    if (allowed < use->any) /* T1: a touch, whose lines may not say so yet */
        allowed = (enum baton_protection)use->any;
    return allowed < use->limit ? allowed : (enum baton_protection)use->limit;
}

/* T6 */
static enum baton_status fault(struct baton *instance, struct buffer *buffer, const struct fault *fault,
                               uint32_t lock_state)
{
    const uint32_t shift = instance->granule_shift, page = instance->port->page, token = buffer->slot.token;
    const uint32_t start = fault->page.first << shift, left = buffer->size - start;
    const struct release how = {.outcome = RELEASE_COMPLETE, .call_site = fault->pc};
    struct refusal refusal = {
        .verb = fault_verb, .call_site = fault->pc, .range = {fault->offset, 1}, .buffer = buffer};
    struct handoff handoff = {.buffer = buffer,
                              .range = {start, left < page ? left : page},
                              .direction = fault->write ? BATON_WRITE : BATON_READ,
                              .call_site = fault->pc};
    bool expired = false;

    if (fault->offset >= buffer->size) /* T8: the padding is nobody's */
        return refuse(instance, lock_state, BATON_ERROR_BUSY, &refusal);
    if (fault->deadline.unable == BATON_ERROR_CONTEXT) /* always, not only when it has to wait */
        return refuse(instance, lock_state, BATON_ERROR_CONTEXT, &refusal);
    while (handoff_acquire(instance, &handoff, &lock_state) != BATON_OK) {
        refusal.holder = handoff.holder;
        handoff.holder = NULL;
        if (expired) {
            instance->cpu.refusals++;
            return refuse(instance, lock_state, BATON_ERROR_TIMEOUT, &refusal);
        }
        instance_unlock(instance, lock_state);
        expired = fault->deadline.unable != BATON_OK || !deadline_sleep(instance, &fault->deadline);
        lock_state = instance_lock(instance);
        if (buffer->slot.token != token) { /* it has ended meanwhile */
            instance_unlock(instance, lock_state);
            return BATON_ERROR_RANGE;
        }
    }
    instance_unlock(instance, lock_state);
    handoff_barrier(instance, &handoff);
    release_access(instance, handoff.access, &how, instance_lock(instance));
    return BATON_OK;
}

const struct baton_enforcement baton_enforcement_automatic = {
    .pages = &pages_of_its_own, .automatic = true, .rights = rights, .fault = fault};

enum baton_status baton_automatic_pointer(struct baton *instance, baton_buffer buffer, void **pointer)
{
    struct call call;
    struct buffer *asked;

    call_begin(&call, instance, __func__, CALL_SITE);
    asked = call_find(&call, HANDLE_BUFFER, buffer.token, pointer != NULL);
    if (asked == NULL)
        return call.status;
    call.refusal.buffer = asked;
    if (asked->enforcement != &baton_enforcement_automatic)
        return call_refuse(&call, BATON_ERROR_POLICY);
    *pointer = asked->cpu;
    return call_end(&call);
}
