/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every load and store of every CPU: the fast path, the software TLB, and the way into the model.
 */
#define _GNU_SOURCE
#include "sim/plugin/plugin.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* By virtual address, one for each CPU, in address space that is reserved and mostly never touched: an access finds the byte that
 * decides it with one load, and nothing has to be compared. */
static struct tables {
    /* An access's size less one, by what QEMU tells of it: QEMU's own function decodes it anew each time. */
    uint8_t last_byte[1 << 16];
    uint8_t quick[]; /* of each line: QUICK_LOAD and so on; 0 if it is not translated */
} * tables;

/* Of each page. */
static struct tlb_entry *tlb[MODEL_CPUS];

static inline uint8_t *quick_byte(unsigned cpu, uint32_t address, unsigned line_shift)
{
    return &tables->quick[((size_t)cpu << (32 - line_shift)) + (address >> line_shift)];
}

static inline struct tlb_entry *tlb_slot(unsigned cpu, uint32_t address)
{
    return &tlb[cpu][address >> PAGE_SHIFT];
}

static void *reserve(size_t bytes)
{
    void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (start == MAP_FAILED) {
        complain("cannot reserve %zu MiB of address space", bytes >> 20);
        exit(1);
    }
    madvise(start, bytes, MADV_HUGEPAGE); /* a wish */
    return start;
}

void memory_init(void)
{
    tables = reserve(sizeof(*tables) + ((size_t)sim.cpus << (32 - sim.line_shift)));
    for (unsigned cpu = 0; cpu < sim.cpus; cpu++)
        tlb[cpu] = reserve(sizeof(struct tlb_entry) << (32 - PAGE_SHIFT));
    for (uint32_t info = 0; info < sizeof(tables->last_byte); info++)
        tables->last_byte[info] = (uint8_t)((1u << qemu_plugin_mem_size_shift(info)) - 1);
}

#define COPIES (1ull << 32) /* in a callback's user data: the instruction is part of memcpy or the like */

/* Perhaps another CPU's, which goes on using what it has found: pages and translations stay where they are. */
void memory_flush_tlb(unsigned cpu)
{
    struct cpu *of = &sim.cpu[cpu];

    for (uint32_t i = 0; i < of->filled_count; i++) {
        struct tlb_entry *entry = &tlb[cpu][of->filled[i]];

        entry->valid = false;
        if (entry->mapping.decides) {
            memset(entry->mapping.quick, 0, 1u << (PAGE_SHIFT - sim.line_shift));
            model_unmap(sim.model, cpu, entry->physical);
        }
    }
    of->filled_count = 0;
}

static void note_filled(struct cpu *cpu, uint32_t page)
{
    if (cpu->filled_count == cpu->filled_room) {
        cpu->filled_room = cpu->filled_room ? 2 * cpu->filled_room : 256;
        cpu->filled = realloc(cpu->filled, cpu->filled_room * sizeof(*cpu->filled));
        if (!cpu->filled)
            abort();
    }
    cpu->filled[cpu->filled_count++] = page;
}

struct walk_context {
    unsigned cpu;
    bool cacheable, outer;
};

/* A table walker that does not look into the data caches is an observer in MEMORY. */
static bool walk_read(void *context, uint64_t physical, unsigned bytes, uint64_t *value)
{
    const struct walk_context *walk = context;

    if (!walk->cacheable && sim.model && physical - sim.base < sim.window) {
        struct model_access access = {.who = (uint8_t)MODEL_WALKER(walk->cpu), .action = MODEL_TABLE_WALK};

        model_table_walk(sim.model, (uint32_t)physical, bytes, walk->outer, &access);
    }
    return machine_read_physical(NULL, physical, bytes, value);
}

static enum attribute attribute_of(const struct cpu *cpu, const struct arm_mapping *mapping)
{
    uint64_t in_ram = mapping->physical - sim.base;

    if (!sim.model || mapping->physical < sim.base || in_ram >= sim.size)
        return mapping->memory == ARM_MEMORY_NORMAL ? ATTRIBUTE_OTHER : ATTRIBUTE_DEVICE;
    if (sim.options.offset && in_ram >= sim.options.offset && in_ram - sim.options.offset < sim.window)
        return ATTRIBUTE_BUS;
    if (in_ram >= sim.window) /* RAM in neither view: raspi2b has its devices there */
        return mapping->memory == ARM_MEMORY_NORMAL ? ATTRIBUTE_OTHER : ATTRIBUTE_DEVICE;
    if (mapping->memory != ARM_MEMORY_NORMAL || mapping->inner == ARM_NON_CACHEABLE ||
        (mapping->shareable && !cpu->caches_shareable))
        return ATTRIBUTE_UNCACHED;
    return mapping->inner == ARM_WRITE_THROUGH ? ATTRIBUTE_WRITE_THROUGH : ATTRIBUTE_CACHED;
}

