/* SPDX-License-Identifier: MIT */
/*
 * What the files of the PL080 driver share. Included by them only.
 */
#ifndef BATON_DRIVERS_PL080_PART_H
#define BATON_DRIVERS_PL080_PART_H

#include "drivers/pl080.h"

#include "boot/registers/mmio.h"

static inline uint32_t pl080_get(const struct pl080 *pl080, uint32_t reg)
{
    return mmio_read32(pl080->config->base + reg);
}

static inline void pl080_set(const struct pl080 *pl080, uint32_t reg, uint32_t value)
{
    mmio_write32(pl080->config->base + reg, value);
}

static inline uint32_t pl080_configuration_of(unsigned channel)
{
    return DMAC_CHANNEL(channel) + DMAC_C_CONFIGURATION;
}

static inline uint32_t pl080_lock(const struct pl080 *pl080)
{
    return pl080->config->lock(pl080->config->context);
}

static inline void pl080_unlock(const struct pl080 *pl080, uint32_t state)
{
    pl080->config->unlock(pl080->config->context, state);
}

extern const struct dma_operations pl080_operations;

/* Whether the bits of a register become clear in time. Not under the lock. */
bool pl080_becomes_clear(const struct pl080 *pl080, uint32_t reg, uint32_t bits);

/* DDI 0196, Disabling a DMA channel without losing data in the FIFO. A FIFO that is not drained in time is lost after all: its
 * destination asks for no more. Whether the channel is proven disabled. */
bool pl080_disable(const struct pl080 *pl080, unsigned channel);

#endif
