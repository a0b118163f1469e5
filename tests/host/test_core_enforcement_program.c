/* SPDX-License-Identifier: MIT */
/*
 * Random programs over buffers whose mapping changes: guarded by the MMU, automatic, and of changing policy; a CPU, two devices in
 * MEMORY, one in CACHE, on the hostile machine, which has page rights here. While lines are maintained, and while a touch waits, others
 * go on. Checked: nobody reads an old byte, none is lost; conflicts; that a page is mapped with exactly the rights of the accesses that
 * are open, an automatic one with no more than the devices leave; maintenance finds a mapping; past the cache no line is in it.
 * What would break it: maintenance after the page was revoked, rights of one access only, a page that is not closed before it is published,
 * lines that are not dropped when a buffer becomes write-combined.
 *
 * A failure is shrunk and printed: random_programs.h.
 */
// link: core/*.c
#include "core/baton.h"
#include "tests/host/support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRANULE = 16, PAGE = 64, BYTES = 4 * PAGE, DEVICES = 3, LIVE = 8 };
enum kind { GUARDED, AUTOMATIC, CHANGING, SNOOPED, BUFFERS };

struct shadow {
    enum kind kind;
    baton_buffer handle;
    baton_attachment attachments[DEVICES];
    bool attached[DEVICES];
    uint32_t base, size;
    bool guarded; /* by the MMU */
    const struct baton_policy *policy;
    uint8_t newest[BYTES], undefined[BYTES];
};

struct live {
    bool used, transit;
    int device; /* -1: the CPU */
    enum baton_domain domain;
    enum baton_direction direction;
    struct shadow *buffer;
    struct baton_range range;
    uint8_t written[BYTES];
    struct baton_cpu_access cpu;
    struct baton_source source;
    struct baton_destination destination;
};

static struct {
    struct machine machine;
    struct baton *baton;
    _Alignas(8) char memory[16384];
    baton_pool pool;
    baton_device devices[DEVICES];
    struct shadow buffers[BUFFERS];
    struct live live[LIVE], touch;
    unsigned depth, step;
    unsigned long long seed;
    jmp_buf failed;
    char failure[200];
    unsigned touches, waits, refused, timeouts, changes, nested, protections[4];
} program;

static const enum baton_domain domains[DEVICES] = {BATON_DOMAIN_MEMORY, BATON_DOMAIN_MEMORY, BATON_DOMAIN_CACHE};

#include "tests/host/support/program_frame.h"

static uint32_t any(uint32_t bound)
{
    return machine_random(&program.machine, bound);
}

static bool conflicts(const struct live *a, const struct live *b)
{
    if (!b->used || a == b || a->buffer != b->buffer || !share_a_line(a->range, b->range))
        return false;
    return b->transit || ((writes(a) || writes(b)) && (share_a_byte(a->range, b->range) || a->domain != b->domain));
}

static bool in_the_way(const struct live *wanted)
{
    bool some = conflicts(wanted, &program.touch);

    for (unsigned i = 0; i < LIVE; i++)
        some |= conflicts(wanted, &program.live[i]);
    return some;
}

static uint8_t observe(const struct live *access, uint32_t at)
{
    if (access->device < 0)
        return cpu_load(&program.machine, at);
    return access->domain == BATON_DOMAIN_CACHE ? snoop_load(&program.machine, at) : device_load(&program.machine, at);
}

static void load(struct live *access, uint32_t offset)
{
    struct shadow *buffer = access->buffer;
    uint8_t seen;

    if (access->direction == BATON_OVERWRITE && !access->written[offset])
        return;
    seen = observe(access, buffer->base + offset);
    if (buffer->undefined[offset])
        buffer->newest[offset] = seen;
    buffer->undefined[offset] = 0;
    CHECK(seen == buffer->newest[offset]);
}

static void store(struct live *access, uint32_t offset)
{
    struct shadow *buffer = access->buffer;
    uint8_t value = (uint8_t)any(256);

    if (access->device < 0)
        cpu_store(&program.machine, buffer->base + offset, value);
    else if (access->domain == BATON_DOMAIN_CACHE)
        snoop_store(&program.machine, buffer->base + offset, value);
    else
        device_store(&program.machine, buffer->base + offset, value);
    buffer->newest[offset] = value;
    buffer->undefined[offset] = 0;
    access->written[offset] = 1;
}

