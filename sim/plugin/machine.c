/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine under the image: where QEMU keeps its RAM, and the system registers of its CPUs.
 */
#define _GNU_SOURCE
#include "sim/plugin/plugin.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static struct qemu_plugin_register *find(const struct glib_array *list, const char *name, const char *suffix)
{
    const qemu_plugin_reg_descriptor *entry = (const void *)list->data;
    char wanted[32];

    snprintf(wanted, sizeof(wanted), "%s%s", name, suffix);
    for (unsigned i = 0; i < list->len; i++)
        if (strcmp(entry[i].name, wanted) == 0)
            return entry[i].handle;
    return NULL;
}

static uint64_t read_wide(struct cpu *cpu, struct qemu_plugin_register *handle)
{
    uint64_t value = 0;

    if (!handle)
        return 0;
    g_byte_array_set_size(cpu->buffer, 0);
    qemu_plugin_read_register(handle, cpu->buffer);
    memcpy(&value, cpu->buffer->data, cpu->buffer->len < 8 ? cpu->buffer->len : 8);
    return value;
}

uint32_t machine_register(unsigned cpu, struct qemu_plugin_register *handle)
{
    return (uint32_t)read_wide(&sim.cpu[cpu], handle);
}

void machine_cpu_init(unsigned index)
{
    struct cpu *cpu = &sim.cpu[index];
    struct glib_array *list = qemu_plugin_get_registers();
    char name[8];

    cpu->buffer = g_byte_array_new();
    for (int bank = 0; bank < BANKS; bank++) {
        const char *suffix = bank == BANK_SECURE ? "_S" : "";

        cpu->bank[bank].sctlr = find(list, "SCTLR", suffix);
        cpu->bank[bank].ttbr0 = find(list, "TTBR0_EL1", suffix);
        cpu->bank[bank].ttbr1 = find(list, "TTBR1_EL1", suffix);
        cpu->bank[bank].ttbcr = find(list, "TTBCR", suffix);
        cpu->bank[bank].mair0 = find(list, "MAIR0", suffix);
        cpu->bank[bank].mair1 = find(list, "MAIR1", suffix);
        cpu->bank[bank].fcseidr = find(list, "FCSEIDR", suffix);
    }
    cpu->wide_ttbr0 = find(list, "TTBR0", "");
    cpu->wide_ttbr1 = find(list, "TTBR1", "");
    cpu->scr = find(list, "SCR", "");
    if (cpu->scr || find(list, "HCR", "") || find(list, "VBAR_EL2", ""))
        sim.banked = true;
    cpu->cpsr = find(list, "cpsr", "");
    for (unsigned i = 0; i < 13; i++) {
        snprintf(name, sizeof(name), "r%u", i);
        cpu->core[i] = find(list, name, "");
    }
    cpu->core[13] = find(list, "sp", "");
    cpu->core[14] = find(list, "lr", "");
    cpu->core[15] = find(list, "pc", "");
    cpu->ctr = machine_register(index, find(list, "CTR", ""));
    cpu->clidr = machine_register(index, find(list, "CLIDR", ""));
    cpu->mmfr3 = machine_register(index, find(list, "ID_MMFR3", ""));
    cpu->coherent_walk = (cpu->mmfr3 >> 20 & 15) == 1;
}

void machine_threads(void)
{
    const void *(*get_cpu)(int) = NULL;
    const bool *in_threads = dlsym(RTLD_DEFAULT, "mttcg_enabled");

    *(void **)&get_cpu = dlsym(RTLD_DEFAULT, "qemu_get_cpu");
    if (sim.cpus == 1 || !get_cpu || !in_threads || *in_threads || !dlsym(RTLD_DEFAULT, "current_cpu"))
        return;
    sim.round_robin = true;
    for (unsigned cpu = 0; cpu < sim.cpus; cpu++)
        sim.cpu_state[cpu] = get_cpu((int)cpu);
}

void machine_resync(unsigned index)
{
    struct cpu *cpu = &sim.cpu[index];
    uint32_t mode;
    int bank;

    if (sim.was_reset && sim.model) {
        sim.was_reset = false;
        if (sim.options.offset)
            memcpy(sim.host + sim.options.offset, sim.host, sim.window);
    }
    mode = machine_register(index, cpu->cpsr) & 0x1f;
    bank = cpu->scr && cpu->bank[BANK_SECURE].sctlr && (mode == 0x16 || !(machine_register(index, cpu->scr) & 1))
               ? BANK_SECURE
               : BANK_NON_SECURE;

    cpu->hypervisor = mode == 0x1a;
    cpu->mmu.sctlr = machine_register(index, cpu->bank[bank].sctlr);
    cpu->mmu.ttbcr = machine_register(index, cpu->bank[bank].ttbcr);
    if (cpu->mmu.ttbcr >> 31 && cpu->wide_ttbr0) {
        cpu->mmu.ttbr0 = read_wide(cpu, cpu->wide_ttbr0);
        cpu->mmu.ttbr1 = read_wide(cpu, cpu->wide_ttbr1);
    } else {
        cpu->mmu.ttbr0 = machine_register(index, cpu->bank[bank].ttbr0);
        cpu->mmu.ttbr1 = machine_register(index, cpu->bank[bank].ttbr1);
    }
    cpu->mmu.mair0 = machine_register(index, cpu->bank[bank].mair0);
    cpu->mmu.mair1 = machine_register(index, cpu->bank[bank].mair1);
    cpu->mmu.fcseidr = machine_register(index, cpu->bank[bank].fcseidr);
    if (cpu->hypervisor)
        cpu->mmu.sctlr = 0; /* HYP translation is not followed: its accesses count as made with caches off */
    if (sim.model)
        model_cache_enable(sim.model, index, (cpu->mmu.sctlr & 5) == 5);
}

