/* SPDX-License-Identifier: MIT */
/*
 * Random programs of everything that waits and everything that stays held: accesses, reservations, claims, cancels, displays and
 * parts of mappings, on the hostile machine; while lines are maintained others go on.
 *
 * Checked: each call's result, and who has been told that his turn has come, against a model of the rules that looks at bytes and
 * knows no lists; nobody reads an old byte; a display that has looked sees the newest.
 * What would break it: a waiter overtaken or forgotten, one told too early or twice, a part that loses or hides bytes.
 *
 * A failure prints the seed; BATON_SEED=n runs that alone.
 */
// link: core/*.c
#include "core/baton.h"
#include "tests/host/support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { GRANULE = 16, LINES = 12, SIZE = LINES * GRANULE - 5, ACTORS = 9, STEPS = 1500 };
enum state { FREE, WAITING, READY, TRANSIT, HOLDING };

struct actor {
    enum state state;
    int device; /* -1: the CPU */
    enum baton_direction direction;
    struct baton_range range;
    bool tolerant, told;
    struct actor *lender;
    unsigned age;
    uint8_t written[SIZE];
    baton_reservation place;
    struct baton_cpu_access cpu;
    struct baton_source source;
    struct baton_destination destination;
};

static const enum baton_domain domains[] = {BATON_DOMAIN_MEMORY, BATON_DOMAIN_CACHE};
static struct machine machine;
static struct baton *baton;
static _Alignas(8) char memory[16384];
static baton_buffer buffer;
static baton_attachment attachments[2];
static struct actor actors[ACTORS];
static uint8_t newest[SIZE], undefined[SIZE];
static unsigned age, depth, counts[BATON_ERROR_MAINTENANCE + 1], turns, parts, looks;
static unsigned long long seed;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            print_error("BATON_SEED=%llu\n", seed);                                                                    \
            assert_true(condition);                                                                                    \
        }                                                                                                              \
    } while (0)

static uint32_t any(uint32_t bound)
{
    return machine_random(&machine, bound);
}

static enum baton_domain domain_of(const struct actor *actor)
{
    return actor->device < 0 ? BATON_DOMAIN_CACHE : domains[actor->device];
}

static bool in(struct baton_range range, uint32_t byte)
{
    return byte - range.offset < range.length;
}

static bool meet(struct baton_range a, struct baton_range b, uint32_t unit)
{
    for (uint32_t i = 0; i < SIZE; i += unit) {
        bool in_a = false, in_b = false;

        for (uint32_t j = i; j < i + unit && j < SIZE; j++) {
            in_a |= in(a, j);
            in_b |= in(b, j);
        }
        if (in_a && in_b)
            return true;
    }
    return false;
}

static bool one_writes(const struct actor *a, const struct actor *b)
{
    return a->direction != BATON_READ || b->direction != BATON_READ;
}

/* Would b wait for a? */
static bool excludes(const struct actor *a, const struct actor *b)
{
    return one_writes(a, b) && meet(a->range, b->range, GRANULE) &&
           (meet(a->range, b->range, 1) || domain_of(a) != domain_of(b));
}

static bool rest_in_line(const struct actor *part, const struct actor *all)
{
    for (uint32_t i = 0; i < SIZE; i++) {
        if (in(all->range, i) && !in(part->range, i) && meet(part->range, (struct baton_range){i, 1}, GRANULE))
            return true;
    }
    return false;
}

static enum baton_status max_status(enum baton_status a, enum baton_status b)
{
    return b == BATON_OK || (a != BATON_OK && a < b) ? a : b; /* BUSY, FALSE_SHARING, IN_TRANSIT: in this order */
}

/* queue: whoever waits, and is older, is respected. back: the part goes back to its lender, or a display looks again. */
static enum baton_status expected(const struct actor *wanted, bool queue, bool back)
{
    const struct actor *lender = wanted->lender;
    enum baton_status status = BATON_OK;

