/* SPDX-License-Identifier: MIT */
/*
 * Programs of verbs against the hostile machine. Included by core_random.h and by the fuzzer.
 *
 * Two buffers, a CPU, two devices in MEMORY and one in CACHE. At each step somebody begins an access, loads or stores
 * a byte, or ends an access; the cache evicts and fetches as it likes; and while the core maintains lines, others go
 * on (as another CPU would). Checked: nobody reads an old byte; no byte is lost; who may hold what beside whom; and,
 * where the directory is large enough to be exact, that precisely the lines that need it are maintained, once, and
 * precisely the barriers issued.
 *
 * Each step has random numbers of its own, so that a program may leave steps out: a failing one is shrunk to as few steps as still
 * fail (random_programs.h). The fuzzer
 * (tests/fuzz/fuzz_core.c) takes the numbers from its input instead.
 */
#ifndef BATON_TESTS_HOST_SUPPORT_CORE_PROGRAM_H
#define BATON_TESTS_HOST_SUPPORT_CORE_PROGRAM_H

#include "core/baton.h"
#include "core/directory.h"
#include "tests/host/support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRANULE = 16, BUFFERS = 2, DEVICES = 3, LIVE = 7, LINES_MAX = 16, BYTES_MAX = LINES_MAX * GRANULE };

/* What a program knows of a buffer without asking the core. */
struct shadow {
    baton_buffer handle;
    baton_attachment attachments[DEVICES];
    uint32_t base, size, lines; /* offset in the machine, bytes, lines */
    uint8_t newest[BYTES_MAX];
    uint8_t undefined[BYTES_MAX]; /* anything may be read; but the same by everybody */
    enum line_state states[LINES_MAX];
    bool after_device;
};

struct live {
    bool used, transit;
    int device; /* -1: the CPU */
    enum baton_domain domain;
    enum baton_direction direction;
    struct shadow *buffer;
    struct baton_range range, writes; /* writes: where it will write, if it ends partially */
    bool partial;
    uint8_t written[BYTES_MAX];
    struct baton_cpu_access cpu;
    struct baton_source source;
    struct baton_destination destination;
};

struct program {
    struct machine machine;
    struct baton *baton;
    _Alignas(8) char memory[16384];
    baton_pool pool;
    baton_device devices[DEVICES];
    struct shadow buffers[BUFFERS];
    struct live live[LIVE];
    bool exact; /* the directory never overflows */
    unsigned depth, nested;
    unsigned long long seed;
    unsigned step;
    const uint8_t *bytes, *bytes_end; /* where choices come from, if not from the seed */
    jmp_buf failed;
    char failure[200];
    /* How often the interesting cases came up, over all programs: a test that never meets them shows nothing. */
    unsigned refusals[BATON_ERROR_NO_SLOT + 1];
    unsigned maintained, partials, shared_lines;
};

static struct program program;

#include "tests/host/support/program_frame.h"

static const enum baton_domain device_domains[DEVICES] = {BATON_DOMAIN_MEMORY, BATON_DOMAIN_MEMORY, BATON_DOMAIN_CACHE};

static uint32_t any(uint32_t bound)
{
    if (program.bytes != NULL)
        return program.bytes < program.bytes_end ? *program.bytes++ % bound : 0; /* no bound is above 256 */
    return machine_random(&program.machine, bound);
}

/* Holds no byte outside of the range; the padding is nobody's. */
static bool line_whole(const struct shadow *buffer, struct baton_range range, uint32_t line)
{
    uint32_t end = (line + 1) * GRANULE;

    return line * GRANULE >= range.offset && (end < buffer->size ? end : buffer->size) <= range.offset + range.length;
}

static enum baton_status expected_status(const struct live *wanted)
{
    enum baton_status status = BATON_OK;

