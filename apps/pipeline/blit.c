/* SPDX-License-Identifier: MIT */
/*
 * The blit of one frame: its linked list, its start, its end. Called by play.c in task context; the completion comes from the
 * DMA controller in interrupt context.
 *
 * The first blit to each screen buffer also fills the borders around the picture; its place never changes, so later blits take the
 * picture's rows alone.
 */
#include "apps/pipeline/pipeline.h"

#include <inttypes.h>
#include <stdatomic.h>

#define BYTES_PER_PIXEL 4
#define BLIT_LIMIT 10000000 /* microseconds; finds a hang, measures nothing: a simulated machine may be slow */
#define STOP_LIMIT 1000000  /* microseconds from the end of dma_stop() to the completion it promises */

/* A rectangle of the screen, pixels. */
struct rectangle {
    uint32_t x, y, width, height;
};

/* What a list may write: the borders above, below, left and right of the picture, some of them empty, and the picture. What a row of
 * the frame has beyond the screen is border too: then the first blit writes every byte. */
enum { BORDERS = 4, PICTURE = BORDERS, RECTANGLES };

static void find_rectangles(const struct pipeline *pipeline, struct rectangle rectangles[RECTANGLES])
{
    const struct fit *const fit = &pipeline->fit;
    const uint32_t right = fit->x + fit->width, below = fit->y + fit->height;
    const uint32_t columns = pipeline->platform->display->stride / BYTES_PER_PIXEL;

    rectangles[0] = (struct rectangle){0, 0, columns, fit->y};
    rectangles[1] = (struct rectangle){0, below, columns, pipeline->screen_height - below};
    rectangles[2] = (struct rectangle){0, fit->y, fit->x, fit->height};
    rectangles[3] = (struct rectangle){right, fit->y, columns - right, fit->height};
    rectangles[PICTURE] = (struct rectangle){fit->x, fit->y, fit->width, fit->height};
}

/* The blit of a rectangle, without its mappings; base: the offset where the mapping of the back buffer begins. A fill if it is a border. */
static struct dma_blit describe(const struct pipeline *pipeline, const struct rectangle *to, uint32_t base)
{
    const uint32_t stride = pipeline->platform->display->stride;

    return (struct dma_blit){
        .source_stride = to->width * BYTES_PER_PIXEL,
        .destination_offset = to->y * stride + to->x * BYTES_PER_PIXEL - base,
        .destination_stride = stride,
        .row_bytes = to->width * BYTES_PER_PIXEL,
        .rows = to->height,
        .width = DMA_WIDTH_32,
    };
}

static uint32_t list_bytes(const struct pipeline *pipeline, bool with_borders)
{
    struct rectangle rectangles[RECTANGLES];
    uint32_t bytes = 0;

    find_rectangles(pipeline, rectangles);
    for (unsigned i = with_borders ? 0 : PICTURE; i < RECTANGLES; i++) {
        if (rectangles[i].width != 0 && rectangles[i].height != 0) {
            const struct dma_blit blit = describe(pipeline, &rectangles[i], 0);

            bytes += dma_list_bytes(pipeline->platform->dma->format, &blit, i != PICTURE);
        }
    }
    return bytes;
}

