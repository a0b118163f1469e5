/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Called by QEMU for each block it translates: every instruction gets its memory callbacks, and those that matter to caches a
 * callback of their own. QEMU calls back before the instruction, even if its condition fails.
 */
#include "sim/plugin/plugin.h"

#include <stdlib.h>
#include <string.h>

/* What a callback has to know of its instruction: one for each time that it is translated. QEMU keeps them in its code until it
 * flushes that, and does not say when it does: they stay for the run, a few dozen bytes for each. */
struct site {
    struct arm_instruction instruction;
    enum state { STATE_T32, STATE_PERHAPS_A32, STATE_PERHAPS_T32 } state;
    uint32_t pc;
    _Atomic uint8_t mode; /* 0: not executed yet */
};

/* QEMU translates a block for one instruction set and for one privilege, and looks for another when either changes: both are read when
 * it executes first. */
enum { MODE_KNOWN = 1, MODE_T32 = 2, MODE_PRIVILEGED = 4 };

static struct site *new_site(uint32_t pc, struct arm_instruction instruction, enum state state)
{
    struct site *site = calloc(1, sizeof(*site));

    if (!site)
        abort();
    site->instruction = instruction;
    site->state = state;
    site->pc = pc;
    return site;
}

static uint8_t mode_of(unsigned cpu, struct site *site)
{
    uint8_t mode = atomic_load_explicit(&site->mode, memory_order_relaxed);
    uint32_t cpsr;

    if (mode)
        return mode;
    cpsr = machine_register(cpu, sim.cpu[cpu].cpsr);
    mode = MODE_KNOWN | (cpsr >> 5 & 1 ? MODE_T32 : 0) | ((cpsr & 0x1f) != 0x10 ? MODE_PRIVILEGED : 0);
    atomic_store_explicit(&site->mode, mode, memory_order_relaxed);
    return mode;
}

/* Does it execute at all? Its condition may fail, it may be data of the other instruction set, and maintenance from User mode is
 * undefined (barriers are not). */
static bool executes(unsigned cpu, struct site *site)
{
    uint8_t mode = mode_of(cpu, site);

    if (site->state != STATE_T32 && !(mode & MODE_T32) != (site->state == STATE_PERHAPS_A32))
        return false;
    if (site->instruction.operation < ARM_DSB && !(mode & MODE_PRIVILEGED))
        return false;
    return site->instruction.condition >= 14 ||
           arm_condition_holds(site->instruction.condition, machine_register(cpu, sim.cpu[cpu].cpsr));
}

static void fault(uint32_t address, const struct model_access *access)
{
    struct model_violation violation = {
        .kind = MODEL_MAINTENANCE_FAULT,
        .physical = address,
        .bytes = sim.line_mask + 1,
        .observer = *access,
        .hint = "the image's tables do not map this (virtual) address: hardware takes a data abort here",
    };

    violation.culprit.who = MODEL_NOBODY;
    model_counts(sim.model)->violations[MODEL_MAINTENANCE_FAULT]++;
    report_violation(NULL, &violation);
}

static enum model_operation operation_of(enum arm_operation operation)
{
    switch (operation) {
    case ARM_DCIMVAC:
    case ARM_DCISW:
        return MODEL_OP_INVALIDATE;
    case ARM_DCCIMVAC:
    case ARM_DCCISW:
        return MODEL_OP_CLEAN_INVALIDATE;
    default:
        return MODEL_OP_CLEAN;
    }
}

static void by_address(unsigned cpu, const struct site *site, uint32_t address, const struct model_access *access)
{
    struct tlb_entry *entry = memory_translate(cpu, address);
    uint32_t physical = (entry->physical + (address & 0xfff)) & ~sim.line_mask;

    if (entry->attribute == ATTRIBUTE_UNMAPPED) {
        fault(address, access);
        return;
    }
    if (entry->attribute == ATTRIBUTE_DEVICE || entry->attribute == ATTRIBUTE_OTHER ||
        entry->attribute == ATTRIBUTE_BUS)
        return;
    model_maintain(sim.model, operation_of(site->instruction.operation), physical,
                   site->instruction.operation == ARM_DCCMVAU, access);
}

