/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model against caches that keep real copies. Two CPUs, a device and whoever maintains do anything in any order on three lines, one
 * of them write-through; beside the model runs a machine that is as plain as can be: memory, an outer level, an L1 for each CPU, and
 * what each of them holds of each byte is the number of the store that made it. Whoever reads a byte that is not of the newest store
 * must be accused, byte by byte, and nobody else; and who is not accused has the newest bytes in view. Barriers are always there: the
 * order of things has tests of its own.
 *
 * Fails if any rule of sim/model/ about who holds what goes; the operations of the run that differs are printed.
 */
// link: sim/model/*.c
#include "sim/model/fast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    BASE = 0x40000000,
    PAGE = 4096,
    LINE = 16,
    LINES = 3,
    CPUS = 2,
    THROUGH = LINES - 1,
    STEPS = 250,
    SEEDS = 1000,
    SIZE = SEEDS * PAGE
};

/* The plain machine. */
struct copy {
    bool present, dirty;
    uint8_t byte[LINE];
};

static struct {
    bool has_outer;
    uint8_t memory[LINES][LINE], newest[LINES][LINE];
    struct copy outer[LINES], l1[CPUS][LINES];
} plain;

static void plain_fill(unsigned cpu, unsigned line)
{
    struct copy *to = &plain.l1[cpu][line], *outer = &plain.outer[line];
    const uint8_t *from = plain.memory[line];
    bool snooped = false;

    if (to->present)
        return;
    if (outer->present)
        from = outer->byte;
    for (unsigned other = 0; other < CPUS; other++)
        if (plain.l1[other][line].present) {
            from = plain.l1[other][line].byte;
            snooped = true;
        }
    memcpy(to->byte, from, LINE);
    to->present = true;
    to->dirty = false;
    if (!snooped && plain.has_outer && !outer->present) {
        memcpy(outer->byte, from, LINE);
        outer->present = true;
        outer->dirty = false;
    }
}

static void plain_store(unsigned cpu, unsigned line, unsigned first, unsigned bytes, uint8_t number)
{
    plain_fill(cpu, line);
    for (unsigned other = 0; other < CPUS; other++)
        if (other != cpu)
            plain.l1[other][line].present = plain.l1[other][line].dirty = false;
    plain.l1[cpu][line].dirty = true;
    memset(plain.l1[cpu][line].byte + first, number, bytes);
    memset(plain.newest[line] + first, number, bytes);
}

static void plain_memory_store(unsigned line, unsigned first, unsigned bytes, uint8_t number)
{
    memset(plain.memory[line] + first, number, bytes);
    memset(plain.newest[line] + first, number, bytes);
}

/* To memory; all copies follow, and none is made. */
static void plain_store_through(unsigned line, unsigned first, unsigned bytes, uint8_t number)
{
    for (unsigned cpu = 0; cpu < CPUS; cpu++)
        memset(plain.l1[cpu][line].byte + first, number, bytes);
    memset(plain.outer[line].byte + first, number, bytes);
    plain_memory_store(line, first, bytes, number);
}

/* through: to memory, if the outer level does not hold the line. */
static void plain_clean_inner(unsigned cpu, unsigned line, bool through)
{
    struct copy *from = &plain.l1[cpu][line], *outer = &plain.outer[line];

    if (!from->dirty)
        return;
    from->dirty = false;
    if (!plain.has_outer || (through && !outer->present)) {
        memcpy(plain.memory[line], from->byte, LINE);
        return;
    }
    memcpy(outer->byte, from->byte, LINE);
    outer->present = outer->dirty = true;
}

static void plain_clean_outer(unsigned line)
{
    if (plain.outer[line].dirty)
        memcpy(plain.memory[line], plain.outer[line].byte, LINE);
    plain.outer[line].dirty = false;
}

static void plain_maintain(enum model_operation operation, unsigned line, bool inner, bool outer, bool clean_first)
{
    outer = outer && plain.has_outer;
    if (operation != MODEL_OP_INVALIDATE || clean_first) {
        for (unsigned cpu = 0; cpu < CPUS && inner; cpu++)
            plain_clean_inner(cpu, line, outer);
        if (outer)
            plain_clean_outer(line);
    }
    if (operation == MODEL_OP_CLEAN)
        return;
    for (unsigned cpu = 0; cpu < CPUS && inner; cpu++)
        plain.l1[cpu][line].present = plain.l1[cpu][line].dirty = false;
    if (outer)
        plain.outer[line].present = plain.outer[line].dirty = false;
}

