/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Observers that are no CPUs: the list of devices, and what they read and write by DMA, as the model is told.
 */
#include "sim/plugin/plugin.h"

#include <string.h>

static struct device list[DEVICES];
static unsigned count;
static const char *coherent[DEVICES];
static unsigned coherent_count;
bool devices_want_published, devices_asynchronous, devices_signal;

static const struct {
    const char *kind;
    bool (*create)(uint32_t base);
} kinds[] = {
    {"bcm2835-dma", bcm2835_dma_create},
    {"bcm2835-mailbox", bcm2835_mailbox_create},
    {"fwcfg", fwcfg_create},
    {"gic", gic_create},
    {"nvme", nvme_create},
    {"pl080", pl080_create},
    {"pl081", pl080_create},
    {"pl111", pl111_create},
    {"virtio", virtio_create},
};

/* One model stands for both DMA controllers. */
static const char *name_of(const char *kind)
{
    return strcmp(kind, "pl081") == 0 ? "pl080" : kind;
}

bool device_exists(const char *kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return true;
    return false;
}

bool device_create(const char *kind, uint32_t base)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].create(base);
    return false;
}

bool device_set_coherent(const char *kind)
{
    if (!device_exists(kind) && strcmp(kind, "ramfb") != 0)
        return false;
    if (coherent_count == DEVICES)
        return false;
    kind = name_of(kind);
    coherent[coherent_count++] = kind;
    for (unsigned i = 0; i < count; i++)
        if (strcmp(list[i].name, kind) == 0)
            list[i].coherent = true;
    return true;
}

struct device *device_add(const char *name, uint32_t base, uint32_t size, void *state, size_t state_size)
{
    struct device *device = &list[count];

    if (count == DEVICES)
        return NULL;
    *device = (struct device){.name = name, .base = base, .size = size, .state = state, .state_size = state_size};
    device->who = (uint8_t)MODEL_DEVICE(count++);
    for (unsigned i = 0; i < coherent_count; i++)
        if (strcmp(coherent[i], name) == 0)
            device->coherent = true;
    return device;
}

struct device *device_of(uint8_t who)
{
    return &list[who - MODEL_DEVICE(0)];
}

static uint64_t stored_value(qemu_plugin_meminfo_t info)
{
    qemu_plugin_mem_value value = qemu_plugin_mem_get_value(info);

    switch (value.type) {
    case QEMU_PLUGIN_MEM_VALUE_U8:
        return value.data.u8;
    case QEMU_PLUGIN_MEM_VALUE_U16:
        return value.data.u16;
    case QEMU_PLUGIN_MEM_VALUE_U32:
        return value.data.u32;
    case QEMU_PLUGIN_MEM_VALUE_U64:
        return value.data.u64;
    default:
        return value.data.u128.low;
    }
}

void devices_stored(unsigned cpu, uint32_t address, unsigned bytes, qemu_plugin_meminfo_t info, uint32_t pc)
{
    if (devices_asynchronous)
        devices_poll();
    for (unsigned i = 0; i < count; i++)
        if (address - list[i].base < list[i].size && list[i].store)
            list[i].store(&list[i], address - list[i].base, stored_value(info), bytes, cpu, pc);
}

void devices_loaded(unsigned cpu, uint32_t address, uint32_t pc)
{
    if (devices_asynchronous)
        devices_poll();
    for (unsigned i = 0; i < count; i++)
        if (address - list[i].base < list[i].size && list[i].load)
            list[i].load(&list[i], address - list[i].base, cpu, pc);
}

void devices_poll(void)
{
    for (unsigned i = 0; i < count; i++)
        if (list[i].load)
            list[i].load(&list[i], UINT32_MAX, 0, 0);
}

void devices_end(void)
{
    for (unsigned i = 0; i < count; i++)
        if (list[i].frame)
            list[i].frame(&list[i]);
}

void devices_reset(void)
{
    for (unsigned i = 0; i < count; i++) {
        if (list[i].state)
            memset(list[i].state, 0, list[i].state_size);
        if (list[i].reset)
            list[i].reset(&list[i]);
    }
}

void devices_published(uint32_t address, uint32_t bytes)
{
    fwcfg_published(address, bytes);
}

uint8_t *device_memory(const struct device *device, uint64_t address, uint32_t bytes)
{
    (void)device;
    return address <= UINT32_MAX ? machine_ram((uint32_t)address, bytes) : NULL;
}

/* P of a bus address, and which view the device used; a wrong one is reported. false: not in RAM that is modelled. */
static bool resolve(struct device *device, uint64_t address, uint32_t bytes, const struct model_access *access,
                    uint32_t *physical, enum model_view *view)
{
    uint64_t at = address - sim.base;
    bool in_cpu = at < sim.window;
    bool in_bus = sim.options.offset && at - sim.options.offset < sim.window;

    if (!in_cpu && !in_bus)
        return false;
    *view = in_cpu ? MODEL_CPU_VIEW : MODEL_BUS_VIEW;
    *physical = (uint32_t)(in_cpu ? address : address - sim.options.offset);
    if (sim.options.offset && in_cpu != device->coherent) {
        struct model_violation violation = {
            .kind = MODEL_CPU_ADDRESS_ON_BUS,
            .physical = (uint32_t)address,
            .bytes = bytes,
            .observer = *access,
            .hint = device->coherent
                        ? "a coherent device was given a bus address: it takes the CPU's physical addresses"
                        : "the device was given a physical address of the CPU: add the bus offset",
        };

        violation.culprit.who = MODEL_NOBODY;
        model_counts(sim.model)->violations[MODEL_CPU_ADDRESS_ON_BUS]++;
        report_violation(NULL, &violation);
    }
    return true;
}

void device_reads(struct device *device, uint64_t address, uint32_t bytes, bool doorbell, unsigned cpu, uint32_t pc)
{
    struct model_access access = {.pc = pc, .who = device->who, .action = MODEL_DEVICE_READ, .ringer = (uint8_t)cpu};
    enum model_view view;
    uint32_t physical;

    if (!sim.model || !bytes || !resolve(device, address, bytes, &access, &physical, &view))
        return;
    if (device->coherent)
        model_coherent_read(sim.model, physical, bytes, &access);
    else
        model_memory_read(sim.model, physical, bytes, doorbell, &access);
}

void device_writes(struct device *device, uint64_t address, uint32_t bytes, unsigned cpu, uint32_t pc)
{
    struct model_access access = {.pc = pc, .who = device->who, .action = MODEL_DEVICE_WRITE};
    enum model_view view;
    uint32_t physical;

    (void)cpu;
    if (!sim.model || !bytes || !resolve(device, address, bytes, &access, &physical, &view))
        return;
    if (device->coherent)
        model_coherent_write(sim.model, physical, bytes, view, &access);
    else
        model_memory_write(sim.model, physical, bytes, view, &access);
}
