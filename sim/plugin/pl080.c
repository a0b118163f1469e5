/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PL080 and PL081 DMA controllers (ARM DDI 0196, DDI 0218). QEMU runs a whole linked list inside the register write that starts it:
 * it is done when the store's callback comes, and is gone over again here to tell who read and wrote what.
 */
#include "sim/plugin/plugin.h"

#include <stdlib.h>
#include <string.h>

#define CONFIGURATION 0x30
#define CHANNEL 0x100
#define CHANNEL_SIZE 0x20
#define CHANNELS 8
#define ENTRIES_MOST 65536

struct channel {
    uint32_t source, destination, next, control, configuration;
};

struct pl080 {
    struct channel channel[CHANNELS];
    bool enabled;
};

/* Memory that a channel goes over: all of it, or one unit again and again where the address stands still. */
static uint32_t extent(uint32_t count, uint32_t width, bool increment)
{
    return increment ? count * width : width;
}

static void run(struct device *device, struct channel *channel, unsigned cpu, uint32_t pc)
{
    for (unsigned entry = 0; entry < ENTRIES_MOST; entry++) {
        uint32_t control = channel->control, count = control & 0xfff;
        uint32_t from = 1u << (control >> 18 & 7), to = 1u << (control >> 21 & 7);
        const uint8_t *list;

        device_reads(device, channel->source, extent(count, from, control >> 26 & 1), true, cpu, pc);
        device_writes(device, channel->destination, extent(count * from / to, to, control >> 27 & 1), cpu, pc);
        if (!(channel->next & ~3u))
            break;
        list = device_memory(device, channel->next & ~3u, 16);
        if (!list)
            break;
        device_reads(device, channel->next & ~3u, 16, true, cpu, pc);
        memcpy(&channel->source, list, 4);
        memcpy(&channel->destination, list + 4, 4);
        memcpy(&channel->next, list + 8, 4);
        memcpy(&channel->control, list + 12, 4);
    }
    channel->configuration &= ~1u;
}

static void store(struct device *device, uint32_t offset, uint64_t value, unsigned bytes, unsigned cpu, uint32_t pc)
{
    struct pl080 *state = device->state;

    (void)bytes;
    if (offset == CONFIGURATION)
        state->enabled = value & 1;
    if (offset >= CHANNEL && offset < CHANNEL + CHANNELS * CHANNEL_SIZE) {
        struct channel *channel = &state->channel[(offset - CHANNEL) / CHANNEL_SIZE];
        unsigned field = offset % CHANNEL_SIZE / 4;

        if (field < 5)
            (&channel->source)[field] = (uint32_t)value;
    }
    for (unsigned i = 0; i < CHANNELS && state->enabled; i++) {
        /* Enabled, not halted, memory to memory. */
        if ((state->channel[i].configuration & 0x40001) == 1 && (state->channel[i].configuration >> 11 & 7) == 0)
            run(device, &state->channel[i], cpu, pc);
    }
}

bool pl080_create(uint32_t base)
{
    struct pl080 *state = calloc(1, sizeof(*state));
    struct device *device = state ? device_add("pl080", base, 0x1000, state, sizeof(*state)) : NULL;

    if (!device)
        return false;
    device->store = store;
    return true;
}
