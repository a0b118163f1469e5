/* SPDX-License-Identifier: MIT */
/*
 * What lists of every format have in common: their bounds, and the geometry of rectangles. Every address that gets into a piece is made
 * in one place, locate(), from a segment of the mapping and an offset that was checked against its length. Called by users of
 * drivers/interface/dma_list.h and by formats; touches the list alone.
 */
#include "drivers/interface/dma_list.h"

#include <stddef.h>

/* Both ends of a mapping in one shape. */
struct side {
    const struct baton_segment *segments;
    uint32_t count;
    uint32_t length;
};

const char *dma_list_status_text(enum dma_list_status status)
{
    switch (status) {
    case DMA_LIST_OK:
        return "success";
    case DMA_LIST_ERROR_ARGUMENT:
        return "a null pointer, a mapping that contradicts itself, or a call out of order";
    case DMA_LIST_ERROR_RANGE:
        return "empty, or beyond the end of the source or destination";
    case DMA_LIST_ERROR_STRIDE:
        return "the stride is smaller than the row";
    case DMA_LIST_ERROR_ALIGNMENT:
        return "not a multiple of the width";
    case DMA_LIST_ERROR_CAPACITY:
        return "the list's memory is full";
    }
    return "unknown status";
}

enum dma_list_status dma_list_begin(struct dma_list *list, const struct dma_list_format *format,
                                    const struct baton_cpu_access *memory, baton_bus_address address)
{
    if (list == NULL || format == NULL || memory == NULL || memory->data == NULL) {
        return DMA_LIST_ERROR_ARGUMENT;
    }
    const uint32_t capacity = memory->length / format->entry_bytes;
    if (capacity == 0 || address.value == 0 || address.value % format->entry_bytes != 0 ||
        (uintptr_t)memory->data % sizeof(uint32_t) != 0 || memory->length - 1 > UINT32_MAX - address.value) {
        return DMA_LIST_ERROR_ARGUMENT;
    }
    *list =
        (struct dma_list){.format = format, .entries = memory->data, .address = address.value, .capacity = capacity};
    return DMA_LIST_OK;
}

static enum dma_list_status add(struct dma_list *list, const struct dma_blit *blit, bool fill)
{
    if (list == NULL || list->entries == NULL || list->ended) {
        return DMA_LIST_ERROR_ARGUMENT;
    }
    const uint32_t count = list->count;
    const enum dma_list_status status = list->format->add(list, blit, fill);
    if (status != DMA_LIST_OK) {
        list->count = count;
    }
    return status;
}

enum dma_list_status dma_list_blit(struct dma_list *list, const struct dma_blit *blit)
{
    return add(list, blit, false);
}

enum dma_list_status dma_list_fill(struct dma_list *list, const struct dma_blit *fill)
{
    return add(list, fill, true);
}

enum dma_list_status dma_list_end(struct dma_list *list)
{
    if (list == NULL || list->entries == NULL || list->ended || list->count == 0) {
        return DMA_LIST_ERROR_ARGUMENT;
    }
    const enum dma_list_status status = list->format->end(list);
    list->ended = status == DMA_LIST_OK;
    return status;
}

/* ---------------------------------------------------------------------------------------------------------------- */

/* The segments add up to the length, and none wraps. */
static bool consistent(const struct side *side)
{
    uint64_t sum = 0;

    if (side->count == 0 || side->count > BATON_SEGMENTS) {
        return false;
    }
    for (uint32_t i = 0; i < side->count; i++) {
        const struct baton_segment *segment = &side->segments[i];
        if (segment->length == 0 || segment->length - 1 > UINT32_MAX - segment->address.value) {
            return false;
        }
        sum += segment->length;
    }
    return sum == side->length;
}

/* The bus address of the byte at offset (below side->length), and how many bytes from there are contiguous. */
static uint32_t locate(const struct side *side, uint32_t offset, uint32_t *contiguous)
{
    uint32_t i = 0;

    while (offset >= side->segments[i].length) {
        offset -= side->segments[i].length;
        i++;
    }
    *contiguous = side->segments[i].length - offset;
    return side->segments[i].address.value + offset;
}

/* From the first byte of the first row to behind the last of the last; in 64 bits: (2^32 - 1)^2 + 2^32 does not wrap. */
static uint64_t span(uint32_t stride, uint32_t row_bytes, uint32_t rows)
{
    return (uint64_t)(rows - 1) * stride + row_bytes;
}

