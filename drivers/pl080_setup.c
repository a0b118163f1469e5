/* SPDX-License-Identifier: MIT */
/*
 * PL080 and PL081: what concerns the controller and no channel of it: identification, start-up, requests by software.
 */
#include "drivers/pl080_part.h"

#define ARM_LIMITED 0x41u
#define PART_PL080 0x080u
#define PART_PL081 0x081u

bool pl080_becomes_clear(const struct pl080 *pl080, uint32_t reg, uint32_t bits)
{
    const struct pl080_config *config = pl080->config;
    uint64_t end = config->microseconds(config->context) + config->timeout;

    while ((pl080_get(pl080, reg) & bits) != 0) {
        if (config->microseconds(config->context) > end) {
            return (pl080_get(pl080, reg) & bits) == 0;
        }
    }
    return true;
}

/* Four registers with a byte each. */
static uint32_t identification(const struct pl080 *pl080, uint32_t reg)
{
    uint32_t id = 0;

    for (uint32_t i = 0; i < 4; i++) {
        id |= (pl080_get(pl080, reg + 4 * i) & 0xffu) << (8 * i);
    }
    return id;
}

/* Name, channels and limits, as the part says. */
static bool identify(struct pl080 *pl080)
{
    const uint32_t id = identification(pl080, DMAC_PERIPH_ID);

    if (identification(pl080, DMAC_PCELL_ID) != PL080_PCELL_ID || PL080_DESIGNER(id) != ARM_LIMITED) {
        return false;
    }
    switch (PL080_PART(id)) {
    case PART_PL080:
        pl080->controller.name = "pl080";
        pl080->controller.channels = PL080_ID_CHANNELS(id) < PL080_CHANNELS ? PL080_ID_CHANNELS(id) : PL080_CHANNELS;
        pl080->limits |= PL080_ID_TWO_MASTERS(id) ? 0 : PL080_LIMIT_ONE_MASTER;
        return true;
    case PART_PL081:
        /* Its configuration byte has one right value (DDI 0218, DMACPeriphID3), and QEMU's has a PL080's. */
        pl080->controller.name = "pl081";
        pl080->controller.channels = PL081_CHANNELS;
        pl080->limits |= PL080_LIMIT_ONE_MASTER;
        return true;
    default:
        return false;
    }
}

/* Every channel is disabled, its interrupts masked. Where the controller itself is off nothing moves, nor drains. */
static bool quiet(const struct pl080 *pl080)
{
    const bool on = (pl080_get(pl080, DMAC_CONFIGURATION) & DMAC_CONFIGURATION_E) != 0;

    for (unsigned i = 0; i < pl080->controller.channels; i++) {
        if (on && !pl080_disable(pl080, i)) {
            return false;
        }
        pl080_set(pl080, pl080_configuration_of(i), 0);
    }
    return pl080_becomes_clear(pl080, DMAC_ENBLD_CHNS, (1u << pl080->controller.channels) - 1);
}

enum dma_status pl080_init(struct pl080 *pl080, const struct pl080_config *config)
{
    uint32_t endianness = DMAC_CONFIGURATION_M1;
    struct pl080 found = {
        .controller = {.operations = &pl080_operations, .format = &pl080_list_format},
        .config = config,
        .limits = config->limits,
    };

    if (!identify(&found)) {
        return DMA_ERROR_ARGUMENT;
    }
    if ((found.limits & PL080_LIMIT_ONE_MASTER) == 0) {
        endianness |= DMAC_CONFIGURATION_M2;
    }
    if ((config->endianness & ~endianness) != 0) {
        return DMA_ERROR_ARGUMENT;
    }
    *pl080 = found;
    if (!quiet(pl080)) {
        return DMA_ERROR_TIMEOUT;
    }
    pl080_set(pl080, DMAC_INT_TC_CLEAR, (1u << PL080_CHANNELS) - 1);
    pl080_set(pl080, DMAC_INT_ERR_CLR, (1u << PL080_CHANNELS) - 1);
    pl080_set(pl080, DMAC_SYNC, config->synchronized);
    /* Before any channel is (DDI 0196, Enabling a DMA channel). */
    pl080_set(pl080, DMAC_CONFIGURATION, config->endianness | DMAC_CONFIGURATION_E);
    return (pl080_get(pl080, DMAC_CONFIGURATION) & DMAC_CONFIGURATION_E) != 0 ? DMA_OK : DMA_ERROR_TIMEOUT;
}

static uint32_t register_of(enum pl080_request request)
{
    return DMAC_SOFT_B_REQ + 4 * (uint32_t)request;
}

enum dma_status pl080_request(struct pl080 *pl080, enum pl080_request request, uint32_t lines)
{
    if ((uint32_t)request > PL080_REQUEST_LAST_SINGLE || lines >> PL080_REQUEST_LINES != 0 ||
        (pl080->limits & PL080_LIMIT_MEMORY_TO_MEMORY) != 0) {
        return DMA_ERROR_ARGUMENT;
    }
    pl080_set(pl080, register_of(request), lines);
    return DMA_OK;
}

uint32_t pl080_requested(const struct pl080 *pl080, enum pl080_request request)
{
    return pl080_get(pl080, register_of(request));
}