struct tlb_entry *memory_translate(unsigned index, uint32_t address)
{
    struct cpu *cpu = &sim.cpu[index];
    struct tlb_entry *entry = tlb_slot(index, address);
    struct walk_context walk = {.cpu = index};
    struct arm_mapping mapping;

    if (atomic_load_explicit(&cpu->resync, memory_order_relaxed)) {
        atomic_store_explicit(&cpu->resync, false, memory_order_relaxed);
        machine_resync(index);
        memory_flush_tlb(index);
    }
    if (entry->valid)
        return entry;
    entry->attribute = ATTRIBUTE_UNMAPPED;
    entry->mapping.decides = 0;
    entry->looked_at = false;
    walk.cacheable = cpu->coherent_walk && arm_walk_is_cacheable(&cpu->mmu, address);
    walk.outer = sim.options.has_l2c310 && arm_walk_is_outer_cacheable(&cpu->mmu, address);
    if (!arm_walk(&cpu->mmu, address & ~0xfffu, walk_read, &walk, &mapping)) {
        cpu->failed_walks++;
        return entry;
    }
    entry->attribute = attribute_of(cpu, &mapping);
    entry->physical = (uint32_t)mapping.physical;
    if (entry->attribute == ATTRIBUTE_BUS)
        entry->physical -= sim.options.offset;
    if (entry->attribute == ATTRIBUTE_CACHED)
        model_note_cacheable(sim.model, entry->physical);
    entry->valid = true;
    note_filled(cpu, address >> PAGE_SHIFT);
    return entry;
}

/* The last lines that the CPU stored to uncached: at its next barrier, or when there are too many, they are what a device finds. */
static inline void note_uncached_line(struct cpu *cpu, uint32_t line, bool locked)
{
    uint32_t *place = &cpu->written[cpu->written_count % WRITTEN];

    if (cpu->written[(cpu->written_count - 1) % WRITTEN] == line)
        return;
    if (cpu->written_count >= WRITTEN && devices_want_published) {
        if (!locked)
            sim_lock();
        devices_published(*place, sim.line_mask + 1);
        if (!locked)
            sim_unlock();
    }
    *place = line;
    cpu->written_count++;
}

void memory_publish(unsigned index)
{
    struct cpu *cpu = &sim.cpu[index];
    unsigned count = cpu->written_count < WRITTEN ? cpu->written_count : WRITTEN;

    for (unsigned i = 0; i < count && devices_want_published; i++)
        devices_published(cpu->written[i], sim.line_mask + 1);
    cpu->written_count = 0;
    cpu->written[WRITTEN - 1] = 0;
}

/* One access within a line and a page. */
static void access_part(unsigned index, uint32_t address, uint32_t bytes, bool store, bool copies, uint32_t pc)
{
    struct cpu *cpu = &sim.cpu[index];
    struct tlb_entry *entry = memory_translate(index, address);
    uint32_t physical = entry->physical + (address & 0xfff);
    struct model_access access = {.pc = pc, .caller = copies ? cpu->caller : 0, .who = (uint8_t)index};

    if (devices_asynchronous)
        devices_poll();
    switch (entry->attribute) {
    case ATTRIBUTE_CACHED:
    case ATTRIBUTE_WRITE_THROUGH:
        cpu->cached_accesses++;
        access.action = store ? MODEL_STORE : MODEL_LOAD;
        if (store) {
            model_store(sim.model, physical, bytes, entry->attribute == ATTRIBUTE_WRITE_THROUGH, &access);
            if (entry->attribute == ATTRIBUTE_WRITE_THROUGH && devices_want_published)
                devices_published(physical & ~sim.line_mask, sim.line_mask + 1);
        } else {
            model_load(sim.model, physical, bytes, &access);
        }
        break;
    case ATTRIBUTE_UNCACHED:
    case ATTRIBUTE_BUS:
        access.action = store ? MODEL_UNCACHED_STORE : MODEL_UNCACHED_LOAD;
        if (store) {
            model_memory_write(sim.model, physical, bytes,
                               entry->attribute == ATTRIBUTE_BUS ? MODEL_BUS_VIEW : MODEL_CPU_VIEW, &access);
            note_uncached_line(cpu, physical & ~sim.line_mask, true);
        } else {
            model_memory_read(sim.model, physical, bytes, true, &access);
        }
        break;
    default:
        break;
    }
}

