/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model's rules against a plain simulation of a write-back cache, byte by byte.
 *
 * The reference keeps for every byte the number of the write that made it, in the cache, in memory, and the newest of all. The
 * model is right if its two views hold the reference's bytes whenever somebody reads them, and if it accuses exactly the
 * reads that do not see the newest write. Any wrong mask in sim/model/ breaks one of the two within a few thousand steps.
 */
// link: sim/model/*.c
#include "sim/model/fast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LINE 64u
#define LINES 6u
#define BASE 0x40000000u
#define SIZE 4096u
#define BYTES (LINES * LINE)

struct reference {
    uint32_t cached[BYTES], memory[BYTES], newest[BYTES];
    bool present[LINES], dirty[LINES];
    unsigned ways; /* lines that fit */
    uint32_t writes;
};

struct seen {
    unsigned real, lucky;
    enum model_kind kind;
    uint32_t address;
};

static uint8_t cpu_view[SIZE], bus_view[SIZE];
static struct reference reference;
static struct seen seen;

static void on_violation(void *context, const struct model_violation *violation)
{
    (void)context;
    if (violation->lucky) {
        seen.lucky++;
    } else {
        if (!seen.real++)
            seen.address = violation->physical;
        seen.kind = violation->kind;
    }
}

static struct model *create(uint32_t ways, bool strict)
{
    struct model_config config = {
        .base = BASE,
        .size = SIZE,
        .cpu_view = cpu_view,
        .bus_view = bus_view,
        .cpus = 2,
        .line = LINE,
        .l1 = {.sets = 1, .ways = ways},
        .strict = strict,
        .violation = on_violation,
    };
    struct model *model;

    memset(cpu_view, 0, sizeof(cpu_view));
    memset(bus_view, 0, sizeof(bus_view));
    memset(&reference, 0, sizeof(reference));
    memset(&seen, 0, sizeof(seen));
    reference.ways = ways;
    model = model_new(&config);
    model_cache_enable(model, 0, true);
    return model;
}

/* A write's number as the byte that is stored: different writes nearly always differ. */
static uint8_t byte_of(uint32_t write)
{
    return (uint8_t)(write * 167 + (write >> 8));
}

static void reference_evict(unsigned line)
{
    if (reference.present[line] && reference.dirty[line])
        memcpy(&reference.memory[line * LINE], &reference.cached[line * LINE], LINE * sizeof(uint32_t));
    reference.present[line] = reference.dirty[line] = false;
}

static void reference_fill(unsigned line)
{
    if (reference.present[line])
        return;
    /* One way: whatever is there goes. With ways for all lines nothing ever goes. */
    for (unsigned other = 0; reference.ways == 1 && other < LINES; other++)
        reference_evict(other);
    memcpy(&reference.cached[line * LINE], &reference.memory[line * LINE], LINE * sizeof(uint32_t));
    reference.present[line] = true;
}

static const struct model_access cpu_load = {.pc = 0x100, .who = 0, .action = MODEL_LOAD};
static const struct model_access cpu_store = {.pc = 0x200, .who = 0, .action = MODEL_STORE};
static const struct model_access operation = {.pc = 0x300, .who = 0, .action = MODEL_CLEAN};
static const struct model_access device_read = {.who = MODEL_DEVICE(0), .action = MODEL_DEVICE_READ};
static const struct model_access device_write = {.who = MODEL_DEVICE(0), .action = MODEL_DEVICE_WRITE};

static void load(struct model *model, uint32_t at, uint32_t bytes)
{
    unsigned wrong = 0;
    uint32_t first = 0;

    reference_fill(at / LINE);
    for (uint32_t i = at; i < at + bytes; i++) {
        assert_int_equal(cpu_view[i], byte_of(reference.cached[i]));
        if (reference.cached[i] != reference.newest[i] && !wrong++)
            first = i;
    }
    seen.real = 0;
    model_status_read(model, 0);
    model_barrier(model, 0, true, true);
    if (quick_for(model_line(model, BASE + at)->quick, 0) & QUICK_LOAD) {
        assert_int_equal(wrong, 0);
        return;
    }
    model_load(model, BASE + at, bytes, &cpu_load);
    assert_int_equal(seen.real > 0, wrong > 0);
    if (wrong)
        assert_in_range(seen.address, BASE + first, BASE + at + bytes - 1);
}

