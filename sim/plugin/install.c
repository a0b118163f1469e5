/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plugin's two ends: QEMU calls qemu_plugin_install() once before the machine starts, and the exit callback once at the end.
 */
#define _GNU_SOURCE
#include "sim/plugin/plugin.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define API_NEEDED 4

/* QEMU refuses a plugin that was built for a newer interface than its own, and newer ones refuse one that was built for too old an
 * interface: claim the oldest that this QEMU takes, and refuse in qemu_plugin_install() in words that name the version needed. */
QEMU_PLUGIN_EXPORT int qemu_plugin_version = 2;

static __attribute__((constructor)) void choose_version(void)
{
    if (!qemu_plugin_get_registers)
        qemu_plugin_version = 1; /* before QEMU 9.0 */
}

struct sim sim;

static void on_cpu_init(qemu_plugin_id_t id, unsigned cpu)
{
    (void)id;
    if (cpu >= sim.cpus)
        return;
    machine_cpu_init(cpu);
    sim.cpu[cpu].resync = true;
}

/* Was anything modelled at all? */
static bool modelled(void)
{
    uint64_t cached = 0, failed = 0;

    for (unsigned cpu = 0; cpu < sim.cpus; cpu++) {
        cached += sim.cpu[cpu].cached_accesses;
        failed += sim.cpu[cpu].failed_walks;
    }
    if (sim.model && cached)
        return true;
    if (!sim.model)
        complain("NOTHING WAS MODELLED: no code of the image ran in RAM that could be found (see ram=)");
    else if (failed)
        complain("NOTHING WAS MODELLED: no cached access; %llu addresses were not mapped by the image's tables",
                 (unsigned long long)failed);
    else
        complain("NOTHING WAS MODELLED: the image made no access to RAM through a cache");
    return false;
}

/* Runs after QEMU's own exit handlers, with the status that the image or QEMU chose. QEMU's plugin exit callback would know neither
 * the status nor could it change it. */
static void last_word(int status, void *data)
{
    bool stopped = report_count() && !sim.options.report_only;

    (void)data;
    /* A run that is stopped holds the lock already; else other CPUs may still run. */
    if (!stopped && sim.model) {
        sim_lock();
        devices_end();
        sim.ending = true;
        sim_unlock();
    }
    sim.ending = true;
    statistics_write();
    ranges_end();
    report_summary();
    fflush(NULL);
    if (report_count() && status != STATUS_VIOLATION)
        _exit(STATUS_VIOLATION);
    if (!report_count() && !modelled()) {
        fflush(NULL);
        _exit(STATUS_NOT_MODELLED);
    }
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv);
int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    if (info->version.cur < API_NEEDED) {
        complain("this QEMU is too old: QEMU 9.2 or newer is needed (plugin interface %d, have %d)", API_NEEDED,
                 info->version.cur);
        return 1;
    }
    if (strcmp(info->target_name, "arm") != 0 || !info->system_emulation) {
        complain("only qemu-system-arm is supported");
        return 1;
    }
    sim.cpus = (unsigned)info->system.max_vcpus;
    if (sim.cpus < 1 || sim.cpus > MODEL_CPUS) {
        complain("%u CPUs; at most %d are supported", sim.cpus, MODEL_CPUS);
        return 1;
    }
    if (!options_parse(&sim.options, argc, argv))
        return 1;
    sim.noise = sim.options.evict || sim.options.prefetch;
    if (sim.options.elf && !symbols_load(sim.options.elf, sim.options.reloc)) {
        complain("cannot read '%s' as an ELF file", sim.options.elf);
        return 1;
    }
    for (unsigned i = 0; i < sim.options.marks; i++) {
        uint32_t address;

        if (!symbols_address(sim.options.mark[i], &address)) {
            complain("mark=%s: '%s' has no such symbol", sim.options.mark[i], sim.options.elf);
            return 1;
        }
    }
    if (!report_open()) {
        complain("cannot write '%s'", sim.options.report);
        return 1;
    }
    if (!ranges_open()) {
        complain("cannot write '%s'", sim.options.ranges);
        return 1;
    }
    if (!statistics_open()) {
        complain("cannot write '%s'", sim.options.stats);
        return 1;
    }
    sim.checks_flags = info->version.cur > API_NEEDED;
    on_exit(last_word, NULL);
    machine_watch_reset();
    qemu_plugin_register_vcpu_init_cb(id, on_cpu_init);
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate_block);
    return 0;
}
