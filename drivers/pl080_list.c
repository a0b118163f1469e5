/* SPDX-License-Identifier: MIT */
/*
 * The builder of PL080 linked lists. Every address that gets into an entry is made in one place, take(), from a segment of
 * the mapping and an offset that was checked against its length. Touches the list's memory only.
 */
#include "drivers/pl080_list.h"

/* Both ends of a mapping in one shape. */
struct side {
    const struct baton_segment *segments;
    uint32_t count;
    uint32_t length;
    bool fixed; /* the address stays: a fill's source */
};

/* Bytes that are contiguous on both sides. */
struct run {
    uint32_t source, destination; /* bus addresses */
    uint32_t length;
};

const char *pl080_list_status_text(enum pl080_list_status status)
{
    switch (status) {
    case PL080_LIST_OK:
        return "success";
    case PL080_LIST_ERROR_ARGUMENT:
        return "a null pointer, a mapping that contradicts itself, or a call out of order";
    case PL080_LIST_ERROR_RANGE:
        return "empty, or beyond the end of the source or destination";
    case PL080_LIST_ERROR_STRIDE:
        return "the stride is smaller than the row";
    case PL080_LIST_ERROR_ALIGNMENT:
        return "not a multiple of the width";
    case PL080_LIST_ERROR_CAPACITY:
        return "the list's memory is full";
    }
    return "unknown status";
}

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

/* The first bytes, at most length, of what lies at the two offsets and is contiguous on both sides. */
static struct run take(const struct side *source, uint32_t source_offset, const struct side *destination,
                       uint32_t destination_offset, uint32_t length)
{
    struct run run = {.length = length};
    uint32_t contiguous;

    run.source = locate(source, source_offset, &contiguous);
    if (!source->fixed && contiguous < run.length) {
        run.length = contiguous;
    }
    run.destination = locate(destination, destination_offset, &contiguous);
    if (contiguous < run.length) {
        run.length = contiguous;
    }
    return run;
}