static void store(struct model *model, uint32_t at, uint32_t bytes)
{
    reference_fill(at / LINE);
    reference.dirty[at / LINE] = true;
    reference.writes++;
    for (uint32_t i = at; i < at + bytes; i++) {
        reference.cached[i] = reference.newest[i] = reference.writes;
        cpu_view[i] = byte_of(reference.writes);
    }
    seen.real = 0;
    if (quick_for(model_line(model, BASE + at)->quick, 0) & QUICK_STORE) {
        fast_store(model_page(model, BASE + at), at / LINE, BASE + at, mask_of(at % LINE, bytes), bytes - 1,
                   cpu_store.pc);
        return;
    }
    model_store(model, BASE + at, bytes, false, &cpu_store);
    assert_int_equal(seen.real, 0);
}

static void dma_read(struct model *model, uint32_t at, uint32_t bytes)
{
    unsigned wrong = 0;
    bool quick = true;

    for (uint32_t i = at; i < at + bytes; i++) {
        assert_int_equal(bus_view[i], byte_of(reference.memory[i]));
        wrong += reference.memory[i] != reference.newest[i];
        quick = quick && quick_for(model_line(model, BASE + i)->quick, MODEL_CPUS) & QUICK_MEMORY_LOAD;
    }
    assert_false(quick && wrong);
    seen.real = 0;
    model_barrier(model, 0, true, true);
    model_doorbell(model, 0);
    model_memory_read(model, BASE + at, bytes, true, &device_read);
    assert_int_equal(seen.real > 0, wrong > 0);
}

static void dma_write(struct model *model, uint32_t at, uint32_t bytes)
{
    reference.writes++;
    for (uint32_t i = at; i < at + bytes; i++) {
        reference.memory[i] = reference.newest[i] = reference.writes;
        bus_view[i] = byte_of(reference.writes);
    }
    model_memory_write(model, BASE + at, bytes, MODEL_BUS_VIEW, &device_write);
}

/* A CPU outside the coherent domain stores at the bus's address, uncached. */
static void uncached_store(struct model *model, uint32_t at, uint32_t bytes)
{
    static const struct model_access access = {.pc = 0x500, .who = 1, .action = MODEL_UNCACHED_STORE};

    reference.writes++;
    for (uint32_t i = at; i < at + bytes; i++) {
        reference.memory[i] = reference.newest[i] = reference.writes;
        bus_view[i] = byte_of(reference.writes);
    }
    struct line *line = model_line(model, BASE + at);
    if (!(quick_for(line->quick, 1) & QUICK_MEMORY_STORE) ||
        !fast_memory_store(model, line, 1, at % LINE, bytes, MODEL_BUS_VIEW, access.pc))
        model_memory_write(model, BASE + at, bytes, MODEL_BUS_VIEW, &access);
    model_barrier(model, 1, true, true);
}

static void maintain(struct model *model, enum model_operation what, unsigned line)
{
    if (what != MODEL_OP_INVALIDATE && reference.present[line] && reference.dirty[line]) {
        memcpy(&reference.memory[line * LINE], &reference.cached[line * LINE], LINE * sizeof(uint32_t));
        reference.dirty[line] = false;
    }
    if (what != MODEL_OP_CLEAN)
        reference.present[line] = reference.dirty[line] = false;
    model_maintain(model, what, BASE + line * LINE, false, &operation);
    model_barrier(model, 0, true, true);
}

