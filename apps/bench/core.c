/* SPDX-License-Identifier: MIT */
/*
 * The groups' instance of the core, its buffers, and the states that their lines are brought into.
 */
#include "apps/bench/bench.h"

#include <stdlib.h>

struct baton *bench_baton;
baton_device bench_device;
uint32_t bench_opened;
static baton_pool pool;

#define BUFFERS 16u
static struct bench_buffer made[BUFFERS];
static unsigned made_count;

const char *const bench_state_names[] = {"clean", "dirty", "stale", "unknown"};

void bench_open(void)
{
    static const struct baton_limits limits = {
        .pools = 1, .buffers = BUFFERS, .devices = 1, .attachments = BUFFERS, .accesses = 32, .trace = 64};
    const size_t size = baton_size(&limits);
    static void *memory;

    memory = memory != NULL ? memory : malloc(size);
    if (memory == NULL) {
        bench_give_up("baton_size", "no memory");
    }
    if (platform()->dma == NULL) {
        bench_give_up(platform()->board,
                      "has no DMA controller, with which handoffs are measured; groups=range,whole needs none");
    }
    bench_opened++;
    bench_must(baton_init(&bench_baton, memory, size, &limits, platform()->port), "baton_init");
    bench_must(baton_add_pool(bench_baton, &platform()->memory, &pool), "baton_add_pool");
    bench_must(baton_add_device(bench_baton, &platform()->dma_device, &bench_device), "baton_add_device");
}

struct bench_buffer bench_buffer(const char *name, uint32_t size, const struct baton_policy *policy,
                                 const struct baton_enforcement *enforcement)
{
    const struct baton_buffer_config config = {
        .name = name, .size = size, .policy = policy, .enforcement = enforcement};
    struct bench_buffer buffer = {.size = size};

    bench_must(baton_create(bench_baton, pool, &config, &buffer.buffer), name);
    bench_must(baton_attach(bench_baton, buffer.buffer, bench_device, &buffer.attachment), name);
    made[made_count++] = buffer; /* no more than the core has taken */
    return buffer;
}

void bench_close(void)
{
    while (made_count > 0) {
        struct bench_buffer *buffer = &made[--made_count];

        bench_must(baton_detach(bench_baton, &buffer->attachment), "detach");
        bench_must(baton_destroy(bench_baton, &buffer->buffer), "destroy");
    }
}

static void by_cpu(const struct bench_buffer *buffer, enum baton_direction direction)
{
    struct baton_cpu_access access;

    bench_must(
        baton_begin_cpu_access(bench_baton, buffer->buffer, (struct baton_range){0, buffer->size}, direction, &access),
        "begin_cpu_access");
    bench_must(baton_end_cpu_access(bench_baton, &access), "end_cpu_access");
}

/* The last access is the CPU's wherever that changes nothing, so that the barrier after a device is not counted by the next one. */
void bench_bring(const struct bench_buffer *buffer, enum bench_state state)
{
    const struct baton_range all = {0, buffer->size};
    struct baton_destination destination;
    struct baton_source source;

    switch (state) {
    case BENCH_DIRTY:
        by_cpu(buffer, BATON_OVERWRITE);
        break;
    case BENCH_CLEAN:
        by_cpu(buffer, BATON_OVERWRITE);
        bench_must(baton_map_to_device(bench_baton, buffer->attachment, all, &source), "map_to_device");
        bench_must(baton_unmap_source(bench_baton, &source), "unmap_source");
        by_cpu(buffer, BATON_READ);
        break;
    default:
        bench_must(baton_map_from_device(bench_baton, buffer->attachment, all, BATON_OVERWRITE, &destination),
                   "map_from_device");
        bench_must(state == BENCH_STALE
                       ? baton_unmap_destination(bench_baton, &destination)
                       : baton_unmap_destination_partial(bench_baton, &destination, (struct baton_range){0, 0}),
                   "unmap_destination");
    }
}