    for (unsigned i = 0; i < LIVE; i++) {
        const struct live *other = &program.live[i];

        if (!other->used || other == wanted || other->buffer != wanted->buffer ||
            !share_a_line(other->range, wanted->range))
            continue;
        if (writes(other) || writes(wanted)) {
            if (share_a_byte(other->range, wanted->range))
                return BATON_ERROR_BUSY;
            if (other->domain != wanted->domain)
                status = BATON_ERROR_FALSE_SHARING;
        }
        if (other->transit && status == BATON_OK)
            status = BATON_ERROR_IN_TRANSIT;
    }
    return status;
}

/* A neighbour in the same domain holds other bytes of the line, and one of the two writes: valid, and not to be
 * touched. */
static bool line_shared(const struct live *wanted, uint32_t line)
{
    for (unsigned i = 0; i < LIVE; i++) {
        const struct live *other = &program.live[i];

        if (other->used && other != wanted && other->buffer == wanted->buffer && line_in(other->range, line) &&
            (writes(other) || writes(wanted)))
            return true;
    }
    return false;
}

static uint8_t observe(const struct live *access, uint32_t offset)
{
    uint32_t at = access->buffer->base + offset;

    return access->domain == BATON_DOMAIN_CACHE ? cpu_load(&program.machine, at) : device_load(&program.machine, at);
}

static void load(struct live *access, uint32_t offset)
{
    struct shadow *buffer = access->buffer;
    uint8_t seen;

    if (access->direction == BATON_OVERWRITE && !access->written[offset])
        return;
    seen = observe(access, offset);
    if (buffer->undefined[offset]) {
        buffer->undefined[offset] = 0;
        buffer->newest[offset] = seen;
    }
    CHECK(seen == buffer->newest[offset]);
}

static void store(struct live *access, uint32_t offset)
{
    struct shadow *buffer = access->buffer;
    uint8_t value = (uint8_t)any(256);

    if (access->domain == BATON_DOMAIN_CACHE)
        cpu_store(&program.machine, buffer->base + offset, value);
    else
        device_store(&program.machine, buffer->base + offset, value);
    buffer->newest[offset] = value;
    buffer->undefined[offset] = 0;
    access->written[offset] = 1;
}

static struct baton_range any_range(struct baton_range within)
{
    struct baton_range range;

    range.offset = within.offset + any(within.length);
    range.length = 1 + any(within.offset + within.length - range.offset);
    if (any(4) == 0) /* aligned ones come up too seldom by themselves */
        range = within;
    return range;
}

/* Marks what has to be maintained for the access; true if anything. */
static bool expect_maintenance(const struct live *access, bool *published)
{
    struct shadow *buffer = access->buffer;
    uint32_t first_line = buffer->base / GRANULE;
    bool some = false;

    *published = false;
    for (uint32_t line = 0; line < buffer->lines; line++) {
        bool publishes = false, refreshes = false;

        if (!line_in(access->range, line))
            continue;
        if (!program.exact) { /* at least within the range */
            program.machine.may_publish[first_line + line] = program.machine.may_refresh[first_line + line] = 1;
            continue;
        }
        if (line_shared(access, line)) {
            program.shared_lines++;
        } else if (access->domain == BATON_DOMAIN_CACHE && access->direction == BATON_OVERWRITE &&
                   line_whole(buffer, access->range, line)) {
        } else if (buffer->states[line] == LINE_UNKNOWN) {
            publishes = refreshes = true;
        } else if (access->domain == BATON_DOMAIN_CACHE) {
            refreshes = buffer->states[line] == LINE_STALE;
        } else {
            publishes = buffer->states[line] == LINE_DIRTY;
        }
        program.machine.may_publish[first_line + line] = publishes;
        program.machine.may_refresh[first_line + line] = refreshes;
        program.machine.published[first_line + line] = 0;
        program.machine.refreshed[first_line + line] = 0;
        some |= publishes || refreshes;
        *published |= publishes;
    }
    return some;
}

