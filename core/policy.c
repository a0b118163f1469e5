/* SPDX-License-Identifier: MIT */
/*
 * Policies but cached, and baton_set_policy (docs/OWNERSHIP.md, L1 to L7). Called by core/buffer.c, for a buffer that is made with one, by the
 * address that its configuration names.
 *
 * To write-combined, the order is: clean and invalidate through the cacheable mapping; change the mapping, after which nothing
 * fetches these lines any more; invalidate once more, for what speculation has fetched in between, clean lines all of them.
 * Whether a non-cacheable access hits a line that is still cached is IMPLEMENTATION DEFINED, and one that is evicted later
 * would overwrite memory: none may be left (ARM ARM DDI 0406C, A3.5.7). The second time the non-cacheable mapping serves: an
 * operation by address needs a valid translation and works on the physical address; the attributes choose at most whose caches
 * it reaches (ARM ARM DDI 0406B, B2.2.8).
 */
#include "core/call.h"
#include "core/chunk.h"
#include "core/pages.h"
#include "core/release.h"

/* Drops the lines of all pages from the caches, whatever they hold: bytes that count have been published. */
static void drop(struct baton *instance, const struct buffer *buffer)
{
    const struct rules_operation all = {pages_all(buffer), RULES_REFRESH, RULES_NEWEST_IN_MEMORY};
    struct work work = {0};
    uint32_t lock_state;

    handoff_maintain(instance, buffer, &all, 1, &work);
    lock_state = instance_lock(instance);
    handoff_count(&instance->cpu, &work);
    instance_unlock(instance, lock_state);
}

static bool is_combined(const struct baton_policy *policy)
{
    return policy == BATON_POLICY_WRITE_COMBINED;
}

static enum baton_status change(struct baton *instance, struct buffer *buffer, const struct baton_policy *policy,
                                uintptr_t call_site, uint32_t *lock_state)
{
    const struct baton_policy *const before = buffer->policy;
    const enum baton_domain domain = buffer->cpu_domain;
    const bool from_combined = is_combined(before);
    const bool to_combined = is_combined(policy);
    const struct rules_acquire in_cache = {.lines = pages_all(buffer), .domain = BATON_DOMAIN_CACHE};
    const struct release untouched = {.outcome = RELEASE_UNTOUCHED, .call_site = call_site};
    /* L1: an access of the CPU to all of it; where the mapping changes nobody else's fits beside it. */
    struct handoff handoff = {.buffer = buffer,
                              .range = {0, buffer->size},
                              .direction = to_combined || from_combined ? BATON_WRITE : BATON_READ,
                              .call_site = call_site};
    struct work work = {0};
    enum baton_status status;

    buffer->policy = policy; /* a device that does not fit the new one is not attached from here on */
    if (to_combined)         /* what it needs of each line is what an access in MEMORY needs */
        buffer->cpu_domain = BATON_DOMAIN_MEMORY;
    status = handoff_acquire(instance, &handoff, lock_state);
    if (status != BATON_OK) {
        buffer->policy = before;
        buffer->cpu_domain = domain;
        return status;
    }
    if (to_combined || from_combined) {
        instance_unlock(instance, *lock_state);
        if (to_combined)
            drop(instance, buffer);
        *lock_state = instance_lock(instance);
        buffer->special ^= SPECIAL_DOMAIN; /* one of the two, not both */
        instance_unlock(instance, *lock_state);
        pages_update(instance, buffer, pages_all(buffer), NULL, BATON_PROTECT_READ_WRITE);
        if (to_combined)
            drop(instance, buffer);
        else if (policy_is_coherent(policy)) /* L6 */
            handoff_make_valid(instance, buffer, &in_cache, &work);
        *lock_state = instance_lock(instance);
        buffer->cpu_domain = to_combined ? BATON_DOMAIN_MEMORY : BATON_DOMAIN_CACHE;
        handoff_count(&instance->cpu, &work);
    }
    if (policy_is_coherent(
            policy)) { /* R15: dirty from beginning to end, so that it stays so, whatever is noted (R4) */
        const struct line_range used = range_lines(handoff.range, instance->granule_shift);

        directory_set(&buffer->directory, &used, LINE_DIRTY);
    }
    release_access(instance, handoff.access, &untouched, *lock_state);
    *lock_state = instance_lock(instance);
    return BATON_OK;
}

const struct baton_policy baton_policy_write_combined = {.pages = &pages_of_its_own, .change = change};
const struct baton_policy baton_policy_coherent = {.coherent = true, .change = change};

/* L6: attachments that work on the buffer itself must act in CACHE too. Bounded by limits.attachments. */
static bool all_snoop(const struct baton *instance, const struct buffer *buffer)
{
    for (uint32_t i = 0; i < instance->attachments.limit; i++) {
        const struct attachment *attachment =
            (const struct attachment *)handle_slot(&instance->attachments, i, sizeof(struct attachment));

        if ((attachment->slot.token & HANDLE_LIVE) != 0 && attachment->buffer == buffer && attachment->bounce == NULL &&
            attachment->domain == BATON_DOMAIN_MEMORY)
            return false;
    }
    return true;
}

enum baton_status baton_set_policy(struct baton *instance, baton_buffer buffer, const struct baton_policy *policy)
{
    struct call call;
    enum baton_status status = BATON_OK;
    struct buffer *changed;

    call_begin(&call, instance, __func__, CALL_SITE);
    changed = call_find(&call, HANDLE_BUFFER, buffer.token, true);
    if (changed == NULL)
        return call.status;
    call.refusal.buffer = changed;
    call.refusal.range.length = changed->size;
    call.refusal.holder = changed->accesses ? changed->accesses : changed->queue;
    if (call.refusal.holder != NULL)
        status = BATON_ERROR_HELD;
    else if (changed->pool == NULL ||
             (is_combined(policy) && (changed->pages == NULL ||                                              /* L3 */
                                      (changed->enforcement != NULL && changed->enforcement->automatic))) || /* T8 */
             (policy_is_coherent(policy) && !all_snoop(instance, changed)))
        status = BATON_ERROR_POLICY;
    else if (policy != changed->policy)
        status = change(instance, changed, policy, call.refusal.call_site, &call.lock_state);
    if (status != BATON_OK)
        return call_refuse(&call, status);
    return call_end(&call);
}
