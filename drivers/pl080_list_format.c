/* SPDX-License-Identifier: MIT */
/*
 * PL080 lists as a format of drivers/interface/dma_list.h: its calls handed on to the builder. Called through the interface; touches the
 * list alone.
 */
#include "drivers/pl080_list.h"

#include <stddef.h>

/* The builder's own state of the list. */
static enum dma_list_status open(const struct dma_list *list, struct pl080_list *own)
{
    const struct baton_cpu_access memory = {.data = list->entries,
                                            .length = list->capacity * (uint32_t)sizeof(struct pl080_entry)};
    const enum dma_list_status status = pl080_list_begin(own, &memory, (baton_bus_address){list->address});

    own->count = list->count;
    return status;
}

static enum dma_list_status add(struct dma_list *list, const struct dma_blit *blit, bool fill)
{
    struct pl080_list own;
    enum dma_list_status status = open(list, &own);

    if (status == DMA_LIST_OK) {
        status = fill ? pl080_list_fill(&own, blit) : pl080_list_blit(&own, blit);
        list->count = own.count;
    }
    return status;
}

static enum dma_list_status end(struct dma_list *list)
{
    struct pl080_list own;
    enum dma_list_status status = open(list, &own);

    if (status == DMA_LIST_OK) {
        status = pl080_list_end(&own);
    }
    return status;
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
