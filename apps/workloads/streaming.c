/* SPDX-License-Identifier: MIT */
/*
 * Streaming mappings, whole buffers: see streaming.h. Bounce buffers are copied whole at the map, in both directions (so that bytes which the
 * device does not write survive), and back at the unmap of one that was written: what Linux's SWIOTLB does.
 */
#include "apps/workloads/streaming.h"

#include "apps/workloads/device.h"
#include <string.h>

struct maintenance streaming_done;
static uint32_t taken; /* bytes of the memory */

void streaming_reset(void)
{
    streaming_done = (struct maintenance){0};
    taken = 0;
    device_played_by_cpu = false;
}

static unsigned char *take(uint32_t size)
{
    const struct baton_pool_config memory = memory_part(MEMORY_STREAMING);
    unsigned char *const start = (unsigned char *)memory.cpu + taken;

    if (size > memory.size - taken) {
        give_up("streaming", "no memory");
    }
    taken += size;
    /* What the caches held of it is nobody's, and no operation to come is the first on its line. */
    const struct baton_port *const port = platform()->port;
    port->publish(port->context, (uintptr_t)start, size);
    port->refresh(port->context, (uintptr_t)start, size);
    return start;
}

static uint32_t on_bus(const unsigned char *cpu)
{
    const struct baton_pool_config memory = memory_part(MEMORY_STREAMING);

    return memory.physical + (uint32_t)(cpu - (unsigned char *)memory.cpu) + platform()->port->bus_offset +
           platform()->dma_device.bus_offset;
}

void streaming_open(struct shared *shared)
{
    shared->streaming.cpu = take(shared->size);
    shared->streaming.bounce = shared->far ? take(shared->size) : NULL;
    for (unsigned i = 0; i < IMPORTERS; i++) {
        shared->address[i] = on_bus(shared->far && i == FAR ? shared->streaming.bounce : shared->streaming.cpu);
    }
}

/* Nothing keeps a buffer; its memory is taken again after the reset. */
void streaming_close(void)
{
}

/* Between unmap and map the buffer is the CPU's. */
unsigned char *streaming_begin_cpu_access(struct shared *shared, const struct area *area,
                                          enum baton_direction direction)
{
    (void)direction;
    return shared->streaming.cpu + area->offset;
}

void streaming_end_cpu_access(struct shared *shared)
{
    (void)shared;
}

/* The memory that the importer works on. */
static unsigned char *fill_bounce(struct shared *shared, unsigned importer)
{
    if (!shared->far || importer != FAR) {
        return shared->streaming.cpu;
    }
    memcpy(shared->streaming.bounce, shared->streaming.cpu, shared->size);
    streaming_done.copied += shared->size;
    return shared->streaming.bounce;
}

void streaming_map_to_device(const struct streaming *how, struct shared *shared, unsigned importer)
{
    how->before_read(fill_bounce(shared, importer), shared->size);
}

void streaming_map_from_device(const struct streaming *how, struct shared *shared, unsigned importer,
                               const struct area *area)
{
    unsigned char *const memory = fill_bounce(shared, importer);
    const bool every_byte = area->rows == 1 && area->row_bytes == shared->size;

    how->before_write(memory, shared->size, every_byte && memory == shared->streaming.cpu);
}

void streaming_unmap_destination(const struct streaming *how, struct shared *shared, unsigned importer)
{
    if (!shared->far || importer != FAR) {
        how->after_write(shared->streaming.cpu, shared->size);
        return;
    }
    how->after_write(shared->streaming.bounce, shared->size);
    memcpy(shared->streaming.cpu, shared->streaming.bounce, shared->size);
    streaming_done.copied += shared->size;
}

struct maintenance streaming_maintenance(void)
{
    return streaming_done;
}
