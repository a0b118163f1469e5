/* SPDX-License-Identifier: MIT */
/*
 * The rotation: while the DMA blits frame n, the CPU reads and converts frame n + 1. Called by main() in task context.
 */
#include "apps/pipeline/pipeline.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

#define SECOND 1000000 /* microseconds */
#define PROGRESS_INTERVAL (SECOND / 2)

/* When frame k of the clip (from 0) is due after the first one, microseconds. rate and scale are below 2^30, and so is k. */
static uint64_t due_after(const struct clip *clip, uint32_t k)
{
    const uint64_t scaled = (uint64_t)k * clip->scale;

    return scaled / clip->rate * SECOND + scaled % clip->rate * SECOND / clip->rate;
}

/* Waits for the frame's own time. A late frame is shown at once, and the next one keeps the clip's time. */
static void await_time(struct pipeline *pipeline)
{
    const struct platform *const platform = pipeline->platform;
    uint64_t due;

    if (!pipeline->paced || pipeline->shown == 0) {
        return;
    }
    due = pipeline->first_shown + due_after(&pipeline->clip, pipeline->shown);
    while (platform->microseconds() < due) {
        platform->sleep_until(due);
    }
}

static void print_progress(struct pipeline *pipeline)
{
    const uint64_t now = pipeline->platform->microseconds();
    uint32_t total = pipeline->clip.frames + clip_frames_left(&pipeline->clip);

    if (pipeline->shown > 1 && now - pipeline->last_progress < PROGRESS_INTERVAL) {
        return;
    }
    if (total > pipeline->frame_limit) {
        total = pipeline->frame_limit;
    }
    pipeline->last_progress = now;
    printf("progress: %" PRIu32 "/%" PRIu32 " frames\n", pipeline->shown, total);
}

/* From the file to all that the blit needs, beside the blit of the frame before. */
static bool prepare(struct pipeline *pipeline, struct slot *slot, uint32_t offset)
{
    slot->frame = pipeline->clip.frames;
    return stage_read(pipeline, slot, offset) && stage_convert(pipeline, slot) && stage_list(pipeline, slot);
}

/* On the screen with it, once its blit is done. */
static bool show(struct pipeline *pipeline, struct slot *slot)
{
    await_time(pipeline);
    if (!stage_display(pipeline, slot)) {
        return false;
    }
    if (pipeline->shown == 1) {
        pipeline->first_shown = pipeline->platform->microseconds();
    }
    print_progress(pipeline);
    return true;
}

static bool rotate(struct pipeline *pipeline)
{
    struct slot *before = NULL; /* the one that is being blitted */
    enum clip_result result = CLIP_END;
    uint32_t offset;

    while (pipeline->clip.frames < pipeline->frame_limit) {
        result = clip_next(&pipeline->clip, &offset);
        if (result != CLIP_OK) {
            break;
        }
        struct slot *const slot = &pipeline->slots[pipeline->clip.frames % PIPELINE_SLOTS];

        if (!prepare(pipeline, slot, offset) || (before != NULL && !stage_finish_blit(pipeline, before)) ||
            !stage_blit(pipeline, slot) || (before != NULL && !show(pipeline, before))) {
            return false;
        }
        before = slot;
    }
    /* The frames before a damaged one are whole: they are shown. */
    if (before != NULL && (!stage_finish_blit(pipeline, before) || !show(pipeline, before))) {
        return false;
    }
    return result != CLIP_ERROR || fail(pipeline, "%s", pipeline->clip.reason);
}

bool pipeline_play(struct pipeline *pipeline)
{
    bool ok = rotate(pipeline);

    for (unsigned i = 0; !ok && i < PIPELINE_SLOTS; i++) {
        stage_abandon(pipeline, &pipeline->slots[i]);
    }
    return stage_await_boundary(pipeline) && ok;
}
