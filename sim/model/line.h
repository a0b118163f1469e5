/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the model knows of one line: inner to sim/model/ and its fast path. A mask has a bit for each byte.
 *
 * The hot part is 64 bytes, one cache line of the host; what only lines know that met a device or an operation is apart.
 */
#ifndef SIM_MODEL_LINE_H
#define SIM_MODEL_LINE_H

#include "sim/model/model.h"

#include <stddef.h>

typedef uint64_t byte_mask;

/* In the order of how often a field is looked at: an uncached store needs the first 64 bytes, one cache line of the host;
 * model_settle() the first 128. */
struct line_history {
    /* Bytes of a cached copy that are older than memory: in some L1, in the outer level. */
    byte_mask stale, stale_outer;
    /* Written in MEMORY, and since then not invalidated in L1, in the outer level: right only by luck, at best. */
    byte_mask unrefreshed, unrefreshed_outer;
    byte_mask undrained; /* stored uncached; drained by a barrier of write.who later than write_time */
    byte_mask pending;   /* cleaned; complete after a DSB of clean.who later than clean_time */
    uint32_t write_time;
    struct model_access write; /* last write in MEMORY */

    /* Cleaned from L1 but not yet from the outer level. */
    byte_mask unclean_outer;
    byte_mask lost;          /* written in MEMORY, then overwritten by an older line's write-back */
    byte_mask mixed;         /* the same, but right by luck: the line was fetched late enough */
    byte_mask endangered;    /* written in MEMORY while the line was dirty: only luck kept the write-back away */
    byte_mask discarded;     /* stored by a CPU, thrown away by an invalidate */
    byte_mask spared;        /* the same, but an eviction had written them by luck */
    byte_mask orphaned;      /* thrown away, and still right in L1s that will not write them back by themselves */
    byte_mask pending_outer; /* cleaned from the L2C-310; complete after its sync later than outer_time */
    byte_mask unordered;     /* invalidated without a barrier after the read of a device's status */

    uint32_t clean_time, outer_time, invalidate_time;
    struct model_access clean;      /* last clean */
    struct model_access invalidate; /* last invalidate */
    uint64_t contacts;              /* of the CPU that invalidated last, then: see model_contacts() */
    struct model_access harm;       /* what made lost, mixed, discarded or spared bytes */
    struct model_access victim;     /* the store that discarded or spared bytes were */
    struct model_access partial;    /* the store that made lost, mixed or endangered bytes dangerous */
} __attribute__((aligned(128)));

#define FOR_ALL 0xff

/* What needs no look, by the state of a line. model_settle() keeps it. */
struct quick {
    uint8_t load;         /* a bit for each CPU whose loads through a cache change nothing */
    uint8_t store;        /* 1 + the CPU whose stores through a cache need only set masks; 0: none */
    uint8_t memory_load;  /* reads in MEMORY change nothing: FOR_ALL, or of 1 + this CPU */
    uint8_t memory_store; /* 1 + the CPU whose uncached stores need only set masks and copy; 0: none */
};

/* The same for one CPU, in a byte. */
enum { QUICK_LOAD = 1, QUICK_STORE = 2, QUICK_MEMORY_LOAD = 4, QUICK_MEMORY_STORE = 8 };

static inline uint8_t quick_for(struct quick quick, unsigned cpu)
{
    return (quick.load >> cpu & 1 ? QUICK_LOAD : 0) | (quick.store == cpu + 1 ? QUICK_STORE : 0) |
           (quick.memory_load == FOR_ALL || quick.memory_load == cpu + 1 ? QUICK_MEMORY_LOAD : 0) |
           (quick.memory_store == cpu + 1 ? QUICK_MEMORY_STORE : 0);
}

/* Where a CPU maps a page: the fast path finds these bytes by virtual address. */
struct mapping {
    uint8_t *quick;       /* of each line */
    uint8_t decides;      /* the bits that may be set there: a mapping is cached or it is not */
    struct mapping *next; /* of the same page, by the same CPU */
};

struct line {
    byte_mask dirty;       /* stored in an L1, newer than the outer level and memory */
    byte_mask dirty_outer; /* the outer level is newer than memory */
    byte_mask unclean;     /* stored through a cache, no explicit clean since: survives a lucky eviction */
    byte_mask unified;     /* cleaned to the point of unification only: see struct model_config, hidden */
    struct line_history *history;
    struct quick quick;
    uint32_t address;
    uint32_t store_caller; /* of the last copy function that stored here */
    uint8_t store_cpu;
    uint8_t present;   /* a bit for each CPU's L1 */
    uint8_t index;     /* within its page */
    uint8_t outer_way; /* while present_outer */
    bool present_outer;
    uint8_t ever_cleaned, ever_invalidated; /* a bit for each level */
    bool news; /* a device wrote, and no CPU has read here uncached since: perhaps a status */
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct line) == 64, "the hot part of a line is one cache line of the host");

#define PAGE_SHIFT 12

struct page {
    bool cacheable;                           /* some CPU accessed it through a cache: it may be prefetched */
    uint32_t store_pc[1 << (PAGE_SHIFT - 2)]; /* of the last store to each word through a cache */
    struct line line[];
};

static inline struct page *page_of(struct line *line)
{
    return (struct page *)((char *)(line - line->index) - offsetof(struct page, line));
}

/* The host's caches miss most lines that the model looks at: these ask for them ahead of time, and change nothing. */
static inline void expect_history(const struct line *line)
{
    __builtin_prefetch(line->history);
    __builtin_prefetch((const char *)line->history + 64);
}

static inline void note_store(struct page *page, uint32_t address, unsigned bytes, uint32_t pc)
{
    unsigned first = (address & 0xfff) >> 2, last = ((address + bytes - 1) & 0xfff) >> 2;

    page->store_pc[first] = pc;
    for (unsigned word = first + 1; word <= last; word++)
        page->store_pc[word] = pc;
}

static inline byte_mask mask_of(unsigned offset, unsigned bytes)
{
    return (bytes >= 64 ? ~0ull : (1ull << bytes) - 1) << offset;
}

#endif
