/* SPDX-License-Identifier: MIT */
/*
 * Random programs over attachments of every kind: two devices directly on the buffer (MEMORY, CACHE), three through bounce
 * buffers (MEMORY, CACHE, MEMORY), and the CPU, against the hostile machine; the buffer in one half of its memory, the bounce
 * buffers in the other. Included by one test for each capacity of the directory.
 *
 * Checked: nobody reads an old byte; no byte is lost; who may hold what beside whom; and, where directory and differences are
 * large enough to be exact, that precisely those lines are copied and maintained that the specification says, once each, and
 * what the queries tell. Others go on while lines are copied and maintained. The difference never says "unknown".
 *
 * A failure is shrunk and printed: random_programs.h.
 */
#include "core/baton.h"
#include "core/instance.h"
#include "tests/host/support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GRANULE = 16,
    DEVICES = 5,
    DIRECT = 2, /* the devices from here on are bounced */
    LIVE = 6,
    LINES_MAX = 16,
    BYTES_MAX = LINES_MAX * GRANULE,
    PLACES = 1 + DEVICES - DIRECT /* the buffer, and the bounce buffers */
};

enum difference { SAME, AHEAD, BEHIND };

struct live {
    bool used, transit;
    int device; /* -1: the CPU */
    enum baton_domain domain;
    enum baton_direction direction;
    struct baton_range range, writes; /* writes: where it will write, if it ends partially */
    bool partial;
    uint8_t written[BYTES_MAX], before[BYTES_MAX], undefined_before[BYTES_MAX];
    bool given_up[LINES_MAX]; /* the newest bytes were elsewhere, and were not fetched, as it overwrites */
    bool unfilled[LINES_MAX]; /* its bounce buffer has not the buffer's bytes, as it overwrites */
    struct baton_cpu_access cpu;
    struct baton_source source;
    struct baton_destination destination;
};

static struct {
    struct machine machine;
    struct baton *baton;
    _Alignas(8) char memory[32768];
    baton_pool pool, bounces;
    baton_device devices[DEVICES];
    baton_buffer buffer;
    baton_attachment attachments[DEVICES];
    uint32_t size, lines;
    uint32_t base[PLACES];                          /* where the machine has them */
    enum line_state states[PLACES][LINES_MAX];      /* the directories, where exact */
    enum difference differences[PLACES][LINES_MAX]; /* of the bounce buffers */
    uint8_t newest[BYTES_MAX], undefined[BYTES_MAX];
    struct live live[LIVE];
    bool exact;
    unsigned depth;
    unsigned long long seed;
    unsigned step;
    jmp_buf failed;
    char failure[200];
    unsigned refusals[BATON_ERROR_MAINTENANCE + 1], home, away, partials, crowded, detaches, held;
} program;

static const enum baton_domain device_domains[DEVICES] = {BATON_DOMAIN_MEMORY, BATON_DOMAIN_CACHE, BATON_DOMAIN_MEMORY,
                                                          BATON_DOMAIN_CACHE, BATON_DOMAIN_MEMORY};

#include "tests/host/support/program_frame.h"

static uint32_t any(uint32_t bound)
{
    return machine_random(&program.machine, bound);
}

static unsigned place_of(const struct live *access)
{
    return access->device < DIRECT ? 0 : (unsigned)(access->device - DIRECT + 1);
}

static uint32_t line_end(uint32_t line)
{
    uint32_t end = (line + 1) * GRANULE;

    return end < program.size ? end : program.size;
}

static bool line_whole(struct baton_range range, uint32_t line)
{
    return line * GRANULE >= range.offset && line_end(line) <= range.offset + range.length;
}

static enum baton_status expected_status(const struct live *wanted)
{
    enum baton_status status = BATON_OK;

    for (unsigned i = 0; i < LIVE; i++) {
        const struct live *other = &program.live[i];

        if (!other->used || other == wanted || !share_a_line(other->range, wanted->range))
            continue;
        if (writes(other) || writes(wanted)) {
            if (share_a_byte(other->range, wanted->range))
                return BATON_ERROR_BUSY;
            if (other->domain != wanted->domain || place_of(other) != place_of(wanted))
                status = BATON_ERROR_FALSE_SHARING;
        }
        if (other->transit && status == BATON_OK)
            status = BATON_ERROR_IN_TRANSIT;
    }
    return status;
}

