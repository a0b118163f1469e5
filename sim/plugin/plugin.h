/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the plugin's files share: the options, the simulated machine, one CPU's state. Inner to sim/plugin/.
 */
#ifndef SIM_PLUGIN_PLUGIN_H
#define SIM_PLUGIN_PLUGIN_H

#include "sim/arm/decode.h"
#include "sim/arm/walk.h"
#include "sim/model/fast.h"
#include "sim/plugin/qemu_plugin_api.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

#define STATUS_VIOLATION 100
#define STATUS_NOT_MODELLED 101

/* 512 KiB with lines of 32 bytes, as most boards have it. */
#define L2C310_SETS 2048
#define L2C310_WAYS 8

#define MARKS 8
#define DEVICES 24

struct options {
    uint32_t ram_base, ram_size; /* size 0: to be found out */
    uint32_t offset;
    const char *elf, *report, *ranges, *stats;
    uint32_t reloc;
    bool strict, clean_first, report_only;
    uint64_t seed;
    uint32_t evict, prefetch, line;
    struct model_geometry l1;
    uint32_t l2c310;
    bool has_l2c310;
    const char *mark[MARKS];
    unsigned marks;
};

/* Parses "name=value" arguments; prints one line and returns false at the first that is wrong. */
bool options_parse(struct options *options, int argc, char **argv);

enum attribute {
    ATTRIBUTE_UNMAPPED,
    ATTRIBUTE_CACHED,        /* RAM, write-back */
    ATTRIBUTE_WRITE_THROUGH, /* RAM */
    ATTRIBUTE_UNCACHED,      /* RAM at P: an access in MEMORY */
    ATTRIBUTE_BUS,           /* RAM at P + offset */
    ATTRIBUTE_DEVICE,        /* not RAM, Device or Strongly-ordered */
    ATTRIBUTE_OTHER,         /* not RAM, Normal: flash and the like */
};

#define WRITTEN 8

struct tlb_entry {
    struct mapping mapping; /* decides nothing before looked_at, and but for CACHED, UNCACHED and BUS */
    struct page *page;      /* the model's, for these */
    uint32_t physical;      /* of the page; of P for ATTRIBUTE_BUS */
    uint8_t attribute;      /* enum attribute */
    bool valid;
    bool looked_at; /* whether a device lies there, over the RAM: nothing is quick before */
};

enum bank { BANK_NON_SECURE, BANK_SECURE, BANKS };

struct cpu {
    uint32_t *filled; /* pages that the TLB has got since it was flushed last */
    uint32_t filled_count, filled_room;
    struct arm_mmu mmu;
    atomic_bool resync; /* the translation registers may have changed */
    bool hypervisor;
    bool coherent_walk;
    bool joins; /* shareable memory is cached only once ACTLR.SMP is set */
    bool caches_shareable;
    uint32_t caller;           /* return address of the copy function being executed */
    uint64_t *contacts;        /* the model's count */
    uint32_t written[WRITTEN]; /* lines last stored to uncached */
    unsigned written_count;
    uint64_t quick_uncached_written; /* the same, written */
    uint64_t quick_uncached;         /* bytes that the fast path read in MEMORY */
    struct {
        struct qemu_plugin_register *sctlr, *ttbr0, *ttbr1, *ttbcr, *mair0, *mair1, *fcseidr;
    } bank[BANKS];
    struct qemu_plugin_register *wide_ttbr0, *wide_ttbr1, *scr, *cpsr, *core[16];
    struct glib_array *buffer;
    uint32_t ctr, clidr, mmfr3;
    uint64_t cached_accesses; /* slow ones, enough to know that there were any */
    uint64_t failed_walks;
} __attribute__((aligned(64)));

