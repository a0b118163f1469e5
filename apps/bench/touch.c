/* SPDX-License-Identifier: MIT */
/*
 * When is a write-combined buffer better than a cached one that is cleaned? The CPU touches a part of a buffer, then a device gets all of it.
 * Counted: the CPU's instructions from the begin of its access to the device's mapping. What goes over the bus, the simulator counts.
 */
#include "apps/bench/bench.h"

#include <string.h>

#define PARTS 64u

enum pattern { FILL, SPARSE, BLEND, BLEND_AGAIN, PATTERNS };

struct touch {
    struct bench_buffer buffer;
    struct baton_range range;
    enum pattern pattern;
    bool fresh; /* the device has overwritten the buffer since the CPU had it */
    struct baton_source source;
    enum baton_status status;
    uint32_t seed;
};

static void prepare(void *context)
{
    struct touch *touch = context;

    bench_bring(&touch->buffer, touch->fresh ? BENCH_STALE : BENCH_CLEAN);
}

static void blend(volatile uint32_t *words, uint32_t count, uint32_t seed)
{
    for (uint32_t i = 0; i < count; i++) {
        words[i] = (words[i] >> 1 & 0x7f7f7f7fu) + seed;
    }
}

static void touch_words(const struct touch *touch, void *data)
{
    volatile uint32_t *const words = data;
    const uint32_t count = touch->range.length / 4;

    switch (touch->pattern) {
    case FILL:
        memset(data, (int)touch->seed, touch->range.length);
        break;
    case SPARSE:
        for (uint32_t i = 0; i < count; i += 16) {
            words[i] = touch->seed;
        }
        break;
    case BLEND_AGAIN:
        for (unsigned i = 0; i < 3; i++) {
            blend(words, count, touch->seed);
        }
        /* fall through */
    default:
        blend(words, count, touch->seed);
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
                                           touch->pattern == FILL ? BATON_OVERWRITE : BATON_WRITE, &access);
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

void bench_touch(void)
{
    static const char *const names[PATTERNS] = {"fill", "a word of 16", "blend", "blend 4 times"};
    static const uint32_t parts[] = {1, 2, 4, 8, 16, 32, 48, 64};
    const struct {
        const char *name;
        enum baton_policy policy;
    } policies[] = {{"cached", BATON_POLICY_CACHED}, {"write-combined", BATON_POLICY_WRITE_COMBINED}};
    static struct touch touch;

    bench_open();
    for (unsigned p = 0; p < 2; p++) {
        if (policies[p].policy == BATON_POLICY_WRITE_COMBINED && platform()->port->protect == NULL) {
            continue;
        }
        touch = (struct touch){
            .buffer = bench_buffer(policies[p].name, BENCH_FRAME, policies[p].policy, BATON_ENFORCE_CHECKED)};
        for (touch.pattern = FILL; touch.pattern < PATTERNS; touch.pattern++) {
            for (unsigned fresh = 0; fresh < 2; fresh++) {
                touch.fresh = fresh;
                for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
                    touch.range = (struct baton_range){0, BENCH_FRAME / PARTS * parts[i] / 64 * 64};
                    bench_measure(&(struct bench_experiment){
                        .row = {.group = "touch",
                                .name = names[touch.pattern],
                                .bytes = touch.range.length,
                                .align = "aligned",
                                .state = fresh ? "written by a device" : "kept",
                                .context = "task",
                                .in_flight = 1,
                                .enforcement = "checked",
                                .policy = policies[p].name},
                        .prepare = prepare,
                        .work = work,
                        .finish = finish,
                        .context = &touch,
                    });
                }
            }
        }
    }
    bench_close();
}