void memory_access_range(unsigned cpu, uint32_t address, uint32_t bytes, bool store, uint32_t pc)
{
    while (bytes) {
        uint32_t left = sim.line_mask + 1 - (address & sim.line_mask);
        uint32_t part = left < bytes ? left : bytes;

        access_part(cpu, address, part, store, false, pc);
        address += part;
        bytes -= part;
    }
}

/* A board may have its devices within the addresses of its RAM (raspi2b): QEMU knows at an access. */
static bool is_device(qemu_plugin_meminfo_t info, uint32_t address)
{
    const struct qemu_plugin_hwaddr *where = qemu_plugin_get_hwaddr(info, address);

    return where && qemu_plugin_hwaddr_is_io(where);
}

/* The first access to a page by an instruction: from now on its bytes may be quick. */
static void look_at_page(unsigned index, struct tlb_entry *entry, qemu_plugin_meminfo_t info, uint32_t address)
{
    bool uncached = entry->attribute == ATTRIBUTE_UNCACHED || entry->attribute == ATTRIBUTE_BUS;

    entry->looked_at = true;
    if (uncached && is_device(info, address)) {
        if (entry->attribute == ATTRIBUTE_BUS)
            entry->physical += sim.options.offset;
        entry->attribute = ATTRIBUTE_DEVICE;
        return;
    }
    if (!uncached && entry->attribute != ATTRIBUTE_CACHED)
        return;
    entry->page = model_page(sim.model, entry->physical);
    entry->mapping.decides = uncached ? QUICK_MEMORY_LOAD | QUICK_MEMORY_STORE : QUICK_LOAD | QUICK_STORE;
    entry->mapping.quick = quick_byte(index, address & ~0xfffu, sim.line_shift);
    model_map(sim.model, index, entry->physical, &entry->mapping);
}

static __attribute__((noinline)) void slow(unsigned index, qemu_plugin_meminfo_t info, uint32_t address, uint64_t data,
                                           bool store)
{
    uint32_t bytes = 1u << qemu_plugin_mem_size_shift(info), pc = (uint32_t)data;
    struct tlb_entry *entry;

    if (sim.ending || (!sim.model && !store))
        return;
    sim_lock();
    if (!sim.model)
        ram_find_by_store(info, address);
    if (!sim.model) {
        sim_unlock();
        return;
    }
    entry = memory_translate(index, address);
    if (!entry->looked_at)
        look_at_page(index, entry, info, address);
    if (entry->attribute == ATTRIBUTE_DEVICE) {
        uint32_t physical = entry->physical + (address & 0xfff);

        if (store) {
            model_doorbell(sim.model, index);
            devices_stored(index, physical, bytes, info, pc);
        } else {
            devices_loaded(index, physical, pc);
            model_status_read(sim.model, index);
        }
        sim_unlock();
        return;
    }
    while (bytes) {
        uint32_t left = sim.line_mask + 1 - (address & sim.line_mask);
        uint32_t part = left < bytes ? left : bytes;

        access_part(index, address, part, store, data & COPIES, pc);
        address += part;
        bytes -= part;
    }
    sim_unlock();
}

/* What the callbacks below have not decided: accesses in MEMORY, and those that are not aligned. */
static __attribute__((noinline)) void other_load(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual,
                                                 void *data)
{
    uint32_t address = (uint32_t) virtual, last = tables->last_byte[info & 0xffff];
    uint8_t quick = *quick_byte(index, address, sim.line_shift);

    if (quick & (QUICK_LOAD | QUICK_MEMORY_LOAD) && (address & sim.line_mask) + last <= sim.line_mask) {
        if (quick & QUICK_MEMORY_LOAD) {
            sim.cpu[index].quick_uncached += last + 1;
            ++*sim.cpu[index].contacts;
        }
        return;
    }
    slow(index, info, address, (uintptr_t)data, false);
}

static __attribute__((noinline)) void other_store(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual,
                                                  void *data)
{
    uint32_t address = (uint32_t) virtual, pc = (uint32_t)(uintptr_t)data;
    uint32_t last = tables->last_byte[info & 0xffff], offset = address & sim.line_mask;
    uint8_t quick = *quick_byte(index, address, sim.line_shift);
    struct cpu *cpu = &sim.cpu[index];

    if (quick & (QUICK_STORE | QUICK_MEMORY_STORE) && offset + last <= sim.line_mask) {
        const struct tlb_entry *entry = tlb_slot(index, address);
        unsigned at = (address & 0xfff) >> sim.line_shift;

        if (quick & QUICK_STORE) {
            struct line *line = fast_store(entry->page, at, address, mask_of(offset, last + 1), last, pc);

            if ((uintptr_t)data & COPIES && cpu->caller)
                line->store_caller = cpu->caller;
            return;
        }
        if (fast_memory_store(sim.model, &entry->page->line[at], index, offset, last + 1,
                              entry->attribute == ATTRIBUTE_BUS ? MODEL_BUS_VIEW : MODEL_CPU_VIEW, pc)) {
            cpu->quick_uncached_written += last + 1;
            note_uncached_line(cpu, entry->physical + (address & 0xfff & ~sim.line_mask), false);
            return;
        }
    }
    slow(index, info, address, (uintptr_t)data, true);
}

