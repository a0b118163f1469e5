/* SPDX-License-Identifier: MIT */
/*
 * What the files of apps/bench/ share: an experiment, how it is measured, and the groups. Nobody else includes it.
 *
 * A record is lines on the console, which tools/bench makes a CSV of:
 *
 *     bench: # KEY: TEXT                 what it was measured on
 *     bench: group,name,...              the head, then one row a measurement
 *
 * Task context on CPU 0, unless a function says otherwise. What must not fail ends the program.
 */
#ifndef BATON_APPS_BENCH_BENCH_H
#define BATON_APPS_BENCH_BENCH_H

#include "apps/platform.h"

#define BENCH_REPETITIONS_MAX 101u
#define BENCH_FRAME (800u * 600u * 4u)

/* What a row says beside its counts: together they name it. */
struct bench_row {
    const char *group, *name; /* no commas in any of these */
    uint32_t bytes;
    const char *align;       /* "aligned", "ragged", "" where that makes no difference */
    const char *state;       /* of the lines before */
    uint32_t lines;          /* operations on lines that one run makes; a clean with invalidate is one */
    const char *context;     /* "task", "interrupt" */
    uint32_t in_flight;      /* accesses, with the measured one */
    const char *enforcement; /* "none", "checked", "mmu", "automatic", "" outside the core */
    uint32_t entries;        /* of a linked list */
    const char *policy;      /* of the buffer, where that is what is compared, or NULL */
};

struct bench_experiment {
    struct bench_row row;
    void (*prepare)(void *context); /* not measured; NULL: nothing to do */
    /* Measured. empty: the same, but what it calls does nothing; its cost is taken off. */
    void (*work)(void *context, bool empty);
    void (*finish)(void *context); /* not measured: looks whether the work was done; NULL */
    void *context;
    bool interrupts; /* are let through while it is measured */
};

struct bench_sample {
    uint32_t cycles, instructions;
};

/* Warm-up, repetitions, median, a row. */
void bench_measure(const struct bench_experiment *experiment);

/* The same, from the completion handler of a DMA transfer: interrupt context. */
void bench_measure_in_interrupt(const struct bench_experiment *experiment);

/* Calls function once, as the completion handler of a transfer of the board's DMA controller. */
void bench_interrupt(void (*function)(void *context), void *context);

/* Counts by hand, for what does not return when it is done: start, then end from any context of this CPU. */
struct bench_sample bench_now(void);
struct bench_sample bench_since(struct bench_sample start);
/* The row of count samples (1 to BENCH_REPETITIONS_MAX), which are sorted by it. */
void bench_print(const struct bench_row *row, struct bench_sample *samples, unsigned count);

extern uint32_t bench_rows; /* printed so far */

/* Tells the simulator that a period begins, or that it was that of the next row. */
void bench_begin_period(void);
void bench_end_period(void);

/* How often to repeat, and whether once before that does not count: settings "repetitions" and "warm-up". */
unsigned bench_repetitions(void);
bool bench_warm_up(void);

/* Comments and the head. */
void bench_print_head(void);

_Noreturn void bench_give_up(const char *what, const char *why);
void bench_must(enum baton_status status, const char *what);

/* What the data and unified caches up to the point of coherency hold. */
uint32_t bench_cache_bytes(void);

/* An instance of the core over the board's memory, with its DMA controller as the device; a new one each time. */
extern struct baton *bench_baton;
extern baton_device bench_device;
extern uint32_t bench_opened; /* how often */
void bench_open(void);
/* Ends its buffers: their pages are mapped as before. */
void bench_close(void);

/* A buffer that the device is attached to. */
struct bench_buffer {
    baton_buffer buffer;
    baton_attachment attachment;
    uint32_t size; /* bytes */
};
struct bench_buffer bench_buffer(const char *name, uint32_t size, const struct baton_policy *policy,
                                 const struct baton_enforcement *enforcement);

/* What its lines are in from here on: the newest bytes in the cache, the same in both, in memory, nobody knows where. */
enum bench_state { BENCH_CLEAN, BENCH_DIRTY, BENCH_STALE, BENCH_UNKNOWN };
extern const char *const bench_state_names[];
void bench_bring(const struct bench_buffer *buffer, enum bench_state state);

/* Operations that it takes to maintain a line down to memory: one, or with an outer cache two. */
unsigned bench_levels(void);

/* The groups. Each leaves the memory that it took, and its lines, to the next one. */
void bench_ranges(void);      /* boot/cache.h, and what others do instead */
void bench_whole_cache(void); /* by set and way */
void bench_handoffs(void);
void bench_automatic(void);
void bench_touch(void); /* cached against write-combined, by the part that is touched */
void bench_dma(void);

/* What others do (docs/PEERS.md), written from that: clean a range. */
bool baseline_clean_loop(uintptr_t start, size_t length);
bool baseline_clean_fixed_32(uintptr_t start, size_t length);
bool baseline_clean_barriers(uintptr_t start, size_t length);
bool baseline_clean_threshold(uintptr_t start, size_t length);
#define BASELINE_THRESHOLD 32768u

void whole_cache_clean(void);
void whole_cache_clean_invalidate(void);

#endif