    for (const struct actor *other = actors; other < actors + ACTORS; other++) {
        bool together = meet(other->range, wanted->range, GRANULE), bytes = meet(other->range, wanted->range, 1);
        bool writes = one_writes(other, wanted) && !other->tolerant;

        if (other == wanted || other->state < READY || !together || (back && other == lender))
            continue;
        if (other == lender) {
            if (writes && domain_of(other) != domain_of(wanted) && rest_in_line(wanted, lender))
                status = max_status(status, BATON_ERROR_FALSE_SHARING);
            continue;
        }
        if (lender != NULL && other->lender == lender && other->state == HOLDING && bytes)
            writes = true;
        if (writes && bytes)
            status = max_status(status, BATON_ERROR_BUSY);
        else if (writes && (domain_of(other) != domain_of(wanted) ||
                            (lender != NULL && other->lender == lender && domain_of(lender) != domain_of(wanted))))
            status = max_status(status, BATON_ERROR_FALSE_SHARING);
        else if (other->state != HOLDING)
            status = max_status(status, BATON_ERROR_IN_TRANSIT);
    }
    for (const struct actor *other = actors; queue && status == BATON_OK && other < actors + ACTORS; other++) {
        if (other->state == WAITING && other != wanted && other->age < wanted->age && excludes(other, wanted) &&
            (lender == NULL || lender->tolerant || !one_writes(other, lender)))
            status = BATON_ERROR_BUSY;
    }
    return status;
}

static void told(void *context)
{
    struct actor *actor = context;

    CHECK(!actor->told && machine.locked == 0);
    actor->told = true;
}

/* Whose turn is it by the rules? Exactly those have been told. */
static void check_turns(void)
{
    for (unsigned last = 0;;) {
        struct actor *next = NULL;

        for (struct actor *actor = actors; actor < actors + ACTORS; actor++) {
            if (actor->state == WAITING && actor->age > last && (next == NULL || actor->age < next->age))
                next = actor;
        }
        if (next == NULL)
            break;
        last = next->age;
        if (expected(next, true, false) == BATON_OK) {
            next->state = READY;
            turns++;
        }
    }
    for (const struct actor *actor = actors; actor < actors + ACTORS; actor++) {
        if (actor->state == WAITING || actor->state == READY)
            CHECK(actor->told == (actor->state == READY));
    }
}

static struct baton_range any_range(struct baton_range within)
{
    struct baton_range range = {within.offset + any(within.length), 0};

    range.length = 1 + any(within.offset + within.length - range.offset);
    if (any(3) == 0) { /* whole lines */
        range.offset = range.offset / GRANULE * GRANULE;
        range.length = (range.length + GRANULE - 1) / GRANULE * GRANULE;
    }
    if (range.offset < within.offset || range.offset + range.length > within.offset + within.length)
        range = within;
    return range;
}

static bool lent(const struct actor *lender, uint32_t byte)
{
    for (const struct actor *part = actors; part < actors + ACTORS; part++) {
        if (part->state >= TRANSIT && part->lender == lender && in(part->range, byte))
            return true;
    }
    return false;
}

static void load(const struct actor *actor, uint32_t byte)
{
    uint8_t seen = domain_of(actor) == BATON_DOMAIN_CACHE ? cpu_load(&machine, byte) : device_load(&machine, byte);

    if (actor->direction == BATON_OVERWRITE && !actor->written[byte])
        return;
    if (undefined[byte])
        newest[byte] = seen;
    undefined[byte] = 0;
    CHECK(seen == newest[byte]);
}

static void store(struct actor *actor, uint32_t byte)
{
    newest[byte] = (uint8_t)any(256);
    undefined[byte] = 0;
    actor->written[byte] = 1;
    if (domain_of(actor) == BATON_DOMAIN_CACHE)
        cpu_store(&machine, byte, newest[byte]);
    else
        device_store(&machine, byte, newest[byte]);
}

static void touch(struct actor *actor)
{
    for (unsigned i = 0; i < 8; i++) {
        uint32_t byte = actor->range.offset + any(actor->range.length);

        if (lent(actor, byte))
            continue;
        if (actor->direction != BATON_READ && any(2))
            store(actor, byte);
        else if (!actor->tolerant)
            load(actor, byte);
    }
}

/* An overwriter writes the rest of what it has promised, before it lets go. */
static void complete(struct actor *actor, struct baton_range range)
{
    for (uint32_t i = range.offset; actor->direction == BATON_OVERWRITE && i < range.offset + range.length; i++) {
        if (!actor->written[i] && !lent(actor, i))
            store(actor, i);
    }
}

static void take(struct actor *actor)
{
    actor->state = HOLDING;
    memset(actor->written, 0, sizeof(actor->written));
}

