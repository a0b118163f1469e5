/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model of incoherent memory: what lies in caches, what lies in memory, who wrote what and which maintenance was done.
 *
 * Pure C: knows no QEMU and no instruction set. The plugin tells it of accesses, operations, barriers and doorbells, by physical
 * address as the CPU uses it (P); it keeps the two views of RAM apart and calls back when an observer sees what it should not.
 * Callers serialize all calls but those of fast.h.
 *
 * Two observers' domains: CACHE (CPUs through cacheable mappings, coherent devices) and MEMORY (everybody else). docs/SIM.md has the
 * rules as a table.
 */
#ifndef SIM_MODEL_MODEL_H
#define SIM_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_CPUS 8

/* Who did something: a CPU (its index), or a device of the plugin's list. */
#define MODEL_NOBODY 0xff
#define MODEL_DEVICE(number) (0x40 + (number))
#define MODEL_IS_DEVICE(who) ((who) >= 0x40 && (who) != MODEL_NOBODY)
#define MODEL_WALKER(cpu) (0x20 + (cpu))
#define MODEL_IS_WALKER(who) ((who) >= 0x20 && (who) < 0x40)

/* What it did, for reports. */
enum model_action {
    MODEL_NOTHING,
    MODEL_LOAD,
    MODEL_STORE,
    MODEL_UNCACHED_LOAD,
    MODEL_UNCACHED_STORE,
    MODEL_DEVICE_READ,
    MODEL_DEVICE_WRITE,
    MODEL_TABLE_WALK,
    MODEL_CLEAN,
    MODEL_INVALIDATE,
    MODEL_CLEAN_INVALIDATE,
    MODEL_WRITE_BACK, /* an eviction */
};

/* One access. pc of a device's: the doorbell store that made it, 0 if unknown. caller: of memcpy and the like, else 0. */
struct model_access {
    uint32_t pc, caller;
    uint8_t who;
    uint8_t action; /* enum model_action */
    uint8_t ringer; /* of a device's with a doorbell: the CPU that rang it */
};

enum model_kind {
    MODEL_STALE_DEVICE_READ,
    MODEL_STALE_CPU_READ,
    MODEL_LOST_UPDATE,
    MODEL_DISCARDED_STORE,
    MODEL_INCOMPLETE_MAINTENANCE,
    MODEL_UNORDERED_COMPLETION,
    MODEL_MAINTENANCE_FAULT,
    MODEL_CPU_ADDRESS_ON_BUS,
    MODEL_KINDS,
};

struct model_violation {
    enum model_kind kind;
    bool lucky;                   /* the bytes were right, by chance */
    uint32_t physical, bytes;     /* first wrong byte, and how many of this access */
    uint64_t mask;                /* which, from the first one on; 0: all of them in a row */
    struct model_access observer; /* who saw them */
    struct model_access culprit;  /* who made the newest bytes, or stored them first */
    struct model_access
        maintenance;  /* the operation or write-back that did the harm, or was not enough; may be NOTHING */
    const char *hint; /* static */
};

struct model_geometry {
    uint32_t sets, ways; /* 0 ways: there is no such level */
};

/* How the outer level is reached. */
enum model_outer {
    MODEL_OUTER_NONE,
    MODEL_OUTER_INTEGRATED, /* operations by address reach it too */
    MODEL_OUTER_L2C310,     /* only its own registers do */
};

struct model_config {
    uint32_t base, size; /* P: the memory that is modelled */
    uint8_t *cpu_view;   /* host memory of P */
    uint8_t *bus_view;   /* host memory of P + offset; NULL: only knowledge is kept */
    unsigned cpus;
    unsigned line; /* bytes: 16, 32 or 64 */
    struct model_geometry l1, l2;
    enum model_outer outer;
    bool signals; /* model_signal() tells of those between CPUs; else any Device store may be one */
    bool strict;
    bool clean_first; /* an invalidate by address cleans a dirty line */
    bool hidden;      /* between the points of unification and of coherency lies a level that the image cannot tell */
    uint64_t seed;
    uint32_t evict, prefetch; /* one in about so many accesses; 0: never */
    void (*violation)(void *context, const struct model_violation *violation);
    void (*written_back)(void *context, uint32_t address); /* a line has reached memory; may be NULL */
    void *context;
};

enum model_reason { MODEL_BY_CLEAN, MODEL_BY_CAPACITY, MODEL_BY_NOISE, MODEL_REASONS };
enum model_operation { MODEL_OP_CLEAN, MODEL_OP_INVALIDATE, MODEL_OP_CLEAN_INVALIDATE, MODEL_OPS };

