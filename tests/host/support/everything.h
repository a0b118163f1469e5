/* SPDX-License-Identifier: MIT */
/*
 * What the random programs over all features know without asking the core: the buffers' bytes, who holds which of them through
 * which place, and what a call that succeeds or is refused must not be. Included by everything_program.h only.
 *
 * The oracle is about bytes: each holder finds its bytes where its pointer or its segments say, in the hostile machine.
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
    PAGE = 64,
    LINES_MAX = 20, /* more than a difference has extents */
    BYTES_MAX = LINES_MAX * GRANULE,
    DEVICES = 5,
    BUFFERS = 4,
    LIVE = 12,
    PLACES_WAITED_FOR = 3,
    STAGES = 4,
    LOW = 4096,  /* the bounce buffers' pool: the machine's first bytes */
    HIGH = 3072, /* the buffers' pool, behind it; the rest is imported */
    PHYSICAL = 0x40000000
};

enum kind { CHECKED, UNCHECKED, GUARDED, AUTOMATIC };

static const struct baton_policy *const policies[] = {BATON_POLICY_CACHED, BATON_POLICY_WRITE_COMBINED,
                                                      BATON_POLICY_COHERENT};

/* For a report. */
static unsigned policy_number(const struct baton_policy *policy)
{
    unsigned number = 0;

    while (policies[number] != policy)
        number++;
    return number;
}

struct shadow {
    bool used, ending; /* ending: nobody uses it any more */
    baton_buffer handle;
    baton_attachment attachments[DEVICES];
    bool attached[DEVICES], bounced[DEVICES], subscribed[DEVICES];
    enum kind kind;
    const struct baton_policy *policy;
    bool import;
    uint32_t size, slot;                             /* slot: of the imported memory */
    uint32_t where[BYTES_MAX];                       /* in the machine, as the CPU has it */
    uint8_t newest[BYTES_MAX], undefined[BYTES_MAX]; /* undefined: anything may be read, but the same by everybody */
    unsigned calls;                                  /* under way on it */
};

struct stage;

/* Somebody who holds a range, or is about to. */
struct live {
    bool used, transit, display, quarantined, partial;
    struct shadow *buffer;
    int device; /* -1: the CPU */
    enum baton_domain domain;
    enum baton_direction direction;
    struct baton_range range, writes; /* writes: where it will write, if it ends partially */
    struct live *lender;
    unsigned parts;
    struct stage *stage;
    uint32_t where[BYTES_MAX];
    uint8_t written[BYTES_MAX];
    struct baton_cpu_access cpu;
    struct baton_source source;
    struct baton_destination destination;
};

struct waited {
    bool used, told, busy, tells;
    baton_reservation reservation;
    struct live wanted;
    struct call *call;
};

struct call {
    struct waited *place;
};

struct stage {
    bool used, busy, queued, started, over, failed, quarantined;
    baton_fence fence;
    struct stage *after;
};

static struct {
    struct machine machine;
    struct baton *baton;
    _Alignas(8) char memory[65536], snapshot[65536];
    size_t size;
    baton_pool low, high;
    baton_device devices[DEVICES];
    struct shadow buffers[BUFFERS];
    struct live live[LIVE];
    struct waited waited[PLACES_WAITED_FOR];
    struct stage stages[STAGES];
    bool imported[4];
    unsigned depth, nested;
    unsigned ending; /* calls under way that end stages: what these map may be held yet */
    unsigned long long seed;
    const uint8_t *bytes, *bytes_end; /* where choices come from, if not from the seed */
    unsigned step;
    jmp_buf failed;
    char failure[200];
    /* What came up, over all programs: what is never met is not tested. */
    struct {
        unsigned status[BATON_ERROR_MAINTENANCE + 1];
        unsigned begun[4][3], bounced, parts, displays, looks, told, claimed_at_once, claimed, cancelled, waits, waited,
            timeouts;
        unsigned started, chained, signalled[3], stages_failed, untouched, halted, quarantined, partial, faults,
            touches, strays;
        unsigned policies, detached, destroyed, imports, pieces, announced, explained, nested, repeated,
            refused_unchanged;
    } seen;
} program;

#include "tests/host/support/program_frame.h"

static const enum baton_domain device_domains[DEVICES] = {BATON_DOMAIN_MEMORY, BATON_DOMAIN_CACHE, BATON_DOMAIN_MEMORY,
                                                          BATON_DOMAIN_CACHE, BATON_DOMAIN_MEMORY};

/* Of a fuzzer's bytes, two where one is too small; after the last always 0. */
static uint32_t any_of_bytes(uint32_t bound)
{
    uint32_t value = 0;

    for (uint32_t most = 1; most < bound && program.bytes < program.bytes_end; most *= 256)
        value = value * 256 + *program.bytes++;
    return value % bound;
}