struct sim {
    struct options options;
    struct model *model;
    unsigned cpus;
    struct cpu cpu[MODEL_CPUS];
    const struct cpu *core; /* the first that was there: their caches are all alike */
    uint8_t *host;          /* host memory of physical address base */
    uint32_t base, size;    /* RAM that is backed by host, both views */
    uint32_t window;        /* P is base .. base + window */
    unsigned line_shift;
    uint32_t line_mask;
    struct model_geometry reported[2]; /* as the image reads it in CCSIDR */
    struct model_geometry l1;          /* as modelled */
    bool round_robin;                  /* several CPUs take turns in one thread: see cpu_now() */
    bool checks_flags;                 /* QEMU lets only callbacks with QEMU_PLUGIN_CB_R_REGS read registers */
    const void *cpu_state[MODEL_CPUS];
    bool banked; /* the mode matters to translation: Secure state or Hyp mode exists */
    bool noise;
    bool ending;
    bool was_reset; /* the views are to be made equal before anything else */
    uint64_t accesses_unmodelled;
    atomic_bool lock __attribute__((aligned(64)));
};

extern struct sim sim;

static inline struct model_access access_by(unsigned cpu, uint32_t pc, enum model_action action)
{
    return (struct model_access){.pc = pc, .who = (uint8_t)cpu, .action = (uint8_t)action};
}

/* QEMU's own: the CPU that this thread executes. */
extern __thread void *current_cpu __attribute__((weak, tls_model("initial-exec"), visibility("default")));

/* When CPUs take turns in one thread (icount), QEMU hands callbacks the index of the CPU that a block was translated for, which
 * need not be the one that executes it. */
static inline unsigned cpu_now(unsigned index)
{
    if (sim.round_robin) {
        const void *now = current_cpu;

        for (index = 0; index < MODEL_CPUS - 1 && sim.cpu_state[index] != now; index++)
            continue;
    }
    return index;
}

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#endif
}

/* Held for less than a microsecond. Who waits only reads it, so as not to take it away from the CPU that works, and goes to the
 * scheduler when that one seems not to run at all. */
static inline void sim_lock(void)
{
    unsigned turns = 0;

    if (sim.cpus == 1)
        return;
    while (atomic_exchange_explicit(&sim.lock, true, memory_order_acquire)) {
        while (atomic_load_explicit(&sim.lock, memory_order_relaxed)) {
            if (++turns % 256)
                relax();
            else
                sched_yield();
        }
    }
}

static inline void sim_unlock(void)
{
    if (sim.cpus > 1)
        atomic_store_explicit(&sim.lock, false, memory_order_release);
}

/* machine.c: QEMU's registers */
void machine_cpu_init(unsigned cpu);
void machine_create_model(void);
void machine_resync(unsigned cpu);
/* The image writes ACTLR. */
void machine_actlr(unsigned cpu, uint32_t value);
/* From now on a reset of the machine makes the model start afresh. */
void machine_watch_reset(void);
/* After all CPUs exist: how QEMU runs them. */
void machine_threads(void);
uint32_t machine_register(unsigned cpu, struct qemu_plugin_register *handle);
bool machine_read_physical(void *context, uint64_t physical, unsigned bytes, uint64_t *value);

/* ram.c */
/* Until the model exists: a block of code at a virtual address; a store, from its callback. The first that lies in RAM makes it. */
void ram_find_by_code(uint32_t address, const void *host);
void ram_find_by_store(qemu_plugin_meminfo_t info, uint64_t virtual);
/* Host memory of a range of RAM, or NULL. */
uint8_t *machine_ram(uint32_t address, uint32_t bytes);

/* memory.c: accesses of CPUs */
void memory_init(void); /* once the size of a line is known */
void memory_instrument(struct qemu_plugin_insn *insn, uint32_t pc, bool copies);
void memory_flush_tlb(unsigned cpu);
/* A barrier: what the CPU stored uncached has left it. */
void memory_publish(unsigned cpu);
struct tlb_entry *memory_translate(unsigned cpu, uint32_t address);
/* An access by the CPU to a range, not made by an instruction of its own (semihosting). */
void memory_access_range(unsigned cpu, uint32_t address, uint32_t bytes, bool store, uint32_t pc);

