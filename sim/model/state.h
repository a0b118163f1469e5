/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model's own state and the functions its files share. Nobody outside sim/model/ and the plugin's fast path includes this.
 */
#ifndef SIM_MODEL_STATE_H
#define SIM_MODEL_STATE_H

#include "sim/model/arena.h"
#include "sim/model/line.h"
#include "sim/model/model.h"

/* The lines that a cache holds: random replacement. An entry may be out of date: the line's own bits are the truth. */
struct tags {
    uint32_t sets, ways;
    struct line **entry;
    uint64_t random;
    uint32_t victim[2]; /* the next random ways: known ahead, so that their lines can be on their way */
    uint8_t *swept;     /* sets and ways that operations went over since the last whole sweep */
    uint32_t swept_count;
};

/* A Device store that starts somebody: its time, and those of the CPU's last DSB, and DMB or DSB, before it. */
struct doorbell {
    uint32_t time, complete, barrier;
};

struct order {
    uint32_t complete;                  /* time of the last DSB */
    uint32_t barrier;                   /* time of the last DMB or DSB */
    struct doorbell doorbell;           /* the last Device store */
    struct doorbell signal[MODEL_CPUS]; /* the last one that interrupted that CPU */
    uint32_t status;                    /* first Device load since the last barrier that orders loads; 0: none */
    uint32_t status_ordered;            /* last Device load before that barrier */
    uint32_t status_last;
};

/* One CPU's, apart from the others': they run in parallel on the host. */
struct model_cpu {
    struct order order;
    uint64_t contacts;
    bool cache_on;
    struct tags l1;
    uint64_t noise_random;
    uint32_t evict_left, prefetch_left;
} __attribute__((aligned(64)));

/* In groups that share no cache line of the host: what hardly changes, each CPU's own, and what changes all the time. */
struct model {
    struct model_config config;
    unsigned line_shift;
    bool outer_on;
    unsigned caches_on;
    struct page **pages;
    struct arena page_memory, history_memory;
    uint32_t page_count;
    struct mapping **mapping; /* of each page by each CPU */

    struct model_cpu cpu[MODEL_CPUS];

    uint32_t time __attribute__((aligned(64)));
    uint32_t outer_sync;
    struct tags l2;
    struct model_counts counts;
    uint32_t recent[16]; /* addresses last invalidated: what a hostile prefetcher fetches */
    unsigned recent_next;
    uint32_t *known; /* cacheable pages, for the same */
    uint32_t known_count, known_room;
};

/* model.c */
struct page *model_page(struct model *model, uint32_t address); /* NULL outside the modelled memory */
struct line *model_line(struct model *model, uint32_t address);
struct line *model_line_if_known(struct model *model, uint32_t address);
struct line_history *model_history(struct model *model, struct line *line);
void model_settle(struct model *model, struct line *line); /* recomputes what is quick */
/* Only this CPU's reads in MEMORY are quick now. Takes bits away and sets none, so that it needs no lock. */
void model_hide(struct model *model, struct line *line, unsigned writer);
/* A CPU maps this page: the mapping's bytes follow what is quick, until the CPU unmaps all its mappings of the page. */
void model_map(struct model *model, unsigned cpu, uint32_t address, struct mapping *mapping);
void model_unmap(struct model *model, unsigned cpu, uint32_t address);
uint32_t model_now(struct model *model);
void copy_to_bus(struct model *model, const struct line *line, byte_mask bytes);
void copy_to_cpu(struct model *model, const struct line *line, byte_mask bytes);
/* Of the first byte of the mask. */
struct model_access last_store(struct model *model, const struct line *line, byte_mask bytes);
uint64_t model_random(uint64_t *state);

/* cache.c */
void tags_init(struct tags *tags, struct model_geometry geometry, uint64_t seed);
void tags_free(struct tags *tags);
void fill(struct model *model, struct line *line, unsigned cpu); /* the caller settles the line */
void evict_inner(struct model *model, struct line *line, unsigned cpu, enum model_reason reason);
void evict_outer(struct model *model, struct line *line, enum model_reason reason);
/* old: bytes of the copy that is written which are older than memory. */
void write_to_memory(struct model *model, struct line *line, byte_mask bytes, byte_mask old,
                     const struct model_access *by);
/* A dirty line from L1, with dirty bytes of the outer level. */
void write_inner_to_memory(struct model *model, struct line *line, byte_mask outer, const struct model_access *by);
byte_mask newest_in_l1(const struct line *line);
byte_mask old_in_outer(const struct line *line);
void leave_outer(struct model *model, struct line *line);
void write_to_outer(struct model *model, struct line *line);

/* report.c */
void accuse(struct model *model, enum model_kind kind, bool lucky, const struct line *line, byte_mask bytes,
            const struct model_access *observer, const struct model_access *culprit,
            const struct model_access *maintenance, const char *hint);

/* order.c */
bool clean_is_complete(const struct model *model, const struct line_history *history, const struct model_access *reader,
                       bool doorbell);
bool write_is_drained(const struct model *model, const struct line_history *history, const struct model_access *reader,
                      bool doorbell);
bool invalidate_is_ordered(const struct model *model, unsigned cpu, uint32_t written);

#endif
