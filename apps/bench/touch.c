/* SPDX-License-Identifier: MIT */
/*
 * When is a write-combined buffer better than a cached one that is cleaned? The CPU touches a part of a buffer, a range of it or some words of
 * each line, then a device gets all of it.
 * Counted: the CPU's instructions from the begin of its access to the device's mapping. What goes over the bus, the simulator counts.
 */
#include "apps/bench/bench.h"

#include <string.h>

#define PARTS 64u
#define GROUP 16u /* words, of which some are touched; as many as a line of 64 bytes has */

/* What the CPU does with each word that it touches. */
static const struct manner {
    const char *name;
    unsigned passes; /* over all of them; 0: overwritten by memset(), which loads nothing and leaves none out */
    bool loads;
    bool scattered; /* some words of each group, over the whole buffer; otherwise each word of a part of it */
} manners[] = {
    {"fill", 0, false, false},          {"blend", 1, true, false},
    {"blend 4 times", 4, true, false},  {"scattered stores", 1, false, true},
    {"scattered blend", 1, true, true}, {"scattered blend 4 times", 4, true, true},
};
#define MANNERS (sizeof(manners) / sizeof(manners[0]))

struct touch {
    struct bench_buffer buffer;
    struct baton_range range;
    const struct manner *manner;
    uint32_t words; /* of each group */
    bool fresh;     /* the device has overwritten the buffer since the CPU had it */
    struct baton_source source;
    enum baton_status status;
    uint32_t seed;
};

static void prepare(void *context)
{
    struct touch *touch = context;

    bench_bring(&touch->buffer, touch->fresh ? BENCH_STALE : BENCH_CLEAN);
}

static void touch_words(const struct touch *touch, void *data)
{
    const uint32_t count = touch->range.length / 4;
    volatile uint32_t *const words = data;

    if (touch->manner->passes == 0) {
        memset(data, (int)touch->seed, touch->range.length);
    }
    for (unsigned pass = 0; pass < touch->manner->passes; pass++) {
        for (uint32_t group = 0; group < count; group += GROUP) {
            for (uint32_t i = group; i < group + touch->words; i++) {
                const uint32_t old = touch->manner->loads ? words[i] >> 1 & 0x7f7f7f7fu : 0;

                words[i] = old + touch->seed;
            }
        }
    }
}

static void work(void *context, bool empty)
{
    struct touch *touch = context;
    struct baton_cpu_access access;

    if (empty) {
        return;
    }
    touch->seed++;
    touch->status = baton_begin_cpu_access(bench_baton, touch->buffer.buffer, touch->range,
                                           touch->manner->passes == 0 ? BATON_OVERWRITE : BATON_WRITE, &access);
    if (touch->status != BATON_OK) {
        return;
    }
    touch_words(touch, access.data);
    touch->status = baton_end_cpu_access(bench_baton, &access);
    if (touch->status == BATON_OK) {
        touch->status = baton_map_to_device(bench_baton, touch->buffer.attachment,
                                            (struct baton_range){0, touch->buffer.size}, &touch->source);
    }
}

static void finish(void *context)
{
    struct touch *touch = context;

    bench_must(touch->status, "touch");
    bench_must(baton_unmap_source(bench_baton, &touch->source), "unmap_source");
}

static void measure(struct touch *touch, const char *policy, uint32_t bytes)
{
    for (unsigned fresh = 0; fresh < 2; fresh++) {
        touch->fresh = fresh;
        bench_measure(&(struct bench_experiment){
            .row = {.group = "touch",
                    .name = touch->manner->name,
                    .bytes = bytes,
                    .align = "aligned",
                    .state = fresh ? "written by a device" : "kept",
                    .context = "task",
                    .in_flight = 1,
                    .enforcement = "checked",
                    .policy = policy},
            .prepare = prepare,
            .work = work,
            .finish = finish,
            .context = touch,
        });
    }
}

void bench_touch(void)
{
    static const uint32_t parts[] = {1, 2, 4, 8, 16, 32, 48, 64}, words[] = {1, 2, 4, 8, 12, 16};
    const struct {
        const char *name;
        const struct baton_policy *policy;
    } policies[] = {{"cached", BATON_POLICY_CACHED}, {"write-combined", BATON_POLICY_WRITE_COMBINED}};
    static struct touch touch;

    bench_open();
    for (unsigned p = 0; p < 2; p++) {
        if (policies[p].policy == BATON_POLICY_WRITE_COMBINED && platform()->port->protect == NULL) {
            continue; /* not on this board */
        }
        touch = (struct touch){
            .buffer = bench_buffer(policies[p].name, BENCH_FRAME, policies[p].policy, BATON_ENFORCE_CHECKED)};
        for (unsigned m = 0; m < MANNERS; m++) {
            const bool scattered = manners[m].scattered;
            const unsigned count = scattered ? sizeof(words) / sizeof(words[0]) : sizeof(parts) / sizeof(parts[0]);

            touch.manner = &manners[m];
            for (unsigned i = 0; i < count; i++) {
                touch.words = scattered ? words[i] : GROUP;
                touch.range.length = scattered ? BENCH_FRAME : BENCH_FRAME / PARTS * parts[i] / 64 * 64;
                measure(&touch, policies[p].name, touch.range.length / GROUP * touch.words);
            }
        }
    }
    bench_close();
}
