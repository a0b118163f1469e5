/* SPDX-License-Identifier: MIT */
/*
 * The pipeline's buffers: made once before the first frame, ended after the last. Called by main(), in task context.
 */
#include "apps/pipeline/pipeline.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BYTES_PER_PIXEL 4

static const struct baton_limits limits = {
    .pools = 1,
    .buffers = 2 + 3 * PIPELINE_SLOTS + PIPELINE_SCREENS,
    .devices = DEVICES,
    .attachments = 2 + 3 * PIPELINE_SLOTS + 2 * PIPELINE_SCREENS,
    .accesses = 2 + 5 * PIPELINE_SLOTS + 2 * PIPELINE_SCREENS,
    .trace = 128, /* a frame has about thirty serialization points; they are taken once a frame */
};

/* A buffer: the name by which reports and the trace know it, and who uses it in which stage. */
struct plan {
    const char *name;
    enum stage by_cpu;
    enum device device;
    enum stage by_device;
};

static const struct plan header_plan = {"header", STAGE_READ, DEVICE_INPUT, STAGE_READ};
static const struct plan black_plan = {"black", STAGE_LIST, DEVICE_DMA, STAGE_LIST};
static const struct plan input_plans[PIPELINE_SLOTS] = {
    {"input 0", STAGE_CONVERT, DEVICE_INPUT, STAGE_READ},
    {"input 1", STAGE_CONVERT, DEVICE_INPUT, STAGE_READ},
};
static const struct plan picture_plans[PIPELINE_SLOTS] = {
    {"picture 0", STAGE_CONVERT, DEVICE_DMA, STAGE_BLIT},
    {"picture 1", STAGE_CONVERT, DEVICE_DMA, STAGE_BLIT},
};
static const struct plan list_plans[PIPELINE_SLOTS] = {
    {"list 0", STAGE_LIST, DEVICE_DMA, STAGE_LIST},
    {"list 1", STAGE_LIST, DEVICE_DMA, STAGE_LIST},
};
static const struct plan screen_plans[PIPELINE_SCREENS] = {
    {"screen 0", STAGE_BLIT, DEVICE_DMA, STAGE_BLIT},
    {"screen 1", STAGE_BLIT, DEVICE_DMA, STAGE_BLIT},
    {"screen 2", STAGE_BLIT, DEVICE_DMA, STAGE_BLIT},
};

bool fail(struct pipeline *pipeline, const char *format, ...)
{
    va_list arguments;

    if (pipeline->failure[0] == '\0') {
        va_start(arguments, format);
        vsnprintf(pipeline->failure, sizeof(pipeline->failure), format, arguments);
        va_end(arguments);
    }
    return false;
}

bool check(struct pipeline *pipeline, const char *what, enum baton_status status)
{
    return status == BATON_OK || fail(pipeline, "%s: %s", what, baton_status_text(status));
}

bool pipeline_take_trace(struct pipeline *pipeline)
{
    struct baton_record records[8];
    uint32_t count, sequence;

    do {
        sequence = pipeline->ledger.sequence;
        if (!check(pipeline, "trace", baton_trace(pipeline->baton, &sequence, records, 8, &count))) {
            return false;
        }
        for (uint32_t i = 0; i < count; i++) {
            ledger_add(&pipeline->ledger, &records[i]);
        }
    } while (count > 0);
    return true;
}

static const struct baton_device_config *config_of(const struct pipeline *pipeline, enum device device)
{
    switch (device) {
    case DEVICE_INPUT:
        return &pipeline->platform->input_device;
    case DEVICE_DMA:
        return &pipeline->platform->dma_device;
    default:
        return &pipeline->platform->display_device;
    }
}

static bool assign(struct pipeline *pipeline, const struct shared *shared, const char *holder, enum stage stage)
{
    const struct ledger_entry entry = {.buffer = shared->name, .holder = holder, .stage = stage, .size = shared->size};

    return ledger_assign(&pipeline->ledger, &entry) || fail(pipeline, "%s: the ledger is full", shared->name);
}

/* Attaches a buffer to a device, which uses it in the stage given. */
static bool attach(struct pipeline *pipeline, struct shared *shared, enum device device, enum stage stage)
{
    return check(pipeline, shared->name,
                 baton_attach(pipeline->baton, shared->buffer, pipeline->devices[device], &shared->by[device])) &&
           assign(pipeline, shared, config_of(pipeline, device)->name, stage);
}

/* The buffer is made: its name, its users. */
static bool introduce(struct pipeline *pipeline, struct shared *shared, const struct plan *plan, uint32_t size,
                      enum baton_status made)
{
    if (made != BATON_OK) {
        return fail(pipeline, "%s of %" PRIu32 " bytes: %s", plan->name, size, baton_status_text(made));
    }
    shared->name = plan->name;
    shared->size = size;
    return assign(pipeline, shared, "cpu", plan->by_cpu) && attach(pipeline, shared, plan->device, plan->by_device);
}

static bool create(struct pipeline *pipeline, struct shared *shared, const struct plan *plan, uint32_t size)
{
    const struct baton_buffer_config config = {.name = plan->name, .size = size, .policy = BATON_POLICY_CACHED};

    return introduce(pipeline, shared, plan, size,
                     baton_create(pipeline->baton, pipeline->pool, &config, &shared->buffer));
}

