/* SPDX-License-Identifier: MIT */
/*
 * The builder of control blocks for the BCM2835 DMA controller. Called through drivers/interface/dma_list.h; touches the list's memory
 * only.
 */
#include "drivers/bcm2835_dma_list.h"

/* What is added behind a row is what its end and the next one's beginning lie apart. */
static bool fits_2d(const struct dma_piece *piece)
{
    return piece->rows > 1 && piece->row_bytes <= BCM2835_DMA_ROW_BYTES_MAX &&
           piece->destination_stride - piece->row_bytes <= BCM2835_DMA_STRIDE_MAX &&
           (piece->fixed || piece->source_stride - piece->row_bytes <= BCM2835_DMA_STRIDE_MAX);
}

/* Rows of the piece that one block takes. */
static uint32_t rows_of_block(const struct dma_piece *piece)
{
    if (!fits_2d(piece)) {
        return 1;
    }
    return piece->rows < BCM2835_DMA_ROWS_MAX ? piece->rows : BCM2835_DMA_ROWS_MAX;
}

static enum dma_list_status append(struct dma_list *list, const struct dma_piece *piece, uint32_t rows)
{
    struct bcm2835_dma_block *const blocks = list->entries;

    if (list->count == list->capacity) {
        return DMA_LIST_ERROR_CAPACITY;
    }
    struct bcm2835_dma_block block = {
        /* Bursts: single transfers would each have to ask for the bus. */
        .information =
            BCM2835_DMA_TI_DEST_INC | BCM2835_DMA_TI_BURST_LENGTH(8) | (piece->fixed ? 0 : BCM2835_DMA_TI_SRC_INC),
        .source = piece->source,
        .destination = piece->destination,
        .length = piece->row_bytes,
        /* The block behind this one, which end() takes back from the last. */
        .next = list->address + (list->count + 1) * (uint32_t)sizeof(block),
    };

    if (rows > 1) {
        const uint32_t source_stride = piece->fixed ? 0 : piece->source_stride - piece->row_bytes;

        block.information |= BCM2835_DMA_TI_TDMODE;
        block.length |= (rows - 1) << 16;
        block.stride = (piece->destination_stride - piece->row_bytes) << 16 | source_stride;
    }
    blocks[list->count] = block;
    list->count++;
    return DMA_LIST_OK;
}

static bool aligned(const struct dma_piece *piece)
{
    return ((piece->source | piece->destination | piece->row_bytes | piece->source_stride | piece->destination_stride) &
            (sizeof(uint32_t) - 1)) == 0;
}

static enum dma_list_status add_piece(void *context, const struct dma_piece *whole)
{
    struct dma_list *const list = context;
    enum dma_list_status status = DMA_LIST_OK;
    struct dma_piece piece = *whole;

    if (!aligned(&piece) || (piece.width != DMA_WIDTH_32 && piece.width != DMA_WIDTH_WIDEST)) {
        return DMA_LIST_ERROR_ALIGNMENT;
    }
    if (piece.row_bytes > BCM2835_DMA_LENGTH_MAX) {
        return DMA_LIST_ERROR_RANGE; /* as long as all of the memory there is */
    }
    while (piece.rows != 0 && status == DMA_LIST_OK) {
        const uint32_t rows = rows_of_block(&piece);

        status = append(list, &piece, rows);
        piece.source += rows * piece.source_stride;
        piece.destination += rows * piece.destination_stride;
        piece.rows -= rows;
    }
    return status;
}

static enum dma_list_status add(struct dma_list *list, const struct dma_blit *blit, bool fill)
{
    return dma_blit_pieces(blit, fill, add_piece, list);
}

static enum dma_list_status end(struct dma_list *list)
{
    struct bcm2835_dma_block *const last = &((struct bcm2835_dma_block *)list->entries)[list->count - 1];

    last->next = 0;
    last->information |= BCM2835_DMA_TI_INTEN;
    return DMA_LIST_OK;
}

static uint32_t entries(const struct dma_blit *blit, bool fill)
{
    const struct dma_piece shape = dma_blit_shape(blit, fill);
    const uint32_t rows = fits_2d(&shape) ? BCM2835_DMA_ROWS_MAX : 1;

    return (shape.rows + rows - 1) / rows;
}

const struct dma_list_format bcm2835_dma_list_format = {
    .name = "bcm2835",
    .entry_bytes = sizeof(struct bcm2835_dma_block),
    .entries = entries,
    .add = add,
    .end = end,
};
