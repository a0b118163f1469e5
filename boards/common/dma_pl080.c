/* SPDX-License-Identifier: MIT */
/*
 * A PL080 or PL081 as a board's DMA controller: what the driver needs of the
 * board.
 */
#include "boards/common/dma_pl080.h"

#include "boards/common/board.h"
#include "boards/common/port.h"
#include "boot/image.h"
#include "boot/mmu.h"

#define DRAIN_TIME 1000u /* microseconds: for 16 bytes, behind whatever else is on the bus */

struct pl080 pl080;

static uint64_t microseconds(void *context)
{
    (void)context;
    return board.clock->microseconds();
}

/* Of the pool, which is mapped flat, as cacheable as each buffer is: there is
 * no second view of it. Not of a page that its buffer's enforcement has taken
 * away from the CPU. */
static const void *cpu_view(void *context, baton_bus_address address, uint32_t length)
{
    const uintptr_t pool = (uintptr_t)__pool_start;
    const uintptr_t first = address.value - board_bus_offset;
    const uintptr_t size = (uintptr_t)__pool_end - pool;

    (void)context;
    if (first < pool || first - pool > size || length > size - (first - pool)) {
        return NULL;
    }
    for (uint32_t offset = 0; offset < length; offset += MMU_PAGE - (first + offset) % MMU_PAGE) {
        if (!mmu_readable(first + offset)) {
            return NULL;
        }
    }
    return (const void *)first;
}

static void interrupt(void *context, uint32_t id)
{
    (void)id;
    pl080_interrupt(context);
}

void dma_pl080(struct platform *platform)
{
    static struct port_lock lock; /* not the core's: neither waits for the other */
    static struct pl080_config config;

    config = (struct pl080_config){
        .base = board_pl080.base,
        .limits = board_pl080.limits,
        .timeout = DRAIN_TIME,
        .microseconds = microseconds,
        .lock = platform->port->lock,
        .unlock = platform->port->unlock,
        .cpu_view = cpu_view,
        .context = &lock,
    };
    enum dma_status status = pl080_init(&pl080, &config);
    if (status != DMA_OK) {
        board_give_up("DMA controller", dma_status_text(status));
    }
    board_handle(board_pl080.interrupt, interrupt, &pl080);
    platform->dma = &pl080.controller;
    platform->dma_device = (struct baton_device_config){
        .name = platform->dma->name,
        .domain = BATON_DOMAIN_MEMORY,
        .dma_mask = 0xffffffff,
        .alignment = 1,
    };
}
