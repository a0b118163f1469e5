/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine under the image: the system registers of its CPUs, and the model that is made by them once RAM is found (ram.c).
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

static unsigned line_bytes(void)
{
    uint32_t minimum = 4u << (sim.core->ctr >> 16 & 15);

    return sim.options.line ? sim.options.line : minimum >= 16 && minimum <= 64 ? minimum : 64;
}

void machine_cpu_init(unsigned index)
{
    struct cpu *cpu = &sim.cpu[index];
    struct glib_array *list = qemu_plugin_get_registers();
    char name[8];
    uint32_t part;

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
    part = machine_register(index, find(list, "MIDR", "")) >> 4 & 0xfff;
    cpu->joins = part == 0xc09;
    cpu->caches_shareable = part != 0xc08 && part != 0xc09;
    sim_lock();
    if (!sim.core) {
        sim.core = cpu;
        sim.line_shift = (unsigned)__builtin_ctz(line_bytes());
        sim.line_mask = line_bytes() - 1;
        memory_init();
    }
    sim_unlock();
}

/* QEMU's register stays as it is: the store is all that there is to see. */
void machine_actlr(unsigned index, uint32_t value)
{
    struct cpu *cpu = &sim.cpu[index];

    if (cpu->joins && cpu->caches_shareable != (value >> 6 & 1)) {
        cpu->caches_shareable = value >> 6 & 1;
        cpu->resync = true;
        memory_flush_tlb(index);
    }
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
    uint32_t clidr = sim.core->clidr;
    uint32_t minimum = 4u << (sim.core->ctr >> 16 & 15);

    config->line = line_bytes();
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

void machine_create_model(void)
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
    if (config.bus_view)
        memcpy(config.bus_view, config.cpu_view, sim.window);
    sim.model = model_new(&config);
    for (unsigned cpu = 0; cpu < sim.cpus; cpu++) {
        sim.cpu[cpu].contacts = model_contacts(sim.model, cpu);
        model_cache_enable(sim.model, cpu, (sim.cpu[cpu].mmu.sctlr & 5) == 5);
        memory_flush_tlb(cpu);
    }
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
        sim.cpu[cpu].caches_shareable &= !sim.cpu[cpu].joins;
        sim.cpu[cpu].resync = true;
    }
    model_free(sim.model);
    machine_create_model();
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