/* Only this CPU's copy: others do not know that it was the dirty one. */
static void plain_maintain_way(enum model_operation operation, unsigned cpu, unsigned line, bool clean_first)
{
    struct copy *copy = &plain.l1[cpu][line];

    if (operation != MODEL_OP_INVALIDATE || clean_first)
        plain_clean_inner(cpu, line, false);
    if (operation != MODEL_OP_CLEAN)
        copy->present = copy->dirty = false;
}

/* The run. */
static uint8_t cpu_view[SIZE], bus_view[SIZE];
static uint32_t page;    /* each run has one of its own, and the model is the same */
static uint64_t accused; /* bytes of the line that is read */
static uint64_t random_state;
static char steps[STEPS][80];

static void on_violation(void *context, const struct model_violation *violation)
{
    unsigned first = violation->physical % LINE;

    (void)context;
    if (!violation->lucky)
        accused |= (violation->mask ? violation->mask : (1ull << violation->bytes) - 1) << first;
}

static unsigned any(unsigned count)
{
    return (unsigned)(model_random(&random_state) >> 33) % count;
}

static struct model *create(enum model_outer outer, bool clean_first)
{
    struct model_config config = {.base = BASE,
                                  .size = SIZE,
                                  .cpu_view = cpu_view,
                                  .bus_view = bus_view,
                                  .cpus = CPUS,
                                  .line = LINE,
                                  .l1 = {.sets = 4, .ways = 1}, /* a set for each line: nobody is pushed out unasked */
                                  .l2 = {.sets = 4, .ways = outer == MODEL_OUTER_NONE ? 0 : 1},
                                  .outer = outer,
                                  .clean_first = clean_first,
                                  .strict = true,
                                  .violation = on_violation};
    struct model *model = model_new(&config);

    memset(cpu_view, 0, SIZE);
    memset(bus_view, 0, SIZE);
    for (unsigned cpu = 0; cpu < CPUS; cpu++)
        model_cache_enable(model, cpu, true);
    if (outer == MODEL_OUTER_L2C310)
        model_outer_enable(model, true);
    return model;
}

/* A read of [first, + bytes) of the line from what the plain machine shows. */
static bool agrees(unsigned line, unsigned first, unsigned bytes, const uint8_t *shown, const uint8_t *view)
{
    bool same = true;

    for (unsigned i = first; i < first + bytes; i++) {
        bool right = shown[i] == plain.newest[line][i];

        same = same && right == !(accused >> i & 1) && !(right && view[line * LINE + i] != shown[i]);
    }
    return same;
}

static bool step(struct model *model, enum model_outer outer, bool clean_first, uint8_t number, char *text)
{
    static const char *const names[] = {
        "load",  "store",         "device read", "device write", "uncached load", "uncached store", "operate",
        "unify", "operate outer", "set and way", "evict inner",  "evict outer",   "prefetch",       "coherent read"};
    unsigned what = any(sizeof(names) / sizeof(names[0])), cpu = any(CPUS), line = any(LINES);
    unsigned first = any(4) * 4, bytes = any(3) ? 4 : LINE - first;
    enum model_operation operation = (enum model_operation)any(MODEL_OPS);
    uint32_t address = BASE + page + line * LINE, at = address + first;
    struct model_access access = {.pc = 0x100, .who = (uint8_t)cpu}, device = {.who = MODEL_DEVICE(0)};
    struct line *of = model_line(model, address);
    bool integrated = outer == MODEL_OUTER_INTEGRATED;

    snprintf(text, sizeof(steps[0]), "%s: cpu %u line %u bytes %u+%u operation %d number %u", names[what], cpu, line,
             first, bytes, (int)operation, number);
    accused = 0;
    model_status_read(model, cpu);
    model_outer_sync(model);
    for (unsigned i = 0; i < CPUS; i++)
        model_barrier(model, i, true, true);
    switch (what) {
    case 0:
        if (!(of->quick.load >> cpu & 1))
            model_load(model, at, bytes, &access);
        plain_fill(cpu, line);
        return agrees(line, first, bytes, plain.l1[cpu][line].byte, cpu_view + page);
    case 1:
        memset(cpu_view + (at - BASE), number, bytes);
        if (line == THROUGH) {
            model_store(model, at, bytes, true, &access);
            plain_store_through(line, first, bytes, number);
            break;
        }
        if (of->quick.store == cpu + 1)
            fast_store(page_of(of), of->index, at, mask_of(first, bytes), bytes - 1, access.pc);
        else
            model_store(model, at, bytes, false, &access);
        plain_store(cpu, line, first, bytes, number);
        break;
    case 2:
    case 4:
        model_memory_read(model, at, bytes, true, what == 2 ? &device : &access);
        return agrees(line, first, bytes, plain.memory[line], bus_view + page);
    case 3:
    case 5:
        memset(bus_view + (at - BASE), number, bytes);
        if (what == 3 || of->quick.memory_store != cpu + 1 ||
            !fast_memory_store(model, of, cpu, first, bytes, MODEL_BUS_VIEW, access.pc))
            model_memory_write(model, at, bytes, MODEL_BUS_VIEW, what == 3 ? &device : &access);
        plain_memory_store(line, first, bytes, number);
        break;
    case 6:
        model_maintain(model, operation, at, false, &access);
        plain_maintain(operation, line, true, integrated, clean_first);
        break;
    case 7:
        model_maintain(model, MODEL_OP_CLEAN, at, true, &access);
        plain_maintain(MODEL_OP_CLEAN, line, true, false, clean_first);
        break;
    case 8:
        if (outer == MODEL_OUTER_L2C310 && any(2))
            model_outer_maintain(model, operation, address, &access);
        else if (outer == MODEL_OUTER_L2C310)
            model_outer_maintain_index(model, operation, line % 4, 0, &access);
        else
            model_maintain_set_way(model, operation, 1, line % 4, 0, &access);
        plain_maintain(operation, line, false, true, clean_first);
        break;
    case 9:
        model_maintain_set_way(model, operation, 0, line % 4, 0, &access);
        plain_maintain_way(operation, cpu, line, clean_first);
        break;
    case 10:
        if (of->present >> cpu & 1)
            evict_inner(model, of, cpu, MODEL_BY_NOISE);
        plain_clean_inner(cpu, line, false);
        plain.l1[cpu][line].present = false;
        break;
    case 11:
        if (of->present_outer)
            evict_outer(model, of, MODEL_BY_NOISE);
        plain_clean_outer(line);
        plain.outer[line].present = false;
        break;
    case 12:
        fill(model, of, cpu);
        model_settle(model, of);
        plain_fill(cpu, line);
        break;
    case 13:
        model_coherent_read(model, at, bytes, &device);
        for (unsigned i = 0; i < CPUS; i++)
            if (plain.l1[i][line].present)
                return agrees(line, first, bytes, plain.l1[i][line].byte, cpu_view + page);
        return agrees(line, first, bytes, plain.outer[line].present ? plain.outer[line].byte : plain.memory[line],
                      cpu_view + page);
    }
    return true;
}