static bool line_shared(const struct live *wanted, uint32_t line)
{
    for (unsigned i = 0; i < LIVE; i++) {
        const struct live *other = &program.live[i];

        if (other->used && other != wanted && line_in(other->range, line) && (writes(other) || writes(wanted)))
            return true;
    }
    return false;
}

static uint32_t at(unsigned place, uint32_t line)
{
    return program.base[place] / GRANULE + line;
}

static uint8_t observe(const struct live *access, uint32_t offset)
{
    uint32_t where = program.base[place_of(access)] + offset;

    return access->domain == BATON_DOMAIN_CACHE ? cpu_load(&program.machine, where)
                                                : device_load(&program.machine, where);
}

static void load(struct live *access, uint32_t offset)
{
    uint8_t seen;

    if (access->direction == BATON_OVERWRITE && !access->written[offset])
        return;
    seen = observe(access, offset);
    if (program.undefined[offset]) {
        program.undefined[offset] = 0;
        program.newest[offset] = seen;
    }
    CHECK(seen == program.newest[offset]);
}

static void store(struct live *access, uint32_t offset)
{
    uint32_t where = program.base[place_of(access)] + offset;
    uint8_t value = (uint8_t)any(256);

    if (access->domain == BATON_DOMAIN_CACHE)
        cpu_store(&program.machine, where, value);
    else
        device_store(&program.machine, where, value);
    program.newest[offset] = value;
    program.undefined[offset] = 0;
    access->written[offset] = 1;
}

static struct baton_range any_range(struct baton_range within)
{
    struct baton_range range;

    range.offset = within.offset + any(within.length);
    range.length = 1 + any(within.offset + within.length - range.offset);
    if (any(4) == 0)
        range = within;
    else if (any(3) == 0)
        range.length = 1 + any(range.length < 20 ? range.length : 20);
    return range;
}

/* What the specification says that an access in that domain needs of a line there, and what the line is then. */
static void maintain(unsigned place, uint32_t line, enum baton_domain domain, bool overwrites)
{
    struct machine *machine = &program.machine;
    enum line_state *state = &program.states[place][line];
    bool publishes = false, refreshes = false;

    if (domain == BATON_DOMAIN_CACHE && overwrites) {
        *state = LINE_DIRTY;
        return;
    }
    if (*state == LINE_UNKNOWN)
        publishes = refreshes = true;
    else if (domain == BATON_DOMAIN_CACHE)
        refreshes = *state == LINE_STALE;
    else
        publishes = *state == LINE_DIRTY;
    if (publishes || refreshes)
        *state = LINE_CLEAN;
    machine->may_publish[at(place, line)] += publishes;
    machine->may_refresh[at(place, line)] += refreshes;
}

/* The CPU copies a line between the buffer and a bounce buffer. */
static void copy_line(unsigned from, unsigned to, uint32_t line, unsigned *copied)
{
    maintain(from, line, BATON_DOMAIN_CACHE, false);
    maintain(to, line, BATON_DOMAIN_CACHE, true);
    copied[at(to, line)] += line_end(line) - line * GRANULE;
}

/* What the acquire needs. Of the lines of its range nobody else is in transit, so that they are as they will be. */
static void expect(struct live *access, unsigned *copied)
{
    const unsigned place = place_of(access);

    for (uint32_t line = 0; line < program.lines; line++) {
        const bool overwrites = access->direction == BATON_OVERWRITE && line_whole(access->range, line);

        if (!line_in(access->range, line))
            continue;
        for (unsigned other = 1; other < PLACES; other++) {
            if (other == place || program.differences[other][line] != AHEAD)
                continue;
            access->given_up[line] |= overwrites;
            if (!overwrites) {
                CHECK(!line_shared(access, line));
                copy_line(other, 0, line, copied);
                program.differences[other][line] = SAME;
                program.home++;
            }
        }
        if (place != 0 && program.differences[place][line] == BEHIND) {
            access->unfilled[line] = overwrites;
            if (!overwrites) {
                CHECK(!line_shared(access, line));
                copy_line(0, place, line, copied);
                program.differences[place][line] = SAME;
                program.away++;
            }
        }
        if (!line_shared(access, line))
            maintain(place, line, access->domain, overwrites);
    }
}

static enum baton_status call_begin(struct live *access)
{
    if (access->device < 0)
        return baton_begin_cpu_access(program.baton, program.buffer, access->range, access->direction, &access->cpu);
    if (access->direction == BATON_READ)
        return baton_map_to_device(program.baton, program.attachments[access->device], access->range, &access->source);
    return baton_map_from_device(program.baton, program.attachments[access->device], access->range, access->direction,
                                 &access->destination);
}

