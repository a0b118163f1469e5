/* SPDX-License-Identifier: MIT */
/*
 * Linked lists of a DMA controller, whatever its format. A driver names its format in struct dma_controller; applications build lists
 * by the calls below, and start them by dma_start().
 *
 * A list is built in memory that the caller holds by a CPU access, from what the core has mapped: a struct baton_source and a
 * struct baton_destination. No entry describes a byte outside of them, whatever the arguments. The list needs to know where the
 * controller will find it: the bus address of the same memory, as a mapping of it says (unmapped again before the CPU access; an
 * attachment's addresses stay the same).
 *
 *     dma_list_begin(&list, dma->format, &access, address);
 *     dma_list_blit(&list, &blit);              any number of blits and fills
 *     dma_list_end(&list);                      then end the CPU access, map the list to the controller, dma_start()
 *
 * A call that fails has changed nothing. Nothing here waits, allocates or keeps a reference.
 */
#ifndef BATON_DRIVERS_INTERFACE_DMA_LIST_H
#define BATON_DRIVERS_INTERFACE_DMA_LIST_H

#include "core/baton.h"

/* Of one transfer: log2 of the bytes. */
enum dma_width {
    DMA_WIDTH_8 = 0,
    DMA_WIDTH_16 = 1,
    DMA_WIDTH_32 = 2,
    DMA_WIDTH_WIDEST, /* the format chooses */
};

enum dma_list_status {
    DMA_LIST_OK = 0,
    DMA_LIST_ERROR_ARGUMENT, /* null, a mapping that contradicts itself, or a call out of order */
    DMA_LIST_ERROR_RANGE,    /* empty, or a byte beyond the source's or destination's end */
    DMA_LIST_ERROR_STRIDE,   /* rows overlap: the stride is smaller than the row */
    DMA_LIST_ERROR_ALIGNMENT, /* an address or length is no multiple of the width that was asked for, or of the controller's */
    DMA_LIST_ERROR_CAPACITY, /* the list's memory is full */
};

const char *dma_list_status_text(enum dma_list_status status);

/* A rectangle. Offsets of its first byte and strides from one row's first byte to the next one's, in bytes. A stride does not
 * matter when rows is 1. Of a fill, every transfer reads the one element at source_offset: width is its size, not WIDEST, and
 * source_stride is not looked at. */
struct dma_blit {
    const struct baton_source *source;
    const struct baton_destination *destination;
    uint32_t source_offset, source_stride;
    uint32_t destination_offset, destination_stride;
    uint32_t row_bytes, rows;
    enum dma_width width;
};

struct dma_list;

struct dma_list_format {
    const char *name;
    uint32_t entry_bytes; /* of one entry, and the alignment of each */
    /* Entries of a blit or fill, exactly, if both sides are one segment and its width is not WIDEST. Its mappings are not looked at. */
    uint32_t (*entries)(const struct dma_blit *blit, bool fill);
    enum dma_list_status (*add)(struct dma_list *list, const struct dma_blit *blit, bool fill);
    enum dma_list_status (*end)(
        struct dma_list *list); /* makes the last of its entries, of which there are some, the last */
};

struct dma_list {
    const struct dma_list_format *format;
    void *entries;     /* the CPU's view */
    uint32_t address;  /* the controller's view of the first */
    uint32_t capacity; /* entries */
    uint32_t count;    /* entries so far: the controller needs the first count * entry_bytes bytes */
    bool ended;
};

/* Bytes of list that a blit or fill takes: see entries. */
static inline uint32_t dma_list_bytes(const struct dma_list_format *format, const struct dma_blit *blit, bool fill)
{
    return format->entries(blit, fill) * format->entry_bytes;
}

/* An empty list in memory that is held for writing (count * entry_bytes of it are written by the time of dma_list_end()).
 * ARGUMENT: too small for one entry, not aligned to entries on either side, or an address that is 0, which would end a list, or whose
 * end wraps. */
BATON_MUST_CHECK enum dma_list_status dma_list_begin(struct dma_list *list, const struct dma_list_format *format,
                                                     const struct baton_cpu_access *memory, baton_bus_address address);

/* Rows that touch on both sides are merged into one run. */
BATON_MUST_CHECK enum dma_list_status dma_list_blit(struct dma_list *list, const struct dma_blit *blit);

BATON_MUST_CHECK enum dma_list_status dma_list_fill(struct dma_list *list, const struct dma_blit *fill);

/* Makes the last entry the last: no next one, an interrupt behind it. ARGUMENT: there is none. */
BATON_MUST_CHECK enum dma_list_status dma_list_end(struct dma_list *list);

/* ---------------------------------------------------------------------------------------------------------------- */
/* For formats */

/* A part of a rectangle that lies in one segment on each side. */
struct dma_piece {
    uint32_t source, destination; /* bus addresses */
    uint32_t row_bytes, rows;
    uint32_t source_stride, destination_stride; /* bytes; of one row: 0 */
    enum dma_width width;
    bool fixed; /* a fill */
};

/* The rectangle without its addresses, as if each side were one segment: rows that touch are one. */
struct dma_piece dma_blit_shape(const struct dma_blit *blit, bool fill);

typedef enum dma_list_status (*dma_add_piece)(void *context, const struct dma_piece *piece);

/* Checks a blit and hands it on in pieces, in order, until one is refused. */
enum dma_list_status dma_blit_pieces(const struct dma_blit *blit, bool fill, dma_add_piece add, void *context);

#endif
