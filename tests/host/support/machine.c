/* SPDX-License-Identifier: MIT */
/*
 * The machine of the core's host tests: see machine.h.
 */
#include "tests/host/support/machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void trouble(struct machine *machine, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void trouble(struct machine *machine, const char *format, ...)
{
    va_list arguments;

    if (machine->trouble[0] != '\0')
        return;
    va_start(arguments, format);
    vsnprintf(machine->trouble, sizeof(machine->trouble), format, arguments);
    va_end(arguments);
}

uint32_t machine_random(struct machine *machine, uint32_t bound)
{
    /* xorshift64*: reproducible on every host */
    machine->random ^= machine->random >> 12;
    machine->random ^= machine->random << 25;
    machine->random ^= machine->random >> 27;
    return (uint32_t)((machine->random * 2685821657736338717u) >> 33) % bound;
}

void *machine_cpu(struct machine *machine, uint32_t offset)
{
    return &machine->cache[offset];
}

uint32_t machine_offset(const struct machine *machine, const void *cpu)
{
    return (uint32_t)((const uint8_t *)cpu - machine->cache);
}

static void write_back_outer(struct machine *machine, uint32_t line)
{
    uint32_t start = line * machine->granule;

    if (machine->outer_valid[line] && machine->outer_dirty[line])
        memcpy(&machine->memory[start], &machine->outer[start], machine->granule);
    machine->outer_dirty[line] = 0;
}

static void invalidate_outer(struct machine *machine, uint32_t line)
{
    machine->outer_valid[line] = 0;
    machine->outer_dirty[line] = 0;
    memset(&machine->outer[line * machine->granule], 0xdd, machine->granule);
}

/* Into the outer level; or past it, if that has not the line. */
static void write_back(struct machine *machine, uint32_t line)
{
    uint32_t start = line * machine->granule;

    if (machine->valid[line] && machine->dirty[line]) {
        if (machine->outer_valid[line] || machine_random(machine, 2)) {
            memcpy(&machine->outer[start], &machine->cache[start], machine->granule);
            machine->outer_valid[line] = machine->outer_dirty[line] = 1;
        } else {
            memcpy(&machine->memory[start], &machine->cache[start], machine->granule);
        }
    }
    machine->dirty[line] = 0;
}

static void invalidate(struct machine *machine, uint32_t line)
{
    machine->valid[line] = 0;
    machine->dirty[line] = 0;
    memset(&machine->cache[line * machine->granule], 0xee, machine->granule);
}

static void fill_outer(struct machine *machine, uint32_t line)
{
    uint32_t start = line * machine->granule;

    if (machine->outer_valid[line])
        return;
    memcpy(&machine->outer[start], &machine->memory[start], machine->granule);
    machine->outer_valid[line] = 1;
    machine->outer_dirty[line] = 0;
}

static void fill(struct machine *machine, uint32_t line)
{
    uint32_t start = line * machine->granule;

    if (machine->valid[line])
        return;
    memcpy(&machine->cache[start], machine->outer_valid[line] ? &machine->outer[start] : &machine->memory[start],
           machine->granule);
    machine->valid[line] = 1;
    machine->dirty[line] = 0;
}

int machine_may_evict(const struct machine *machine, uint32_t line)
{
    return machine->dirty[line] || machine->outer_dirty[line];
}

static enum baton_protection mapped(const struct machine *machine, uint32_t offset)
{
    return machine->page ? (enum baton_protection)machine->protection[offset / machine->page]
                         : BATON_PROTECT_READ_WRITE;
}

int machine_may_load(const struct machine *machine, uint32_t offset)
{
    return mapped(machine, offset) != BATON_PROTECT_NONE;
}

int machine_may_store(const struct machine *machine, uint32_t offset)
{
    return mapped(machine, offset) >= BATON_PROTECT_READ_WRITE;
}

/* Past the cache: nothing may be left in it. */
static int past_the_cache(struct machine *machine, uint32_t offset)
{
    if (mapped(machine, offset) != BATON_PROTECT_WRITE_COMBINED)
        return 0;
    if (machine->valid[offset / machine->granule] || machine->outer_valid[offset / machine->granule])
        trouble(machine, "byte %u is accessed past the cache, and is in it", (unsigned)offset);
    return 1;
}

uint8_t cpu_load(struct machine *machine, uint32_t offset)
{
    if (!machine_may_load(machine, offset))
        trouble(machine, "load of byte %u, which is not mapped", (unsigned)offset);
    if (past_the_cache(machine, offset))
        return machine->memory[offset];
    return snoop_load(machine, offset);
}

uint8_t snoop_load(struct machine *machine, uint32_t offset)
{
    fill(machine, offset / machine->granule);
    return machine->cache[offset];
}

void snoop_store(struct machine *machine, uint32_t offset, uint8_t value)
{
    fill(machine, offset / machine->granule);
    machine->cache[offset] = value;
    machine->dirty[offset / machine->granule] = 1;
}