static void random_walk(uint32_t ways, unsigned seed)
{
    struct model *model = create(ways, false);

    srand(seed);
    for (unsigned step = 0; step < 40000; step++) {
        unsigned line = (unsigned)rand() % LINES;
        uint32_t offset = (uint32_t)rand() % LINE, bytes = 1 + (uint32_t)rand() % (LINE - offset);
        uint32_t at = line * LINE + offset;
        uint32_t far = 1 + (uint32_t)rand() % (BYTES - at);

        switch (rand() % 9) {
        case 0:
        case 1:
            load(model, at, bytes);
            break;
        case 2:
        case 3:
            store(model, at, bytes);
            break;
        case 4:
            dma_read(model, at, far);
            break;
        case 8:
            uncached_store(model, at, bytes);
            break;
        case 5:
            dma_write(model, at, rand() % 4 ? bytes : far);
            break;
        default:
            maintain(model, (enum model_operation)(rand() % MODEL_OPS), line);
        }
    }
    assert_true(model_counts(model)->violations[MODEL_STALE_CPU_READ] > 0);
    assert_true(model_counts(model)->violations[MODEL_STALE_DEVICE_READ] > 0);
    assert_true(model_counts(model)->violations[MODEL_LOST_UPDATE] > 0);
    assert_true(model_counts(model)->violations[MODEL_DISCARDED_STORE] > 0);
    model_free(model);
}

static void test_walk_without_evictions(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 5; seed++)
        random_walk(LINES, seed);
}

static void test_walk_with_one_way(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 5; seed++)
        random_walk(1, seed);
}

/* One kind each, by the shortest story that has it. */
static void test_kinds(void **state)
{
    struct model *model;

    (void)state;
    model = create(LINES, false);
    store(model, 0, 4);
    dma_read(model, 0, 64);
    assert_int_equal(seen.kind, MODEL_STALE_DEVICE_READ);
    model_free(model);

    model = create(LINES, false);
    load(model, 0, 4);
    dma_write(model, 0, 64);
    load(model, 8, 4);
    assert_int_equal(seen.kind, MODEL_STALE_CPU_READ);
    model_free(model);

    model = create(LINES, false);
    store(model, 0, 4);
    dma_write(model, 0, 64);
    maintain(model, MODEL_OP_CLEAN_INVALIDATE, 0);
    load(model, 8, 4);
    assert_int_equal(seen.kind, MODEL_LOST_UPDATE);
    model_free(model);

    model = create(LINES, false);
    store(model, 0, 4);
    maintain(model, MODEL_OP_INVALIDATE, 0);
    dma_read(model, 0, 4);
    assert_int_equal(seen.kind, MODEL_DISCARDED_STORE);
    model_free(model);
}

static void test_clean_needs_dsb_before_doorbell(void **state)
{
    struct model *model = create(LINES, false);

    (void)state;
    store(model, 0, 4);
    model_maintain(model, MODEL_OP_CLEAN, BASE, false, &operation);
    model_barrier(model, 0, false, true); /* a DMB completes nothing */
    model_doorbell(model, 0);
    model_barrier(model, 0, true, true); /* too late for that doorbell */
    seen.real = 0;
    model_memory_read(model, BASE, 4, true, &device_read);
    assert_int_equal(seen.real, 1);
    assert_int_equal(seen.kind, MODEL_INCOMPLETE_MAINTENANCE);
    model_doorbell(model, 0);
    seen.real = 0;
    model_memory_read(model, BASE, 4, true, &device_read);
    assert_int_equal(seen.real, 0);
    model_free(model);
}

static void test_uncached_store_needs_barrier_before_doorbell(void **state)
{
    static const struct model_access uncached = {.pc = 0x400, .who = 0, .action = MODEL_UNCACHED_STORE};
    struct model *model = create(LINES, false);

    (void)state;
    model_memory_write(model, BASE, 8, MODEL_CPU_VIEW, &uncached);
    model_memory_write(model, BASE + 8, 8, MODEL_CPU_VIEW, &uncached);
    model_doorbell(model, 0);
    seen.real = 0;
    model_memory_read(model, BASE, 8, true, &device_read); /* the first of the two stores counts too */
    assert_int_equal(seen.real, 1);
    assert_int_equal(seen.kind, MODEL_INCOMPLETE_MAINTENANCE);
    model_barrier(model, 0, false, false);
    model_doorbell(model, 0);
    seen.real = 0;
    model_memory_read(model, BASE, 16, true, &device_read);
    assert_int_equal(seen.real, 0);
    model_free(model);
}

