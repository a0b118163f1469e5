/* SPDX-License-Identifier: MIT */
/*
 * The builder of PL080 linked lists, over the geometry that all formats share (dma_list.h), which knows every address to be inside its
 * mapping. Touches the list's memory only.
 */
#include "drivers/pl080_list.h"

/* Bytes that are contiguous on both sides. */
struct run {
    uint32_t source, destination; /* bus addresses */
    uint32_t length;
};

static enum dma_list_status append(struct pl080_list *list, const struct run *run, enum dma_width width,
                                   uint32_t increments)
{
    if (list->count == list->capacity) {
        return DMA_LIST_ERROR_CAPACITY;
    }
    list->entries[list->count] = (struct pl080_entry){
        .source = run->source,
        .destination = run->destination,
        /* The entry behind this one, which pl080_list_end() takes back from the last. */
        .next = (list->address + (list->count + 1) * (uint32_t)sizeof(struct pl080_entry)) | list->next_master,
        .control = PL080_CONTROL_TRANSFERS(run->length >> width) | PL080_CONTROL_SWIDTH(width) |
                   PL080_CONTROL_DWIDTH(width) | increments | list->control,
    };
    list->count++;
    return DMA_LIST_OK;
}

/* A run of one width, in entries of at most 4095 transfers. */
static enum dma_list_status append_width(struct pl080_list *list, struct run run, enum dma_width width,
                                         uint32_t increments)
{
    enum dma_list_status status = DMA_LIST_OK;

    if (((run.source | run.destination | run.length) & ((1u << width) - 1)) != 0) {
        return DMA_LIST_ERROR_ALIGNMENT;
    }
    while (run.length != 0 && status == DMA_LIST_OK) {
        struct run part = run;
        if (part.length > PL080_TRANSFERS_MAX << width) {
            part.length = PL080_TRANSFERS_MAX << width;
        }
        status = append(list, &part, width, increments);
        if ((increments & PL080_CONTROL_SI) != 0) {
            run.source += part.length;
        }
        run.destination += part.length;
        run.length -= part.length;
    }
    return status;
}

/* A run in the widest transfers that both addresses allow: the bytes before the first aligned one and after the last by themselves. */
static enum dma_list_status append_widest(struct pl080_list *list, struct run run, uint32_t increments)
{
    enum dma_list_status status = DMA_LIST_OK;
    enum dma_width width = DMA_WIDTH_32;

    while (width > DMA_WIDTH_8 && ((run.source ^ run.destination) & ((1u << width) - 1)) != 0) {
        width--;
    }
    uint32_t unit = 1u << width;
    uint32_t head = -run.source & (unit - 1);
    if (head > run.length) {
        head = run.length;
    }
    uint32_t tail = (run.length - head) & (unit - 1);
    uint32_t body = run.length - head - tail;
    const struct {
        uint32_t offset, length;
        enum dma_width width;
    } parts[] = {{0, head, DMA_WIDTH_8}, {head, body, width}, {head + body, tail, DMA_WIDTH_8}};

    if (body == 0) {
        return append_width(list, run, DMA_WIDTH_8, increments);
    }
    for (unsigned i = 0; i < 3 && status == DMA_LIST_OK; i++) {
        if (parts[i].length != 0) {
            struct run part = {run.source + parts[i].offset, run.destination + parts[i].offset, parts[i].length};
            status = append_width(list, part, parts[i].width, increments);
        }
    }
    return status;
}

static enum dma_list_status append_piece(void *context, const struct dma_piece *piece)
{
    const uint32_t increments = PL080_CONTROL_DI | (piece->fixed ? 0 : PL080_CONTROL_SI);
    struct run row = {piece->source, piece->destination, piece->row_bytes};
    enum dma_list_status status = DMA_LIST_OK;
    struct pl080_list *list = context;

    for (uint32_t i = 0; i < piece->rows && status == DMA_LIST_OK; i++) {
        status = piece->width == DMA_WIDTH_WIDEST ? append_widest(list, row, increments)
                                                  : append_width(list, row, piece->width, increments);
        row.source += piece->source_stride;
        row.destination += piece->destination_stride;
    }
    return status;
}

