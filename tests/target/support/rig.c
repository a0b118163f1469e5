/* SPDX-License-Identifier: MIT */
/*
 * The surroundings of DMA tests.
 */
#include "tests/target/support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MICROSECONDS 20000000u /* a hang, on any host */

struct baton *rig;
baton_pool rig_pool;
static const struct platform *board;
baton_device rig_dma;
static baton_pool low;
static baton_device far;
static volatile unsigned completions;

static void need(bool done, const char *what, const char *why)
{
    if (!done) {
        printf("Bail out! %s: %s\n", what, why);
        exit(EXIT_FAILURE);
    }
}

static void must(enum baton_status status, const char *what)
{
    need(status == BATON_OK, what, baton_status_text(status));
}

static struct baton_range whole(const struct rig_buffer *buffer)
{
    return (struct baton_range){.offset = 0, .length = buffer->size};
}

static void open_instance(const struct baton_port *port)
{
    static const struct baton_limits limits = {
        .pools = 2, .buffers = 32, .devices = 2, .attachments = 32, .accesses = 64, .trace = 16};
    size_t size = baton_size(&limits);
    void *memory = malloc(size);

    board = platform();
    need(memory != NULL, "baton_size", "no memory");
    must(baton_init(&rig, memory, size, &limits, port), "baton_init");
    must(baton_add_device(rig, &board->dma_device, &rig_dma), "baton_add_device");
}

const struct platform *rig_open(void)
{
    return rig_open_with(platform()->port);
}

const struct platform *rig_open_with(const struct baton_port *port)
{
    open_instance(port);
    must(baton_add_pool(rig, &board->memory, &rig_pool), "baton_add_pool");
    return board;
}

const struct platform *rig_open_far(void)
{
    struct baton_device_config config;
    struct baton_pool_config part;

    open_instance(platform()->port);
    part = board->memory;
    part.size = part.size / 2 & ~0xfffffu;
    config = board->dma_device;
    config.name = "far";
    config.dma_mask = part.physical + board->port->bus_offset + config.bus_offset + (part.size - 1);
    must(baton_add_pool(rig, &part, &low), "baton_add_pool");
    part.cpu = (char *)part.cpu + part.size;
    part.physical += part.size;
    must(baton_add_pool(rig, &part, &rig_pool), "baton_add_pool");
    must(baton_add_device(rig, &config, &far), "baton_add_device");
    must(baton_set_bounce_pool(rig, far, low), "baton_set_bounce_pool");
    return board;
}

static struct rig_buffer attached(struct rig_buffer buffer, baton_device device, const char *name)
{
    struct baton_source source;

    must(baton_attach(rig, buffer.buffer, device, &buffer.attachment), name);
    must(baton_map_to_device(rig, buffer.attachment, whole(&buffer), &source), name);
    need(source.count == 1, name, "more than one segment");
    buffer.address = source.segments[0].address.value;
    must(baton_unmap_source(rig, &source), name);
    return buffer;
}

struct rig_buffer rig_buffer(const char *name, uint32_t size)
{
    return rig_buffer_as(name, size, BATON_POLICY_CACHED, BATON_ENFORCE_CHECKED);
}

struct rig_buffer rig_buffer_as(const char *name, uint32_t size, const struct baton_policy *policy,
                                const struct baton_enforcement *enforcement)
{
    struct baton_buffer_config config = {.name = name, .size = size, .policy = policy, .enforcement = enforcement};
    struct rig_buffer buffer = {.size = size};

    must(baton_create(rig, rig_pool, &config, &buffer.buffer), name);
    return attached(buffer, rig_dma, name);
}

struct rig_buffer rig_far(const struct rig_buffer *buffer)
{
    return attached(*buffer, far, "far");
}

static struct baton_cpu_access begin(struct rig_buffer *buffer, uint32_t offset, uint32_t length,
                                     enum baton_direction direction)
{
    struct baton_cpu_access access;

    must(baton_begin_cpu_access(rig, buffer->buffer, (struct baton_range){offset, length}, direction, &access),
         "baton_begin_cpu_access");
    return access;
}

void rig_fill(struct rig_buffer *buffer, uint32_t seed)
{
    struct baton_cpu_access access = begin(buffer, 0, buffer->size, BATON_OVERWRITE);
    uint8_t *bytes = access.data;

    for (uint32_t i = 0; i < buffer->size; i++) {
        bytes[i] = rig_pattern(seed, i);
    }
    must(baton_end_cpu_access(rig, &access), "baton_end_cpu_access");
}

void rig_write(struct rig_buffer *buffer, uint32_t offset, const void *bytes, uint32_t length)
{
    struct baton_cpu_access access = begin(buffer, offset, length, BATON_OVERWRITE);

    memcpy(access.data, bytes, length);
    must(baton_end_cpu_access(rig, &access), "baton_end_cpu_access");
}

void rig_read(struct rig_buffer *buffer, uint32_t offset, void *bytes, uint32_t length)
{
    struct baton_cpu_access access = begin(buffer, offset, length, BATON_READ);

    memcpy(bytes, access.data, length);
    must(baton_end_cpu_access(rig, &access), "baton_end_cpu_access");
}

