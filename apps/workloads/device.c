/* SPDX-License-Identifier: MIT */
/*
 * Copies by the DMA controller: see device.h.
 */
#include "apps/workloads/device.h"

#include <stdlib.h>
#include <string.h>

#define LIST_BYTES 2048u
#define WAIT_MICROSECONDS 60000000u /* finds a hang, measures nothing */
#define IDLE_MICROSECONDS 100u      /* from a completion to the end of what the controller does for it */

static const struct baton_limits limits = {
    .pools = 1, .buffers = 24, .devices = 1, .attachments = 24, .accesses = 25, .trace = 2};

bool device_played_by_cpu;
static struct baton *baton;
static baton_pool pool;
static baton_device controller;

void device_reset(void)
{
    const struct baton_pool_config part = memory_part(MEMORY_LISTS);
    const size_t size = baton_size(&limits);
    static void *memory;

    memory = memory != NULL ? memory : malloc(size);
    if (memory == NULL) {
        give_up("lists", "no memory");
    }
    must(baton_init(&baton, memory, size, &limits, platform()->port), "lists");
    must(baton_add_pool(baton, &part, &pool), "lists");
    must(baton_add_device(baton, &platform()->dma_device, &controller), "lists");
}

static void must_list(enum dma_list_status status)
{
    if (status != DMA_LIST_OK) {
        give_up("list", dma_list_status_text(status));
    }
}

void device_prepare(struct job *job, const struct place *from, const struct place *to)
{
    static const struct baton_buffer_config config = {.name = "list", .size = LIST_BYTES};
    static const struct baton_range all = {0, LIST_BYTES};
    const struct baton_source source = {
        .length = from->shared->size,
        .count = 1,
        .segments = {{{from->shared->address[from->importer]}, from->shared->size}},
    };
    const struct baton_destination destination = {
        .length = to->shared->size,
        .count = 1,
        .segments = {{{to->shared->address[to->importer]}, to->shared->size}},
    };
    struct baton_cpu_access access;
    baton_attachment attachment;
    struct dma_list list;
    baton_buffer buffer;

    *job = (struct job){
        .from = from->shared->address[from->importer] + from->area.offset,
        .to = to->shared->address[to->importer] + to->area.offset,
        .from_stride = from->area.stride,
        .to_stride = to->area.stride,
        .row_bytes = to->area.row_bytes,
        .rows = to->area.rows,
    };
    must(baton_create(baton, pool, &config, &buffer), "list");
    must(baton_attach(baton, buffer, controller, &attachment), "list");
    must(baton_map_to_device(baton, attachment, all, &job->list), "list");
    const baton_bus_address address = job->list.segments[0].address;
    must(baton_unmap_source(baton, &job->list), "list");
    must(baton_begin_cpu_access(baton, buffer, all, BATON_WRITE, &access), "list");
    must_list(dma_list_begin(&list, platform()->dma->format, &access, address));
    must_list(dma_list_blit(&list, &(struct dma_blit){
                                       .source = &source,
                                       .destination = &destination,
                                       .source_offset = from->area.offset,
                                       .source_stride = from->area.stride,
                                       .destination_offset = to->area.offset,
                                       .destination_stride = to->area.stride,
                                       .row_bytes = to->area.row_bytes,
                                       .rows = to->area.rows,
                                       .width = DMA_WIDTH_WIDEST,
                                   }));
    must_list(dma_list_end(&list));
    must(baton_end_cpu_access(baton, &access), "list");
    must(baton_map_to_device(baton, attachment, (struct baton_range){0, list.count * list.format->entry_bytes},
                             &job->list),
         "list");
}

static void complete(void *context, unsigned channel, enum dma_status status)
{
    struct job *const job = context;

    (void)channel;
    job->status = status;
    job->done = true;
}

/* Sleeps; what an interrupt handler changes may have changed. False: the end is reached. */
static bool sleep(uint64_t end)
{
    platform()->sleep_until(end);
    return platform()->microseconds() < end;
}

static unsigned char *by_cpu(uint32_t address)
{
    return (unsigned char *)(uintptr_t)(address - platform()->port->bus_offset - platform()->dma_device.bus_offset);
}

/* What the list says, done by the CPU. */
static void play(const struct job *job)
{
    for (uint32_t row = 0; row < job->rows; row++) {
        memcpy(by_cpu(job->to + row * job->to_stride), by_cpu(job->from + row * job->from_stride), job->row_bytes);
    }
}

static void start(struct job *job, unsigned channel)
{
    job->done = false;
    const enum dma_status status = dma_start(platform()->dma, channel, &job->list, complete, job);
    if (status != DMA_OK) {
        give_up("dma_start", dma_status_text(status));
    }
}

static void finish(const struct job *job, uint64_t end)
{
    while (!job->done) {
        if (!sleep(end)) {
            give_up("dma", dma_status_text(DMA_ERROR_TIMEOUT));
        }
    }
    if (job->status != DMA_OK) {
        give_up("dma", dma_status_text(job->status));
    }
}

void device_run(struct job *const jobs[], unsigned count)
{
    if (device_played_by_cpu) {
        for (unsigned i = 0; i < count; i++) {
            play(jobs[i]);
        }
        return;
    }
    const uint64_t end = platform()->microseconds() + WAIT_MICROSECONDS;

    const unsigned channels = platform()->dma->channels;

    for (unsigned i = 0; i < count + channels; i++) {
        if (i >= channels) {
            finish(jobs[i - channels], end); /* as many at once as there are channels */
        }
        if (i < count) {
            start(jobs[i], i % channels);
        }
    }
    /* The counter that measures counts both CPUs. */
    const uint64_t idle = platform()->microseconds() + IDLE_MICROSECONDS;
    while (sleep(idle)) {
    }
}