static void check_maintenance(const struct live *access)
{
    struct shadow *buffer = access->buffer;

    for (uint32_t line = 0; line < buffer->lines; line++) {
        uint32_t at = buffer->base / GRANULE + line;
        bool whole = line_whole(buffer, access->range, line);

        if (!line_in(access->range, line))
            continue;
        if (program.exact) {
            CHECK(program.machine.published[at] == program.machine.may_publish[at]);
            CHECK(program.machine.refreshed[at] == program.machine.may_refresh[at]);
            if (access->domain == BATON_DOMAIN_CACHE && access->direction == BATON_OVERWRITE && whole)
                buffer->states[line] = LINE_DIRTY;
            else if (program.machine.may_publish[at] || program.machine.may_refresh[at])
                buffer->states[line] = LINE_CLEAN;
        }
        program.machine.may_publish[at] = program.machine.may_refresh[at] = 0;
    }
}

static enum baton_status call_begin(struct live *access)
{
    if (access->device < 0)
        return baton_begin_cpu_access(program.baton, access->buffer->handle, access->range, access->direction,
                                      &access->cpu);
    if (access->direction == BATON_READ)
        return baton_map_to_device(program.baton, access->buffer->attachments[access->device], access->range,
                                   &access->source);
    return baton_map_from_device(program.baton, access->buffer->attachments[access->device], access->range,
                                 access->direction, &access->destination);
}

static void begin(struct live *access)
{
    struct machine *machine = &program.machine;
    unsigned barriers[2] = {machine->barriers[0], machine->barriers[1]}, nested = program.nested;
    enum baton_status expected, status;
    bool maintained, published;
    unsigned maintenance;

    memset(access, 0, sizeof(*access));
    access->buffer = &program.buffers[any(BUFFERS)];
    access->device = (int)any(DEVICES + 2) - 2;
    access->device = access->device < 0 ? -1 : access->device;
    access->domain = access->device < 0 ? BATON_DOMAIN_CACHE : device_domains[access->device];
    access->direction = (enum baton_direction)any(3);
    access->range = any_range((struct baton_range){0, access->buffer->size});
    access->partial = any(3) == 0;
    access->writes = access->partial ? any_range(access->range) : access->range;

    expected = expected_status(access);
    if (expected != BATON_OK) {
        CHECK(call_begin(access) == expected);
        program.refusals[expected]++;
        return;
    }
    maintained = expect_maintenance(access, &published);
    access->used = access->transit = true;
    bool after_device = access->buffer->after_device;
    access->buffer->after_device = false;
    maintenance = program.maintained;
    status = call_begin(access);
    access->transit = false;
    CHECK(status == BATON_OK);
    check_maintenance(access);
    for (uint32_t line = 0; access->device >= 0 && writes(access) && line < access->buffer->lines; line++) {
        if (line_in(access->range, line)) /* R17 */
            access->buffer->states[line] = access->domain == BATON_DOMAIN_CACHE ? LINE_DIRTY : LINE_STALE;
    }
    program.maintained = maintenance + maintained;
    if (program.exact && nested == program.nested) { /* nobody else's barriers are among them */
        bool before = access->device >= 0 && !published;
        bool after = access->device < 0 && after_device && !maintained;

        CHECK(machine->barriers[BATON_BARRIER_BEFORE_DEVICE] == barriers[0] + before);
        CHECK(machine->barriers[BATON_BARRIER_AFTER_DEVICE] == barriers[1] + after);
    }
    if (access->device < 0) {
        CHECK(machine_offset(machine, access->cpu.data) == access->buffer->base + access->range.offset);
        CHECK(access->cpu.length == access->range.length);
    }
}

/* What the end leaves, by the specification. */
static void leave(const struct live *access, struct baton_range written)
{
    struct shadow *buffer = access->buffer;
    bool cache = access->domain == BATON_DOMAIN_CACHE;

    buffer->after_device |= access->device >= 0;
    for (uint32_t line = 0; writes(access) && line < buffer->lines; line++) {
        bool whole = line_whole(buffer, access->range, line);

        if (!line_in(access->range, line))
            continue;
        if (!access->partial && access->device >= 0)
            continue; /* R17 */
        if (!access->partial || line_in(written, line))
            buffer->states[line] = cache ? LINE_DIRTY : LINE_STALE;
        else if (access->device >= 0)
            buffer->states[line] = cache && !whole ? LINE_DIRTY : LINE_UNKNOWN;
        else if (access->direction == BATON_OVERWRITE && whole)
            buffer->states[line] = LINE_UNKNOWN;
    }
}

