/* SPDX-License-Identifier: MIT */
/*
 * What an enforcement is to the rest of the core: the objects that the macros of core/api/memory.h name. They are defined
 * beside what they do (core/protect.c, core/automatic.c, core/unchecked.c), so that an image links what it names.
 */
#ifndef BATON_CORE_ENFORCEMENT_H
#define BATON_CORE_ENFORCEMENT_H

#include "core/deadline.h"

/* Where and how the CPU has faulted. */
struct fault {
    uint32_t offset; /* in the buffer; beyond its size in the padding of its last page */
    struct line_range line, page;
    bool write;
    uintptr_t pc;
    struct deadline deadline;
};

struct page_use; /* core/pages.h */

/* Buffers whose mapping changes, and that are padded to pages for it: core/pages.c, for who names an enforcement or a policy that needs it. */
struct pages {
    /* Can a buffer be so made of that pool? */
    bool (*possible)(const struct baton *instance, const struct pool *pool, const struct baton_buffer_config *config);

    /* Gives the CPU, on each page of the lines, the rights that the accesses in flight have together, and at least those (for
     * maintenance or copies, which need a mapping). Called without the lock, takes it page by page. The lines are in transit.
     * taker: who acquires the lines, NULL at a release; automatic pages are closed for a device. */
    void (*update)(struct baton *instance, struct buffer *buffer, struct line_range lines, const struct access *taker,
                   enum baton_protection least);
};

struct baton_enforcement {
    bool unchecked;            /* conflicting accesses are granted */
    bool automatic;            /* the CPU's accesses are opened by faults */
    const struct pages *pages; /* NULL: the mapping stays as it is */

    /* What the CPU may do with a page: of pages only, for pages->update(). With the lock. */
    enum baton_protection (*rights)(const struct baton *instance, const struct buffer *buffer, struct line_range page,
                                    const struct page_use *use);

    /* The CPU has faulted in the buffer; pages only. With the lock, which it gives back. The results of baton_fault(). */
    enum baton_status (*fault)(struct baton *instance, struct buffer *buffer, const struct fault *fault,
                               uint32_t lock_state);
};

extern const char fault_verb[]; /* "baton_fault" */

static inline bool enforcement_updates(const struct buffer *buffer)
{
    return buffer->enforcement != NULL && buffer->enforcement->pages != NULL;
}

/* What a policy but cached is to the rest of the core: see core/policy.c. */
struct baton_policy {
    bool coherent;
    const struct pages *pages; /* NULL: the mapping stays as it is */

    /* Gives a buffer that nobody holds this policy, content unchanged, as one access of the CPU to all of it. With the lock, which
     * it gives back meanwhile. NO_SLOT: nothing has changed. */
    enum baton_status (*change)(struct baton *instance, struct buffer *buffer, const struct baton_policy *policy,
                                uintptr_t call_site, uint32_t *lock_state);
};

static inline bool policy_is_coherent(const struct baton_policy *policy)
{
    return policy != NULL && policy->coherent;
}

/* R15: every observer acts in CACHE, so that its lines are dirty from beginning to end, and no acquire has anything to do. */
static inline bool buffer_is_cache_only(const struct buffer *buffer)
{
    return (buffer->special & SPECIAL_RAGGED) != 0 || policy_is_coherent(buffer->policy);
}

#endif