/* One of the display's frames: memory of ours, or of its own where it can show no other. */
static bool create_screen(struct pipeline *pipeline, unsigned number, uint32_t size)
{
    const struct display_frames *const frames = &pipeline->platform->display->frames;
    struct shared *const frame = &pipeline->screens[number].frame;
    const struct plan *const plan = &screen_plans[number];

    if (frames->count == 0) {
        return create(pipeline, frame, plan, size);
    }
    if (number >= frames->count) {
        return fail(pipeline, "%s: the display has memory for %" PRIu32 " frames only", plan->name, frames->count);
    }
    const struct baton_import_config config = {
        .name = plan->name,
        .cpu = (uint8_t *)frames->cpu + number * size,
        .physical = frames->physical + number * size,
        .size = size,
        .policy = BATON_POLICY_CACHED,
    };
    return introduce(pipeline, frame, plan, size, baton_import(pipeline->baton, &config, &frame->buffer));
}

bool pipeline_open(struct pipeline *pipeline)
{
    const struct platform *const platform = pipeline->platform;
    const size_t size = baton_size(&limits);

    ledger_init(&pipeline->ledger, platform->port->granule);
    pipeline->memory = malloc(size);
    if (size == 0 || pipeline->memory == NULL) {
        return fail(pipeline, "the heap has no %" PRIu32 " bytes for the core", (uint32_t)size);
    }
    if (!check(pipeline, "core", baton_init(&pipeline->baton, pipeline->memory, size, &limits, platform->port)) ||
        !check(pipeline, "memory", baton_add_pool(pipeline->baton, &platform->memory, &pipeline->pool))) {
        return false;
    }
    for (enum device device = 0; device < DEVICES; device++) {
        const struct baton_device_config *const config = config_of(pipeline, device);

        if (!check(pipeline, config->name, baton_add_device(pipeline->baton, config, &pipeline->devices[device]))) {
            return false;
        }
    }
    return create(pipeline, &pipeline->header, &header_plan, CLIP_CHUNK);
}

/* Asks for the bus address of a list, which its entries refer to each other by: the one that every mapping will have. */
static bool locate_list(struct pipeline *pipeline, struct slot *slot)
{
    const struct baton_range all = {.offset = 0, .length = slot->list.size};
    struct baton_source source;

    if (!check(pipeline, slot->list.name,
               baton_map_to_device(pipeline->baton, slot->list.by[DEVICE_DMA], all, &source))) {
        return false;
    }
    slot->list_address = source.segments[0].address;
    return check(pipeline, slot->list.name, baton_unmap_source(pipeline->baton, &source));
}

/* The word that borders are filled from. The DMA may read it from now on. */
static bool create_black(struct pipeline *pipeline)
{
    const struct baton_range word = {.offset = 0, .length = sizeof(uint32_t)};
    struct shared *const black = &pipeline->black;
    struct baton_cpu_access access;

    if (!create(pipeline, black, &black_plan, word.length) ||
        !check(pipeline, black->name,
               baton_begin_cpu_access(pipeline->baton, black->buffer, word, BATON_OVERWRITE, &access))) {
        return false;
    }
    *(uint32_t *)access.data = 0;
    return check(pipeline, black->name, baton_end_cpu_access(pipeline->baton, &access)) &&
           check(pipeline, black->name,
                 baton_map_to_device(pipeline->baton, black->by[DEVICE_DMA], word, &pipeline->black_source));
}

bool pipeline_create_buffers(struct pipeline *pipeline)
{
    const uint32_t picture_size = pipeline->fit.width * pipeline->fit.height * BYTES_PER_PIXEL;
    const uint32_t screen_size = pipeline->platform->display->stride * pipeline->screen_height;
    const uint32_t list_size = stage_list_bytes(pipeline);

    for (unsigned i = 0; i < PIPELINE_SLOTS; i++) {
        struct slot *const slot = &pipeline->slots[i];

        slot->pipeline = pipeline;
        if (!create(pipeline, &slot->input, &input_plans[i], pipeline->clip.frame_bytes) ||
            !create(pipeline, &slot->picture, &picture_plans[i], picture_size) ||
            !create(pipeline, &slot->list, &list_plans[i], list_size) || !locate_list(pipeline, slot)) {
            return false;
        }
    }
    for (unsigned i = 0; i < PIPELINE_SCREENS; i++) {
        struct shared *const frame = &pipeline->screens[i].frame;

        if (!create_screen(pipeline, i, screen_size) || !attach(pipeline, frame, DEVICE_DISPLAY, STAGE_DISPLAY)) {
            return false;
        }
    }
    return create_black(pipeline);
}

/* ---------------------------------------------------------------------------------------------------------------- */

static bool end(struct pipeline *pipeline, struct shared *shared)
{
    if (shared->buffer.token == 0) {
        return true;
    }
    for (enum device device = 0; device < DEVICES; device++) {
        if (shared->by[device].token != 0 &&
            !check(pipeline, shared->name, baton_detach(pipeline->baton, &shared->by[device]))) {
            return false;
        }
    }
    return check(pipeline, shared->name, baton_destroy(pipeline->baton, &shared->buffer));
}

bool pipeline_close(struct pipeline *pipeline)
{
    bool ok = true;

    if (pipeline->baton == NULL) {
        return true;
    }
    if (pipeline->black_source.access.token != 0) {
        ok = check(pipeline, "black", baton_unmap_source(pipeline->baton, &pipeline->black_source));
    }
    ok = end(pipeline, &pipeline->black) && ok;
    ok = end(pipeline, &pipeline->header) && ok;
    for (unsigned i = 0; i < PIPELINE_SLOTS; i++) {
        struct slot *const slot = &pipeline->slots[i];

        ok = end(pipeline, &slot->input) && end(pipeline, &slot->picture) && end(pipeline, &slot->list) && ok;
    }
    for (unsigned i = 0; i < PIPELINE_SCREENS; i++) {
        struct screen *const screen = &pipeline->screens[i];

        if (screen != pipeline->front) {
            ok = end(pipeline, &screen->frame) && ok;
        }
    }
    return ok;
}
