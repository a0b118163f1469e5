/* SPDX-License-Identifier: MIT */
/*
 * Who may touch it now: query, explain, trace, counters. Nothing here changes anything. Part of the public interface:
 * included by way of core/baton.h.
 */
#ifndef BATON_CORE_API_QUERY_H
#define BATON_CORE_API_QUERY_H

#include "core/api/device.h"
#include "core/api/types.h"

/* How far an access is. */
enum baton_hold {
    BATON_HOLD_GRANTED,
    BATON_HOLD_IN_TRANSIT,  /* its maintenance is not finished yet */
    BATON_HOLD_ENDING,      /* the CPU's mapping is being taken away */
    BATON_HOLD_WAITING,     /* in the queue */
    BATON_HOLD_RESERVED,    /* its turn has come, and it has not claimed yet */
    BATON_HOLD_CHAINED,     /* a stage that has not started yet */
    BATON_HOLD_QUARANTINED, /* a device that failed may still be writing */
};

struct baton_holder {
    const char *name; /* the device's, or "cpu" */
    enum baton_domain domain;
    enum baton_direction direction;
    enum baton_hold hold;
    bool bounced; /* works on a bounce buffer */
    bool lent;    /* the CPU's, taken from a device's mapping that stays held */
    struct baton_range range;
    uint32_t epoch;      /* of the acquire; of one that is not granted yet, the buffer's when it began */
    uintptr_t call_site; /* return address of the acquiring call */
    const char *fence;   /* name of the fence that ends it, or NULL; it is pending */
};

struct baton_answer {
    uint32_t epoch; /* the buffer's now */
    /* Where the newest bytes of the range are, bytes by whole lines. The rest is the same in cache and memory. */
    uint32_t newest_in_cache;  /* dirty */
    uint32_t newest_in_memory; /* stale */
    uint32_t newest_unknown;
    uint32_t newest_in_bounce; /* a device's bounce buffer has them; what the three above say is of the older bytes */
    uint32_t
        holders; /* how many accesses touch a line of the range, the queue included; may be more than were stored */
};

/* Answers, for any range at any time, from interrupt context too: who holds it, in which direction, since which epoch
 * and call site, and where the newest bytes are. holders has room for capacity entries (0 and NULL are fine). */
BATON_MUST_CHECK enum baton_status baton_query(struct baton *instance, baton_buffer buffer, struct baton_range range,
                                               struct baton_answer *answer, struct baton_holder *holders,
                                               uint32_t capacity);

/* Takes one line of text without its end. */
typedef void (*baton_print)(void *context, const char *line);

/* Prints what an acquire would do now, without doing it: each operation, its range and its reason, what is left out and why;
 * or who would be in the way. Task context. */
BATON_MUST_CHECK enum baton_status baton_explain_cpu_access(struct baton *instance, baton_buffer buffer,
                                                            struct baton_range range, enum baton_direction direction,
                                                            baton_print print, void *context);
BATON_MUST_CHECK enum baton_status baton_explain_mapping(struct baton *instance, baton_attachment attachment,
                                                         struct baton_range range, enum baton_direction direction,
                                                         baton_print print, void *context);

/* One serialization point. */
struct baton_record {
    uint32_t sequence; /* of this instance, from 1; gaps: the ring was overrun */
    uint32_t epoch;    /* the buffer's, raised by this acquire or release */
    const char *buffer;
    const char *holder; /* the device's name, or "cpu" */
    enum baton_verb verb;
    enum baton_domain domain;
    enum baton_direction direction;
    struct baton_range range;
    uint32_t published; /* lines cleaned for it, those settled included */
    uint32_t refreshed; /* lines invalidated for it, those settled included */
    uint32_t copied;    /* bytes copied for it, between the buffer and bounce buffers */
    uint32_t actions;   /* enum baton_action: what was done, barriers included, */
    uint32_t reasons;   /* enum baton_reason: and why */
    uint32_t time;      /* port->now() */
    uintptr_t call_site;
};

/* Copies up to capacity records newer than *sequence, oldest first, into records, sets *sequence to the last one
 * copied (start with 0) and *count to how many. What the ring has lost meanwhile is skipped. */
BATON_MUST_CHECK enum baton_status baton_trace(struct baton *instance, uint32_t *sequence, struct baton_record *records,
                                               uint32_t capacity, uint32_t *count);

/* Since baton_init(), or of one device since it was added. Lines are granules. */
struct baton_counters {
    uint32_t acquires;
    uint32_t refusals;  /* acquires refused, for whatever reason */
    uint32_t published; /* lines cleaned, those settled included */
    uint32_t refreshed; /* lines invalidated, those settled included */
    uint32_t copied;    /* bytes, between buffers and bounce buffers */
};

/* The CPU's accesses, over all buffers; with the lines maintained when buffers ended. */
BATON_MUST_CHECK enum baton_status baton_cpu_counters(struct baton *instance, struct baton_counters *counters);
BATON_MUST_CHECK enum baton_status baton_device_counters(struct baton *instance, baton_device device,
                                                         struct baton_counters *counters);

#endif
