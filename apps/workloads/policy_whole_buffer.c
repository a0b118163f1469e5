/* SPDX-License-Identifier: MIT */
/*
 * The policy "whole-buffer": what streaming mappings cost in Linux's DMA API on ARM (Documentation/core-api/dma-api.rst;
 * measured in the same way there: 30,016 lines each way for 1.92 MB). Each mapping of each importer, by itself: for a device
 * that reads, the buffer is cleaned; for one that writes it whole, invalidated (DMA_FROM_DEVICE), or cleaned, if it writes only a
 * part (DMA_BIDIRECTIONAL); and invalidated after it has written. Over an outer cache, too, where there is one: by the core's port.
 */
#include "apps/workloads/streaming.h"
#include "boot/board.h"
#include "boot/cache.h"

static void clean(unsigned char *cpu, uint32_t size)
{
    const struct baton_port *const port = platform()->port;

    port->publish(port->context, (uintptr_t)cpu, size);
    streaming_done.cleaned += size / port->granule;
}

static void invalidate(unsigned char *cpu, uint32_t size)
{
    const struct baton_port *const port = platform()->port;

    port->refresh(port->context, (uintptr_t)cpu, size);
    streaming_done.invalidated += size / port->granule;
}

/* What is dirty is thrown away before the device writes: the inner lines first, which could otherwise be evicted into the outer cache after
 * that was invalidated, and from there over the device's bytes. */
static void discard(unsigned char *cpu, uint32_t size)
{
    if (!cache_invalidate_range((uintptr_t)cpu, size) ||
        (board_outer != NULL && !board_outer->invalidate((uint32_t)(uintptr_t)cpu, size))) {
        give_up("whole-buffer", "invalidate was refused");
    }
    streaming_done.invalidated += size / platform()->port->granule;
}

static void before_write(unsigned char *cpu, uint32_t size, bool every_byte)
{
    if (every_byte) {
        discard(cpu, size);
    } else {
        clean(cpu, size);
    }
}

static const struct streaming by_range = {clean, before_write, invalidate};

STREAMING_POLICY(whole_buffer, "whole-buffer", by_range, streaming_reset);
