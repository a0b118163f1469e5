/* SPDX-License-Identifier: MIT */
/*
 * The stages of one frame but the blit (blit.c): read, convert, display. Called by play.c in task context; the frame boundary
 * comes from the display, perhaps as an interrupt.
 */
#include "apps/pipeline/pipeline.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

#define BOUNDARY_LIMIT 1000000 /* microseconds; a display has a frame boundary every few hundredths of a second */

/* An interrupt may end the waiting between the question and the sleep: sleep no longer than this, microseconds. */
#define NAP 1000

bool stage_wait(struct pipeline *pipeline, bool (*done)(const void *what), const void *what, uint64_t limit)
{
    const struct platform *const platform = pipeline->platform;
    const uint64_t start = platform->microseconds();

    while (!done(what)) {
        const uint64_t now = platform->microseconds();

        if (now - start >= limit) {
            return done(what);
        }
        platform->sleep_until(now + (limit - (now - start) < NAP ? limit - (now - start) : NAP));
    }
    return true;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Read */

/* Device to memory: bytes from offset of the file to the start of a buffer that is attached to the input device. */
static bool read_into(struct pipeline *pipeline, struct shared *shared, uint32_t offset, uint32_t length)
{
    struct input *const input = pipeline->platform->input;
    const struct baton_range range = {.offset = 0, .length = length};
    const struct baton_range nothing = {.offset = 0, .length = 0};
    struct baton_destination to;

    if (!check(pipeline, shared->name,
               baton_map_from_device(pipeline->baton, shared->by[DEVICE_INPUT], range, BATON_OVERWRITE, &to))) {
        return false;
    }
    if (!input->read(input, offset, &to, length)) {
        fail(pipeline, "the input device failed at offset %" PRIu32, offset);
        return check(pipeline, shared->name, baton_unmap_destination_partial(pipeline->baton, &to, nothing)) && false;
    }
    return check(pipeline, shared->name, baton_unmap_destination(pipeline->baton, &to));
}

bool stage_read_header(void *context, uint32_t offset, uint8_t *to, uint32_t length)
{
    struct pipeline *const pipeline = context;
    struct shared *const header = &pipeline->header;
    const struct baton_range range = {.offset = 0, .length = length};
    struct baton_cpu_access access;

    if (!read_into(pipeline, header, offset, length) ||
        !check(pipeline, header->name,
               baton_begin_cpu_access(pipeline->baton, header->buffer, range, BATON_READ, &access))) {
        return false;
    }
    memcpy(to, access.data, length);
    return check(pipeline, header->name, baton_end_cpu_access(pipeline->baton, &access)) &&
           pipeline_take_trace(pipeline);
}

bool stage_read(struct pipeline *pipeline, struct slot *slot, uint32_t offset)
{
    return read_into(pipeline, &slot->input, offset, slot->input.size);
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Convert */

bool stage_convert(struct pipeline *pipeline, struct slot *slot)
{
    const struct baton_range payload = {.offset = 0, .length = slot->input.size};
    const struct baton_range pixels = {.offset = 0, .length = slot->picture.size};
    struct baton_cpu_access from, to;

    if (!check(pipeline, slot->input.name,
               baton_begin_cpu_access(pipeline->baton, slot->input.buffer, payload, BATON_READ, &from))) {
        return false;
    }
    if (!check(pipeline, slot->picture.name,
               baton_begin_cpu_access(pipeline->baton, slot->picture.buffer, pixels, BATON_OVERWRITE, &to))) {
        return check(pipeline, slot->input.name, baton_end_cpu_access(pipeline->baton, &from)) && false;
    }
    convert_frame(&pipeline->convert, from.data, to.data);
    const bool ended = check(pipeline, slot->picture.name, baton_end_cpu_access(pipeline->baton, &to));
    return check(pipeline, slot->input.name, baton_end_cpu_access(pipeline->baton, &from)) && ended;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Display */

/* The frame boundary, perhaps in interrupt context: the frame before becomes a back buffer again. */
static void on_boundary(void *context)
{
    struct pipeline *const pipeline = context;
    struct screen *const screen = pipeline->retiring;

    pipeline->retiring = NULL;
    if (screen != NULL) {
        pipeline->retired = baton_unmap_source(pipeline->baton, &screen->shown);
        if (pipeline->retired == BATON_OK) {
            atomic_store_explicit(&screen->state, SCREEN_FREE, memory_order_release);
        }
    }
    atomic_store_explicit(&pipeline->flip_pending, false, memory_order_release);
}

static bool no_flip_pending(const void *what)
{
    const struct pipeline *const pipeline = what;

    return !atomic_load_explicit(&pipeline->flip_pending, memory_order_acquire);
}

bool stage_await_boundary(struct pipeline *pipeline)
{
    if (!stage_wait(pipeline, no_flip_pending, pipeline, BOUNDARY_LIMIT)) {
        return fail(pipeline, "the display's frame boundary after frame %" PRIu32 " did not come", pipeline->shown);
    }
    return check(pipeline, "frame boundary", pipeline->retired);
}

bool stage_display(struct pipeline *pipeline, struct slot *slot)
{
    struct screen *const screen = slot->screen;
    const struct baton_range all = {.offset = 0, .length = screen->frame.size};
    enum display_status status;

    if (!stage_await_boundary(pipeline) ||
        !check(pipeline, screen->frame.name,
               baton_map_to_device(pipeline->baton, screen->frame.by[DEVICE_DISPLAY], all, &screen->shown))) {
        return false;
    }
    /* All that the boundary looks at is in place before the flip, which may call it at once. */
    pipeline->retiring = pipeline->front;
    pipeline->front = screen;
    atomic_store_explicit(&pipeline->flip_pending, true, memory_order_release);
    status = display_flip(pipeline->platform->display, &screen->shown, on_boundary, pipeline);
    if (status != DISPLAY_OK) {
        pipeline->front = pipeline->retiring;
        pipeline->retiring = NULL;
        atomic_store_explicit(&pipeline->flip_pending, false, memory_order_release);
        fail(pipeline, "frame %" PRIu32 " on the display: %s", slot->frame, display_status_text(status));
        return check(pipeline, screen->frame.name, baton_unmap_source(pipeline->baton, &screen->shown)) && false;
    }
    slot->screen = NULL;
    atomic_store_explicit(&slot->state, SLOT_IDLE, memory_order_relaxed);
    pipeline->shown++;
    return pipeline_take_trace(pipeline);
}