static void begin(struct live *access)
{
    enum baton_status status;
    bool refused;

    memset(access, 0, sizeof(*access));
    access->buffer = &program.buffers[any(BUFFERS)];
    access->device = (int)any(DEVICES + 2) - 2;
    access->device = access->device < 0 ? -1 : access->device;
    if (access->device < 0 ? access->buffer->kind == AUTOMATIC : !access->buffer->attached[access->device])
        return;
    if (access->device >= 0)
        access->domain = domains[access->device];
    else
        access->domain =
            access->buffer->policy == BATON_POLICY_WRITE_COMBINED ? BATON_DOMAIN_MEMORY : BATON_DOMAIN_CACHE;
    access->direction = (enum baton_direction)any(3);
    access->range.offset = any(access->buffer->size);
    access->range.length = 1 + any(access->buffer->size - access->range.offset);
    refused = in_the_way(access);
    access->used = access->transit = !refused;
    if (access->device < 0)
        status = baton_begin_cpu_access(program.baton, access->buffer->handle, access->range, access->direction,
                                        &access->cpu);
    else if (access->direction == BATON_READ)
        status = baton_map_to_device(program.baton, access->buffer->attachments[access->device], access->range,
                                     &access->source);
    else
        status = baton_map_from_device(program.baton, access->buffer->attachments[access->device], access->range,
                                       access->direction, &access->destination);
    access->transit = false;
    program.refused += refused;
    CHECK(refused == (status != BATON_OK));
}

static void end(struct live *access)
{
    enum baton_status status;

    for (uint32_t i = access->range.offset;
         access->direction == BATON_OVERWRITE && i < access->range.offset + access->range.length; i++) {
        if (!access->written[i])
            store(access, i);
    }
    access->used = false;
    if (access->device < 0)
        status = baton_end_cpu_access(program.baton, &access->cpu);
    else if (access->direction == BATON_READ)
        status = baton_unmap_source(program.baton, &access->source);
    else
        status = baton_unmap_destination(program.baton, &access->destination);
    CHECK(status == BATON_OK);
}

static void use(struct live *access)
{
    for (unsigned i = 0; i < 5; i++) {
        load(access, access->range.offset + any(access->range.length));
        if (writes(access))
            store(access, access->range.offset + any(access->range.length));
        machine_noise(&program.machine, any(3));
    }
}

static bool page_in_transit(const struct shadow *buffer, struct baton_range page)
{
    for (unsigned i = 0; i < LIVE; i++) {
        if (program.live[i].used && program.live[i].transit && program.live[i].buffer == buffer &&
            share_a_byte(program.live[i].range, page))
            return true;
    }
    return false;
}

/* The CPU uses an automatic buffer, as code would: what faults is handed to the core, and repeated. */
static void touch(void)
{
    struct shadow *buffer = &program.buffers[AUTOMATIC];
    struct live *mine = &program.touch, access = {.used = true, .device = -1, .buffer = buffer};
    const uint32_t offset = any(buffer->size), page = offset / PAGE * PAGE;
    bool write = any(2) == 0, mapped = false;
    enum baton_status status = BATON_OK;

    access.range = (struct baton_range){page, buffer->size - page < PAGE ? buffer->size - page : PAGE};
    access.direction = write ? BATON_WRITE : BATON_READ;
    if (mine->used || (!write && page_in_transit(buffer, access.range)))
        return; /* T7 */
    program.touches++;
    for (unsigned tries = 0; tries < 3 && status == BATON_OK; tries++) {
        mapped = write ? machine_may_store(&program.machine, buffer->base + offset)
                       : machine_may_load(&program.machine, buffer->base + offset);
        if (mapped)
            break;
        *mine = access;
        mine->transit = true;
        status = baton_fault(program.baton, (uintptr_t)machine_cpu(&program.machine, buffer->base + offset), write,
                             0x1234, 40);
        mine->used = false;
    }
    if (program.depth > 0) {
        CHECK(status == BATON_OK ? mapped : status == BATON_ERROR_CONTEXT);
    } else if (status == BATON_ERROR_TIMEOUT) {
        program.timeouts++;
        CHECK(in_the_way(&access));
    } else {
        CHECK(status == BATON_OK && mapped);
    }
    if (!mapped)
        return;
    for (unsigned i = 0; i < LIVE && write; i++) /* nobody else has what is stored to */
        CHECK(!conflicts(&access, &program.live[i]));
    if (write)
        store(&access, offset);
    else
        load(&access, offset);
}