/* Lines do not know of each other: the steps of the one that differs. */
static void explain(unsigned last)
{
    const char *line = strstr(steps[last], "line ");

    for (unsigned i = 0; i <= last; i++)
        if (strncmp(strstr(steps[i], "line "), line, 6) == 0)
            print_message("  %s\n", steps[i]);
    print_message("  accused of its bytes: 0x%llx\n", (unsigned long long)accused);
}

/* So that the next page's lines push nobody out. */
static void empty(struct model *model)
{
    for (unsigned i = 0; i < LINES; i++) {
        struct line *line = model_line(model, BASE + page + i * LINE);

        for (unsigned cpu = 0; cpu < CPUS; cpu++)
            if (line->present >> cpu & 1)
                evict_inner(model, line, cpu, MODEL_BY_NOISE);
        if (line->present_outer)
            evict_outer(model, line, MODEL_BY_NOISE);
    }
}

static unsigned differing(enum model_outer outer, bool clean_first)
{
    struct model *model = create(outer, clean_first);
    unsigned runs = 0;

    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        unsigned i = 0;

        page = (seed - 1) * PAGE;
        memset(&plain, 0, sizeof(plain));
        plain.has_outer = outer != MODEL_OUTER_NONE;
        random_state = seed * 0x9e3779b97f4a7c15ull;
        while (i < STEPS && step(model, outer, clean_first, (uint8_t)(i + 1), steps[i]))
            i++;
        empty(model);
        if (i == STEPS)
            continue;
        if (!runs++) {
            print_message("outer level %d, clean first %d, seed %u:\n", (int)outer, clean_first, seed);
            explain(i);
        }
    }
    model_free(model);
    return runs;
}

static void test_no_outer_level(void **state)
{
    (void)state;
    assert_int_equal(differing(MODEL_OUTER_NONE, false), 0);
    assert_int_equal(differing(MODEL_OUTER_NONE, true), 0);
}

static void test_integrated_outer_level(void **state)
{
    (void)state;
    assert_int_equal(differing(MODEL_OUTER_INTEGRATED, false), 0);
    assert_int_equal(differing(MODEL_OUTER_INTEGRATED, true), 0);
}

static void test_l2c310(void **state)
{
    (void)state;
    assert_int_equal(differing(MODEL_OUTER_L2C310, false), 0);
    assert_int_equal(differing(MODEL_OUTER_L2C310, true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_outer_level),
        cmocka_unit_test(test_integrated_outer_level),
        cmocka_unit_test(test_l2c310),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
