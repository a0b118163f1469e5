/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every load and store of every CPU: the fast path, the software TLB, and the way into the model.
 */
#include "sim/plugin/plugin.h"

/* Stands for the page of an entry that has none: nothing is quick in it. */
static struct page no_page;

/* Apart from struct cpu: the index of an entry is then a shift. */
static struct tlb_entry tlb[MODEL_CPUS][TLB_SIZE];

static inline struct tlb_entry *tlb_slot(unsigned cpu, uint32_t address)
{
    uint32_t page = address >> PAGE_SHIFT;

    /* Buffers are often a power of two apart. */
    return &tlb[cpu][(page ^ page >> 8) % TLB_SIZE];
}

static inline uint32_t tag_of(uint32_t address)
{
    return address | 0xfff;
}

static inline uint32_t tlb_tag(const struct tlb_entry *entry)
{
    return atomic_load_explicit(&entry->tag, memory_order_relaxed);
}

#define COPIES (1ull << 32) /* in a callback's user data: the instruction is part of memcpy or the like */

struct model_access memory_access(unsigned cpu, uint32_t pc, enum model_action action)
{
    return (struct model_access){.pc = pc, .who = (uint8_t)cpu, .action = (uint8_t)action};
}

/* Perhaps another CPU's, which goes on using it: only the tags go. */
void memory_flush_tlb(unsigned cpu)
{
    struct cpu *of = &sim.cpu[cpu];
    bool all = of->filled_count > TLB_FILLED;

    for (unsigned i = 0; i < (all ? TLB_SIZE : of->filled_count); i++)
        atomic_store_explicit(&tlb[cpu][all ? i : of->filled[i]].tag, 0, memory_order_relaxed);
    of->filled_count = 0;
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

static enum attribute attribute_of(const struct arm_mapping *mapping)
{
    uint64_t in_ram = mapping->physical - sim.base;

    if (!sim.model || mapping->physical < sim.base || in_ram >= sim.size)
        return mapping->memory == ARM_MEMORY_NORMAL ? ATTRIBUTE_OTHER : ATTRIBUTE_DEVICE;
    if (sim.options.offset && in_ram >= sim.options.offset && in_ram - sim.options.offset < sim.window)
        return ATTRIBUTE_BUS;
    if (in_ram >= sim.window)
        return ATTRIBUTE_OTHER;
    if (mapping->memory != ARM_MEMORY_NORMAL || mapping->inner == ARM_NON_CACHEABLE)
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
    if (tlb_tag(entry) == tag_of(address))
        return entry;
    entry->tag = 0;
    entry->attribute = ATTRIBUTE_UNMAPPED;
    entry->looked_at = false;
    entry->cached = entry->uncached = &no_page;
    walk.cacheable = cpu->coherent_walk && arm_walk_is_cacheable(&cpu->mmu, address);
    walk.outer = sim.options.has_l2c310 && arm_walk_is_outer_cacheable(&cpu->mmu, address);
    if (!arm_walk(&cpu->mmu, address & ~0xfffu, walk_read, &walk, &mapping)) {
        cpu->failed_walks++;
        return entry;
    }
    entry->attribute = attribute_of(&mapping);
    entry->physical = (uint32_t)mapping.physical;
    if (entry->attribute == ATTRIBUTE_BUS)
        entry->physical -= sim.options.offset;
    if (entry->attribute == ATTRIBUTE_CACHED) {
        entry->cached = model_page(sim.model, entry->physical);
        model_note_cacheable(sim.model, entry->physical);
    } else if (entry->attribute == ATTRIBUTE_UNCACHED || entry->attribute == ATTRIBUTE_BUS) {
        entry->uncached = model_page(sim.model, entry->physical);
    }
    entry->tag = tag_of(address);
    if (cpu->filled_count < TLB_FILLED)
        cpu->filled[cpu->filled_count] = (uint16_t)(entry - tlb[index]);
    if (cpu->filled_count <= TLB_FILLED)
        cpu->filled_count++;
    return entry;
}

/* The last lines that the CPU stored to uncached: at its next barrier they are what a device finds. */
static inline void note_uncached_line(struct cpu *cpu, uint32_t line)
{
    if (cpu->written[(cpu->written_count - 1) % WRITTEN] == line)
        return;
    if (cpu->written_count >= WRITTEN && devices_want_published)
        devices_published(cpu->written[cpu->written_count % WRITTEN], sim.line_mask + 1);
    cpu->written[cpu->written_count++ % WRITTEN] = line;
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
            note_uncached_line(cpu, physical & ~sim.line_mask);
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
static void look_for_device(struct tlb_entry *entry, qemu_plugin_meminfo_t info, uint32_t address)
{
    const struct qemu_plugin_hwaddr *where;

    entry->looked_at = true;
    if (entry->attribute != ATTRIBUTE_UNCACHED && entry->attribute != ATTRIBUTE_BUS)
        return;
    where = qemu_plugin_get_hwaddr(info, address);
    if (!where || !qemu_plugin_hwaddr_is_io(where))
        return;
    if (entry->attribute == ATTRIBUTE_BUS)
        entry->physical += sim.options.offset;
    entry->attribute = ATTRIBUTE_DEVICE;
    entry->uncached = &no_page;
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
        look_for_device(entry, info, address);
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

/* An access's size less one, by what QEMU tells of it: QEMU's own function decodes it anew each time. */
static uint8_t last_byte[1 << 16];

static void measure_sizes(void)
{
    static bool done;

    if (done)
        return;
    done = true;
    for (uint32_t info = 0; info < sizeof(last_byte); info++)
        last_byte[info] = (uint8_t)((1u << qemu_plugin_mem_size_shift(info)) - 1);
}

/* The number of an access's line in its page. */
static inline unsigned line_number(uint32_t address)
{
    return (address & 0xfff) >> sim.line_shift;
}

/* What the callbacks below have not decided: accesses in MEMORY, and loads that are not aligned. */
static __attribute__((noinline)) void other_load(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual,
                                                 void *data)
{
    uint32_t address = (uint32_t) virtual;
    const struct tlb_entry *entry = tlb_slot(index, address);
    uint32_t last = last_byte[info & 0xffff];

    if (tlb_tag(entry) == tag_of(address) && (address & sim.line_mask) + last <= sim.line_mask) {
        if (fast_load(entry->cached, line_number(address), index))
            return;
        if (fast_uncached_load(entry->uncached, line_number(address), index)) {
            sim.cpu[index].quick_uncached += last + 1;
            ++*sim.cpu[index].contacts;
            return;
        }
    }
    slow(index, info, address, (uintptr_t)data, false);
}

static __attribute__((noinline)) void other_store(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual,
                                                  void *data)
{
    uint32_t address = (uint32_t) virtual, pc = (uint32_t)(uintptr_t)data;
    const struct tlb_entry *entry = tlb_slot(index, address);
    uint32_t last = last_byte[info & 0xffff], offset = address & sim.line_mask;
    unsigned at = line_number(address);
    struct cpu *cpu = &sim.cpu[index];

    if (tlb_tag(entry) == tag_of(address) && offset + last <= sim.line_mask) {
        if (fast_store(entry->cached, at, index, address, mask_of(offset, last + 1), last, pc)) {
            if ((uintptr_t)data & COPIES && cpu->caller)
                entry->cached->line[at].store_caller = cpu->caller;
            return;
        }
        if (fast_uncached_store(sim.model, entry->uncached, at, index, offset, last + 1,
                                entry->attribute == ATTRIBUTE_BUS ? MODEL_BUS_VIEW : MODEL_CPU_VIEW, pc)) {
            cpu->quick_uncached_written += last + 1;
            note_uncached_line(cpu, entry->physical + (address & 0xfff & ~sim.line_mask));
            return;
        }
    }
    slow(index, info, address, (uintptr_t)data, true);
}

/* The callbacks proper call nothing: what they cannot decide is handed on with the arguments as they are. An aligned access lies
 * within a line. */
static inline void quick_load(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)
{
    uint32_t address = (uint32_t) virtual;
    const struct tlb_entry *entry = tlb_slot(index, address);

    if (tlb_tag(entry) == tag_of(address) && !(address & last_byte[info & 0xffff]) &&
        fast_load(entry->cached, line_number(address), index))
        return;
    other_load(index, info, virtual, data);
}

static inline void quick_store(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)
{
    uint32_t address = (uint32_t) virtual;
    const struct tlb_entry *entry = tlb_slot(index, address);
    uint32_t last = last_byte[info & 0xffff];

    if (tlb_tag(entry) == tag_of(address) && !(address & last) && !((uintptr_t)data & COPIES) &&
        fast_store(entry->cached, line_number(address), index, address,
                   ((2ull << last) - 1) << (address & sim.line_mask), last, (uint32_t)(uintptr_t)data))
        return;
    other_store(index, info, virtual, data);
}

static void on_load(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)
{
    quick_load(index, info, virtual, data);
}

static void on_store(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)
{
    quick_store(index, info, virtual, data);
}

/* Where QEMU's index may be another CPU's. */
static void on_load_in_turn(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)
{
    quick_load(cpu_now(index), info, virtual, data);
}

static void on_store_in_turn(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)
{
    quick_store(cpu_now(index), info, virtual, data);
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
    on_load_in_turn(index, info, virtual, data);
    noise(index, (uint32_t) virtual);
}

static void on_noisy_store(unsigned index, qemu_plugin_meminfo_t info, uint64_t virtual, void *data)
{
    on_store_in_turn(index, info, virtual, data);
    noise(index, (uint32_t) virtual);
}

void memory_instrument(struct qemu_plugin_insn *insn, uint32_t pc, bool copies)
{
    enum qemu_plugin_cb_flags flags = sim.checks_flags ? QEMU_PLUGIN_CB_R_REGS : QEMU_PLUGIN_CB_NO_REGS;
    void *data = (void *)(uintptr_t)(pc | (copies ? COPIES : 0));
    qemu_plugin_vcpu_mem_cb_t load = sim.round_robin ? on_load_in_turn : on_load;
    qemu_plugin_vcpu_mem_cb_t store = sim.round_robin ? on_store_in_turn : on_store;

    measure_sizes();
    qemu_plugin_register_vcpu_mem_cb(insn, sim.noise ? on_noisy_load : load, flags, QEMU_PLUGIN_MEM_R, data);
    qemu_plugin_register_vcpu_mem_cb(insn, sim.noise ? on_noisy_store : store, flags, QEMU_PLUGIN_MEM_W, data);
}