static void test_invalidate_needs_barrier_after_status(void **state)
{
    struct model *model = create(LINES, false);

    (void)state;
    dma_write(model, 0, 64);
    model_status_read(model, 0);
    model_maintain(model, MODEL_OP_INVALIDATE, BASE, false, &operation);
    seen.real = 0;
    model_load(model, BASE, 4, &cpu_load);
    assert_int_equal(seen.real, 1);
    assert_int_equal(seen.kind, MODEL_UNORDERED_COMPLETION);

    dma_write(model, 0, 64);
    model_status_read(model, 0);
    model_barrier(model, 0, false, true);
    model_status_read(model, 0); /* an unrelated one: the first was ordered */
    model_maintain(model, MODEL_OP_INVALIDATE, BASE, false, &operation);
    seen.real = 0;
    model_load(model, BASE, 4, &cpu_load);
    assert_int_equal(seen.real, 0);
    model_free(model);
}

static void test_luck_is_told_apart(void **state)
{
    struct model *model = create(1, true);

    (void)state;
    /* A clean forgotten, made good by an eviction. */
    store(model, 0, 4);
    load(model, LINE, 4);
    seen.lucky = 0;
    dma_read(model, 0, 4);
    assert_int_equal(seen.lucky, 1);
    /* Invalidate only before: nothing was fetched meanwhile. */
    maintain(model, MODEL_OP_INVALIDATE, 2);
    dma_write(model, 2 * LINE, LINE);
    seen.lucky = 0;
    load(model, 2 * LINE, 4);
    assert_int_equal(seen.lucky, 1);
    /* Done right: silent. */
    maintain(model, MODEL_OP_INVALIDATE, 2);
    seen.lucky = 0;
    load(model, 2 * LINE, 4);
    assert_int_equal(seen.lucky, 0);
    /* A poll: an invalidate, at once a load, and the write between them. */
    maintain(model, MODEL_OP_INVALIDATE, 3);
    dma_write(model, 3 * LINE, LINE);
    seen.lucky = 0;
    model_load(model, BASE + 3 * LINE, 4, &cpu_load);
    assert_int_equal(seen.lucky, 0);
    model_free(model);
}

static void test_overwrite_needs_no_refresh(void **state)
{
    struct model *model = create(LINES, true);

    (void)state;
    dma_write(model, 0, LINE);
    for (uint32_t i = 0; i < LINE; i += 4)
        store(model, i, 4);
    maintain(model, MODEL_OP_CLEAN, 0);
    seen.lucky = 0;
    dma_read(model, 0, LINE);
    load(model, 0, LINE);
    assert_int_equal(seen.lucky, 0);
    /* But a part is not the whole. */
    dma_write(model, LINE, LINE);
    store(model, LINE, 32);
    maintain(model, MODEL_OP_CLEAN, 1);
    seen.lucky = 0;
    dma_read(model, LINE, LINE);
    assert_true(seen.lucky > 0 || seen.real > 0);
    model_free(model);
}

/* What a line's first operation meets is anyone's guess, on each level by itself. */
static void test_first_operations_are_counted_by_level(void **state)
{
    const struct model_config config = {
        .base = BASE,
        .size = SIZE,
        .cpu_view = cpu_view,
        .bus_view = bus_view,
        .cpus = 1,
        .line = LINE,
        .l1 = {.sets = 2, .ways = 1},
        .l2 = {.sets = 1, .ways = 2},
        .outer = MODEL_OUTER_L2C310,
        .violation = on_violation,
    };
    struct model *model = model_new(&config);

    (void)state;
    model_cache_enable(model, 0, true);
    model_outer_enable(model, true);
    for (uint64_t turn = 0; turn < 2; turn++) {
        maintain(model, MODEL_OP_CLEAN, 0);
        model_outer_maintain(model, MODEL_OP_CLEAN, BASE, &operation);
        model_outer_maintain(model, MODEL_OP_INVALIDATE, BASE, &operation);
        maintain(model, MODEL_OP_INVALIDATE, 0);
        for (enum model_operation o = MODEL_OP_CLEAN; o <= MODEL_OP_INVALIDATE; o++) {
            assert_int_equal(model_counts(model)->operation[o].first, 2);
            assert_int_equal(model_counts(model)->operation[o].redundant, 2 * turn);
        }
    }
    model_free(model);
}