void cpu_store(struct machine *machine, uint32_t offset, uint8_t value)
{
    if (!machine_may_store(machine, offset))
        trouble(machine, "store to byte %u, which is not mapped for it", (unsigned)offset);
    if (past_the_cache(machine, offset)) {
        machine->memory[offset] = value;
        return;
    }
    snoop_store(machine, offset, value);
}

uint8_t device_load(struct machine *machine, uint32_t offset)
{
    return machine->memory[offset];
}

void device_store(struct machine *machine, uint32_t offset, uint8_t value)
{
    machine->memory[offset] = value;
}

void machine_noise(struct machine *machine, unsigned events)
{
    while (events-- > 0) {
        uint32_t line = machine_random(machine, machine->lines);

        switch (machine_random(machine, 8)) {
        case 0:
            write_back(machine, line);
            invalidate(machine, line);
            break;
        case 1:
            write_back(machine, line);
            break;
        case 2:
            write_back_outer(machine, line);
            invalidate_outer(machine, line);
            break;
        case 3:
            write_back_outer(machine, line);
            break;
        default:
            if (mapped(machine, line * machine->granule) != BATON_PROTECT_READ &&
                mapped(machine, line * machine->granule) != BATON_PROTECT_READ_WRITE)
                break;
            if (machine_random(machine, 4) == 0)
                fill_outer(machine, line);
            else
                fill(machine, line);
            break;
        }
    }
}

static int check_range(struct machine *machine, const char *what, uintptr_t address, size_t length)
{
    uintptr_t start = (uintptr_t)machine->cache;

    if (machine->locked)
        trouble(machine, "%s with the lock held", what);
    else if (machine->in_interrupt)
        trouble(machine, "%s in an interrupt handler", what);
    else if (length == 0 || address % machine->granule != 0 || length % machine->granule != 0)
        trouble(machine, "%s of a range that is empty or not aligned", what);
    else if (address < start || address - start > MACHINE_BYTES || length > MACHINE_BYTES - (address - start))
        trouble(machine, "%s outside the memory", what);
    else
        return 1;
    return 0;
}

static void check_mapped(struct machine *machine, const char *what, uint32_t line)
{
    if (!machine_may_load(machine, line * machine->granule))
        trouble(machine, "%s of line %u, which is not mapped", what, (unsigned)line);
}

static void meanwhile(struct machine *machine)
{
    if (machine->meanwhile != NULL)
        machine->meanwhile(machine, machine->meanwhile_context);
}

static void publish(void *context, uintptr_t address, size_t length)
{
    struct machine *machine = context;
    uint32_t first, count;

    if (!check_range(machine, "publish", address, length))
        return;
    first = (uint32_t)(address - (uintptr_t)machine->cache) / machine->granule;
    count = (uint32_t)length / machine->granule;
    meanwhile(machine);
    for (uint32_t line = first; line < first + count; line++) {
        if (machine->check_may && !machine->may_publish[line])
            trouble(machine, "publish of line %u, which needs none", (unsigned)line);
        check_mapped(machine, "publish", line);
        machine->published[line]++;
        write_back(machine, line);
    }
    meanwhile(machine);
    for (uint32_t line = first; line < first + count; line++)
        write_back_outer(machine, line);
    meanwhile(machine);
}

static void refresh(void *context, uintptr_t address, size_t length)
{
    struct machine *machine = context;
    uint32_t first, count;

    if (!check_range(machine, "refresh", address, length))
        return;
    first = (uint32_t)(address - (uintptr_t)machine->cache) / machine->granule;
    count = (uint32_t)length / machine->granule;
    meanwhile(machine);
    for (uint32_t line = first; line < first + count; line++) {
        if (machine->check_may && !machine->may_refresh[line])
            trouble(machine, "refresh of line %u, which needs none", (unsigned)line);
        check_mapped(machine, "refresh", line);
        machine->refreshed[line]++;
        invalidate_outer(machine, line);
    }
    meanwhile(machine);
    for (uint32_t line = first; line < first + count; line++)
        invalidate(machine, line);
    meanwhile(machine);
}

static void barrier(void *context, enum baton_barrier why)
{
    struct machine *machine = context;

    if (machine->locked)
        trouble(machine, "barrier with the lock held");
    if ((unsigned)why > 1)
        trouble(machine, "unknown barrier %u", (unsigned)why);
    else
        machine->barriers[why]++;
}