static enum dma_list_status rectangle(struct pl080_list *list, const struct dma_blit *blit, bool fixed)
{
    if (list == NULL || list->entries == NULL || list->ended) {
        return DMA_LIST_ERROR_ARGUMENT;
    }
    const uint32_t count = list->count;
    const enum dma_list_status status = dma_blit_pieces(blit, fixed, append_piece, list);
    if (status != DMA_LIST_OK) {
        list->count = count;
    }
    return status;
}

enum dma_list_status pl080_list_begin(struct pl080_list *list, const struct baton_cpu_access *memory,
                                      baton_bus_address address)
{
    if (list == NULL || memory == NULL || memory->data == NULL || ((uintptr_t)memory->data & 3) != 0) {
        return DMA_LIST_ERROR_ARGUMENT;
    }
    uint32_t capacity = memory->length / sizeof(struct pl080_entry);
    if (capacity == 0 || address.value == 0 || (address.value & PL080_NEXT_RESERVED) != 0 ||
        memory->length - 1 > UINT32_MAX - address.value) {
        return DMA_LIST_ERROR_ARGUMENT;
    }
    *list = (struct pl080_list){
        .entries = memory->data,
        .address = address.value,
        .capacity = capacity,
        .control = PL080_CONTROL_SBSIZE(PL080_BURST_256) | PL080_CONTROL_DBSIZE(PL080_BURST_256) |
                   PL080_CONTROL_PROT_BUFFERABLE,
    };
    return DMA_LIST_OK;
}

enum dma_list_status pl080_list_bus(struct pl080_list *list, const struct pl080_bus *bus)
{
    const uint32_t protection =
        PL080_CONTROL_PROT_PRIVILEGED | PL080_CONTROL_PROT_BUFFERABLE | PL080_CONTROL_PROT_CACHEABLE;

    if (list == NULL || list->entries == NULL || list->ended || bus == NULL ||
        (uint32_t)bus->source_burst > PL080_BURST_256 || (uint32_t)bus->destination_burst > PL080_BURST_256 ||
        (bus->protection & ~protection) != 0) {
        return DMA_LIST_ERROR_ARGUMENT;
    }
    list->control = PL080_CONTROL_SBSIZE(bus->source_burst) | PL080_CONTROL_DBSIZE(bus->destination_burst) |
                    (bus->source_master2 ? PL080_CONTROL_S_MASTER2 : 0) |
                    (bus->destination_master2 ? PL080_CONTROL_D_MASTER2 : 0) | bus->protection;
    list->next_master = bus->list_master2 ? PL080_NEXT_MASTER2 : 0;
    return DMA_LIST_OK;
}

enum dma_list_status pl080_list_copy(struct pl080_list *list, const struct baton_source *source, uint32_t source_offset,
                                     const struct baton_destination *destination, uint32_t destination_offset,
                                     uint32_t length, enum dma_width width)
{
    struct dma_blit blit = {
        .source = source,
        .destination = destination,
        .source_offset = source_offset,
        .destination_offset = destination_offset,
        .row_bytes = length,
        .rows = 1,
        .width = width,
    };
    return rectangle(list, &blit, false);
}

enum dma_list_status pl080_list_blit(struct pl080_list *list, const struct dma_blit *blit)
{
    return rectangle(list, blit, false);
}

enum dma_list_status pl080_list_fill(struct pl080_list *list, const struct dma_blit *fill)
{
    return rectangle(list, fill, true);
}

enum dma_list_status pl080_list_end(struct pl080_list *list)
{
    if (list == NULL || list->entries == NULL || list->ended || list->count == 0) {
        return DMA_LIST_ERROR_ARGUMENT;
    }
    struct pl080_entry *last = &list->entries[list->count - 1];
    last->next = 0;
    last->control |= PL080_CONTROL_I;
    list->ended = true;
    return DMA_LIST_OK;
}