/* The callbacks proper call nothing: what they cannot decide is handed on with the arguments as they are. An aligned access lies
 * within a line. */
static inline __attribute__((always_inline)) void quick_load(unsigned index, qemu_plugin_meminfo_t info,
                                                             uint64_t virtual, void *data, unsigned line_shift)
{
    uint32_t address = (uint32_t) virtual;

    if (*quick_byte(index, address, line_shift) & QUICK_LOAD && !(address & tables->last_byte[info & 0xffff]))
        return;
    other_load(index, info, virtual, data);
}

static inline __attribute__((always_inline)) void quick_store(unsigned index, qemu_plugin_meminfo_t info,
                                                              uint64_t virtual, void *data, unsigned line_shift)
{
    uint32_t address = (uint32_t) virtual, last = tables->last_byte[info & 0xffff];

    if (*quick_byte(index, address, line_shift) & QUICK_STORE && !(address & last)) {
        fast_store(tlb_slot(index, address)->page, (address & 0xfff) >> line_shift, address,
                   ((2ull << last) - 1) << (address & ((1u << line_shift) - 1)), last, (uint32_t)(uintptr_t)data);
        return;
    }
    other_store(index, info, virtual, data);
}

/* A pair for each size of line, so that none is looked up, and one for where QEMU's index may be another CPU's. */
#define CALLBACKS(name, index_now, line_shift)                                                                         \
    static void load_##name(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)                  \
    {                                                                                                                  \
        quick_load(index_now, info, virtual, data, line_shift);                                                        \
    }                                                                                                                  \
    static void store_##name(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)                 \
    {                                                                                                                  \
        quick_store(index_now, info, virtual, data, line_shift);                                                       \
    }

CALLBACKS(16, index, 4)
CALLBACKS(32, index, 5)
CALLBACKS(64, index, 6)
CALLBACKS(in_turn, cpu_now(index), sim.line_shift)

/* In memcpy and the like the caller is noted too. */
static void store_copying(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)
{
    other_store(cpu_now(index), info, virtual, data);
}

/* With noise every access counts. */
static void noise(unsigned index, uint32_t address)
{
    struct tlb_entry *entry;

    if (!sim.model || sim.ending)
        return;
    index = cpu_now(index);
    sim_lock();
    entry = tlb_slot(index, address);
    model_noise(sim.model, index, entry->physical + (address & 0xfff));
    sim_unlock();
}

static void on_noisy_load(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)
{
    load_in_turn(index, info, virtual, data);
    noise(index, (uint32_t) virtual);
}

static void on_noisy_store(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)
{
    if ((uintptr_t)data & COPIES)
        store_copying(index, info, virtual, data);
    else
        store_in_turn(index, info, virtual, data);
    noise(index, (uint32_t) virtual);
}

void memory_instrument(struct qemu_plugin_insn *insn, uint32_t pc, bool copies)
{
    static const qemu_plugin_vcpu_mem_cb_t loads[] = {load_16, load_32, load_64};
    static const qemu_plugin_vcpu_mem_cb_t stores[] = {store_16, store_32, store_64};
    enum qemu_plugin_cb_flags flags = sim.checks_flags ? QEMU_PLUGIN_CB_R_REGS : QEMU_PLUGIN_CB_NO_REGS;
    void *data = (void *)(uintptr_t)(pc | (copies ? COPIES : 0));
    qemu_plugin_vcpu_mem_cb_t load = sim.noise         ? on_noisy_load
                                     : sim.round_robin ? load_in_turn
                                                       : loads[sim.line_shift - 4];
    qemu_plugin_vcpu_mem_cb_t store = sim.noise         ? on_noisy_store
                                      : copies          ? store_copying
                                      : sim.round_robin ? store_in_turn
                                                        : stores[sim.line_shift - 4];

    qemu_plugin_register_vcpu_mem_cb(insn, load, flags, QEMU_PLUGIN_MEM_R, data);
    qemu_plugin_register_vcpu_mem_cb(insn, store, flags, QEMU_PLUGIN_MEM_W, data);
}