/* translate.c: what is executed */
void translate_block(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);

/* devices.c: observers that are no CPUs */
struct device;
typedef void (*device_store)(struct device *device, uint32_t offset, uint64_t value, unsigned bytes, unsigned cpu,
                             uint32_t pc);
typedef void (*device_load)(struct device *device, uint32_t offset, unsigned cpu, uint32_t pc);
typedef void (*device_poll)(struct device *device);

struct device {
    const char *name; /* of its kind */
    uint32_t base, size;
    bool coherent;
    uint8_t who; /* for struct model_access */
    device_store store;
    device_load load;
    device_poll frame; /* a frame boundary, and the end */
    device_poll reset;
    void *state;
    size_t state_size; /* of what a reset clears */
};

struct device *device_add(const char *name, uint32_t base, uint32_t size, void *state, size_t state_size);
bool device_exists(const char *kind);
bool device_create(const char *kind, uint32_t base);
struct device *device_of(uint8_t who);
bool device_set_coherent(const char *kind);
/* A Device access has happened. */
void devices_stored(unsigned cpu, uint32_t address, unsigned bytes, qemu_plugin_meminfo_t info, uint32_t pc);
void devices_loaded(unsigned cpu, uint32_t address, uint32_t pc);
/* Asynchronous devices look whether they have done anything. */
void devices_poll(void);
void devices_end(void);
void devices_reset(void);
/* The device reads or has written [address, + bytes) on the bus, because of a doorbell store at pc. */
void device_reads(struct device *device, uint64_t address, uint32_t bytes, bool doorbell, unsigned cpu, uint32_t pc);
void device_writes(struct device *device, uint64_t address, uint32_t bytes, unsigned cpu, uint32_t pc);
/* RAM as the device sees it, or NULL. */
uint8_t *device_memory(const struct device *device, uint64_t address, uint32_t bytes);
/* A line has reached memory: devices that overwrite their descriptors remember what it said. */
void devices_published(uint32_t address, uint32_t bytes);
extern bool devices_want_published;
extern bool devices_asynchronous;
extern bool devices_signal; /* one of them tells of interrupts between CPUs */

bool bcm2835_dma_create(uint32_t base);
bool bcm2835_mailbox_create(uint32_t base);
bool fwcfg_create(uint32_t base);
void fwcfg_published(uint32_t address, uint32_t bytes);
bool gic_create(uint32_t base);
bool nvme_create(uint32_t base);
bool pl080_create(uint32_t base);
bool pl111_create(uint32_t base);
bool virtio_create(uint32_t base);
bool l2c310_create(uint32_t base);
void ramfb_configure(uint64_t address, uint32_t bytes, unsigned cpu, uint32_t pc);

/* semihosting.c */
void semihosting_call(unsigned cpu, uint32_t pc);

/* symbols.c */
#define INLINED 6
struct frame {
    const char *function, *file; /* of a function that was inlined, and where it is called */
    int line;
};
struct place {
    const char *function, *file; /* of the symbol, the outermost function; of the instruction itself */
    int line;
    struct frame inlined[INLINED]; /* innermost first */
    unsigned inlined_count;
};
bool symbols_load(const char *path, uint32_t reloc);
struct place symbols_place(uint32_t pc);
bool symbols_copies(uint32_t pc, bool *entry); /* in memcpy or the like; at its first instruction */
bool symbols_address(const char *name, uint32_t *address);

/* report.c */
bool report_open(void);
void report_violation(void *context, const struct model_violation *violation);
uint64_t report_count(void);
void report_summary(void);

/* ranges.c: all bytes of all accusations */
bool ranges_open(void);
/* accusation: its line in the report, from 1 */
void ranges_add(uint64_t accusation, const struct model_violation *violation);
void ranges_end(void);

/* statistics.c */
bool statistics_open(void);
void statistics_close_period(const char *name);
unsigned statistics_periods(void); /* closed so far */
void statistics_write(void);

void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