/* The caches as QEMU's models of the cores report them in CCSIDR, which is not to be read from outside; by their CLIDR and CTR. */
static void geometry(struct model_config *config)
{
    uint32_t clidr = sim.cpu[0].clidr;
    uint32_t minimum = 4u << (sim.cpu[0].ctr >> 16 & 15);

    config->line = sim.options.line ? sim.options.line : minimum >= 16 && minimum <= 64 ? minimum : 64;
    if ((clidr >> 3 & 7) == 4) { /* Cortex-A7, Cortex-A15: a unified second level */
        sim.reported[0] = (struct model_geometry){.sets = 256, .ways = 2};
        sim.reported[1] = (struct model_geometry){.sets = 2304, .ways = 16};
        config->outer = MODEL_OUTER_INTEGRATED;
        config->l2 = sim.reported[1];
    } else { /* Cortex-A8, Cortex-A9 */
        /* The Cortex-A8 has a second level (CLIDR.LoC) that QEMU's does not report. */
        config->hidden = (clidr >> 24 & 7) > (clidr >> 27 & 7);
        sim.reported[0] = (struct model_geometry){.sets = minimum == 32 ? 128 : 64, .ways = 4};
    }
    config->l1 = sim.options.l1.ways ? sim.options.l1 : sim.reported[0];
    if (sim.options.has_l2c310) {
        config->outer = MODEL_OUTER_L2C310;
        config->l2 = (struct model_geometry){.sets = L2C310_SETS, .ways = L2C310_WAYS};
    }
    sim.l1 = config->l1;
}

static void written_back(void *context, uint32_t address)
{
    (void)context;
    devices_published(address, sim.line_mask + 1);
}

static bool create_model(void)
{
    struct model_config config = {
        .base = sim.base,
        .size = sim.window,
        .cpu_view = sim.host,
        .bus_view = sim.options.offset ? sim.host + sim.options.offset : NULL,
        .cpus = sim.cpus,
        .signals = devices_signal,
        .strict = sim.options.strict,
        .clean_first = sim.options.clean_first,
        .seed = sim.options.seed,
        .evict = sim.options.evict,
        .prefetch = sim.options.prefetch,
        .violation = report_violation,
        .written_back = devices_want_published ? written_back : NULL,
    };

    geometry(&config);
    sim.line_shift = (unsigned)__builtin_ctz(config.line);
    sim.line_mask = config.line - 1;
    if (config.bus_view)
        memcpy(config.bus_view, config.cpu_view, sim.window);
    sim.model = model_new(&config);
    for (unsigned cpu = 0; cpu < sim.cpus; cpu++) {
        sim.cpu[cpu].contacts = model_contacts(sim.model, cpu);
        model_cache_enable(sim.model, cpu, (sim.cpu[cpu].mmu.sctlr & 5) == 5);
        memory_flush_tlb(cpu);
    }
    return true;
}

/* The machine is reset: no CPU runs. QEMU loads the image again after or before this, so the views are made equal later. */
static void on_reset(void *data)
{
    struct model_counts counts;

    (void)data;
    if (!sim.model)
        return;
    counts = *model_counts(sim.model);
    for (unsigned cpu = 0; cpu < sim.cpus; cpu++) {
        sim.cpu[cpu].mmu.sctlr = 0;
        sim.cpu[cpu].resync = true;
    }
    model_free(sim.model);
    create_model();
    *model_counts(sim.model) = counts;
    devices_reset();
    sim.was_reset = true;
}

void machine_watch_reset(void)
{
    void (*watch)(void (*handler)(void *), void *data) = NULL;

    *(void **)&watch = dlsym(RTLD_DEFAULT, "qemu_register_reset");
    if (watch)
        watch(on_reset, NULL);
}

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
static void find_ram(uint32_t address, const void *host)
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
    create_model();
}

/* Code that an image starts with may lie in flash, and be mapped elsewhere: where nothing says that it is RAM, look on. */
void machine_find_ram_by_code(uint32_t address, const void *host)
{
    if (host && writable(address, host) == host)
        find_ram(address, host);
}

void machine_find_ram_by_store(qemu_plugin_meminfo_t info, uint64_t virtual)
{
    const struct qemu_plugin_hwaddr *where = qemu_plugin_get_hwaddr(info, virtual);
    uint64_t physical;
    const void *host;

    if (!where || qemu_plugin_hwaddr_is_io(where))
        return;
    physical = qemu_plugin_hwaddr_phys_addr(where);
    host = writable(physical, NULL);
    if (host && physical <= UINT32_MAX)
        find_ram((uint32_t)physical, host);
}

uint8_t *machine_ram(uint32_t address, uint32_t bytes)
{
    if (!sim.host || address - sim.base >= sim.size || bytes > sim.size - (address - sim.base))
        return NULL;
    return sim.host + (address - sim.base);
}

bool machine_read_physical(void *context, uint64_t physical, unsigned bytes, uint64_t *value)
{
    static void (*read_memory)(uint64_t, void *, uint64_t, bool);
    static bool looked;
    const uint8_t *ram = physical <= UINT32_MAX ? machine_ram((uint32_t)physical, bytes) : NULL;

    (void)context;
    *value = 0;
    if (ram) {
        memcpy(value, ram, bytes);
        return true;
    }
    if (!looked) {
        *(void **)&read_memory = dlsym(RTLD_DEFAULT, "cpu_physical_memory_rw");
        looked = true;
    }
    if (!read_memory)
        return false;
    read_memory(physical, value, bytes, false);
    return true;
}
