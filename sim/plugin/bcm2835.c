/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Raspberry Pi's DMA controller (BCM2835 ARM Peripherals, chapter 4) and its mailbox to the firmware, with the framebuffer that the
 * firmware scans out. QEMU does all of it inside the register write that starts it: it is done when the store's callback comes, and is gone
 * over again here to tell who read and wrote what.
 */
#include "sim/plugin/plugin.h"

#include <stdlib.h>
#include <string.h>

#define CHANNELS 15
#define CHANNEL_SIZE 0x100
#define CS 0x00
#define CONBLK_AD 0x04
#define BLOCKS_MOST 65536
#define BLOCK_SIZE 32

#define MAIL1_WRITE 0x20
#define CHANNEL_PROPERTIES 8
#define BYTES_MOST 0x10000
#define ANSWERED 0x80000000u

#define TAG_ALLOCATE 0x00040001
#define TAG_PITCH 0x00040008
#define TAG_PHYSICAL 0x00048003
#define TAG_VIRTUAL 0x00048004
#define TAG_DEPTH 0x00048005
#define TAG_OFFSET 0x00048009

/* The upper two bits choose a view of the same memory; what begins with 0x7e are peripherals, by a physical address outside of RAM. */
static uint32_t physical_of(uint32_t bus)
{
    return bus >> 24 == 0x7e ? UINT32_MAX : bus & 0x3fffffff;
}

static uint32_t word(const uint8_t *bytes)
{
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* ---------------------------------------------------------------------------------------------------------------- */

struct dma {
    uint32_t block[CHANNELS];
};

static void run(struct device *device, uint32_t at, unsigned cpu, uint32_t pc)
{
    for (unsigned blocks = 0; blocks < BLOCKS_MOST && at; blocks++) {
        const uint8_t *block = device_memory(device, physical_of(at), BLOCK_SIZE);
        uint32_t information, source, destination, length, stride, rows = 1;

        if (!block)
            return;
        device_reads(device, physical_of(at), BLOCK_SIZE, true, cpu, pc);
        information = word(block);
        source = word(block + 4);
        destination = word(block + 8);
        length = word(block + 12) & 0x3fffffff;
        stride = word(block + 16);
        if (information & 2) { /* 2D mode */
            rows = (length >> 16) + 1;
            length &= 0xffff;
        } else {
            stride = 0;
        }
        for (uint32_t row = 0; row < rows; row++) {
            bool from = information >> 8 & 1, to = information >> 4 & 1; /* the addresses move */

            if (!(information >> 11 & 1))
                device_reads(device, physical_of(source), from ? length : 4, true, cpu, pc);
            if (!(information >> 7 & 1))
                device_writes(device, physical_of(destination), to ? length : 4, cpu, pc);
            source += (from ? length : 0) + (uint32_t)(int16_t)(stride & 0xffff);
            destination += (to ? length : 0) + (uint32_t)(int16_t)(stride >> 16);
        }
        at = word(block + 20);
    }
}

static void dma_store(struct device *device, uint32_t offset, uint64_t value, unsigned bytes, unsigned cpu, uint32_t pc)
{
    struct dma *state = device->state;
    uint32_t channel = offset / CHANNEL_SIZE;

    (void)bytes;
    if (channel >= CHANNELS)
        return;
    if (offset % CHANNEL_SIZE == CONBLK_AD)
        state->block[channel] = (uint32_t)value;
    if (offset % CHANNEL_SIZE == CS && (value & 1)) {
        run(device, state->block[channel], cpu, pc);
        state->block[channel] = 0;
    }
}

bool bcm2835_dma_create(uint32_t base)
{
    struct dma *state = calloc(1, sizeof(*state));
    struct device *device = state ? device_add("bcm2835-dma", base, 0x1000, state, sizeof(*state)) : NULL;

    if (!device)
        return false;
    device->store = dma_store;
    return true;
}

/* ---------------------------------------------------------------------------------------------------------------- */

struct mailbox {
    uint32_t base, pitch, depth; /* base 0: nothing is shown */
    uint32_t width, height, virtual_width, virtual_height, x, y;
    uint32_t pc; /* of the request that showed it */
};

/* The rows that are seen: QEMU heeds the offset of a framebuffer that is larger both ways. */
static void scan_out(struct device *device)
{
    const struct mailbox *state = device->state;
    bool moved = state->virtual_width > state->width && state->virtual_height > state->height;
    uint32_t at = physical_of(state->base);

    if (!state->base)
        return;
    if (moved)
        at += state->y * state->pitch + state->x * (state->depth / 8);
    for (uint32_t row = 0; row < state->height; row++)
        device_reads(device, at + row * state->pitch, state->width * (state->depth / 8), false, 0, state->pc);
}

static void note(struct mailbox *state, uint32_t tag, const uint8_t *values, uint32_t bytes)
{
    uint32_t first = bytes >= 4 ? word(values) : 0, second = bytes >= 8 ? word(values + 4) : 0;

    switch (tag) {
    case TAG_PHYSICAL:
        state->width = first;
        state->height = second;
        return;
    case TAG_VIRTUAL:
        state->virtual_width = first;
        state->virtual_height = second;
        return;
    case TAG_OFFSET:
        state->x = first;
        state->y = second;
        return;
    case TAG_DEPTH:
        state->depth = first;
        return;
    case TAG_ALLOCATE:
        state->base = first;
        return;
    case TAG_PITCH:
        state->pitch = first;
        return;
    default:
        return;
    }
}

static void mailbox_store(struct device *device, uint32_t offset, uint64_t value, unsigned bytes, unsigned cpu,
                          uint32_t pc)
{
    struct mailbox *state = device->state, before = *state;
    uint32_t buffer = physical_of((uint32_t)value & ~15u), size, at = 8;
    const uint8_t *words;

    (void)bytes;
    if (offset != MAIL1_WRITE || (value & 15) != CHANNEL_PROPERTIES)
        return;
    words = device_memory(device, buffer, 8);
    size = words ? word(words) : 0;
    words = size <= BYTES_MOST ? device_memory(device, buffer, size) : NULL;
    if (size < 12 || !words)
        return;
    device_reads(device, buffer, size, true, cpu, pc);
    device_writes(device, buffer + 4, 4, cpu, pc);
    while (at + 12 <= size && word(words + at)) {
        uint32_t tag = word(words + at), room = word(words + at + 4);

        if (room > size - at - 12)
            break;
        if (word(words + at + 8) & ANSWERED) {
            device_writes(device, buffer + at + 8, 4 + room, cpu, pc);
            note(state, tag, words + at + 12, room);
        }
        at += 12 + ((room + 3) & ~3u);
    }
    if (memcmp(state, &before, sizeof(before)) == 0)
        return;
    struct mailbox now = *state;
    *state = before;
    scan_out(device);
    *state = now;
    state->pc = pc;
    scan_out(device);
}

bool bcm2835_mailbox_create(uint32_t base)
{
    struct mailbox *state = calloc(1, sizeof(*state));
    struct device *device = state ? device_add("bcm2835-mailbox", base, 0x40, state, sizeof(*state)) : NULL;

    if (!device)
        return false;
    device->store = mailbox_store;
    device->frame = scan_out;
    return true;
}