/* The image counts in the sets and ways that its CPU reports; the model may have been given others (l1=): each pair then stands for
 * all that are equal to it modulo the reported numbers, so that going over all of them still reaches everything. */
static void by_set_way(const struct site *site, uint32_t value, const struct model_access *access)
{
    enum model_operation operation = operation_of(site->instruction.operation);
    uint32_t level = value >> 1 & 7;
    const struct model_geometry *reported = &sim.reported[level], *have = level ? reported : &sim.l1;
    uint32_t set, way;

    if (level > 1 || !reported->ways)
        return;
    set = value >> sim.line_shift & ((1u << (32 - __builtin_clz(reported->sets - 1))) - 1);
    way = reported->ways > 1 ? value >> __builtin_clz(reported->ways - 1) : 0;
    for (uint32_t s = set; s < have->sets; s += reported->sets)
        for (uint32_t w = way; w < have->ways; w += reported->ways)
            model_maintain_set_way(sim.model, operation, level, s, w, access);
}

static void on_operation(unsigned index, void *data)
{
    unsigned cpu = cpu_now(index);
    struct site *site = data;
    enum arm_operation operation = site->instruction.operation;
    static const enum model_action actions[MODEL_OPS] = {MODEL_CLEAN, MODEL_INVALIDATE, MODEL_CLEAN_INVALIDATE};
    struct model_access access = access_by(cpu, site->pc, actions[operation_of(operation)]);

    uint32_t value = 0;

    if ((!sim.model && operation != ARM_ACTLR) || sim.ending || !executes(cpu, site))
        return;
    if (operation < ARM_DSB)
        value = machine_register(cpu, sim.cpu[cpu].core[site->instruction.source]);
    sim_lock();
    if (devices_asynchronous && sim.model)
        devices_poll();
    switch (operation) {
    case ARM_ACTLR:
        machine_actlr(cpu, value);
        break;
    case ARM_DCIMVAC:
    case ARM_DCCMVAC:
    case ARM_DCCIMVAC:
    case ARM_DCCMVAU:
        by_address(cpu, site, value, &access);
        break;
    case ARM_DCISW:
    case ARM_DCCSW:
    case ARM_DCCISW:
        by_set_way(site, value, &access);
        break;
    case ARM_DSB:
    case ARM_DMB:
        memory_publish(cpu);
        if (arm_barrier_reaches_system(site->instruction.option))
            model_barrier(sim.model, cpu, operation == ARM_DSB, arm_barrier_orders_loads(site->instruction.option));
        break;
    case ARM_SEMIHOSTING:
        semihosting_call(cpu, site->pc);
        break;
    default:
        break;
    }
    sim_unlock();
}

/* The instruction takes effect after this: the registers are read at the next access. */
static void on_translation_change(unsigned cpu, void *data)
{
    (void)cpu, (void)data;
    sim_lock();
    for (unsigned i = 0; i < sim.cpus; i++) {
        sim.cpu[i].resync = true;
        memory_flush_tlb(i);
    }
    sim_unlock();
}

static void on_copy_function(unsigned index, void *data)
{
    unsigned cpu = cpu_now(index);

    (void)data;
    sim.cpu[cpu].caller = machine_register(cpu, sim.cpu[cpu].core[14]) & ~1u;
}

static void on_mark(unsigned index, void *data)
{
    unsigned cpu = cpu_now(index);
    char name[64] = "";
    uint32_t address = machine_register(cpu, sim.cpu[cpu].core[0]);

    (void)data;
    sim_lock();
    for (unsigned i = 0; i < sizeof(name) - 1 && sim.model; i++) {
        struct tlb_entry *entry = memory_translate(cpu, address + i);
        const uint8_t *byte = machine_ram(entry->physical + ((address + i) & 0xfff), 1);

        if (entry->attribute == ATTRIBUTE_UNMAPPED || !byte || *byte < 32 || *byte > 126) {
            if (byte && *byte)
                name[0] = '\0';
            break;
        }
        name[i] = (char)*byte;
    }
    statistics_close_period(name);
    sim_unlock();
}

