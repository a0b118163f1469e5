/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's fw_cfg: synchronous DMA by a descriptor in memory, started by the store of its address (docs/specs/fw_cfg). QEMU has
 * overwritten the descriptor's control word when the store's callback comes: what it said is remembered when it is published.
 */
#include "sim/plugin/plugin.h"

#include <stdlib.h>
#include <string.h>

#define DMA_ADDRESS 0x10
#define CONTROL_READ 2
#define CONTROL_WRITE 16
#define RAMFB_CONFIG 28

#define REMEMBERED 4096

struct fwcfg {
    uint32_t high;
};

static struct {
    uint32_t line;
    uint8_t bytes[64];
} * remembered;

static uint32_t slot(uint32_t line)
{
    return (line >> 6) * 2654435761u >> 20;
}

/* address: P. What memory holds there now is what the device would read. */
void fwcfg_published(uint32_t address, uint32_t bytes)
{
    uint32_t first = address & ~63u, last = (address + bytes - 1) & ~63u;

    for (uint32_t line = first;; line += 64) {
        const uint8_t *memory = machine_ram(line + sim.options.offset, 64);

        if (memory) {
            remembered[slot(line)].line = line;
            memcpy(remembered[slot(line)].bytes, memory, 64);
        }
        if (line == last)
            break;
    }
}

static uint32_t big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

/* The control word as the device found it; 0 if nobody knows. */
static uint32_t control_word(const struct device *device, uint64_t address)
{
    uint32_t physical = (uint32_t)address, line;
    const uint8_t *memory;

    if (sim.options.offset && address - sim.base >= sim.options.offset)
        physical -= sim.options.offset;
    line = physical & ~63u;
    if (!device->coherent && remembered[slot(line)].line == line && (physical & 63) <= 60)
        return big_endian(&remembered[slot(line)].bytes[physical & 63]);
    memory = machine_ram(physical, 4);
    return memory ? big_endian(memory) : 0;
}

static void transfer(struct device *device, uint64_t address, unsigned cpu, uint32_t pc)
{
    const uint8_t *descriptor = device_memory(device, address, 16);
    uint32_t control, length;
    uint64_t target;

    if (!descriptor)
        return;
    control = control_word(device, address);
    length = big_endian(descriptor + 4);
    target = (uint64_t)big_endian(descriptor + 8) << 32 | big_endian(descriptor + 12);
    /* Not published, or of a coherent device: nearly all transfers are reads; the one that writes is ramfb's. */
    if (!control)
        control = length == RAMFB_CONFIG ? CONTROL_WRITE : CONTROL_READ;
    device_reads(device, address, 16, true, cpu, pc);
    if (control & CONTROL_WRITE) {
        device_reads(device, target, length, true, cpu, pc);
        if (length == RAMFB_CONFIG)
            ramfb_configure(target, length, cpu, pc);
    } else if (control & CONTROL_READ) {
        device_writes(device, target, length, cpu, pc);
    }
    device_writes(device, address, 4, cpu, pc);
}

static void store(struct device *device, uint32_t offset, uint64_t value, unsigned bytes, unsigned cpu, uint32_t pc)
{
    struct fwcfg *state = device->state;

    if (offset == DMA_ADDRESS && bytes == 8) {
        transfer(device, __builtin_bswap64(value), cpu, pc);
    } else if (offset == DMA_ADDRESS && bytes == 4) {
        state->high = __builtin_bswap32((uint32_t)value);
    } else if (offset == DMA_ADDRESS + 4 && bytes == 4) {
        transfer(device, (uint64_t)state->high << 32 | __builtin_bswap32((uint32_t)value), cpu, pc);
        state->high = 0;
    }
}

bool fwcfg_create(uint32_t base)
{
    struct fwcfg *state = calloc(1, sizeof(*state));
    struct device *device = state ? device_add("fwcfg", base, 0x18, state, sizeof(*state)) : NULL;

    if (!device)
        return false;
    if (!remembered)
        remembered = calloc(REMEMBERED, sizeof(*remembered));
    if (!remembered)
        return false;
    device->store = store;
    devices_want_published = true;
    return true;
}