struct model_counts {
    struct {
        uint64_t issued, first, useful, redundant;
    } operation[MODEL_OPS]; /* by address, and on the L2C-310 by line */
    uint64_t set_way, set_way_useful;
    uint64_t fills, prefetches;
    uint64_t write_backs[MODEL_REASONS];                                   /* lines that reached memory */
    uint64_t device_read, device_written, uncached_read, uncached_written; /* bytes */
    uint64_t violations[MODEL_KINDS];
};

struct model;

struct model *model_new(const struct model_config *config);
void model_free(struct model *model);
struct model_counts *model_counts(struct model *model);
const char *model_kind_name(enum model_kind kind);

/* A CPU's data cache goes on or off (SCTLR.C and M). */
void model_cache_enable(struct model *model, unsigned cpu, bool on);
/* The L2C-310 is switched on or off. */
void model_outer_enable(struct model *model, bool on);

/* CACHE: a load about to be executed, or a store just executed, within one line. Memory already has a store's bytes in the CPU's view. */
void model_load(struct model *model, uint32_t address, unsigned bytes, const struct model_access *access);
void model_store(struct model *model, uint32_t address, unsigned bytes, bool write_through,
                 const struct model_access *access);

/* Some CPU maps the page of this address cacheable: it may be fetched from speculatively. */
void model_note_cacheable(struct model *model, uint32_t address);

/* Where the bytes of an access in MEMORY are, or are put, in host memory. */
enum model_view { MODEL_CPU_VIEW, MODEL_BUS_VIEW };

/* MEMORY: any range. A read that was drained by nothing (scan-out) has no doorbell. */
void model_memory_read(struct model *model, uint32_t address, uint32_t bytes, bool doorbell,
                       const struct model_access *access);
/* A table walker that does not look into L1. outer: it reads through the L2C-310, if that is on. */
void model_table_walk(struct model *model, uint32_t address, uint32_t bytes, bool outer,
                      const struct model_access *access);
/* The bytes are in view already. */
void model_memory_write(struct model *model, uint32_t address, uint32_t bytes, enum model_view view,
                        const struct model_access *access);
/* A coherent device: it snoops. Its write is in view already. */
void model_coherent_read(struct model *model, uint32_t address, uint32_t bytes, const struct model_access *access);
void model_coherent_write(struct model *model, uint32_t address, uint32_t bytes, enum model_view view,
                          const struct model_access *access);

/* Maintenance of the line that holds address, on all CPUs of the domain. unification: only to where instruction fetch is unified. */
void model_maintain(struct model *model, enum model_operation operation, uint32_t address, bool unification,
                    const struct model_access *access);
/* One set and way of one level (0 or 1) of the CPU's own caches, as its geometry numbers them. */
void model_maintain_set_way(struct model *model, enum model_operation operation, unsigned level, uint32_t set,
                            uint32_t way, const struct model_access *access);
/* The L2C-310: a line, or all of it. */
void model_outer_maintain(struct model *model, enum model_operation operation, uint32_t address,
                          const struct model_access *access);
void model_outer_maintain_all(struct model *model, enum model_operation operation, const struct model_access *access);

/* By index and way, as its registers number them. */
void model_outer_maintain_index(struct model *model, enum model_operation operation, uint32_t set, uint32_t way,
                                const struct model_access *access);
/* Its operations so far are complete. */
void model_outer_sync(struct model *model);

/* Order. complete: a DSB, which also ends earlier maintenance; loads: it orders loads too. */
void model_barrier(struct model *model, unsigned cpu, bool complete, bool loads);
/* A store to Device memory that is not RAM, and a load from it. */
void model_doorbell(struct model *model, unsigned cpu);
/* It interrupts another CPU: the doorbell of what that one reads. Called after model_doorbell(). */
void model_signal(struct model *model, unsigned cpu, unsigned target);
void model_status_read(struct model *model, unsigned cpu);

/* How often a CPU was in contact with somebody outside its caches: Device and non-cacheable accesses. A load that follows the
 * line's invalidate without any contact between is a poll: the CPU cannot know yet that anybody is done, and old bytes are as good
 * as new ones. The caller counts the loads that it does not bring here. */
uint64_t *model_contacts(struct model *model, unsigned cpu);

/* A memory access has passed: time for an eviction or a speculative fill? Only to be called when noise is on. */
void model_noise(struct model *model, unsigned cpu, uint32_t address);

#endif