uint32_t stage_list_bytes(const struct pipeline *pipeline)
{
    return list_bytes(pipeline, true);
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* List */

/* The part of the back buffer that this blit writes: the picture's rows, or everything. */
static struct baton_range back_range(const struct pipeline *pipeline, bool with_borders)
{
    const uint32_t stride = pipeline->platform->display->stride;

    return with_borders ? (struct baton_range){0, stride * pipeline->screen_height}
                        : (struct baton_range){stride * pipeline->fit.y, stride * pipeline->fit.height};
}

/* Writes the entries into memory, which is held for writing. */
static enum dma_list_status build(const struct pipeline *pipeline, const struct slot *slot, bool with_borders,
                                  const struct baton_cpu_access *memory)
{
    const uint32_t base = back_range(pipeline, with_borders).offset;
    struct rectangle rectangles[RECTANGLES];
    struct dma_list list;
    enum dma_list_status status = dma_list_begin(&list, pipeline->platform->dma->format, memory, slot->list_address);

    find_rectangles(pipeline, rectangles);
    for (unsigned i = with_borders ? 0 : PICTURE; i < RECTANGLES && status == DMA_LIST_OK; i++) {
        struct dma_blit blit = describe(pipeline, &rectangles[i], base);

        blit.source = i == PICTURE ? &slot->picture_source : &pipeline->black_source;
        blit.destination = &slot->back;
        if (i == PICTURE) {
            status = dma_list_blit(&list, &blit);
        } else if (blit.row_bytes != 0 && blit.rows != 0) {
            status = dma_list_fill(&list, &blit);
        }
    }
    return status == DMA_LIST_OK ? dma_list_end(&list) : status;
}

/* Ends the mappings of a blit that was done, or else never started or halted. In task or interrupt context. */
static enum baton_status unmap_all(struct slot *slot, bool done)
{
    struct baton *const baton = slot->pipeline->baton;
    const struct baton_range nothing = {.offset = 0, .length = 0};
    enum baton_status list = BATON_OK, picture = BATON_OK, back = BATON_OK;

    if (slot->list_source.access.token != 0) {
        list = baton_unmap_source(baton, &slot->list_source);
    }
    if (slot->picture_source.access.token != 0) {
        picture = baton_unmap_source(baton, &slot->picture_source);
    }
    if (slot->back.access.token != 0) {
        back = done ? baton_unmap_destination(baton, &slot->back)
                    : baton_unmap_destination_partial(baton, &slot->back, nothing);
    }
    return list != BATON_OK ? list : picture != BATON_OK ? picture : back;
}

static bool write_list(struct pipeline *pipeline, struct slot *slot, bool with_borders)
{
    const struct baton_range range = {.offset = 0, .length = list_bytes(pipeline, with_borders)};
    struct baton_cpu_access access;
    enum dma_list_status status;

    if (!check(pipeline, slot->list.name,
               baton_begin_cpu_access(pipeline->baton, slot->list.buffer, range, BATON_OVERWRITE, &access))) {
        return false;
    }
    status = build(pipeline, slot, with_borders, &access);
    if (!check(pipeline, slot->list.name, baton_end_cpu_access(pipeline->baton, &access))) {
        return false;
    }
    if (status != DMA_LIST_OK) {
        return fail(pipeline, "list of frame %" PRIu32 ": %s", slot->frame, dma_list_status_text(status));
    }
    return check(pipeline, slot->list.name,
                 baton_map_to_device(pipeline->baton, slot->list.by[DEVICE_DMA], range, &slot->list_source));
}

static struct screen *free_screen(struct pipeline *pipeline)
{
    for (unsigned i = 0; i < PIPELINE_SCREENS; i++) {
        if (atomic_load_explicit(&pipeline->screens[i].state, memory_order_acquire) == SCREEN_FREE) {
            return &pipeline->screens[i];
        }
    }
    return NULL;
}

bool stage_list(struct pipeline *pipeline, struct slot *slot)
{
    const struct baton_range pixels = {.offset = 0, .length = slot->picture.size};
    struct screen *screen = free_screen(pipeline);

    if (screen == NULL) { /* the one on its way out comes back at the frame boundary */
        if (!stage_await_boundary(pipeline)) {
            return false;
        }
        screen = free_screen(pipeline);
    }
    if (screen == NULL) {
        return fail(pipeline, "no free back buffer for frame %" PRIu32, slot->frame);
    }
    const bool with_borders = !screen->bordered;
    const struct baton_range rows = back_range(pipeline, with_borders);
    const bool every_byte =
        with_borders || pipeline->fit.width * BYTES_PER_PIXEL == pipeline->platform->display->stride;

    if (!check(pipeline, slot->picture.name,
               baton_map_to_device(pipeline->baton, slot->picture.by[DEVICE_DMA], pixels, &slot->picture_source)) ||
        !check(pipeline, screen->frame.name,
               baton_map_from_device(pipeline->baton, screen->frame.by[DEVICE_DMA], rows,
                                     every_byte ? BATON_OVERWRITE : BATON_WRITE, &slot->back)) ||
        !write_list(pipeline, slot, with_borders)) {
        (void)check(pipeline, slot->picture.name, unmap_all(slot, false));
        return false;
    }
    atomic_store_explicit(&screen->state, SCREEN_IN_USE, memory_order_relaxed);
    slot->screen = screen;
    atomic_store_explicit(&slot->state, SLOT_READY, memory_order_relaxed);
    return true;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Blit */

/* In interrupt context. A controller that did not answer may still be moving bytes: then all stays mapped. */
static void on_completion(void *context, unsigned channel, enum dma_status status)
{
    struct slot *const slot = context;

    (void)channel;
    slot->blitted = status;
    slot->released = status == DMA_ERROR_TIMEOUT ? BATON_OK : unmap_all(slot, status == DMA_OK);
    atomic_store_explicit(&slot->state, SLOT_BLITTED, memory_order_release);
}

static bool is_blitted(const void *what)
{
    const struct slot *const slot = what;

    return atomic_load_explicit(&slot->state, memory_order_acquire) == SLOT_BLITTED;
}

bool stage_blit(struct pipeline *pipeline, struct slot *slot)
{
    enum dma_status status;

    atomic_store_explicit(&slot->state, SLOT_BLITTING, memory_order_release);
    status = dma_start(pipeline->platform->dma, PIPELINE_CHANNEL, &slot->list_source, on_completion, slot);
    if (status != DMA_OK) {
        atomic_store_explicit(&slot->state, SLOT_READY, memory_order_relaxed);
        return fail(pipeline, "blit of frame %" PRIu32 ": %s", slot->frame, dma_status_text(status));
    }
    return true;
}

bool stage_finish_blit(struct pipeline *pipeline, struct slot *slot)
{
    if (!stage_wait(pipeline, is_blitted, slot, BLIT_LIMIT)) {
        return fail(pipeline, "blit of frame %" PRIu32 ": not done after %d seconds", slot->frame,
                    BLIT_LIMIT / 1000000);
    }
    if (slot->blitted != DMA_OK) {
        return fail(pipeline, "blit of frame %" PRIu32 ": %s", slot->frame, dma_status_text(slot->blitted));
    }
    slot->screen->bordered = true;
    return check(pipeline, "blit", slot->released);
}

void stage_abandon(struct pipeline *pipeline, struct slot *slot)
{
    if (atomic_load_explicit(&slot->state, memory_order_acquire) == SLOT_BLITTING) {
        const enum dma_status status = dma_stop(pipeline->platform->dma, PIPELINE_CHANNEL);

        if (status != DMA_OK || !stage_wait(pipeline, is_blitted, slot, STOP_LIMIT)) {
            fail(pipeline, "blit of frame %" PRIu32 " cannot be stopped: %s", slot->frame, dma_status_text(status));
            return;
        }
    }
    if (atomic_load_explicit(&slot->state, memory_order_acquire) == SLOT_READY) {
        (void)check(pipeline, slot->picture.name, unmap_all(slot, false));
    }
}