static void end(struct live *access)
{
    struct baton_range written = any(5) ? access->writes : (struct baton_range){0, 0};
    struct shadow *buffer = access->buffer;
    enum baton_status status;

    if (!writes(access))
        access->partial = false;
    if (access->partial && written.length == 0 && access->device < 0) { /* the CPU wrote nothing: only if it did not */
        for (uint32_t i = 0; i < buffer->size; i++)
            if (access->written[i])
                written = access->writes;
    }
    if (!access->partial)
        written = access->range;
    for (uint32_t i = written.offset; access->direction == BATON_OVERWRITE && i < written.offset + written.length;
         i++) {
        if (!access->written[i])
            store(access, i);
    }
    if (access->partial && access->direction == BATON_OVERWRITE && access->domain == BATON_DOMAIN_CACHE) {
        for (uint32_t i = access->range.offset; i < access->range.offset + access->range.length; i++) {
            if (!access->written[i])
                buffer->undefined[i] = 1;
        }
    }
    program.partials += access->partial;
    leave(access, written);
    access->used = false;
    if (access->device < 0)
        status = access->partial ? baton_end_cpu_access_partial(program.baton, &access->cpu, written)
                                 : baton_end_cpu_access(program.baton, &access->cpu);
    else if (access->direction == BATON_READ)
        status = baton_unmap_source(program.baton, &access->source);
    else
        status = access->partial ? baton_unmap_destination_partial(program.baton, &access->destination, written)
                                 : baton_unmap_destination(program.baton, &access->destination);
    CHECK(status == BATON_OK);
}

static void touch(struct live *access)
{
    for (unsigned i = 0; i < 6; i++) {
        /* The CPU that ends partially has written nowhere else; a device that fails may have. */
        struct baton_range stores = access->partial && access->device < 0 ? access->writes : access->range;

        load(access, access->range.offset + any(access->range.length));
        if (writes(access))
            store(access, stores.offset + any(stores.length));
        machine_noise(&program.machine, any(3));
    }
}

static void check_query(void)
{
    const struct shadow *buffer = &program.buffers[any(BUFFERS)];
    struct baton_range range = any_range((struct baton_range){0, buffer->size});
    struct baton_holder holders[LIVE];
    struct baton_answer answer;
    uint32_t counts[4] = {0}, live = 0;

    CHECK(baton_query(program.baton, buffer->handle, range, &answer, holders, LIVE) == BATON_OK);
    for (unsigned i = 0; i < LIVE; i++)
        live += program.live[i].used && program.live[i].buffer == buffer && share_a_line(program.live[i].range, range);
    CHECK(answer.holders == live);
    for (uint32_t line = 0; line < buffer->lines; line++) {
        if (line_in(range, line))
            counts[buffer->states[line]] += GRANULE;
    }
    if (program.exact && program.depth == 0) {
        CHECK(answer.newest_in_cache == counts[LINE_DIRTY]);
        CHECK(answer.newest_in_memory == counts[LINE_STALE]);
        CHECK(answer.newest_unknown == counts[LINE_UNKNOWN]);
    }
}

static void create(struct shadow *buffer)
{
    struct baton_buffer_config config = {.name = "buffer", .size = 1 + any(BYTES_MAX)};
    struct baton_cpu_access access;

    memset(buffer, 0, sizeof(*buffer));
    buffer->size = config.size;
    buffer->lines = (config.size + GRANULE - 1) / GRANULE;
    CHECK(baton_create(program.baton, program.pool, &config, &buffer->handle) == BATON_OK);
    memset(buffer->undefined, 1, sizeof(buffer->undefined));
    for (unsigned i = 0; i < LINES_MAX; i++)
        buffer->states[i] = LINE_UNKNOWN;
    for (unsigned i = 0; i < DEVICES; i++)
        CHECK(baton_attach(program.baton, buffer->handle, program.devices[i], &buffer->attachments[i]) == BATON_OK);

    /* Learn where it lies: settles one byte's line. */
    program.machine.check_may = 0;
    CHECK(baton_begin_cpu_access(program.baton, buffer->handle, (struct baton_range){0, 1}, BATON_READ, &access) ==
          BATON_OK);
    buffer->base = machine_offset(&program.machine, access.data);
    CHECK(baton_end_cpu_access(program.baton, &access) == BATON_OK);
    program.machine.check_may = 1;
    buffer->states[0] = LINE_CLEAN;
}