static uint32_t any(uint32_t bound)
{
    if (program.bytes != NULL)
        return any_of_bytes(bound);
    return machine_random(&program.machine, bound);
}

static struct baton_range any_range(struct baton_range within)
{
    struct baton_range range;

    range.offset = within.offset + any(within.length);
    range.length = 1 + any(within.offset + within.length - range.offset);
    if (any(5) == 0)
        range = within;
    else if (any(2) == 0)
        range.length = 1 + any(range.length < 20 ? range.length : 20);
    return range;
}

static bool within(struct baton_range range, uint32_t offset)
{
    return offset - range.offset < range.length;
}

static bool same_place(const struct live *a, const struct live *b)
{
    const int place_a = a->device >= 0 && a->buffer->bounced[a->device] ? a->device : -1;
    const int place_b = b->device >= 0 && b->buffer->bounced[b->device] ? b->device : -1;

    return a->domain == b->domain && place_a == place_b;
}

/* A stage does not precede itself: what it maps twice, and writes, conflicts like anything else (C7). */
static bool precedes(const struct stage *a, const struct stage *b)
{
    do
        b = b->after;
    while (b != NULL && b != a);
    return a != NULL && b != NULL;
}

/* May the newcomer not be granted beside the other? */
static bool excludes(const struct live *newcomer, const struct live *other)
{
    if (!other->used || other == newcomer || other->buffer != newcomer->buffer ||
        !share_a_line(other->range, newcomer->range))
        return false;
    if (newcomer->lender == other || other->lender == newcomer)
        return false;
    if (newcomer->lender != NULL && newcomer->lender == other->lender)
        return share_a_byte(newcomer->range, other->range) ||
               ((writes(newcomer) || writes(other)) && !same_place(newcomer, other));
    if (other->display || (!writes(newcomer) && !writes(other)))
        return false;
    if (newcomer->stage != NULL && precedes(other->stage, newcomer->stage))
        return writes(other) && !same_place(newcomer, other);
    return share_a_byte(newcomer->range, other->range) || !same_place(newcomer, other);
}

/* NULL: nobody. */
static const struct live *excluder(const struct live *newcomer)
{
    for (unsigned i = 0; i < LIVE; i++) {
        if (excludes(newcomer, &program.live[i]))
            return &program.live[i];
    }
    return NULL;
}

static void say(const char *what, const struct live *access)
{
    print_error("%s: device %d, direction %d, bytes %u + %u, display %d, lent %d, stage %d after %d; "
                "kind %d, policy %u, at %u\n",
                what, access->device, access->direction, access->range.offset, access->range.length, access->display,
                access->lender != NULL, access->stage ? (int)(access->stage - program.stages) : -1,
                access->stage && access->stage->after ? (int)(access->stage->after - program.stages) : -1,
                access->buffer->kind, policy_number(access->buffer->policy),
                (unsigned)access->buffer->where[access->range.offset]);
}

/* Somebody holds, or waits for, a line of it: the refusal is not made up. */
static bool somebody_is_near(const struct live *wanted)
{
    for (unsigned i = 0; i < LIVE; i++) {
        const struct live *other = &program.live[i];

        if (other->used && other != wanted && other->buffer == wanted->buffer &&
            share_a_line(other->range, wanted->range))
            return true;
    }
    for (unsigned i = 0; i < PLACES_WAITED_FOR; i++) {
        const struct live *other = &program.waited[i].wanted;

        if (program.waited[i].used && other->buffer == wanted->buffer && share_a_line(other->range, wanted->range))
            return true;
    }
    return false;
}

static bool may_be_crowded(const struct shadow *buffer)
{
    for (unsigned i = 0; i < DEVICES; i++) {
        if (buffer->attached[i] && buffer->bounced[i])
            return true;
    }
    return false;
}

static unsigned free_slots(const struct table *table)
{
    unsigned count = 0;

    for (const struct slot *slot = table->free; slot != NULL; slot = slot->next)
        count++;
    return count;
}

/* Where the holder finds its bytes. */
static void locate(struct live *access)
{
    const uint32_t count = access->direction == BATON_READ ? access->source.count : access->destination.count;
    const struct baton_segment *segments =
        access->direction == BATON_READ ? access->source.segments : access->destination.segments;
    uint32_t at = access->range.offset;

    if (access->device < 0) {
        CHECK(access->cpu.length == access->range.length);
        for (uint32_t i = 0; i < access->range.length; i++) {
            access->where[at + i] = machine_offset(&program.machine, (char *)access->cpu.data + i);
            CHECK(access->where[at + i] == access->buffer->where[at + i]);
        }
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < segments[i].length; j++, at++) {
            access->where[at] = segments[i].address.value - PHYSICAL + j;
            CHECK((access->where[at] < LOW) == access->buffer->bounced[access->device]);
            CHECK(access->where[at] < LOW || access->where[at] == access->buffer->where[at]);
        }
    }
    CHECK(at == access->range.offset + access->range.length);
}