static void check_address(const struct live *access)
{
    const uint32_t start = program.base[place_of(access)] + access->range.offset;

    if (access->device < 0)
        CHECK(machine_offset(&program.machine, access->cpu.data) == start);
    else if (access->direction == BATON_READ)
        CHECK(access->source.segments[0].address.value - program.machine.physical == start);
    else
        CHECK(access->destination.segments[0].address.value - program.machine.physical == start);
}

static void check_differences(void)
{
    for (unsigned place = 1; place < PLACES; place++) {
        const struct attachment *attachment =
            instance_attachment(program.baton, program.attachments[place - 1 + DIRECT]);

        CHECK(attachment->difference.count <= DIRECTORY_EXTENTS);
        for (uint32_t i = 0; i < attachment->difference.count; i++)
            CHECK(attachment->difference.extents[i].state != LINE_UNKNOWN);
    }
}

/* Nothing but these lines is copied and maintained meanwhile, by this acquire. */
static void forget_lines(struct baton_range range)
{
    struct machine *machine = &program.machine;

    for (unsigned place = 0; place < PLACES; place++) {
        for (uint32_t line = 0; line < program.lines; line++) {
            const uint32_t i = at(place, line);

            if (line_in(range, line))
                machine->may_publish[i] = machine->may_refresh[i] = machine->published[i] = machine->refreshed[i] =
                    machine->copied[i] = 0;
        }
    }
}

static void begin(struct live *access)
{
    struct machine *machine = &program.machine;
    unsigned copied[MACHINE_LINES_MAX] = {0};
    enum baton_status expected, status;
    struct live saved;

    memset(access, 0, sizeof(*access));
    access->device = (int)any(DEVICES + 2) - 2;
    access->device = access->device < 0 ? -1 : access->device;
    access->domain = access->device < 0 ? BATON_DOMAIN_CACHE : device_domains[access->device];
    access->direction = (enum baton_direction)any(3);
    access->range = any_range((struct baton_range){0, program.size});
    access->partial = writes(access) && any(3) == 0;
    access->writes = access->partial ? any_range(access->range) : access->range;
    memcpy(access->before, program.newest, sizeof(access->before));
    memcpy(access->undefined_before, program.undefined, sizeof(access->undefined_before));

    expected = expected_status(access);
    if (expected != BATON_OK) {
        status = call_begin(access);
        CHECK(status == expected || (!program.exact && status == BATON_ERROR_IN_TRANSIT && expected != status));
        program.refusals[expected]++;
        return;
    }
    saved = *access;
    if (program.exact) {
        forget_lines(access->range);
        expect(access, copied);
    }
    access->used = access->transit = true;
    status = call_begin(access);
    access->transit = false;
    if (!program.exact && status != BATON_OK) {
        CHECK(status == BATON_ERROR_NO_SLOT || status == BATON_ERROR_IN_TRANSIT);
        program.refusals[status]++;
        *access = saved;
        access->used = false;
        return;
    }
    CHECK(status == BATON_OK);
    check_address(access);
    for (unsigned place = 0; place < PLACES && program.exact; place++) {
        for (uint32_t line = 0; line < program.lines; line++) {
            const uint32_t i = at(place, line);

            if (!line_in(access->range, line))
                continue;
            CHECK(machine->published[i] == machine->may_publish[i]);
            CHECK(machine->refreshed[i] == machine->may_refresh[i]);
            CHECK(machine->copied[i] == copied[i]);
            machine->may_publish[i] = machine->may_refresh[i] = 0;
        }
    }
    for (uint32_t line = 0; access->device >= 0 && writes(access) && line < program.lines; line++) {
        if (line_in(access->range, line)) /* R17 */
            program.states[place_of(access)][line] = access->domain == BATON_DOMAIN_CACHE ? LINE_DIRTY : LINE_STALE;
    }
    if (!program.exact) { /* what it gave up, and what is not filled, is not known: all that it overwrites, perhaps */
        for (uint32_t line = 0; line < program.lines; line++)
            access->given_up[line] = access->unfilled[line] =
                access->direction == BATON_OVERWRITE && line_whole(access->range, line);
    }
    if (any(2) == 0)
        check_differences();
}

