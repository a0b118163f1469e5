/* SPDX-License-Identifier: MIT */
/*
 * What the tests of fences share, beside core_fixture.h: stages whose start is recorded, and short ways to build them.
 */
#ifndef BATON_TESTS_HOST_SUPPORT_CHAIN_FIXTURE_H
#define BATON_TESTS_HOST_SUPPORT_CHAIN_FIXTURE_H

#define FIXTURE_MEMORY 65536
#define FIXTURE_LIMITS                                                                                                 \
    {                                                                                                                  \
        .pools = 2, .buffers = 4, .devices = 3, .attachments = 6, .accesses = 16, .trace = 64, .fences = 100           \
    }
#include "tests/host/support/core_fixture.h"

struct stage {
    baton_fence fence;
    unsigned starts; /* calls of start() */
    unsigned order;  /* of the last one among all, from 1 */
    enum baton_status status;
    void (*then)(struct stage *stage); /* what start() does besides */
};

static unsigned starts_so_far;

static inline void stage_starts(void *context, enum baton_status status)
{
    struct stage *stage = context;

    assert_int_equal(machine.locked, 0);
    stage->starts++;
    stage->order = ++starts_so_far;
    stage->status = status;
    if (stage->then != NULL)
        stage->then(stage);
}

/* Opens a stage. after: NULL, or the one before. */
static inline void stage_open(struct stage *stage, const char *name, const struct stage *after)
{
    struct baton_fence_config config = {.name = name, .start = stage_starts, .context = stage};

    if (after != NULL)
        config.after = after->fence;
    stage->starts = stage->order = 0;
    OK(baton_fence_open(baton, &config, &stage->fence));
}

static inline void stage_reads(const struct stage *stage, baton_attachment attachment, struct baton_range range)
{
    struct baton_source source;

    OK(baton_fence_map_to_device(baton, stage->fence, attachment, range, &source));
    assert_int_equal(source.length, range.length);
}

static inline void stage_writes(const struct stage *stage, baton_attachment attachment, struct baton_range range)
{
    struct baton_destination destination;

    OK(baton_fence_map_from_device(baton, stage->fence, attachment, range, BATON_OVERWRITE, &destination));
    assert_int_equal(destination.length, range.length);
}

static inline void stage_queue(const struct stage *stage)
{
    OK(baton_fence_queue(baton, stage->fence));
}

/* The device's completion interrupt. */
static inline void stage_signals(const struct stage *stage, enum baton_status status)
{
    machine.in_interrupt++;
    OK(baton_fence_signal(baton, stage->fence, status));
    machine.in_interrupt--;
}

static inline void check_started(const struct stage *stage, unsigned starts, enum baton_status status)
{
    assert_int_equal(stage->starts, starts);
    if (starts != 0)
        assert_int_equal(stage->status, status);
}

/* Who holds a range, as query tells: name of the fence, and how far. count: how many there are. */
static inline void check_hold(struct baton_range range, unsigned count, const char *fence, enum baton_hold hold)
{
    struct baton_holder holders[16];
    struct baton_answer answer;

    OK(baton_query(baton, buffer, range, &answer, holders, 16));
    assert_int_equal(answer.holders, count);
    for (unsigned i = 0; i < count; i++) {
        if (holders[i].fence != NULL && strcmp(holders[i].fence, fence) == 0) {
            assert_int_equal(holders[i].hold, hold);
            return;
        }
    }
    assert_int_equal(count, 0);
}

/* Everything ended: nobody holds a byte, and fence is closed. */
static inline void stage_close(struct stage *stage)
{
    OK(baton_fence_close(baton, &stage->fence));
    assert_int_equal(stage->fence.token, 0);
}

#endif