/* A byte was seen; nobody may see another one. */
static void seen_byte(struct shadow *buffer, uint32_t offset, uint8_t seen, const char *who)
{
    if (buffer->undefined[offset]) {
        buffer->undefined[offset] = 0;
        buffer->newest[offset] = seen;
    }
    if (seen != buffer->newest[offset])
        print_error("%s sees %u for %u in byte %u at %u of a buffer of policy %u, kind %d, %s\n", who, seen,
                    buffer->newest[offset], (unsigned)offset, (unsigned)buffer->where[offset],
                    policy_number(buffer->policy), buffer->kind, buffer->import ? "imported" : "from the pool");
    CHECK(seen == buffer->newest[offset]);
}

static bool is_lent(const struct live *access, uint32_t offset)
{
    for (unsigned i = 0; access->parts != 0 && i < LIVE; i++) {
        if (program.live[i].used && program.live[i].lender == access && within(program.live[i].range, offset))
            return true;
    }
    return false;
}

static void load(struct live *access, uint32_t offset)
{
    uint8_t seen;

    if ((access->direction == BATON_OVERWRITE && !access->written[offset]) || is_lent(access, offset))
        return;
    if (access->device < 0)
        seen = cpu_load(&program.machine, access->where[offset]);
    else if (access->domain == BATON_DOMAIN_CACHE)
        seen = snoop_load(&program.machine, access->where[offset]);
    else
        seen = device_load(&program.machine, access->where[offset]);
    if (access->display)
        return; /* it takes what it gets */
    seen_byte(access->buffer, offset, seen, access->device < 0 ? "the CPU" : "a device");
}

static void store(struct live *access, uint32_t offset)
{
    uint8_t value = (uint8_t)any(256);

    if (is_lent(access, offset))
        return;
    if (access->device < 0)
        cpu_store(&program.machine, access->where[offset], value);
    else if (access->domain == BATON_DOMAIN_CACHE)
        snoop_store(&program.machine, access->where[offset], value);
    else
        device_store(&program.machine, access->where[offset], value);
    access->buffer->newest[offset] = value;
    access->buffer->undefined[offset] = 0;
    access->written[offset] = 1;
}

static void fill(struct live *access, struct baton_range range)
{
    for (uint32_t i = range.offset; access->direction == BATON_OVERWRITE && i < range.offset + range.length; i++) {
        if (!access->written[i])
            store(access, i);
    }
}

static void touch(struct live *access)
{
    for (unsigned i = 0; i < 5; i++) {
        /* The CPU that ends partially has written nowhere else; a device that fails may have. */
        struct baton_range stores = access->partial && access->device < 0 ? access->writes : access->range;

        load(access, access->range.offset + any(access->range.length));
        if (writes(access))
            store(access, stores.offset + any(stores.length));
        machine_noise(&program.machine, any(2));
    }
}

/* It ends having written only a part: what of the rest nobody knows any more. */
static void leave_undefined(struct live *access, struct baton_range written)
{
    for (uint32_t i = access->range.offset; writes(access) && i < access->range.offset + access->range.length; i++) {
        if (within(written, i))
            continue;
        if (access->direction == BATON_OVERWRITE || (access->device >= 0 && access->written[i]))
            access->buffer->undefined[i] = 1;
    }
}

/* Around a call: a refusal has left every byte of the instance as it was, but for the counts of refusals. */
static void forget_refusals(char *image)
{
    struct baton *copy = (struct baton *)(void *)image;
    char *devices = image + ((char *)program.baton->devices.objects - program.memory);

    copy->cpu.refusals = 0;
    for (uint32_t i = 0; i < program.baton->devices.limit; i++)
        ((struct device *)(void *)devices)[i].counters.refusals = 0;
}

struct before {
    unsigned nested, maintained;
};

static unsigned maintained(void)
{
    unsigned sum = 0;

    for (uint32_t line = 0; line < program.machine.lines; line++)
        sum += program.machine.published[line] + program.machine.refreshed[line] + program.machine.copied[line];
    return sum;
}

static struct before before_call(void)
{
    if (program.depth == 0) {
        forget_refusals(program.memory);
        memcpy(program.snapshot, program.memory, program.size);
    }
    return (struct before){program.nested, 0};
}

static void after_call(const struct before *before, enum baton_status status)
{
    program.seen.status[status]++;
    CHECK(program.machine.trouble[0] == '\0');
    if (status == BATON_OK || program.depth != 0 || program.nested != before->nested)
        return;
    forget_refusals(program.memory);
    CHECK(memcmp(program.memory, program.snapshot, program.size) == 0);
    program.seen.refused_unchanged++;
}