/* By the CPU, in the middle of whatever others do. */
static void copy(void *context, void *to, const void *from, size_t length)
{
    struct machine *machine = context;
    uint32_t target = machine_offset(machine, to), source = machine_offset(machine, from);

    if (machine->locked)
        trouble(machine, "copy with the lock held");
    if (length == 0 || target > MACHINE_BYTES || length > MACHINE_BYTES - target || source > MACHINE_BYTES ||
        length > MACHINE_BYTES - source) {
        trouble(machine, "copy of nothing, or outside the memory");
        return;
    }
    meanwhile(machine);
    for (uint32_t i = 0; i < length; i++) {
        cpu_store(machine, target + i, cpu_load(machine, source + i));
        machine->copied[(target + i) / machine->granule]++;
        if (machine->noisy_copies)
            machine_noise(machine, machine_random(machine, 2));
    }
    meanwhile(machine);
}

static uint32_t lock(void *context)
{
    struct machine *machine = context;

    if (machine->locked)
        trouble(machine, "lock taken twice");
    machine->locked = 1;
    machine->locks++;
    return 0x51a7e000u + machine->locks;
}

static void unlock(void *context, uint32_t state)
{
    struct machine *machine = context;

    if (!machine->locked)
        trouble(machine, "unlock without lock");
    if (state != 0x51a7e000u + machine->locks)
        trouble(machine, "unlock with another lock's state");
    machine->locked = 0;
    machine->unlocks++;
    if (machine->interrupt != NULL)
        machine->interrupt(machine);
}

static bool may_wait(void *context)
{
    struct machine *machine = context;

    if (machine->locked)
        trouble(machine, "may_wait with the lock held");
    return !machine->may_not_wait;
}

static void wait_for_event(void *context, uint32_t deadline)
{
    struct machine *machine = context;

    if (machine->locked || machine->may_not_wait)
        trouble(machine, "wait where that is not possible");
    if (machine->interrupt != NULL)
        machine->interrupt(machine);
    if (machine->unlocks == machine->unlocks_seen) {
        machine->sleeps++;
        if (machine->asleep != NULL)
            machine->asleep(machine);
        if (machine->unlocks == machine->unlocks_seen)
            machine->clock = deadline; /* nothing has happened till then */
    }
    machine->unlocks_seen = machine->unlocks;
}

static uint32_t now(void *context)
{
    struct machine *machine = context;

    return ++machine->clock;
}

static void misuse(void *context, const struct baton_misuse *what)
{
    struct machine *machine = context;

    if (machine->locked)
        trouble(machine, "misuse reported with the lock held");
    if (what->verb == NULL || what->reason == NULL || what->buffer == NULL || what->holder == NULL)
        trouble(machine, "misuse report with a null string");
    machine->misuses++;
    machine->last_misuse = *what;
}

static void protect(void *context, uintptr_t address, enum baton_protection protection)
{
    struct machine *machine = context;
    const uintptr_t offset = address - (uintptr_t)machine->cache;

    if (!machine->locked)
        trouble(machine, "protect without the lock");
    if (offset >= MACHINE_BYTES || offset % machine->page != 0)
        trouble(machine, "protect of what is no page");
    else
        machine->protection[offset / machine->page] = (uint8_t)protection;
    machine->protects++;
}

static bool prepare(void *context, uintptr_t address, size_t length)
{
    struct machine *machine = context;

    if ((address | length) % machine->page != 0)
        trouble(machine, "prepare of a part of a page");
    return !machine->prepare_fails;
}

void machine_give_pages(struct machine *machine, uint32_t page)
{
    machine->page = page;
    machine->port.page = page;
    machine->port.protect = protect;
    machine->port.prepare = prepare;
    memset(machine->protection, BATON_PROTECT_READ_WRITE, sizeof(machine->protection));
}

void machine_init(struct machine *machine, uint32_t granule, uint32_t physical, uint64_t seed)
{
    memset(machine, 0, sizeof(*machine));
    machine->port = (struct baton_port){
        .granule = granule,
        .publish = publish,
        .refresh = refresh,
        .barrier = barrier,
        .lock = lock,
        .unlock = unlock,
        .now = now,
        .misuse = misuse,
        .frequency = 1000000,
        .may_wait = may_wait,
        .wait = wait_for_event,
        .copy = copy,
        .context = machine,
    };
    machine->granule = granule;
    machine->lines = MACHINE_BYTES / granule;
    machine->physical = physical;
    machine->random = seed * 2654435769u + 1;
    /* Anyone's guess: random memory, and a cache that holds something else, some of it dirty. */
    for (uint32_t i = 0; i < MACHINE_BYTES; i++) {
        machine->memory[i] = (uint8_t)machine_random(machine, 256);
        machine->cache[i] = (uint8_t)machine_random(machine, 256);
        machine->outer[i] = (uint8_t)machine_random(machine, 256);
    }
    for (uint32_t line = 0; line < machine->lines; line++) {
        machine->valid[line] = (uint8_t)machine_random(machine, 2);
        machine->dirty[line] = (uint8_t)(machine->valid[line] & machine_random(machine, 2));
        machine->outer_valid[line] = (uint8_t)machine_random(machine, 2);
        machine->outer_dirty[line] = (uint8_t)(machine->outer_valid[line] & machine_random(machine, 2));
    }
}