/* ITSTATE at instructions that a block may start with, left by the block before: a small cache by address. */
static struct {
    uint32_t pc;
    uint8_t state;
} if_then_at[1024];

static bool is_t32(struct qemu_plugin_tb *tb, size_t count)
{
    /* T32 shows by an odd halfword address or a 2-byte instruction; a block of A32 has only words at word addresses. */
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

        if (qemu_plugin_insn_size(insn) == 2 || qemu_plugin_insn_vaddr(insn) & 2)
            return true;
    }
    return false;
}

/* Callbacks of one instruction. The state (A32 or T32) of a block of words alone is known only when it executes: site->state. */
static void instrument(struct qemu_plugin_insn *insn, uint32_t pc, struct arm_instruction instruction, enum state state)
{
    if (instruction.operation == ARM_TRANSLATION || (instruction.operation == ARM_MODE && sim.banked))
        qemu_plugin_register_vcpu_insn_exec_cb(insn, on_translation_change, QEMU_PLUGIN_CB_NO_REGS, NULL);
    else if (instruction.operation != ARM_OTHER && instruction.operation != ARM_IF_THEN &&
             instruction.operation != ARM_MODE)
        qemu_plugin_register_vcpu_insn_exec_cb(insn, on_operation, QEMU_PLUGIN_CB_R_REGS,
                                               new_site(pc, instruction, state));
}

static struct arm_instruction decode(struct qemu_plugin_insn *insn, uint32_t pc, bool t32, uint8_t it)
{
    struct arm_instruction instruction;
    uint8_t condition = it ? it >> 4 : 14;
    uint16_t half[2] = {0};
    uint32_t word;

    if (qemu_plugin_insn_data(insn, half, 4) == 2) {
        instruction = arm_decode_t32(half[0], 2);
        instruction.condition = condition;
        instrument(insn, pc, instruction, STATE_T32);
        return instruction;
    }
    if (!t32) {
        memcpy(&word, half, 4);
        instrument(insn, pc, arm_decode_a32(word), STATE_PERHAPS_A32);
    }
    instruction = arm_decode_t32((uint32_t)half[0] << 16 | half[1], 4);
    instruction.condition = condition;
    instrument(insn, pc, instruction, t32 ? STATE_T32 : STATE_PERHAPS_T32);
    return instruction;
}

void translate_block(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    size_t count = qemu_plugin_tb_n_insns(tb);
    uint32_t start = (uint32_t)qemu_plugin_tb_vaddr(tb);
    bool t32 = is_t32(tb, count);
    uint8_t it = 0;

    (void)id;
    sim_lock();
    if (!sim.model)
        machine_threads();
    if (!sim.model)
        ram_find_by_code(start, qemu_plugin_insn_haddr(qemu_plugin_tb_get_insn(tb, 0)));
    if (if_then_at[(start >> 1) % 1024].pc == start)
        it = if_then_at[(start >> 1) % 1024].state;
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        uint32_t pc = (uint32_t)qemu_plugin_insn_vaddr(insn);
        struct arm_instruction instruction = decode(insn, pc, t32, it);
        bool entry = false, copies = symbols_copies(pc, &entry);
        uint32_t mark;

        if (copies && entry)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, on_copy_function, QEMU_PLUGIN_CB_R_REGS, NULL);
        for (unsigned m = 0; m < sim.options.marks; m++)
            if (symbols_address(sim.options.mark[m], &mark) && mark == pc)
                qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, QEMU_PLUGIN_CB_R_REGS, NULL);
        memory_instrument(insn, pc, copies);
        if (instruction.operation == ARM_IF_THEN)
            it = instruction.if_then;
        else if (it)
            it = arm_if_then_advance(it);
        uint32_t next = pc + (uint32_t)qemu_plugin_insn_size(insn);
        if (it || if_then_at[(next >> 1) % 1024].pc == next) {
            if_then_at[(next >> 1) % 1024].pc = next;
            if_then_at[(next >> 1) % 1024].state = it;
        }
    }
    sim_unlock();
}