static void begin(struct actor *actor)
{
    enum baton_status wanted, status;

    age++;
    *actor = (struct actor){.device = (int)any(3) - 1,
                            .direction = (enum baton_direction)any(3),
                            .range = any_range((struct baton_range){0, SIZE}),
                            .age = age};
    if (any(2)) {
        actor->state = WAITING;
        if (actor->device < 0)
            status =
                baton_reserve_cpu_access(baton, buffer, actor->range, actor->direction, told, actor, &actor->place);
        else
            status = baton_reserve_mapping(baton, attachments[actor->device], actor->range, actor->direction, told,
                                           actor, &actor->place);
        CHECK(status == BATON_OK);
        return;
    }
    wanted = expected(actor, true, false);
    actor->state = TRANSIT;
    if (actor->device < 0) {
        status = any(2) ? baton_wait_cpu_access(baton, buffer, actor->range, actor->direction, 0, &actor->cpu)
                        : baton_begin_cpu_access(baton, buffer, actor->range, actor->direction, &actor->cpu);
    } else if (actor->direction != BATON_READ) {
        status = baton_map_from_device(baton, attachments[actor->device], actor->range, actor->direction,
                                       &actor->destination);
    } else if (any(3) == 0) {
        actor->tolerant = wanted == BATON_OK; /* to others, from now on */
        status = baton_map_to_display(baton, attachments[actor->device], actor->range, &actor->source);
    } else {
        status = baton_wait_map_to_device(baton, attachments[actor->device], actor->range, 0, &actor->source);
    }
    CHECK(status == wanted);
    counts[status]++;
    actor->state = FREE;
    if (status == BATON_OK)
        take(actor);
}

static void claim(struct actor *actor)
{
    bool ready = actor->state == READY;
    enum baton_status status;

    if (any(4) == 0) {
        actor->state = FREE;
        CHECK(baton_cancel(baton, &actor->place) == BATON_OK);
        return;
    }
    if (ready)
        actor->state = TRANSIT;
    if (actor->device < 0)
        status = baton_claim_cpu_access(baton, &actor->place, &actor->cpu);
    else if (actor->direction == BATON_READ)
        status = baton_claim_source(baton, &actor->place, &actor->source);
    else
        status = baton_claim_destination(baton, &actor->place, &actor->destination);
    CHECK(status == (ready ? BATON_OK : BATON_ERROR_PENDING));
    if (ready)
        take(actor);
}

static void end(struct actor *actor)
{
    enum baton_status wanted = BATON_OK, status;

    for (const struct actor *part = actors; part < actors + ACTORS; part++) {
        if (part->state >= TRANSIT && part->lender == actor)
            wanted = BATON_ERROR_HELD;
    }
    if (actor->lender != NULL) {
        struct actor back = *actor; /* what it will be */

        complete(actor, actor->range);
        back.device = actor->lender->device;
        back.direction = actor->lender->direction;
        actor->state = FREE; /* not in its own way */
        wanted = expected(&back, false, true);
        actor->state = TRANSIT;
        if (wanted == BATON_OK) { /* in transit it is the device's */
            actor->device = back.device;
            actor->direction = back.direction;
            actor->tolerant = actor->lender->tolerant;
        }
        status = baton_sync_for_device(baton, &actor->cpu);
        CHECK(status == wanted);
        actor->state = status == BATON_OK ? FREE : HOLDING;
        parts += status == BATON_OK;
        return;
    }
    if (wanted == BATON_OK) {
        complete(actor, actor->range);
        actor->state = FREE;
    }
    if (actor->device < 0)
        status = baton_end_cpu_access(baton, &actor->cpu);
    else if (actor->direction == BATON_READ)
        status = baton_unmap_source(baton, &actor->source);
    else
        status = baton_unmap_destination(baton, &actor->destination);
    CHECK(status == wanted);
}

static void look_again(struct actor *display)
{
    struct actor *look = NULL;
    enum baton_status wanted;

    for (unsigned i = 0; i < ACTORS; i++) {
        if (actors[i].state == FREE)
            look = &actors[i];
    }
    if (look == NULL)
        return;
    *look = *display;
    look->lender = display;
    look->tolerant = true;
    look->range = any_range(display->range);
    look->state = FREE;
    wanted = expected(look, false, true);
    look->state = wanted == BATON_OK ? TRANSIT : FREE;
    CHECK(baton_sync_source_for_device(baton, &display->source, look->range) == wanted);
    look->state = FREE;
    for (uint32_t i = look->range.offset; wanted == BATON_OK && i < look->range.offset + look->range.length; i++) {
        uint8_t seen = domain_of(look) == BATON_DOMAIN_CACHE ? cpu_load(&machine, i) : device_load(&machine, i);

        CHECK(undefined[i] || seen == newest[i]);
    }
    looks += wanted == BATON_OK;
}