static bool inside(uint32_t offset, uint32_t stride, uint32_t row_bytes, uint32_t rows, uint32_t length)
{
    return row_bytes != 0 && rows != 0 && offset <= length && span(stride, row_bytes, rows) <= length - offset;
}

struct dma_piece dma_blit_shape(const struct dma_blit *blit, bool fill)
{
    struct dma_piece piece = {
        .row_bytes = blit->row_bytes,
        .rows = blit->rows,
        .source_stride = fill ? 0 : blit->source_stride,
        .destination_stride = blit->destination_stride,
        .width = blit->width,
        .fixed = fill,
    };

    if (piece.rows > 1 && piece.destination_stride == piece.row_bytes &&
        (fill || piece.source_stride == piece.row_bytes)) {
        piece.row_bytes *= piece.rows;
        piece.rows = 1;
    }
    if (piece.rows == 1) {
        piece.source_stride = 0;
        piece.destination_stride = 0;
    }
    return piece;
}

/* One row that crosses from segment to segment. */
static enum dma_list_status cut_row(struct dma_piece row, const struct side *source, uint32_t from,
                                    const struct side *destination, uint32_t to, dma_add_piece add_piece, void *context)
{
    enum dma_list_status status = DMA_LIST_OK;

    for (uint32_t left = row.row_bytes; left != 0 && status == DMA_LIST_OK; left -= row.row_bytes) {
        uint32_t contiguous;

        row.row_bytes = left;
        row.source = locate(source, from, &contiguous);
        if (!row.fixed && contiguous < row.row_bytes) {
            row.row_bytes = contiguous;
        }
        row.destination = locate(destination, to, &contiguous);
        if (contiguous < row.row_bytes) {
            row.row_bytes = contiguous;
        }
        status = add_piece(context, &row);
        from += row.fixed ? 0 : row.row_bytes;
        to += row.row_bytes;
    }
    return status;
}

/* All in one if each side's rows lie in one segment; else row by row. */
static enum dma_list_status cut(const struct dma_blit *blit, bool fill, const struct side *source,
                                const struct side *destination, dma_add_piece add_piece, void *context)
{
    struct dma_piece piece = dma_blit_shape(blit, fill);
    enum dma_list_status status = DMA_LIST_OK;
    uint32_t source_left, destination_left;

    piece.source = locate(source, blit->source_offset, &source_left);
    piece.destination = locate(destination, blit->destination_offset, &destination_left);
    if ((fill || span(piece.source_stride, piece.row_bytes, piece.rows) <= source_left) &&
        span(piece.destination_stride, piece.row_bytes, piece.rows) <= destination_left) {
        return add_piece(context, &piece);
    }
    struct dma_piece row = piece;
    row.rows = 1;
    row.source_stride = 0;
    row.destination_stride = 0;
    for (uint32_t i = 0; i < piece.rows && status == DMA_LIST_OK; i++) {
        status = cut_row(row, source, blit->source_offset + i * piece.source_stride, destination,
                         blit->destination_offset + i * piece.destination_stride, add_piece, context);
    }
    return status;
}

enum dma_list_status dma_blit_pieces(const struct dma_blit *blit, bool fill, dma_add_piece add_piece, void *context)
{
    if (blit == NULL || blit->source == NULL || blit->destination == NULL || blit->width > DMA_WIDTH_WIDEST ||
        (fill && blit->width == DMA_WIDTH_WIDEST)) {
        return DMA_LIST_ERROR_ARGUMENT;
    }
    const struct side source = {blit->source->segments, blit->source->count, blit->source->length};
    const struct side destination = {blit->destination->segments, blit->destination->count, blit->destination->length};
    const uint32_t element = 1u << blit->width;

    if (!consistent(&source) || !consistent(&destination)) {
        return DMA_LIST_ERROR_ARGUMENT;
    }
    if (blit->rows > 1 &&
        (blit->destination_stride < blit->row_bytes || (!fill && blit->source_stride < blit->row_bytes))) {
        return DMA_LIST_ERROR_STRIDE;
    }
    if (!inside(blit->source_offset, blit->source_stride, fill ? element : blit->row_bytes, fill ? 1 : blit->rows,
                source.length) ||
        !inside(blit->destination_offset, blit->destination_stride, blit->row_bytes, blit->rows, destination.length)) {
        return DMA_LIST_ERROR_RANGE;
    }
    if (fill) {
        uint32_t contiguous;

        (void)locate(&source, blit->source_offset, &contiguous);
        if (contiguous < element) {
            return DMA_LIST_ERROR_ALIGNMENT;
        }
    }
    return cut(blit, fill, &source, &destination, add_piece, context);
}
