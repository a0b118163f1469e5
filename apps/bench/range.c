/* SPDX-License-Identifier: MIT */
/*
 * Maintenance by range: boot/cache.h, the core's port over it, and beside them what others do. Lines absent, clean or dirty before; aligned, and with both ends inside a
 * line. Afterwards what should be in memory is looked for there.
 *
 * Ranges start at the memory's first byte. Operations by address take the sets in turn, so no two lines of a range that fits the cache are in
 * one another's way, and a page is one entry of a TLB; a range beyond the cache's size has lost its first lines when the last are
 * written: the state says what was prepared, not what fits.
 */
#include "apps/bench/bench.h"

#include "boot/cache.h"
#include "boot/setway.h"

#define LEAST 64u
#define MOST (16u << 20)
#define RAGGED 20u /* bytes from a line's start */

typedef bool (*routine)(uintptr_t start, size_t length);

enum state { ABSENT, CLEAN, DIRTY, STATES };
static const char *const state_names[STATES] = {"absent", "clean", "dirty"};

struct range {
    routine routines[2]; /* the real one, and the empty one */
    uintptr_t start;
    uint32_t length;
    enum state state;
    bool keeps; /* what was stored is in memory or the cache afterwards */
    bool refuses;
    bool all_levels; /* the outer cache's, too */
    bool done;
    uint32_t line, seed;
};

/* One instruction: the return, which counts as the caller's. */
__attribute__((naked)) static bool nothing(uintptr_t start __attribute__((unused)),
                                           size_t length __attribute__((unused)))
{
    __asm__("bx lr");
}

static uintptr_t first_line(const struct range *range)
{
    return range->start & ~(uintptr_t)(range->line - 1);
}

static uint32_t lines(const struct range *range)
{
    return (uint32_t)(range->start + range->length - 1 - first_line(range)) / range->line + 1;
}

static void must(bool done, const char *what)
{
    if (!done) {
        bench_give_up(what, "was refused");
    }
}

/* A word in each line. */
static void prepare(void *context)
{
    struct range *range = context;
    volatile uint32_t *word = (volatile uint32_t *)first_line(range);
    const uint32_t count = lines(range);

    range->seed += 0x9e3779b9u;
    for (uint32_t i = 0; i < count; i++, word += range->line / 4) {
        *word = range->seed + i;
    }
    if (range->state == CLEAN && range->all_levels) {
        platform()->port->publish(platform()->port->context, range->start, range->length);
    } else if (range->state == CLEAN) {
        must(cache_clean_range(range->start, range->length), "clean");
    } else if (range->state == ABSENT) {
        must(cache_clean_invalidate_range(range->start, range->length), "clean and invalidate");
    }
}

static void work(void *context, bool empty)
{
    struct range *range = context;

    range->done = range->routines[empty](range->start, range->length);
}

/* Memory has it: what the caches still hold is dropped. */
static void finish(void *context)
{
    struct range *range = context;
    const uint32_t count = lines(range);
    const uintptr_t first = first_line(range);
    uint32_t wrong = 0;

    if (range->done == range->refuses) {
        bench_give_up("range", range->refuses ? "it should have been refused" : "it was refused");
    }
    if (range->refuses || !range->keeps) {
        must(cache_clean_invalidate_range(range->start, range->length), "clean and invalidate");
        return;
    }
    must(cache_invalidate_range(first, (size_t)count * range->line), "invalidate");
    for (uint32_t i = 0; i < count; i++) {
        wrong += *(volatile uint32_t *)(first + (size_t)i * range->line) != range->seed + i;
    }
    if (wrong != 0) {
        bench_give_up("range", "memory has not what was stored");
    }
}

/* What the core calls: all levels, in order. */
static bool publish(uintptr_t start, size_t length)
{
    platform()->port->publish(platform()->port->context, start, length);
    return true;
}

static bool refresh(uintptr_t start, size_t length)
{
    platform()->port->refresh(platform()->port->context, start, length);
    return true;
}

static void measure(const char *group, const char *name, routine real, uint32_t length, bool ragged, enum state state)
{
    static struct range range;
    const bool invalidate = real == cache_invalidate_range || real == refresh;

    range = (struct range){
        .routines = {real, nothing},
        .start = (uintptr_t)platform()->memory.cpu + (ragged ? RAGGED : 0),
        .length = length,
        .state = state,
        .keeps = !(invalidate && state == DIRTY),
        .refuses = invalidate && ragged,
        .all_levels = real == publish || real == refresh,
        .line = cache_line_min(),
        .seed = range.seed,
    };
    uint32_t operations = range.refuses ? 0 : lines(&range);
    if (range.all_levels) {
        operations *= bench_levels();
    } else if (real == baseline_clean_fixed_32) {
        operations = (uint32_t)((range.start + length - 1) / 32 - range.start / 32) + 1;
    } else if (real == baseline_clean_threshold && length >= BASELINE_THRESHOLD) {
        operations = setway_lines();
    }
    bench_measure(&(struct bench_experiment){
        .row = {.group = group,
                .name = name,
                .bytes = length,
                .align = ragged ? "ragged" : "aligned",
                .state = state_names[state],
                .lines = operations,
                .context = "task",
                .enforcement = ""},
        .prepare = prepare,
        .work = work,
        .finish = finish,
        .context = &range,
    });
}

/* Powers of two, and a frame where it belongs. 0: no more. */
static uint32_t next_length(uint32_t length)
{
    const uint32_t before_frame = 1u << 20;

    if (length == before_frame) {
        return BENCH_FRAME;
    }
    if (length == BENCH_FRAME) {
        return 2 * before_frame;
    }
    return length < MOST ? 2 * length : 0;
}

void bench_ranges(void)
{
    static const struct {
        const char *name;
        routine real;
    } ours[] = {{"clean", cache_clean_range},
                {"invalidate", cache_invalidate_range},
                {"clean+invalidate", cache_clean_invalidate_range}},
      theirs[] = {{"clean: 4 instructions a line", baseline_clean_loop},
                  {"clean: lines of 32 bytes", baseline_clean_fixed_32},
                  {"clean: a barrier a line", baseline_clean_barriers},
                  {"clean: set/way from 32 KiB", baseline_clean_threshold}};

    if (platform()->memory.size < MOST + 4096) {
        bench_give_up("range", "too little memory for buffers");
    }
    for (uint32_t length = LEAST; length != 0; length = next_length(length)) {
        for (unsigned i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
            for (enum state state = ABSENT; state < STATES; state++) {
                measure("range", ours[i].name, ours[i].real, length, false, state);
                measure("range", ours[i].name, ours[i].real, length, true, state);
            }
        }
        measure("port", "publish", publish, length, false, DIRTY);
        measure("port", "refresh", refresh, length, false, CLEAN);
        for (unsigned i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++) {
            measure("baseline", theirs[i].name, theirs[i].real, length, false, DIRTY);
        }
    }
}