/* Of the whole lines beside the written ones: the bounce buffer's stay the newest. */
static bool stays_ahead_in_model(const struct live *access, uint32_t first, uint32_t end)
{
    bool ahead = false;

    for (uint32_t line = first; line < end; line++) {
        if (!line_in(access->range, line) || !line_whole(access->range, line))
            continue;
        if (program.differences[place_of(access)][line] == BEHIND)
            return false;
        ahead |= program.differences[place_of(access)][line] == AHEAD;
    }
    return ahead;
}

/* A byte of a range that was not all written. */
static void leave_byte(struct live *access, uint32_t offset, bool from_buffer)
{
    const uint32_t line = offset / GRANULE;

    if (from_buffer) { /* as if it had not been here */
        program.newest[offset] = access->before[offset];
        program.undefined[offset] = access->undefined_before[offset];
        /* What the bounce buffer had before is gone, too; and who comes first says what there is. */
        if (access->given_up[line] || program.differences[place_of(access)][line] == AHEAD || !program.exact)
            program.undefined[offset] = 1;
    } else if (!access->written[offset] && (access->given_up[line] || access->unfilled[line])) {
        program.undefined[offset] = 1;
    } else if (!access->written[offset] && access->domain == BATON_DOMAIN_CACHE &&
               access->direction == BATON_OVERWRITE) {
        program.undefined[offset] = 1;
    }
}

static void leave(struct live *access, struct baton_range written)
{
    const unsigned place = place_of(access);
    const bool cache = access->domain == BATON_DOMAIN_CACHE, failed = access->partial && access->device >= 0;
    const uint32_t first = written.length ? written.offset / GRANULE : program.lines;
    const uint32_t end = written.length ? (written.offset + written.length - 1) / GRANULE + 1 : program.lines;
    const bool keeps_before = place != 0 && stays_ahead_in_model(access, 0, first);
    const bool keeps_behind = place != 0 && stays_ahead_in_model(access, end, program.lines);

    for (uint32_t line = 0; writes(access) && line < program.lines; line++) {
        const bool whole = line_whole(access->range, line);
        const bool is_written = line >= first && line < end;
        bool from_buffer = false;

        if (!line_in(access->range, line))
            continue;
        if (failed && place != 0 && !is_written && whole)
            from_buffer = !program.exact || (line < first ? !keeps_before : !keeps_behind);
        for (uint32_t i = line * GRANULE; access->partial && i < line_end(line); i++) {
            if (i >= access->range.offset && i < access->range.offset + access->range.length)
                leave_byte(access, i, from_buffer);
        }
        if (!access->partial && access->device >= 0)
            ; /* R17: noted at the acquire */
        else if (is_written)
            program.states[place][line] = cache ? LINE_DIRTY : LINE_STALE;
        else if (failed)
            program.states[place][line] = cache && !whole ? LINE_DIRTY : LINE_UNKNOWN;
        else if (access->direction == BATON_OVERWRITE && whole)
            program.states[place][line] = LINE_UNKNOWN;
        for (unsigned other = 1; other < PLACES; other++) {
            if (other == place)
                program.differences[other][line] = from_buffer ? BEHIND : AHEAD;
            else if (is_written || failed || access->direction == BATON_OVERWRITE)
                program.differences[other][line] = BEHIND;
        }
    }
}