/* The outer level's old bytes go to memory, not what L1 has stored since; nor by a clean of the outer level before the inner one. */
static void test_outer_level_does_not_write_what_the_inner_has(void **state)
{
    for (int by_clean = 0; by_clean < 2; by_clean++) {
        struct model_config config = {
            .base = BASE,
            .size = SIZE,
            .cpu_view = cpu_view,
            .bus_view = bus_view,
            .cpus = 1,
            .line = LINE,
            .l1 = {.sets = 2, .ways = 1},
            .l2 = {.sets = 1, .ways = 2},
            .outer = MODEL_OUTER_L2C310,
            .violation = on_violation,
        };
        struct model *model = model_new(&config);

        (void)state;
        memset(cpu_view, 0, sizeof(cpu_view));
        memset(bus_view, 0, sizeof(bus_view));
        model_cache_enable(model, 0, true);
        model_outer_enable(model, true);
        cpu_view[0] = cpu_view[1] = 1;
        model_store(model, BASE, 2, false, &cpu_store);
        model_load(model, BASE + 2 * LINE, 1, &cpu_load); /* of the same set: the line goes to the outer level */
        cpu_view[0] = 2;
        model_store(model, BASE, 1, false, &cpu_store);
        if (by_clean)
            model_outer_maintain(model, MODEL_OP_CLEAN, BASE, &operation);
        /* Of the other set: only the outer level's place is wanted. */
        for (uint32_t line = 3; line < SIZE / LINE && bus_view[1] == 0; line += 2)
            model_load(model, BASE + line * LINE, 1, &cpu_load);
        assert_int_equal(bus_view[1], 1);
        assert_int_not_equal(bus_view[0], 2);
        seen.real = 0;
        model_memory_read(model, BASE, 1, true, &device_read);
        assert_int_equal(seen.real, 1);
        model_free(model);
    }
}

static void test_redundant_operations_are_counted(void **state)
{
    struct model *model = create(LINES, true);
    const struct model_counts *counts = model_counts(model);

    (void)state;
    store(model, 0, 4);
    maintain(model, MODEL_OP_CLEAN, 0);
    maintain(model, MODEL_OP_CLEAN, 0);
    maintain(model, MODEL_OP_CLEAN, 1);
    assert_int_equal(counts->operation[MODEL_OP_CLEAN].issued, 3);
    assert_int_equal(counts->operation[MODEL_OP_CLEAN].useful, 1);
    assert_int_equal(counts->operation[MODEL_OP_CLEAN].redundant, 1);
    assert_int_equal(counts->operation[MODEL_OP_CLEAN].first, 1);
    dma_write(model, 0, 4);
    maintain(model, MODEL_OP_INVALIDATE, 0);
    maintain(model, MODEL_OP_INVALIDATE, 0);
    assert_int_equal(counts->operation[MODEL_OP_INVALIDATE].useful, 1);
    assert_int_equal(counts->operation[MODEL_OP_INVALIDATE].redundant, 1);
    model_free(model);
}

/* By set and way: those that meet a line that was stored to since it was cleaned. */
static void test_useful_operations_by_set_and_way_are_counted(void **state)
{
    struct model *model = create(LINES, true);
    const struct model_access access = {.who = 0};

    (void)state;
    store(model, 0, 4);
    store(model, LINE, 4);
    load(model, 2 * LINE, 4);
    for (unsigned turn = 0; turn < 2; turn++) {
        for (uint32_t way = 0; way < LINES; way++)
            model_maintain_set_way(model, MODEL_OP_CLEAN_INVALIDATE, 0, 0, way, &access);
        assert_int_equal(model_counts(model)->set_way, (turn + 1) * LINES);
        assert_int_equal(model_counts(model)->set_way_useful, 2);
    }
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk_without_evictions),
        cmocka_unit_test(test_walk_with_one_way),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_clean_needs_dsb_before_doorbell),
        cmocka_unit_test(test_uncached_store_needs_barrier_before_doorbell),
        cmocka_unit_test(test_invalidate_needs_barrier_after_status),
        cmocka_unit_test(test_luck_is_told_apart),
        cmocka_unit_test(test_overwrite_needs_no_refresh),
        cmocka_unit_test(test_redundant_operations_are_counted),
        cmocka_unit_test(test_first_operations_are_counted_by_level),
        cmocka_unit_test(test_outer_level_does_not_write_what_the_inner_has),
        cmocka_unit_test(test_useful_operations_by_set_and_way_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
