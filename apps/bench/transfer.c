/* SPDX-License-Identifier: MIT */
/*
 * Transfers: see transfer.h.
 */
#include "apps/bench/transfer.h"

#include <string.h>

#define WAIT_MICROSECONDS 60000000u /* finds a hang */
#define CHANNEL 0u

static unsigned char pattern(uint32_t i)
{
    return (unsigned char)(i * 7 + (i >> 8) * 13 + 1);
}

uint32_t transfer_list_bytes(const struct transfer_shape *shape)
{
    const struct dma_blit blit = {.source_stride = shape->stride,
                                  .destination_stride = shape->stride,
                                  .row_bytes = shape->row_bytes,
                                  .rows = shape->rows,
                                  .width = shape->width};

    return dma_list_bytes(platform()->dma->format, &blit, false);
}

static struct baton_cpu_access begin(const struct bench_buffer *buffer, enum baton_direction direction)
{
    struct baton_cpu_access access;

    bench_must(
        baton_begin_cpu_access(bench_baton, buffer->buffer, (struct baton_range){0, buffer->size}, direction, &access),
        "begin_cpu_access");
    return access;
}

static void end(struct baton_cpu_access *access)
{
    bench_must(baton_end_cpu_access(bench_baton, access), "end_cpu_access");
}

void transfer_open(struct transfer *transfer, uint32_t bytes, uint32_t list_bytes)
{
    *transfer = (struct transfer){
        .from = bench_buffer("from", bytes, BATON_POLICY_CACHED, BATON_ENFORCE_CHECKED),
        .to = bench_buffer("to", bytes, BATON_POLICY_CACHED, BATON_ENFORCE_CHECKED),
        .list_buffer = bench_buffer("list", list_bytes, BATON_POLICY_CACHED, BATON_ENFORCE_CHECKED),
    };
    struct baton_cpu_access access = begin(&transfer->from, BATON_OVERWRITE);

    for (uint32_t i = 0; i < bytes; i++) {
        ((unsigned char *)access.data)[i] = pattern(i);
    }
    end(&access);
}

static void must_list(enum dma_list_status status)
{
    if (status != DMA_LIST_OK) {
        bench_give_up("list", dma_list_status_text(status));
    }
}

bool transfer_prepare(struct transfer *transfer, const struct transfer_shape *shape)
{
    const struct baton_range all = {0, transfer->from.size};
    struct baton_cpu_access access = begin(&transfer->to, BATON_OVERWRITE);
    struct dma_list list;

    memset(access.data, 0, transfer->to.size);
    end(&access);
    bench_must(baton_map_to_device(bench_baton, transfer->from.attachment, all, &transfer->source), "from");
    bench_must(baton_map_from_device(bench_baton, transfer->to.attachment, all, BATON_WRITE, &transfer->destination),
               "to");
    bench_must(baton_map_to_device(bench_baton, transfer->list_buffer.attachment,
                                   (struct baton_range){0, transfer->list_buffer.size}, &transfer->list),
               "list");
    const baton_bus_address address = transfer->list.segments[0].address;
    bench_must(baton_unmap_source(bench_baton, &transfer->list), "list");
    access = begin(&transfer->list_buffer, BATON_WRITE);
    must_list(dma_list_begin(&list, platform()->dma->format, &access, address));
    const enum dma_list_status status = dma_list_blit(&list, &(struct dma_blit){
                                                                 .source = &transfer->source,
                                                                 .destination = &transfer->destination,
                                                                 .source_stride = shape->stride,
                                                                 .destination_stride = shape->stride,
                                                                 .row_bytes = shape->row_bytes,
                                                                 .rows = shape->rows,
                                                                 .width = shape->width,
                                                             });
    if (status == DMA_LIST_ERROR_ALIGNMENT) {
        end(&access);
        bench_must(baton_unmap_source(bench_baton, &transfer->source), "from");
        bench_must(baton_unmap_destination(bench_baton, &transfer->destination), "to");
        return false;
    }
    must_list(status);
    must_list(dma_list_end(&list));
    end(&access);
    transfer->entries = list.count;
    transfer->shape = shape;
    bench_must(baton_map_to_device(bench_baton, transfer->list_buffer.attachment,
                                   (struct baton_range){0, list.count * list.format->entry_bytes}, &transfer->list),
               "list");
    return true;
}

static void complete(void *context, unsigned channel, enum dma_status status)
{
    struct transfer *transfer = context;

    (void)channel;
    transfer->status = status;
    if (transfer->completed != NULL) {
        transfer->completed(transfer->context);
    }
    transfer->done = true;
}

void transfer_start(struct transfer *transfer, void (*completed)(void *context), void *context)
{
    transfer->completed = completed;
    transfer->context = context;
    transfer->done = false;
    const enum dma_status status = dma_start(platform()->dma, CHANNEL, &transfer->list, complete, transfer);
    if (status != DMA_OK) {
        bench_give_up("dma_start", dma_status_text(status));
    }
}

void transfer_finish(struct transfer *transfer)
{
    const struct transfer_shape *shape = transfer->shape;
    const uint64_t limit = platform()->microseconds() + WAIT_MICROSECONDS;
    uint32_t wrong = 0;

    while (!transfer->done) {
        platform()->sleep_until(limit);
        if (!transfer->done && platform()->microseconds() >= limit) {
            bench_give_up("dma", dma_status_text(DMA_ERROR_TIMEOUT));
        }
    }
    if (transfer->status != DMA_OK) {
        bench_give_up("dma", dma_status_text(transfer->status));
    }
    bench_must(baton_unmap_source(bench_baton, &transfer->source), "from");
    bench_must(baton_unmap_destination(bench_baton, &transfer->destination), "to");
    bench_must(baton_unmap_source(bench_baton, &transfer->list), "list");

    struct baton_cpu_access access = begin(&transfer->to, BATON_READ);
    for (uint32_t i = 0; i < transfer->to.size; i++) {
        const bool copied = i / shape->stride < shape->rows && i % shape->stride < shape->row_bytes;

        wrong += ((const unsigned char *)access.data)[i] != (copied ? pattern(i) : 0);
    }
    end(&access);
    if (wrong != 0) {
        bench_give_up(shape->name, "bytes are wrong");
    }
}