static void lend(struct actor *lender)
{
    struct actor *part = NULL;
    enum baton_status wanted, status;

    for (unsigned i = 0; i < ACTORS; i++) {
        if (actors[i].state == FREE)
            part = &actors[i];
    }
    if (part == NULL || lender->device < 0)
        return;
    age++;
    *part = (struct actor){.device = -1,
                           .direction = (enum baton_direction)any(3),
                           .range = any_range(lender->range),
                           .lender = lender,
                           .age = age};
    wanted = expected(part, true, false);
    if (wanted == BATON_OK)
        complete(lender, part->range);
    part->state = wanted == BATON_OK ? TRANSIT : FREE;
    if (lender->direction == BATON_READ)
        status = baton_sync_source_for_cpu(baton, &lender->source, part->range, part->direction, &part->cpu);
    else
        status = baton_sync_destination_for_cpu(baton, &lender->destination, part->range, part->direction, &part->cpu);
    CHECK(status == wanted);
    counts[status]++;
    if (status == BATON_OK)
        take(part);
}

static void one_step(void)
{
    struct actor *actor = &actors[any(ACTORS)];

    machine_noise(&machine, any(4));
    if (actor->state == FREE)
        begin(actor);
    else if (actor->state == WAITING || actor->state == READY)
        claim(actor);
    else if (actor->state == HOLDING && actor->tolerant && any(2))
        look_again(actor);
    else if (actor->state == HOLDING && any(3))
        touch(actor);
    else if (actor->state == HOLDING && any(3) == 0)
        end(actor);
    else if (actor->state == HOLDING && actor->lender == NULL)
        lend(actor);
    check_turns();
    CHECK(machine.trouble[0] == '\0');
}

static void others_go_on(struct machine *unused, void *context)
{
    (void)unused;
    (void)context;
    if (depth > 0 || any(2))
        return;
    depth++;
    for (unsigned i = 0; i < 3; i++)
        one_step();
    depth--;
}

static void run(unsigned long long from)
{
    const struct baton_limits limits = {
        .pools = 1, .buffers = 1, .devices = 2, .attachments = 2, .accesses = 2 * ACTORS, .trace = 8};
    const struct baton_pool_config pool_config = {"pool", machine_cpu(&machine, 0), 0x40000000, MACHINE_BYTES};
    const struct baton_buffer_config buffer_config = {.name = "buffer", .size = SIZE};
    baton_pool pool;

    seed = from;
    memset(actors, 0, sizeof(actors));
    memset(undefined, 1, sizeof(undefined));
    machine_init(&machine, GRANULE, 0x40000000, seed);
    CHECK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port) == BATON_OK);
    CHECK(baton_add_pool(baton, &pool_config, &pool) == BATON_OK);
    CHECK(baton_create(baton, pool, &buffer_config, &buffer) == BATON_OK);
    for (unsigned i = 0; i < 2; i++) {
        const struct baton_device_config config = {
            .name = "device", .domain = domains[i], .dma_mask = UINT32_MAX, .alignment = 1};
        baton_device device;

        CHECK(baton_add_device(baton, &config, &device) == BATON_OK);
        CHECK(baton_attach(baton, buffer, device, &attachments[i]) == BATON_OK);
    }
    machine.meanwhile = others_go_on;
    for (unsigned step = 0; step < STEPS; step++)
        one_step();
}

static void programs(void **state)
{
    const char *one = getenv("BATON_SEED"), *many = getenv("BATON_SEEDS");

    (void)state;
    if (one != NULL) {
        run(strtoull(one, NULL, 0));
        return;
    }
    for (unsigned long long i = 1; i <= (many ? strtoull(many, NULL, 0) : 100); i++)
        run(i);
    print_message("# refused busy %u, false sharing %u, in transit %u; %u turns, %u parts given back, %u looks\n",
                  counts[BATON_ERROR_BUSY], counts[BATON_ERROR_FALSE_SHARING], counts[BATON_ERROR_IN_TRANSIT], turns,
                  parts, looks);
    assert_true(many || (counts[BATON_ERROR_BUSY] > 100 && counts[BATON_ERROR_FALSE_SHARING] > 100 &&
                         counts[BATON_ERROR_IN_TRANSIT] > 100 && turns > 100 && parts > 100 && looks > 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(programs)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