static enum pl080_list_status append(struct pl080_list *list, const struct run *run, enum pl080_width width,
                                     uint32_t increments)
{
    if (list->count == list->capacity) {
        return PL080_LIST_ERROR_CAPACITY;
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
    return PL080_LIST_OK;
}

/* A run of one width, in entries of at most 4095 transfers. */
static enum pl080_list_status append_width(struct pl080_list *list, struct run run, enum pl080_width width,
                                           uint32_t increments)
{
    enum pl080_list_status status = PL080_LIST_OK;

    if (((run.source | run.destination | run.length) & ((1u << width) - 1)) != 0) {
        return PL080_LIST_ERROR_ALIGNMENT;
    }
    while (run.length != 0 && status == PL080_LIST_OK) {
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
static enum pl080_list_status append_widest(struct pl080_list *list, struct run run, uint32_t increments)
{
    enum pl080_list_status status = PL080_LIST_OK;
    enum pl080_width width = PL080_WIDTH_32;

    while (width > PL080_WIDTH_8 && ((run.source ^ run.destination) & ((1u << width) - 1)) != 0) {
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
        enum pl080_width width;
    } parts[] = {{0, head, PL080_WIDTH_8}, {head, body, width}, {head + body, tail, PL080_WIDTH_8}};

    if (body == 0) {
        return append_width(list, run, PL080_WIDTH_8, increments);
    }
    for (unsigned i = 0; i < 3 && status == PL080_LIST_OK; i++) {
        if (parts[i].length != 0) {
            struct run part = {run.source + parts[i].offset, run.destination + parts[i].offset, parts[i].length};
            status = append_width(list, part, parts[i].width, increments);
        }
    }
    return status;
}

/* Appends a rectangle whose every byte is known to be inside. */
static enum pl080_list_status append_rows(struct pl080_list *list, const struct pl080_blit *blit,
                                          const struct side *source, const struct side *destination)
{
    enum pl080_list_status status = PL080_LIST_OK;
    uint32_t increments = PL080_CONTROL_DI | (source->fixed ? 0 : PL080_CONTROL_SI);
    uint32_t row_bytes = blit->row_bytes;
    uint32_t rows = blit->rows;

    if (rows > 1 && blit->destination_stride == row_bytes && (source->fixed || blit->source_stride == row_bytes)) {
        row_bytes *= rows;
        rows = 1;
    }
    for (uint32_t row = 0; row < rows && status == PL080_LIST_OK; row++) {
        uint32_t from = blit->source_offset + (source->fixed ? 0 : row * blit->source_stride);
        uint32_t to = blit->destination_offset + row * blit->destination_stride;
        uint32_t left = row_bytes;

        while (left != 0 && status == PL080_LIST_OK) {
            struct run run = take(source, from, destination, to, left);
            status = blit->width == PL080_WIDTH_WIDEST ? append_widest(list, run, increments)
                                                       : append_width(list, run, blit->width, increments);
            from += source->fixed ? 0 : run.length;
            to += run.length;
            left -= run.length;
        }
    }
    return status;
}

/* offset + (rows - 1) * stride + row_bytes <= length, in 64 bits: (2^32 - 1)^2 + 2^33 does not wrap. */
static bool inside(uint32_t offset, uint32_t stride, uint32_t row_bytes, uint32_t rows, uint32_t length)
{
    uint64_t end = (uint64_t)offset + row_bytes;

    if (rows > 1) {
        end += (uint64_t)(rows - 1) * stride;
    }
    return row_bytes != 0 && rows != 0 && end <= length;
}

static enum pl080_list_status rectangle(struct pl080_list *list, const struct pl080_blit *blit, bool fixed)
{
    if (list == NULL || list->entries == NULL || list->ended || blit == NULL || blit->source == NULL ||
        blit->destination == NULL || blit->width > PL080_WIDTH_WIDEST || (fixed && blit->width == PL080_WIDTH_WIDEST)) {
        return PL080_LIST_ERROR_ARGUMENT;
    }
    struct side source = {blit->source->segments, blit->source->count, blit->source->length, fixed};
    struct side destination = {blit->destination->segments, blit->destination->count, blit->destination->length, false};

    if (!consistent(&source) || !consistent(&destination)) {
        return PL080_LIST_ERROR_ARGUMENT;
    }
    if (blit->rows > 1 &&
        (blit->destination_stride < blit->row_bytes || (!fixed && blit->source_stride < blit->row_bytes))) {
        return PL080_LIST_ERROR_STRIDE;
    }
    if (!inside(blit->source_offset, blit->source_stride, fixed ? 1u << blit->width : blit->row_bytes,
                fixed ? 1 : blit->rows, source.length) ||
        !inside(blit->destination_offset, blit->destination_stride, blit->row_bytes, blit->rows, destination.length)) {
        return PL080_LIST_ERROR_RANGE;
    }
    if (fixed) {
        uint32_t contiguous;
        locate(&source, blit->source_offset, &contiguous);
        if (contiguous < 1u << blit->width) {
            return PL080_LIST_ERROR_ALIGNMENT;
        }
    }

    uint32_t count = list->count;
    enum pl080_list_status status = append_rows(list, blit, &source, &destination);
    if (status != PL080_LIST_OK) {
        list->count = count;
    }
    return status;
}

enum pl080_list_status pl080_list_begin(struct pl080_list *list, const struct baton_cpu_access *memory,
                                        baton_bus_address address)
{
    if (list == NULL || memory == NULL || memory->data == NULL || ((uintptr_t)memory->data & 3) != 0) {
        return PL080_LIST_ERROR_ARGUMENT;
    }
    uint32_t capacity = memory->length / sizeof(struct pl080_entry);
    if (capacity == 0 || address.value == 0 || (address.value & PL080_NEXT_RESERVED) != 0 ||
        memory->length - 1 > UINT32_MAX - address.value) {
        return PL080_LIST_ERROR_ARGUMENT;
    }
    *list = (struct pl080_list){
        .entries = memory->data,
        .address = address.value,
        .capacity = capacity,
        .control = PL080_CONTROL_SBSIZE(PL080_BURST_256) | PL080_CONTROL_DBSIZE(PL080_BURST_256) |
                   PL080_CONTROL_PROT_BUFFERABLE,
    };
    return PL080_LIST_OK;
}

enum pl080_list_status pl080_list_bus(struct pl080_list *list, const struct pl080_bus *bus)
{
    const uint32_t protection =
        PL080_CONTROL_PROT_PRIVILEGED | PL080_CONTROL_PROT_BUFFERABLE | PL080_CONTROL_PROT_CACHEABLE;

    if (list == NULL || list->entries == NULL || list->ended || bus == NULL ||
        (uint32_t)bus->source_burst > PL080_BURST_256 || (uint32_t)bus->destination_burst > PL080_BURST_256 ||
        (bus->protection & ~protection) != 0) {
        return PL080_LIST_ERROR_ARGUMENT;
    }
    list->control = PL080_CONTROL_SBSIZE(bus->source_burst) | PL080_CONTROL_DBSIZE(bus->destination_burst) |
                    (bus->source_master2 ? PL080_CONTROL_S_MASTER2 : 0) |
                    (bus->destination_master2 ? PL080_CONTROL_D_MASTER2 : 0) | bus->protection;
    list->next_master = bus->list_master2 ? PL080_NEXT_MASTER2 : 0;
    return PL080_LIST_OK;
}

enum pl080_list_status pl080_list_copy(struct pl080_list *list, const struct baton_source *source,
                                       uint32_t source_offset, const struct baton_destination *destination,
                                       uint32_t destination_offset, uint32_t length, enum pl080_width width)
{
    struct pl080_blit blit = {
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

enum pl080_list_status pl080_list_blit(struct pl080_list *list, const struct pl080_blit *blit)
{
    return rectangle(list, blit, false);
}

enum pl080_list_status pl080_list_fill(struct pl080_list *list, const struct pl080_blit *fill)
{
    return rectangle(list, fill, true);
}

enum pl080_list_status pl080_list_end(struct pl080_list *list)
{
    if (list == NULL || list->entries == NULL || list->ended || list->count == 0) {
        return PL080_LIST_ERROR_ARGUMENT;
    }
    struct pl080_entry *last = &list->entries[list->count - 1];
    last->next = 0;
    last->control |= PL080_CONTROL_I;
    list->ended = true;
    return PL080_LIST_OK;
}
