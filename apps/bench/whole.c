/* SPDX-License-Identifier: MIT */
/*
 * All data caches of this CPU up to the point of coherency, by set and way: what it costs. The core never does this for a handoff: with a
 * second CPU, or a core that prefetches, lines move while the loop runs and some are missed (ARM ARM DDI 0406C, B2.2.7); and an outer cache
 * is not reached. That goes over all its ways by itself, in the background: the instructions are those of the wait. Here nobody else
 * runs in the caches.
 */
#include "apps/bench/bench.h"

#include "boot/board.h"
#include "boot/setway.h"

void whole_cache_clean(void)
{
    SETWAY_CALL("setway_clean");
}

void whole_cache_clean_invalidate(void)
{
    SETWAY_CALL("setway_clean_invalidate");
}

struct whole {
    void (*routines[2])(void); /* the real one, and the empty one */
    uint32_t *words;           /* as much memory as the caches hold */
    uint32_t bytes;
    bool dirty;
};

static void outer(bool done)
{
    if (!done) {
        bench_give_up("outer cache", "it does not come to an end");
    }
}

static void outer_clean(void)
{
    outer(board_outer->clean_all());
}

static void outer_clean_invalidate(void)
{
    outer(board_outer->clean_invalidate_all());
}

static void nothing(void)
{
    __asm__ volatile("");
}

static void prepare(void *context)
{
    const struct whole *whole = context;

    whole_cache_clean_invalidate();
    for (uint32_t i = 0; whole->dirty && i < whole->bytes / 4; i += 8) {
        ((volatile uint32_t *)whole->words)[i] = i;
    }
}

static void work(void *context, bool empty)
{
    const struct whole *whole = context;

    whole->routines[empty]();
}

void bench_whole_cache(void)
{
    struct whole whole = {.words = platform()->memory.cpu, .bytes = bench_cache_bytes()};
    struct bench_experiment experiment = {
        .row = {.group = "whole",
                .bytes = whole.bytes,
                .align = "",
                .lines = setway_lines(),
                .context = "task",
                .enforcement = ""},
        .prepare = prepare,
        .work = work,
        .context = &whole,
    };

    if (whole.bytes > platform()->memory.size) {
        bench_give_up("whole", "the caches hold more than the memory for buffers");
    }
    for (unsigned dirty = 0; dirty < 2; dirty++) {
        whole.dirty = dirty;
        experiment.row.state = dirty ? "dirty" : "absent";
        experiment.row.name = "clean set/way";
        whole.routines[0] = whole_cache_clean;
        whole.routines[1] = nothing;
        bench_measure(&experiment);
        experiment.row.name = "clean+invalidate set/way";
        whole.routines[0] = whole_cache_clean_invalidate;
        bench_measure(&experiment);
        if (board_outer != NULL) {
            struct bench_experiment by_way = experiment;

            by_way.row.lines = 0; /* it goes over them by itself */
            by_way.row.name = "clean by way in the outer cache";
            whole.routines[0] = outer_clean;
            bench_measure(&by_way);
            by_way.row.name = "clean+invalidate by way in the outer cache";
            whole.routines[0] = outer_clean_invalidate;
            bench_measure(&by_way);
        }
    }
}