static void create(struct shadow *buffer, enum kind kind)
{
    struct baton_buffer_config config = {.name = "buffer", .size = 1 + any(BYTES)};
    const uint32_t pages = (config.size + PAGE - 1) / PAGE;

    memset(buffer, 0, sizeof(*buffer));
    buffer->kind = kind;
    buffer->size = config.size;
    buffer->guarded = kind == GUARDED || (kind == CHANGING && any(2));
    config.enforcement = kind == AUTOMATIC ? BATON_ENFORCE_AUTOMATIC : buffer->guarded ? BATON_ENFORCE_MMU : NULL;
    config.policy = kind == CHANGING            ? BATON_POLICY_WRITE_COMBINED
                    : kind == SNOOPED && any(2) ? BATON_POLICY_COHERENT
                                                : BATON_POLICY_CACHED;
    buffer->policy = config.policy;
    memset(buffer->undefined, 1, sizeof(buffer->undefined));
    CHECK(baton_create(program.baton, program.pool, &config, &buffer->handle) == BATON_OK);
    for (unsigned i = 0; i < DEVICES; i++) {
        buffer->attached[i] = kind == SNOOPED ? i == 2 : i < 2 || kind != CHANGING;
        if (buffer->attached[i])
            CHECK(baton_attach(program.baton, buffer->handle, program.devices[i], &buffer->attachments[i]) == BATON_OK);
    }
    if (kind == AUTOMATIC) {
        void *pointer;

        CHECK(baton_automatic_pointer(program.baton, buffer->handle, &pointer) == BATON_OK);
        buffer->base = machine_offset(&program.machine, pointer);
    } else {
        struct baton_cpu_access access;

        CHECK(baton_begin_cpu_access(program.baton, buffer->handle, (struct baton_range){0, 1}, BATON_READ, &access) ==
              BATON_OK);
        buffer->base = machine_offset(&program.machine, access.data);
        CHECK(baton_end_cpu_access(program.baton, &access) == BATON_OK);
    }
    CHECK(kind == SNOOPED || (buffer->base % PAGE == 0 && buffer->base + pages * PAGE <= MACHINE_BYTES));
}

static bool held(const struct shadow *buffer)
{
    for (unsigned i = 0; i < LIVE; i++) {
        if (program.live[i].used && program.live[i].buffer == buffer)
            return true;
    }
    return false;
}

static void destroy(struct shadow *buffer)
{
    if (held(buffer))
        return;
    for (unsigned i = 0; i < DEVICES; i++) {
        if (buffer->attached[i])
            CHECK(baton_detach(program.baton, &buffer->attachments[i]) == BATON_OK);
    }
    CHECK(baton_destroy(program.baton, &buffer->handle) == BATON_OK);
    for (uint32_t i = 0; i < buffer->size; i++)
        CHECK(program.machine.protection[(buffer->base + i) / PAGE] == BATON_PROTECT_READ_WRITE);
    create(buffer, buffer->kind);
}

static void change_policy(struct live *access)
{
    struct shadow *buffer = &program.buffers[CHANGING + any(2)];
    const struct baton_policy *const other =
        buffer->kind == CHANGING ? BATON_POLICY_WRITE_COMBINED : BATON_POLICY_COHERENT;
    const struct baton_policy *const policy = any(2) ? other : BATON_POLICY_CACHED;
    const bool refused = held(buffer);
    enum baton_status status;

    memset(access, 0, sizeof(*access));
    *access = (struct live){.device = -1, .buffer = buffer, .range = {0, buffer->size}, .direction = BATON_WRITE};
    access->used = access->transit = !refused;
    status = baton_set_policy(program.baton, buffer->handle, policy);
    access->used = false;
    CHECK(status == (refused ? BATON_ERROR_HELD : BATON_OK));
    if (!refused)
        buffer->policy = policy;
    program.changes += !refused;
}

static void check_mappings(const struct shadow *buffer)
{
    for (uint32_t page = 0; page < buffer->size; page += PAGE) {
        const enum baton_protection is =
            (enum baton_protection)program.machine.protection[(buffer->base + page) / PAGE];
        enum baton_protection most = BATON_PROTECT_READ_WRITE, rights = BATON_PROTECT_NONE;

        for (unsigned i = 0; i < LIVE; i++) {
            const struct live *access = &program.live[i];

            if (!access->used || access->buffer != buffer ||
                !share_a_byte(access->range, (struct baton_range){page, PAGE}))
                continue;
            if (access->device < 0 && writes(access))
                rights = BATON_PROTECT_READ_WRITE;
            else if (access->device < 0 && rights == BATON_PROTECT_NONE)
                rights = BATON_PROTECT_READ;
            else if (access->device >= 0 && most > BATON_PROTECT_NONE)
                most = writes(access) ? BATON_PROTECT_NONE : BATON_PROTECT_READ;
        }
        program.protections[is]++;
        if (buffer->kind == AUTOMATIC) {
            CHECK(is <= most);
            continue;
        }
        if (!buffer->guarded)
            rights = BATON_PROTECT_READ_WRITE;
        if (buffer->policy == BATON_POLICY_WRITE_COMBINED && rights != BATON_PROTECT_NONE)
            rights = BATON_PROTECT_WRITE_COMBINED;
        CHECK(is == rights);
    }
}

