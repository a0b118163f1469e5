/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where QEMU keeps the RAM that is modelled: looked for when code is translated (translate.c) and at stores (memory.c), until it is
 * found. What QEMU exports of its own functions is used.
 */
#define _GNU_SOURCE
#include "sim/plugin/plugin.h"

#include <dlfcn.h>
#include <stdlib.h>

/* The block of QEMU's RAM that holds a host address. */
static bool block_of(const void *host, uint8_t **start, uint64_t *length)
{
    void *(*from_host)(const void *, bool, uint64_t *) = NULL;
    void *(*start_of)(const void *) = NULL;
    uint64_t (*length_of)(const void *) = NULL;
    uint64_t offset;
    void *block;

    *(void **)&from_host = dlsym(RTLD_DEFAULT, "qemu_ram_block_from_host");
    *(void **)&start_of = dlsym(RTLD_DEFAULT, "qemu_ram_get_host_addr");
    *(void **)&length_of = dlsym(RTLD_DEFAULT, "qemu_ram_get_used_length");
    if (from_host && start_of && length_of) {
        block = from_host(host, false, &offset);
        if (!block)
            return false;
        *start = start_of(block);
        *length = length_of(block);
        return true;
    }
    /* A QEMU that does not export these: a block is a mapping of its own, with a guard page behind. */
    FILE *maps = fopen("/proc/self/maps", "r");
    char text[512];
    bool found = false;

    while (maps && !found && fgets(text, sizeof(text), maps)) {
        unsigned long from, to;

        if (sscanf(text, "%lx-%lx", &from, &to) == 2 && (uintptr_t)host >= from && (uintptr_t)host < to) {
            *start = (uint8_t *)from;
            *length = to - from;
            found = true;
        }
    }
    if (maps)
        fclose(maps);
    return found;
}

/* Host memory of a physical address if stores go there as they are: RAM, and neither flash nor ROM nor a device. From a QEMU that
 * does not tell, the one that is guessed. */
static const void *writable(uint64_t physical, const void *guess)
{
    void *(*map)(uint64_t, uint64_t *, bool) = NULL;
    void (*unmap)(void *, uint64_t, bool, uint64_t) = NULL;
    uint64_t length = 4, start_length;
    uint8_t *start;
    void *host;

    *(void **)&map = dlsym(RTLD_DEFAULT, "cpu_physical_memory_map");
    *(void **)&unmap = dlsym(RTLD_DEFAULT, "cpu_physical_memory_unmap");
    if (!map || !unmap)
        return guess;
    host = map(physical, &length, true);
    if (!host)
        return NULL;
    /* What cannot be stored to directly is mapped to a buffer of QEMU's own, which lies in no block. */
    if (!block_of(host, &start, &start_length))
        start = NULL;
    unmap(host, length, true, 0);
    return start ? host : NULL;
}

/* The machine's main memory, as opposed to a small one on the chip, by what QEMU says of its size. */
static bool is_main_memory(uint64_t length)
{
    uint64_t *(*summary)(void **) = NULL;
    void (*release)(uint64_t *) = NULL;
    uint64_t *sizes, machine = 0;

    *(void **)&summary = dlsym(RTLD_DEFAULT, "qmp_query_memory_size_summary");
    *(void **)&release = dlsym(RTLD_DEFAULT, "qapi_free_MemoryInfo");
    sizes = summary && release ? summary(NULL) : NULL;
    if (sizes) {
        machine = *sizes; /* its first member: base-memory */
        release(sizes);
    }
    return length >= 1u << 20 && length >= machine / 2;
}

/* address: a physical one in RAM, at host. */
static void found(uint32_t address, const void *host)
{
    uint8_t *start;
    uint64_t length, base;
    uint32_t offset = sim.options.offset;

    if (!block_of(host, &start, &length))
        return;
    base = address - (uint64_t)((const uint8_t *)host - start);
    if (sim.options.ram_size) {
        if (sim.options.ram_base < base || sim.options.ram_base >= base + length)
            return; /* not the RAM to be modelled: go on looking */
        sim.host = start + (sim.options.ram_base - base);
        length -= sim.options.ram_base - base;
        sim.base = sim.options.ram_base;
        sim.window = sim.options.ram_size;
    } else {
        if (!is_main_memory(length) || base > UINT32_MAX)
            return;
        sim.host = start;
        sim.base = (uint32_t)base;
        sim.window = length > UINT32_MAX - sim.base ? UINT32_MAX - sim.base + 1 : (uint32_t)length;
    }
    sim.size = length > UINT32_MAX - sim.base ? UINT32_MAX - sim.base + 1 : (uint32_t)length;
    if (offset) {
        if (sim.window > offset)
            sim.window = offset;
        if (!sim.options.ram_size && sim.window > sim.size - offset)
            sim.window = sim.size > offset ? sim.size - offset : 0;
    }
    if (!sim.window || (uint64_t)sim.window + offset > sim.size) {
        complain("the machine has RAM 0x%08x+0x%x: no room for ram= and its bus view at offset 0x%x", sim.base,
                 sim.size, offset);
        exit(1);
    }
    machine_create_model();
}

/* Code that an image starts with may lie in flash, and be mapped elsewhere: where nothing says that it is RAM, look on. */
void ram_find_by_code(uint32_t address, const void *host)
{
    if (host && writable(address, host) == host)
        found(address, host);
}

void ram_find_by_store(qemu_plugin_meminfo_t info, uint64_t virtual)
{
    const struct qemu_plugin_hwaddr *where = qemu_plugin_get_hwaddr(info, virtual);
    uint64_t physical;
    const void *host;

    if (!where || qemu_plugin_hwaddr_is_io(where))
        return;
    physical = qemu_plugin_hwaddr_phys_addr(where);
    host = writable(physical, NULL);
    if (host && physical <= UINT32_MAX)
        found((uint32_t)physical, host);
}

uint8_t *machine_ram(uint32_t address, uint32_t bytes)
{
    if (!sim.host || address - sim.base >= sim.size || bytes > sim.size - (address - sim.base))
        return NULL;
    return sim.host + (address - sim.base);
}
