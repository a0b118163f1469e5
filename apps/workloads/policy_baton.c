/* SPDX-License-Identifier: MIT */
/*
 * The policy "baton": the core decides. Its counts are those of the core. And three variants, which say what another hardware, or another
 * choice, would cost: buffers that the CPU maps write-combined; importers that reach no buffer, so that each is bounced; importers that
 * snoop, played by the CPU (device.h).
 */
#include "apps/workloads/device.h"
#include "apps/workloads/policy.h"

#include <stdlib.h>

static const struct baton_limits limits = {
    .pools = 2, .buffers = 24, .devices = IMPORTERS, .attachments = 24, .accesses = 64, .trace = 2};

static struct baton *baton;
static baton_pool near, far;
static baton_device devices[IMPORTERS];

static const struct variant {
    const struct baton_policy *policy;
    bool bounced; /* all importers */
    bool snooping;
} cached = {.policy = BATON_POLICY_CACHED}, write_combined = {.policy = BATON_POLICY_WRITE_COMBINED},
  bounced = {.policy = BATON_POLICY_CACHED, .bounced = true},
  coherent = {.policy = BATON_POLICY_CACHED, .snooping = true}, *variant;

#define SHARED_MAX 8u /* buffers of one workload */
static struct shared *opened[SHARED_MAX];
static unsigned opened_count;

/* Ends what the run before has left: mappings that it never needed to end, buffers. Their pages are mapped as they were. */
static void close_all(void)
{
    while (opened_count > 0) {
        struct shared *const shared = opened[--opened_count];

        for (unsigned i = 0; i < IMPORTERS; i++) {
            if (shared->baton.sources[i].access.token != 0) {
                must(baton_unmap_source(baton, &shared->baton.sources[i]), shared->name);
            }
        }
        for (unsigned i = 0; i < ROWS_MAX; i++) {
            if (shared->baton.destinations[i].access.token != 0) {
                must(baton_unmap_destination(baton, &shared->baton.destinations[i]), shared->name);
            }
        }
        for (unsigned i = 0; i < IMPORTERS; i++) {
            if (shared->baton.attachments[i].token != 0) {
                must(baton_detach(baton, &shared->baton.attachments[i]), shared->name);
            }
        }
        must(baton_destroy(baton, &shared->baton.buffer), shared->name);
    }
}

static void reset_as(const struct variant *as)
{
    static const char *const names[IMPORTERS] = {"importer 0", "importer 1", "importer far"};
    const struct platform *const board = platform();
    const struct baton_pool_config near_memory = memory_part(MEMORY_NEAR), far_memory = memory_part(MEMORY_FAR);
    const size_t size = baton_size(&limits);
    static void *memory;

    variant = as;
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
        if (variant->snooping) {
            config.domain = BATON_DOMAIN_CACHE;
        }
        if (i == FAR || variant->bounced) {
            config.dma_mask =
                near_memory.physical + board->port->bus_offset + config.bus_offset + (near_memory.size - 1);
        }
        must(baton_add_device(baton, &config, &devices[i]), "baton_add_device");
    }
    for (unsigned i = variant->bounced ? 0 : FAR; i < IMPORTERS; i++) {
        must(baton_set_bounce_pool(baton, devices[i], near), "baton_set_bounce_pool");
    }
    device_played_by_cpu = variant->snooping;
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

/* Rows one by one are ranges enough for a directory, and too many where a bounce buffer's are kept beside them: then it is all that
 * lies between, and what lies there is kept. */
static uint32_t parts(const struct area *area)
{
    return variant->bounced ? 1 : area->rows;
}

static struct baton_range part(const struct area *area, uint32_t i)
{
    return variant->bounced ? span(area) : row(area, i);
}

static enum baton_direction direction_of(const struct area *area, enum baton_direction direction)
{
    return direction == BATON_OVERWRITE && parts(area) != area->rows ? BATON_WRITE : direction;
}

static void map_from_device(struct shared *shared, unsigned importer, const struct area *area)
{
    for (uint32_t i = 0; i < parts(area); i++) {
        must(baton_map_from_device(baton, shared->baton.attachments[importer], part(area, i),
                                   direction_of(area, BATON_OVERWRITE), &shared->baton.destinations[i]),
             shared->name);
    }
    shared->baton.rows = parts(area);
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
    for (uint32_t i = 0; i < parts(area); i++) {
        must(baton_begin_cpu_access(baton, shared->baton.buffer, part(area, i), direction_of(area, direction),
                                    &shared->baton.accesses[i]),
             shared->name);
    }
    shared->baton.rows = parts(area);
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
    const struct baton_buffer_config config = {.name = shared->name, .size = shared->size, .policy = variant->policy};
    const struct area whole = {0, 0, shared->size, 1};

    if (opened_count == SHARED_MAX) {
        give_up(shared->name, "too many buffers");
    }
    must(baton_create(baton, shared->far || variant->bounced ? far : near, &config, &shared->baton.buffer),
         shared->name);
    opened[opened_count++] = shared;
    (void)begin_cpu_access(shared, &whole, BATON_READ);
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

/* Defines policy_IDENTIFIER over a variant. */
#define CORE_POLICY(identifier, text, variant)                                                                         \
    static void reset_##identifier(void)                                                                               \
    {                                                                                                                  \
        reset_as(&(variant));                                                                                          \
    }                                                                                                                  \
    const struct policy policy_##identifier = {                                                                        \
        .name = (text),                                                                                                \
        .reset = reset_##identifier,                                                                                   \
        .close = close_all,                                                                                            \
        .open = open_shared,                                                                                           \
        .begin_cpu_access = begin_cpu_access,                                                                          \
        .end_cpu_access = end_cpu_access,                                                                              \
        .map_to_device = map_to_device,                                                                                \
        .unmap_source = unmap_source,                                                                                  \
        .map_from_device = map_from_device,                                                                            \
        .unmap_destination = unmap_destination,                                                                        \
        .maintenance = maintenance,                                                                                    \
    }

CORE_POLICY(baton, "baton", cached);
CORE_POLICY(write_combined, "write-combined", write_combined);
CORE_POLICY(bounce, "bounce", bounced);
CORE_POLICY(coherent, "coherent", coherent);