uint32_t rig_differences(struct rig_buffer *buffer, uint32_t offset, uint32_t length, uint32_t seed, int32_t shift)
{
    uint32_t differences = 0;

    if (length == 0) {
        return 0;
    }
    struct baton_cpu_access access = begin(buffer, offset, length, BATON_READ);
    const uint8_t *bytes = access.data;
    for (uint32_t i = 0; i < length; i++) {
        differences += bytes[i] != rig_pattern(seed, offset + i + (uint32_t)shift);
    }
    must(baton_end_cpu_access(rig, &access), "baton_end_cpu_access");
    return differences;
}

void rig_map(struct rig_transfer *transfer, struct rig_buffer *from, struct rig_buffer *to, struct rig_buffer *list)
{
    *transfer = (struct rig_transfer){.from = from, .to = to, .list = list};
    if (from != NULL) {
        must(baton_map_to_device(rig, from->attachment, whole(from), &transfer->source), "baton_map_to_device");
    }
    if (to != NULL) {
        must(baton_map_from_device(rig, to->attachment, whole(to), BATON_WRITE, &transfer->destination),
             "baton_map_from_device");
    }
}

static void map_list(struct rig_transfer *transfer, uint32_t bytes)
{
    struct baton_range range = {.offset = 0, .length = bytes};

    must(baton_map_to_device(rig, transfer->list->attachment, range, &transfer->entries), "baton_map_to_device (list)");
}

void rig_list(struct rig_transfer *transfer, const struct pl080_entry *entries, uint32_t count)
{
    uint32_t size = sizeof(struct pl080_entry);
    struct baton_cpu_access access = begin(transfer->list, 0, count * size, BATON_OVERWRITE);
    struct pl080_entry *list = access.data;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t next = entries[i].next;
        list[i] = entries[i];
        list[i].next = next == 0 || next >= 0x1000 ? next : transfer->list->address + (next - 1) * size;
    }
    must(baton_end_cpu_access(rig, &access), "baton_end_cpu_access");
    map_list(transfer, count * size);
}

static struct baton_cpu_access list_access;

struct pl080_list rig_list_begin(struct rig_transfer *transfer)
{
    struct pl080_list list;
    struct rig_buffer *memory = transfer->list;

    list_access = begin(memory, 0, memory->size, BATON_WRITE);
    enum dma_list_status status = pl080_list_begin(&list, &list_access, (baton_bus_address){.value = memory->address});
    need(status == DMA_LIST_OK, "pl080_list_begin", dma_list_status_text(status));
    return list;
}

void rig_list_end(struct rig_transfer *transfer, struct pl080_list *list)
{
    enum dma_list_status status = pl080_list_end(list);

    need(status == DMA_LIST_OK, "pl080_list_end", dma_list_status_text(status));
    must(baton_end_cpu_access(rig, &list_access), "baton_end_cpu_access");
    map_list(transfer, list->count * (uint32_t)sizeof(struct pl080_entry));
}

void rig_copy_list(struct rig_transfer *transfer)
{
    const struct dma_list_format *const format = board->dma->format;
    struct baton_cpu_access access = begin(transfer->list, 0, transfer->list->size, BATON_WRITE);
    const struct dma_blit copy = {
        .source = &transfer->source,
        .destination = &transfer->destination,
        .row_bytes = transfer->from->size,
        .rows = 1,
        .width = DMA_WIDTH_32,
    };
    struct dma_list list;
    enum dma_list_status status =
        dma_list_begin(&list, format, &access, (baton_bus_address){.value = transfer->list->address});

    if (status == DMA_LIST_OK) {
        status = dma_list_blit(&list, &copy);
    }
    if (status == DMA_LIST_OK) {
        status = dma_list_end(&list);
    }
    need(status == DMA_LIST_OK, "a list", dma_list_status_text(status));
    must(baton_end_cpu_access(rig, &access), "baton_end_cpu_access");
    map_list(transfer, list.count * format->entry_bytes);
}

void rig_completion(void *context, unsigned channel, enum dma_status status)
{
    struct rig_transfer *transfer = context;

    completions = completions + 1;
    transfer->order = completions;
    transfer->channel = channel;
    transfer->status = status;
    transfer->completions = transfer->completions + 1;
}

enum dma_status rig_start(struct rig_transfer *transfer, unsigned channel)
{
    return dma_start(board->dma, channel, &transfer->entries, rig_completion, transfer);
}

enum dma_status rig_wait(struct rig_transfer *transfer)
{
    uint64_t end = board->microseconds() + WAIT_MICROSECONDS;

    while (transfer->completions == 0) {
        if (board->microseconds() > end) {
            return DMA_ERROR_TIMEOUT;
        }
        board->sleep_until(end);
    }
    return transfer->status;
}

void rig_unmap(struct rig_transfer *transfer)
{
    static const struct baton_range nothing = {0, 0};

    if (transfer->entries.access.token != 0) {
        must(baton_unmap_source(rig, &transfer->entries), "baton_unmap_source (list)");
    }
    if (transfer->source.access.token != 0) {
        must(baton_unmap_source(rig, &transfer->source), "baton_unmap_source");
    }
    if (transfer->destination.access.token != 0) {
        must(transfer->completions != 0 && transfer->status == DMA_OK
                 ? baton_unmap_destination(rig, &transfer->destination)
                 : baton_unmap_destination_partial(rig, &transfer->destination, nothing),
             "baton_unmap_destination");
    }
}

enum dma_status rig_run(struct rig_transfer *transfer, unsigned channel)
{
    enum dma_status status = rig_start(transfer, channel);

    if (status == DMA_OK) {
        status = rig_wait(transfer);
    }
    rig_unmap(transfer);
    return status;
}
