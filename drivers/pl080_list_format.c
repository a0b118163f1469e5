/* SPDX-License-Identifier: MIT */
/*
 * PL080 lists as a format of drivers/interface/dma_list.h: its calls handed on to the builder. Called through the interface; touches the
 * list alone.
 */
#include "drivers/pl080_list.h"

#include <stddef.h>

_Static_assert((int)PL080_WIDTH_8 == (int)DMA_WIDTH_8 && (int)PL080_WIDTH_WIDEST == (int)DMA_WIDTH_WIDEST,
               "widths are the same numbers");
_Static_assert((int)PL080_LIST_OK == (int)DMA_LIST_OK &&
                   (int)PL080_LIST_ERROR_ARGUMENT == (int)DMA_LIST_ERROR_ARGUMENT &&
                   (int)PL080_LIST_ERROR_RANGE == (int)DMA_LIST_ERROR_RANGE &&
                   (int)PL080_LIST_ERROR_STRIDE == (int)DMA_LIST_ERROR_STRIDE &&
                   (int)PL080_LIST_ERROR_ALIGNMENT == (int)DMA_LIST_ERROR_ALIGNMENT &&
                   (int)PL080_LIST_ERROR_CAPACITY == (int)DMA_LIST_ERROR_CAPACITY,
               "statuses are the same numbers");

/* The builder's own state of the list. */
static enum pl080_list_status open(const struct dma_list *list, struct pl080_list *own)
{
    const struct baton_cpu_access memory = {.data = list->entries,
                                            .length = list->capacity * (uint32_t)sizeof(struct pl080_entry)};
    const enum pl080_list_status status = pl080_list_begin(own, &memory, (baton_bus_address){list->address});

    own->count = list->count;
    return status;
}

static enum dma_list_status add(struct dma_list *list, const struct dma_blit *blit, bool fill)
{
    const struct pl080_blit rectangle = {
        .source = blit->source,
        .destination = blit->destination,
        .source_offset = blit->source_offset,
        .source_stride = blit->source_stride,
        .destination_offset = blit->destination_offset,
        .destination_stride = blit->destination_stride,
        .row_bytes = blit->row_bytes,
        .rows = blit->rows,
        .width = (enum pl080_width)blit->width,
    };
    struct pl080_list own;
    enum pl080_list_status status = open(list, &own);

    if (status == PL080_LIST_OK) {
        status = fill ? pl080_list_fill(&own, &rectangle) : pl080_list_blit(&own, &rectangle);
        list->count = own.count;
    }
    return (enum dma_list_status)status;
}

static enum dma_list_status end(struct dma_list *list)
{
    struct pl080_list own;
    enum pl080_list_status status = open(list, &own);

    if (status == PL080_LIST_OK) {
        status = pl080_list_end(&own);
    }
    return (enum dma_list_status)status;
}

static uint32_t entries(const struct dma_blit *blit, bool fill)
{
    const struct dma_piece shape = dma_blit_shape(blit, fill);
    const uint32_t transfers = shape.row_bytes >> shape.width;

    return (transfers + PL080_TRANSFERS_MAX - 1) / PL080_TRANSFERS_MAX * shape.rows;
}

const struct dma_list_format pl080_list_format = {
    .name = "pl080",
    .entry_bytes = sizeof(struct pl080_entry),
    .entries = entries,
    .add = add,
    .end = end,
};