static void end(struct live *access)
{
    struct baton_range written = any(5) ? access->writes : (struct baton_range){any(BYTES_MAX), 0};
    enum baton_status status;

    if (access->partial && written.length == 0 && access->device < 0) { /* the CPU wrote nothing: only if it did not */
        for (uint32_t i = 0; i < program.size; i++)
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
    check_differences();
}

static void touch(struct live *access)
{
    for (unsigned i = 0; i < 6; i++) {
        struct baton_range stores = access->partial && access->device < 0 ? access->writes : access->range;

        load(access, access->range.offset + any(access->range.length));
        if (writes(access))
            store(access, stores.offset + any(stores.length));
        machine_noise(&program.machine, any(3));
    }
}

static void check_query(void)
{
    struct baton_range range = any_range((struct baton_range){0, program.size});
    uint32_t counts[4] = {0}, bounced = 0;
    struct baton_answer answer;

    CHECK(baton_query(program.baton, program.buffer, range, &answer, NULL, 0) == BATON_OK);
    for (unsigned place = 1; place < PLACES; place++) {
        struct baton_attachment_state state;
        uint32_t ahead = 0, behind = 0;

        CHECK(baton_query_attachment(program.baton, program.attachments[place - 1 + DIRECT], &state) == BATON_OK);
        CHECK(state.reason == BATON_BOUNCE_UNREACHABLE);
        for (uint32_t line = 0; line < program.lines; line++) {
            ahead += program.differences[place][line] == AHEAD ? GRANULE : 0;
            behind += program.differences[place][line] == BEHIND ? GRANULE : 0;
            bounced += line_in(range, line) && program.differences[place][line] == AHEAD ? GRANULE : 0;
        }
        if (program.exact && program.depth == 0)
            CHECK(state.ahead == ahead && state.behind == behind);
    }
    for (uint32_t line = 0; line < program.lines; line++) {
        if (line_in(range, line))
            counts[program.states[0][line]] += GRANULE;
    }
    if (program.exact && program.depth == 0) {
        CHECK(answer.newest_in_bounce == bounced);
        CHECK(answer.newest_in_cache == counts[LINE_DIRTY]);
        CHECK(answer.newest_in_memory == counts[LINE_STALE]);
        CHECK(answer.newest_unknown == counts[LINE_UNKNOWN]);
    }
}

static void attach(unsigned device)
{
    CHECK(baton_attach(program.baton, program.buffer, program.devices[device], &program.attachments[device]) ==
          BATON_OK);
    const struct attachment *made = instance_attachment(program.baton, program.attachments[device]);

    if (made->bounce != NULL) {
        const unsigned place = device - DIRECT + 1;

        program.base[place] = made->bounce->physical - program.machine.physical;
        CHECK(program.base[place] + program.lines * GRANULE <= MACHINE_BYTES / 2);
        for (uint32_t line = 0; line < LINES_MAX; line++) {
            program.states[place][line] = LINE_UNKNOWN;
            program.differences[place][line] = BEHIND;
        }
    }
}

/* An attachment ends and is made anew; others go on. */
static void detach(void)
{
    const unsigned device = any(DEVICES), place = device < DIRECT ? 0 : device - DIRECT + 1;
    struct machine *machine = &program.machine;
    unsigned copied[MACHINE_LINES_MAX] = {0};

    program.depth++; /* nobody else meanwhile: there would be no attachment to use */
    for (unsigned i = 0; i < LIVE; i++) {
        if (program.live[i].used && program.live[i].device == (int)device) {
            CHECK(baton_detach(program.baton, &program.attachments[device]) == BATON_ERROR_HELD);
            program.depth--;
            return;
        }
    }
    for (unsigned i = 0; i < LIVE && place != 0 && program.exact; i++) {
        for (uint32_t line = 0; line < program.lines; line++) {
            if (program.live[i].used && writes(&program.live[i]) && line_in(program.live[i].range, line) &&
                program.differences[place][line] == AHEAD) {
                CHECK(baton_detach(program.baton, &program.attachments[device]) == BATON_ERROR_HELD);
                program.held++;
                program.depth--;
                return;
            }
        }
    }
    if (program.exact) {
        forget_lines((struct baton_range){0, program.size});
        for (uint32_t line = 0; line < program.lines && place != 0; line++) {
            if (program.differences[place][line] == AHEAD)
                copy_line(place, 0, line, copied);
            machine->may_publish[at(place, line)] += program.states[place][line] == LINE_DIRTY; /* R13 */
        }
    }
    enum baton_status status = baton_detach(program.baton, &program.attachments[device]);

    CHECK(status == BATON_OK || (!program.exact && status == BATON_ERROR_HELD));
    for (uint32_t i = 0; i < machine->lines && program.exact; i++) {
        CHECK(machine->published[i] == machine->may_publish[i] || !machine->may_publish[i]);
        CHECK(machine->copied[i] == copied[i] || copied[i] == 0);
        machine->may_publish[i] = machine->may_refresh[i] = 0;
    }
    program.detaches++;
    if (status == BATON_OK)
        attach(device);
    program.depth--;
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
    if (program.depth == 0 && any(20) == 0)
        detach();
    CHECK(program.machine.trouble[0] == '\0');
}

/* Others go on while a line is copied or maintained. */
static void meanwhile_others(struct machine *machine, void *context)
{
    (void)machine;
    (void)context;
    if (program.depth > 0 || any(2) == 0)
        return;
    program.depth++;
    for (unsigned i = 0; i < 3; i++)
        one_step();
    program.depth--;
}

static void end_program(void)
{
    for (unsigned i = 0; i < LIVE; i++) {
        if (program.live[i].used)
            end(&program.live[i]);
    }
    program.depth++;
    program.machine.check_may = 0;
    for (unsigned i = 0; i < DEVICES; i++)
        CHECK(baton_detach(program.baton, &program.attachments[i]) == BATON_OK);

    struct live last = {.device = -1, .range = {0, program.size}}; /* what came home is what is there */

    CHECK(call_begin(&last) == BATON_OK);
    for (uint32_t i = 0; i < program.size; i++)
        load(&last, i);
    CHECK(baton_end_cpu_access(program.baton, &last.cpu) == BATON_OK);
    CHECK(baton_destroy(program.baton, &program.buffer) == BATON_OK);
    program.depth--;
}

static void begin_program(unsigned long long seed)
{
    const struct baton_limits limits = {
        .pools = 2, .buffers = PLACES, .devices = DEVICES, .attachments = DEVICES, .accesses = LIVE, .trace = 8};
    const uint32_t half = MACHINE_BYTES / 2;
    struct baton_pool_config pool = {"pool", NULL, 0x40000000 + half, half},
                             bounces = {"bounce", NULL, 0x40000000, half};
    struct baton_buffer_config config = {.name = "buffer"};

    program.seed = seed;
    program.step = program.depth = 0;
    memset(program.live, 0, sizeof(program.live));
    machine_init(&program.machine, GRANULE, 0x40000000, seed);
    program.machine.noisy_copies = 1;
    bounces.cpu = machine_cpu(&program.machine, 0);
    pool.cpu = machine_cpu(&program.machine, half);
    CHECK(baton_size(&limits) <= sizeof(program.memory));
    CHECK(baton_init(&program.baton, program.memory, sizeof(program.memory), &limits, &program.machine.port) ==
          BATON_OK);
    CHECK(baton_add_pool(program.baton, &bounces, &program.bounces) == BATON_OK);
    CHECK(baton_add_pool(program.baton, &pool, &program.pool) == BATON_OK);
    config.size = program.size = 1 + any(BYTES_MAX);
    program.lines = (program.size + GRANULE - 1) / GRANULE;
    program.exact = program.lines <= DIRECTORY_EXTENTS;
    CHECK(baton_create(program.baton, program.pool, &config, &program.buffer) == BATON_OK);
    program.base[0] = half;
    memset(program.undefined, 1, sizeof(program.undefined));
    for (uint32_t line = 0; line < LINES_MAX; line++)
        program.states[0][line] = LINE_UNKNOWN;
    for (unsigned i = 0; i < DEVICES; i++) {
        const struct baton_device_config device = {
            "device", device_domains[i], i < DIRECT ? UINT32_MAX : 0x40000000 + half - 1, 0, 1, 0, 0};

        CHECK(baton_add_device(program.baton, &device, &program.devices[i]) == BATON_OK);
        if (i >= DIRECT)
            CHECK(baton_set_bounce_pool(program.baton, program.devices[i], program.bounces) == BATON_OK);
        attach(i);
    }
    program.machine.check_may = program.exact;
    program.machine.meanwhile = meanwhile_others;
}

enum { STEPS = 800, PROGRAMS = 400 };

static void check_met(unsigned long long programs)
{
    print_message(
        "# %llu programs: refused busy %u, false sharing %u, in transit %u, no room %u; lines copied home %u, to "
        "bounce buffers %u; partial ends %u, detached %u, not as a line was held %u\n",
        programs, program.refusals[BATON_ERROR_BUSY], program.refusals[BATON_ERROR_FALSE_SHARING],
        program.refusals[BATON_ERROR_IN_TRANSIT], program.refusals[BATON_ERROR_NO_SLOT], program.home, program.away,
        program.partials, program.detaches, program.held);
    assert_true(program.refusals[BATON_ERROR_BUSY] > 100 && program.refusals[BATON_ERROR_FALSE_SHARING] > 100 &&
                program.refusals[BATON_ERROR_IN_TRANSIT] > 100 && program.partials > 100 && program.detaches > 100 &&
                program.home > 100 && program.away > 100);
    assert_true(DIRECTORY_EXTENTS >= LINES_MAX || program.refusals[BATON_ERROR_NO_SLOT] > 100);
}

#include "tests/host/support/random_programs.h"
