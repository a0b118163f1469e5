/* SPDX-License-Identifier: MIT */
/*
 * A machine for host tests of the core: memory, two hostile levels of write-back cache in front of it, and a port that checks
 * how it is called.
 *
 * Each level may at any moment evict a line, write one back, or fetch one that nobody asked for, as real ones do. Maintenance takes
 * effect level by level, and others go on in between.
 * Stores go to the cache, device writes to memory. Maintenance is checked: never with the lock held, granule-aligned,
 * within the memory, and (when the test says which lines may be maintained) no line too many.
 */
#ifndef BATON_TESTS_HOST_SUPPORT_MACHINE_H
#define BATON_TESTS_HOST_SUPPORT_MACHINE_H

#include "core/port.h"

#include <stdbool.h>
#include <stdint.h>

enum { MACHINE_BYTES = 8192, MACHINE_LINES_MAX = MACHINE_BYTES / 4 };

struct machine {
    struct baton_port port;
    uint32_t granule, lines;
    uint32_t physical; /* of byte 0 */
    _Alignas(4096) uint8_t memory[MACHINE_BYTES];
    _Alignas(4096) uint8_t cache[MACHINE_BYTES]; /* the inner level */
    uint8_t valid[MACHINE_LINES_MAX], dirty[MACHINE_LINES_MAX];
    uint8_t outer[MACHINE_BYTES];
    uint8_t outer_valid[MACHINE_LINES_MAX], outer_dirty[MACHINE_LINES_MAX];

    /* Maintenance so far, by line; and which lines may be maintained, if checked. */
    unsigned published[MACHINE_LINES_MAX], refreshed[MACHINE_LINES_MAX];
    uint8_t may_publish[MACHINE_LINES_MAX], may_refresh[MACHINE_LINES_MAX];
    int check_may;

    unsigned locked, locks;
    unsigned copied[MACHINE_LINES_MAX]; /* bytes, by line that they were copied to */
    int noisy_copies;                   /* evictions and fills between the bytes of a copy */
    unsigned barriers[2];               /* by enum baton_barrier */
    uint32_t clock;
    unsigned misuses, unlocks;

    /* Waiting. The unlocks seen are ARM's event register: one that came since the last sleep ends the next at once. */
    bool may_not_wait;
    unsigned sleeps, unlocks_seen;
    void (*asleep)(struct machine *machine); /* what others do while somebody sleeps. NULL: nothing */
    /* An interrupt: wherever one may come, which is after each unlock and between looking and sleeping. NULL: none. */
    void (*interrupt)(struct machine *machine);

    struct baton_misuse last_misuse;

    uint64_t random;
    /* Called between the steps of a maintenance operation: what others do meanwhile. NULL: nothing. */
    void (*meanwhile)(struct machine *machine, void *context);
    void *meanwhile_context;

    unsigned in_interrupt; /* the code that runs is an interrupt handler's: it maintains nothing */

    /* Mappings, by page; see machine_give_pages(). */
    uint32_t page;
    uint8_t protection[MACHINE_LINES_MAX];
    unsigned protects;
    int prepare_fails;

    char trouble[160]; /* the first thing that was wrong, or "" */
};

void machine_init(struct machine *machine, uint32_t granule, uint32_t physical, uint64_t seed);

/* Where the CPU maps the machine's memory. Not to be dereferenced: cpu_load() and cpu_store() are the CPU. */
void *machine_cpu(struct machine *machine, uint32_t offset);
uint32_t machine_offset(const struct machine *machine, const void *cpu);

uint8_t cpu_load(struct machine *machine, uint32_t offset);
void cpu_store(struct machine *machine, uint32_t offset, uint8_t value);
/* A device that snoops: the cache, whatever the CPU has mapped. */
uint8_t snoop_load(struct machine *machine, uint32_t offset);
void snoop_store(struct machine *machine, uint32_t offset, uint8_t value);
uint8_t device_load(struct machine *machine, uint32_t offset);
void device_store(struct machine *machine, uint32_t offset, uint8_t value);

/* True if some level may still write this line back. */
int machine_may_evict(const struct machine *machine, uint32_t line);

/* Gives the port protect() and its kin, by pages of that size. From then on what a page is mapped for is checked: at loads,
 * stores and maintenance, which need a mapping; what is not mapped cacheable is not fetched; and a page that is mapped
 * non-cacheable must have no line in the cache when it is used. */
void machine_give_pages(struct machine *machine, uint32_t page);

/* May the CPU load, or store, there, or would it fault? */
int machine_may_load(const struct machine *machine, uint32_t offset);
int machine_may_store(const struct machine *machine, uint32_t offset);

/* A few evictions, write-backs and speculative fills. */
void machine_noise(struct machine *machine, unsigned events);

/* A reproducible number below bound. */
uint32_t machine_random(struct machine *machine, uint32_t bound);

#endif