static void destroy(struct shadow *buffer)
{
    for (unsigned i = 0; i < LIVE; i++) {
        if (program.live[i].used && program.live[i].buffer == buffer)
            return;
    }
    for (unsigned i = 0; i < DEVICES; i++)
        CHECK(baton_detach(program.baton, &buffer->attachments[i]) == BATON_OK);
    for (uint32_t line = 0; line < buffer->lines; line++)
        program.machine.may_publish[buffer->base / GRANULE + line] =
            !program.exact || buffer->states[line] == LINE_DIRTY;
    CHECK(baton_destroy(program.baton, &buffer->handle) == BATON_OK);
    for (uint32_t line = 0; line < buffer->lines; line++) {
        CHECK(!program.exact || buffer->states[line] != LINE_DIRTY ||
              !machine_may_evict(&program.machine, buffer->base / GRANULE + line));
        program.machine.may_publish[buffer->base / GRANULE + line] = 0;
    }
    create(buffer);
}

static void one_step(void)
{
    struct live *access = &program.live[any(LIVE)];

    machine_noise(&program.machine, any(4));
    if (any(10) == 0)
        check_query();
    else if (access->transit)
        return; /* its call has not returned yet */
    else if (!access->used)
        begin(access);
    else if (any(3) != 0)
        touch(access);
    else
        end(access);
    if (program.depth == 0 && any(40) == 0) {
        program.depth++; /* nobody else meanwhile: there would be no buffer to use */
        destroy(&program.buffers[any(BUFFERS)]);
        program.depth--;
    }
    CHECK(program.machine.trouble[0] == '\0');
}

/* Others go on while a line is maintained. */
static void meanwhile_others(struct machine *machine, void *context)
{
    (void)machine;
    (void)context;
    if (program.depth > 0 || any(2) == 0)
        return;
    program.depth++;
    program.nested++;
    for (unsigned i = 0; i < 3; i++)
        one_step();
    program.depth--;
}

static void begin_program(unsigned long long seed)
{
    const struct baton_limits limits = {.pools = 1,
                                        .buffers = BUFFERS,
                                        .devices = DEVICES,
                                        .attachments = BUFFERS * DEVICES,
                                        .accesses = LIVE + 1,
                                        .trace = 8};
    struct baton_pool_config pool = {"pool", NULL, 0x40000000, MACHINE_BYTES};

    program.seed = seed;
    program.step = 0;
    program.depth = 0;
    program.exact = DIRECTORY_EXTENTS >= LINES_MAX;
    program.failure[0] = '\0';
    memset(program.live, 0, sizeof(program.live));
    machine_init(&program.machine, GRANULE, 0x40000000, seed);
    program.machine.meanwhile = NULL;
    pool.cpu = machine_cpu(&program.machine, 0);
    CHECK(baton_size(&limits) <= sizeof(program.memory));
    CHECK(baton_init(&program.baton, program.memory, sizeof(program.memory), &limits, &program.machine.port) ==
          BATON_OK);
    CHECK(baton_add_pool(program.baton, &pool, &program.pool) == BATON_OK);
    for (unsigned i = 0; i < DEVICES; i++) {
        const struct baton_device_config device = {"device", device_domains[i], UINT32_MAX, 0, 1, 0, 0};

        CHECK(baton_add_device(program.baton, &device, &program.devices[i]) == BATON_OK);
    }
    for (unsigned i = 0; i < BUFFERS; i++)
        create(&program.buffers[i]);
    program.machine.meanwhile = meanwhile_others;
}

#endif
