/* SPDX-License-Identifier: MIT */
/*
 * The rules: what a handoff needs, and what it leaves behind. The whole coherence protocol is in this module.
 *
 * Pure: directory + request -> list of operations, each with its reason; and, when they are done, the new directory.
 * It performs nothing and knows no port. core/handoff.c and core/release.c call it under the instance's lock.
 * docs/OWNERSHIP.md numbers the rules (R1 ...) that are cited here.
 */
#ifndef BATON_CORE_RULES_H
#define BATON_CORE_RULES_H

#include "core/api/device.h"
#include "core/api/types.h"
#include "core/directory.h"

/* The values are bits of the public enums, so that what was done is one number. */
enum rules_action {
    RULES_PUBLISH = BATON_ACTION_PUBLISH,                       /* clean */
    RULES_REFRESH = BATON_ACTION_REFRESH,                       /* invalidate, after a barrier */
    RULES_SETTLE = BATON_ACTION_PUBLISH | BATON_ACTION_REFRESH, /* publish, then refresh */
    RULES_BARRIER = BATON_ACTION_BARRIER,
};

enum rules_reason {
    RULES_NEWEST_IN_CACHE = BATON_REASON_CACHE,   /* the lines are dirty; wanted in memory, or not to be evicted over a
                                                     device's write */
    RULES_NEWEST_IN_MEMORY = BATON_REASON_MEMORY, /* the lines are stale and are wanted in the cache */
    RULES_NEWEST_UNKNOWN = BATON_REASON_UNKNOWN,  /* the lines are unknown */
    RULES_DEVICE_STARTS = BATON_REASON_DEVICE_START, /* earlier stores before the doorbell */
    RULES_DEVICE_DONE = BATON_REASON_DEVICE_DONE,    /* the read of the device's status before later accesses */
};

struct rules_operation {
    struct line_range lines; /* empty for a barrier */
    enum rules_action action;
    enum rules_reason reason;
};

/* A plan has at most one operation for each extent, and a barrier. (Of two edge lines one extent may give two.) */
#define RULES_OPERATIONS (DIRECTORY_EXTENTS + 1)

struct rules_acquire {
    struct line_range lines; /* that hold a byte of the range */
    struct line_range whole; /* those of them that hold no byte of others; first >= end if none */
    enum baton_domain domain;
    enum baton_direction direction;
    bool device;       /* the holder is a device and not a CPU */
    bool after_device; /* a device has released the buffer, and no barrier was issued since */
    /* R6: another access in the same domain holds other bytes of the first or last line; it is valid in this domain,
     * and maintenance could throw the other's stores away. */
    bool first_shared, last_shared;
    bool crowded; /* B7: differences of bounce buffers have to shrink first; all lines are in transit */
};

enum rules_outcome {
    RULES_PARTIAL, /* only the written part was written; the rest was not touched */
    RULES_FAILED,  /* the written part was; the rest may have been */
};

struct rules_release {
    struct line_range lines, whole; /* as in the acquire */
    struct line_range written;      /* that hold a byte of the written part; may be empty */
    enum baton_domain domain;
    enum baton_direction direction;
    enum rules_outcome outcome;
};

/* The state of lines whose newest bytes are in this domain. Unsigned: enums are bytes on ARM, and would be cut again. */
static inline unsigned rules_newest_in(enum baton_domain domain)
{
    _Static_assert(LINE_DIRTY == BATON_DOMAIN_CACHE + 1 && LINE_STALE == BATON_DOMAIN_MEMORY + 1, "one addition");
    return domain + 1u;
}

/* True if who acts in this domain finds every line of the buffer as it needs it, overwriting in CACHE apart: R1 to R3 have no
 * work. */
static inline bool rules_nothing_in(const struct directory *directory, enum baton_domain domain)
{
    for (uint32_t i = 0; i < directory->count; i++) {
        if (directory->extents[i].state != rules_newest_in(domain))
            return false;
    }
    return true;
}

/* The operations of an acquire, in the order to be done; returns how many. The directory stays as it is. */
uint32_t rules_plan(const struct directory *directory, const struct rules_acquire *request,
                    struct rules_operation operations[RULES_OPERATIONS]);

/* The operations are done: what the lines are now. Other lines of the directory may have changed since the plan. */
void rules_commit_acquire(struct directory *directory, const struct rules_acquire *request,
                          const struct rules_operation *operations, uint32_t count);

/* The access is over and its whole range counts as written (R10), if it was not a reader's. Needs no operation. */
void rules_commit_release(struct directory *directory, const struct line_range *lines, enum baton_domain domain,
                          enum baton_direction direction);

/* The same for a writer that was not done with its range. */
void rules_commit_unfinished(struct directory *directory, const struct rules_release *request);

/* A buffer ends. Plans what has to be done before its memory is someone else's. */
uint32_t rules_plan_end(const struct directory *directory, struct line_range lines, bool imported,
                        struct rules_operation operations[RULES_OPERATIONS]);

#endif