static void one_step(void)
{
    struct live *access = &program.live[any(LIVE)];

    machine_noise(&program.machine, any(4));
    if (any(4) == 0)
        touch();
    else if (access->transit)
        return;
    else if (!access->used && any(8) == 0 && program.depth == 0)
        change_policy(access);
    else if (!access->used)
        begin(access);
    else if (any(3) != 0)
        use(access);
    else
        end(access);
    if (program.depth == 0) {
        if (any(30) == 0) {
            program.depth++;
            destroy(&program.buffers[any(BUFFERS)]);
            program.depth--;
        }
        for (unsigned i = 0; i < BUFFERS; i++)
            check_mappings(&program.buffers[i]);
    }
    CHECK(program.machine.trouble[0] == '\0');
}

static void others(void)
{
    if (program.depth > 0)
        return;
    program.depth++;
    program.nested++;
    for (unsigned i = 0; i < 3; i++)
        one_step();
    program.depth--;
}

static void meanwhile(struct machine *machine, void *context)
{
    (void)machine;
    (void)context;
    if (any(2))
        others();
}

static bool may_wait(void *context)
{
    CHECK(!((struct machine *)context)->locked);
    return program.depth == 0;
}

static void wait(void *context, uint32_t deadline)
{
    struct machine *machine = context;
    const struct live touching = program.touch;

    CHECK(!machine->locked && (int32_t)(deadline - machine->clock) > 0);
    program.waits++;
    machine->clock += 2;
    program.touch.used = false; /* it has nothing while it waits */
    others();
    program.touch = touching;
}

static void begin_program(unsigned long long seed)
{
    const struct baton_limits limits = {.pools = 1,
                                        .buffers = BUFFERS,
                                        .devices = DEVICES,
                                        .attachments = BUFFERS * DEVICES,
                                        .accesses = LIVE + 3,
                                        .trace = 8};
    struct baton_pool_config pool = {"pool", NULL, 0x40000000, MACHINE_BYTES};

    program.seed = seed;
    program.step = 0;
    program.depth = 0;
    memset(program.live, 0, sizeof(program.live));
    memset(&program.touch, 0, sizeof(program.touch));
    machine_init(&program.machine, GRANULE, 0x40000000, seed);
    machine_give_pages(&program.machine, PAGE);
    program.machine.port.frequency = 1000000;
    program.machine.port.may_wait = may_wait;
    program.machine.port.wait = wait;
    pool.cpu = machine_cpu(&program.machine, 0);
    CHECK(baton_init(&program.baton, program.memory, sizeof(program.memory), &limits, &program.machine.port) ==
          BATON_OK);
    CHECK(baton_add_pool(program.baton, &pool, &program.pool) == BATON_OK);
    for (unsigned i = 0; i < DEVICES; i++) {
        const struct baton_device_config device = {"device", domains[i], UINT32_MAX, 0, 1, 0, 0};

        CHECK(baton_add_device(program.baton, &device, &program.devices[i]) == BATON_OK);
    }
    for (unsigned i = 0; i < BUFFERS; i++)
        create(&program.buffers[i], (enum kind)i);
    program.machine.meanwhile = meanwhile;
}

static void end_program(void)
{
}

enum { STEPS = 1000, PROGRAMS = 300 };

static void check_met(unsigned long long programs)
{
    print_message(
        "# %llu programs: touches %u, waits %u, timeouts %u, policies changed %u, refused %u, nested %u; pages "
        "unmapped %u, read-only %u, writable %u, write-combined %u\n",
        programs, program.touches, program.waits, program.timeouts, program.changes, program.refused, program.nested,
        program.protections[0], program.protections[1], program.protections[2], program.protections[3]);
    assert_true(program.touches > 1000 && program.waits > 100 && program.timeouts > 10 && program.changes > 1000 &&
                program.refused > 1000 && program.protections[1] > 1000 && program.protections[3] > 1000);
}

#include "tests/host/support/random_programs.h"

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
