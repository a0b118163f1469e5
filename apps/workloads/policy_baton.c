/* SPDX-License-Identifier: MIT */
/*
 * The policy "baton": the core decides. Its counts are those of the core.
 */
#include "apps/workloads/policy.h"

#include <stdlib.h>

static const struct baton_limits limits = {
    .pools = 2, .buffers = 12, .devices = IMPORTERS, .attachments = 24, .accesses = 48, .trace = 2};

static struct baton *baton;
static baton_pool near, far;
static baton_device devices[IMPORTERS];

static void reset(void)
{
    static const char *const names[IMPORTERS] = {"importer 0", "importer 1", "importer far"};
    const struct platform *const board = platform();
    const struct baton_pool_config near_memory = memory_part(MEMORY_NEAR), far_memory = memory_part(MEMORY_FAR);
    const size_t size = baton_size(&limits);
    static void *memory;

    memory = memory != NULL ? memory : malloc(size);
    if (memory == NULL) {
        give_up("baton_size", "no memory");
    }
    must(baton_init(&baton, memory, size, &limits, board->port), "baton_init");
    must(baton_add_pool(baton, &near_memory, &near), "baton_add_pool");
    must(baton_add_pool(baton, &far_memory, &far), "baton_add_pool");
    for (unsigned i = 0; i < IMPORTERS; i++) {
        struct baton_device_config config = board->dma_device;

        config.name = names[i];
        if (i == FAR) {
            config.dma_mask =
                near_memory.physical + board->port->bus_offset + config.bus_offset + (near_memory.size - 1);
        }
        must(baton_add_device(baton, &config, &devices[i]), "baton_add_device");
    }
    must(baton_set_bounce_pool(baton, devices[FAR], near), "baton_set_bounce_pool");
}

static struct baton_range row(const struct area *area, uint32_t i)
{
    return (struct baton_range){area->offset + i * area->stride, area->row_bytes};
}

/* From the first byte of an area to its last, and what lies between its rows. */
static struct baton_range span(const struct area *area)
{
    return (struct baton_range){area->offset, (area->rows - 1) * area->stride + area->row_bytes};
}

/* A device that only reads does no harm between the rows: what is clean there is not maintained. */
static void map_to_device(struct shared *shared, unsigned importer, const struct area *area)
{
    must(baton_map_to_device(baton, shared->baton.attachments[importer], span(area), &shared->baton.sources[importer]),
         shared->name);
}

static void unmap_source(struct shared *shared, unsigned importer)
{
    must(baton_unmap_source(baton, &shared->baton.sources[importer]), shared->name);
}

static void map_from_device(struct shared *shared, unsigned importer, const struct area *area)
{
    for (uint32_t i = 0; i < area->rows; i++) {
        must(baton_map_from_device(baton, shared->baton.attachments[importer], row(area, i), BATON_OVERWRITE,
                                   &shared->baton.destinations[i]),
             shared->name);
    }
    shared->baton.rows = area->rows;
}

static void unmap_destination(struct shared *shared, unsigned importer)
{
    (void)importer;
    for (uint32_t i = 0; i < shared->baton.rows; i++) {
        must(baton_unmap_destination(baton, &shared->baton.destinations[i]), shared->name);
    }
}

static unsigned char *begin_cpu_access(struct shared *shared, const struct area *area, enum baton_direction direction)
{
    for (uint32_t i = 0; i < area->rows; i++) {
        must(baton_begin_cpu_access(baton, shared->baton.buffer, row(area, i), direction, &shared->baton.accesses[i]),
             shared->name);
    }
    shared->baton.rows = area->rows;
    return shared->baton.accesses[0].data;
}

static void end_cpu_access(struct shared *shared)
{
    for (uint32_t i = 0; i < shared->baton.rows; i++) {
        must(baton_end_cpu_access(baton, &shared->baton.accesses[i]), shared->name);
    }
}

/* An attachment's bus addresses stay the same: a mapping of the first byte tells them. Nobody has written anything yet. */
static void open_shared(struct shared *shared)
{
    const struct baton_buffer_config config = {.name = shared->name, .size = shared->size};
    const struct area whole = {0, 0, shared->size, 1};

    must(baton_create(baton, shared->far ? far : near, &config, &shared->baton.buffer), shared->name);
    (void)begin_cpu_access(shared, &whole, BATON_OVERWRITE);
    end_cpu_access(shared);
    for (unsigned i = 0; i < IMPORTERS; i++) {
        if (shared->far && i == 1) {
            continue; /* two importers are enough there */
        }
        must(baton_attach(baton, shared->baton.buffer, devices[i], &shared->baton.attachments[i]), shared->name);
        map_to_device(shared, i, &(struct area){0, 0, 4, 1});
        shared->address[i] = shared->baton.sources[i].segments[0].address.value;
        unmap_source(shared, i);
    }
}

static void add(struct maintenance *sum, const struct baton_counters *counters)
{
    sum->cleaned += counters->published;
    sum->invalidated += counters->refreshed;
    sum->copied += counters->copied;
}

static struct maintenance maintenance(void)
{
    struct maintenance sum = {0};
    struct baton_counters counters;

    must(baton_cpu_counters(baton, &counters), "baton_cpu_counters");
    add(&sum, &counters);
    for (unsigned i = 0; i < IMPORTERS; i++) {
        must(baton_device_counters(baton, devices[i], &counters), "baton_device_counters");
        add(&sum, &counters);
    }
    return sum;
}

const struct policy policy_baton = {
    .name = "baton",
    .reset = reset,
    .open = open_shared,
    .begin_cpu_access = begin_cpu_access,
    .end_cpu_access = end_cpu_access,
    .map_to_device = map_to_device,
    .unmap_source = unmap_source,
    .map_from_device = map_from_device,
    .unmap_destination = unmap_destination,
    .maintenance = maintenance,
};
