/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What single observers may see: a table walker, behind the L2C-310 or a level that the image cannot tell; a CPU that learned in memory
 * that a device is done; whoever wants to know which lines reach memory. Each test fails if its rule in sim/model/ goes.
 */
// link: sim/model/*.c
#include "sim/model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BASE 0x40000000u
#define SIZE 4096u

static uint8_t cpu_view[SIZE], bus_view[SIZE];
static unsigned accused, reached;
static enum model_kind kind;

static const struct model_access load = {.pc = 0x100, .who = 0, .action = MODEL_LOAD};
static const struct model_access store = {.pc = 0x200, .who = 0, .action = MODEL_STORE};
static const struct model_access operation = {.pc = 0x300, .who = 0, .action = MODEL_CLEAN};
static const struct model_access walk = {.who = MODEL_WALKER(0), .action = MODEL_TABLE_WALK};
static const struct model_access device_read = {.who = MODEL_DEVICE(0), .action = MODEL_DEVICE_READ};
static const struct model_access device_write = {.who = MODEL_DEVICE(0), .action = MODEL_DEVICE_WRITE};
static const struct model_access uncached_load = {.pc = 0x400, .who = 0, .action = MODEL_UNCACHED_LOAD};

static void on_violation(void *context, const struct model_violation *violation)
{
    (void)context;
    accused++;
    kind = violation->kind;
}

static void on_written_back(void *context, uint32_t address)
{
    (void)context;
    reached = address;
}

static struct model *create(enum model_outer outer, bool hidden)
{
    struct model_config config = {.base = BASE,
                                  .size = SIZE,
                                  .cpu_view = cpu_view,
                                  .bus_view = bus_view,
                                  .cpus = 1,
                                  .line = 64,
                                  .l1 = {.sets = 16, .ways = 4},
                                  .l2 = {.sets = 16, .ways = outer == MODEL_OUTER_NONE ? 0 : 8},
                                  .outer = outer,
                                  .hidden = hidden,
                                  .strict = true,
                                  .violation = on_violation,
                                  .written_back = on_written_back};
    struct model *model = model_new(&config);

    memset(cpu_view, 0, SIZE);
    memset(bus_view, 0, SIZE);
    accused = reached = 0;
    model_cache_enable(model, 0, true);
    if (outer == MODEL_OUTER_L2C310)
        model_outer_enable(model, true);
    return model;
}

static void test_walker_through_the_outer_cache(void **state)
{
    struct model *model = create(MODEL_OUTER_L2C310, false);

    (void)state;
    model_store(model, BASE, 4, false, &store);
    model_table_walk(model, BASE, 4, true, &walk);
    assert_int_equal(accused, 1);
    assert_int_equal(kind, MODEL_STALE_DEVICE_READ);
    model_maintain(model, MODEL_OP_CLEAN, BASE, false, &operation);
    model_barrier(model, 0, true, true);
    model_table_walk(model, BASE, 4, true, &walk);
    assert_int_equal(accused, 1);
    model_table_walk(model, BASE, 4, false, &walk); /* past the outer cache */
    assert_int_equal(accused, 2);
    model_outer_enable(model, false); /* nothing to look through */
    model_table_walk(model, BASE, 4, true, &walk);
    assert_int_equal(accused, 3);
    model_free(model);
}

static void test_unification_before_a_hidden_level(void **state)
{
    struct model *model = create(MODEL_OUTER_NONE, true);

    (void)state;
    model_store(model, BASE, 4, false, &store);
    model_maintain(model, MODEL_OP_CLEAN, BASE, true, &operation);
    model_barrier(model, 0, true, true);
    model_table_walk(model, BASE, 4, false, &walk);
    assert_int_equal(accused, 0);
    model_memory_read(model, BASE, 4, true, &device_read);
    assert_int_equal(accused, 1);
    model_store(model, BASE, 4, false, &store); /* newer than what was cleaned */
    model_table_walk(model, BASE, 4, false, &walk);
    assert_int_equal(accused, 2);
    model_maintain(model, MODEL_OP_CLEAN, BASE, false, &operation);
    model_barrier(model, 0, true, true);
    model_memory_read(model, BASE, 4, true, &device_read);
    assert_int_equal(accused, 2);
    model_free(model);

    model = create(MODEL_OUTER_NONE, false); /* both points are the same */
    model_store(model, BASE, 4, false, &store);
    model_maintain(model, MODEL_OP_CLEAN, BASE, true, &operation);
    model_barrier(model, 0, true, true);
    model_memory_read(model, BASE, 4, true, &device_read);
    assert_int_equal(accused, 0);
    model_free(model);
}

static void test_completion_told_in_memory(void **state)
{
    struct model *model = create(MODEL_OUTER_NONE, false);

    (void)state;
    /* Doorbell, poll in memory, barrier; then another device's register, and the invalidate. */
    model_doorbell(model, 0);
    model_memory_write(model, BASE, 64, MODEL_BUS_VIEW, &device_write);
    model_memory_write(model, BASE + 128, 4, MODEL_BUS_VIEW, &device_write);
    model_memory_read(model, BASE + 128, 4, true, &uncached_load);
    model_barrier(model, 0, true, true);
    model_status_read(model, 0);
    model_maintain(model, MODEL_OP_INVALIDATE, BASE, false, &operation);
    model_load(model, BASE, 4, &load);
    assert_int_equal(accused, 0);
    /* Nothing told before the barrier: a doorbell tells nothing. */
    model_doorbell(model, 0);
    model_memory_write(model, BASE, 64, MODEL_BUS_VIEW, &device_write);
    model_doorbell(model, 0);
    model_barrier(model, 0, true, true);
    model_status_read(model, 0);
    model_maintain(model, MODEL_OP_INVALIDATE, BASE, false, &operation);
    model_load(model, BASE, 4, &load);
    assert_int_equal(accused, 1);
    assert_int_equal(kind, MODEL_UNORDERED_COMPLETION);
    model_free(model);
}

static void test_lines_that_reach_memory(void **state)
{
    struct model *model = create(MODEL_OUTER_NONE, false);

    (void)state;
    model_store(model, BASE + 68, 4, false, &store);
    assert_int_equal(reached, 0);
    model_maintain(model, MODEL_OP_CLEAN, BASE + 64, false, &operation);
    assert_int_equal(reached, BASE + 64);
    model_free(model);
}

/* Three ages of the same bytes: the outer level's, memory's from a device, L1's. */
static void test_newest_bytes_over_an_old_outer_copy(void **state)
{
    struct model *model = create(MODEL_OUTER_L2C310, false);

    (void)state;
    model_store(model, BASE, 8, false, &store);
    model_maintain(model, MODEL_OP_CLEAN, BASE, false, &operation);
    model_memory_write(model, BASE, 8, MODEL_BUS_VIEW, &device_write);
    model_store(model, BASE, 8, false, &store);
    model_memory_read(model, BASE, 8, false, &device_read);
    assert_int_equal(accused, 1);
    assert_int_equal(kind, MODEL_STALE_DEVICE_READ);
    /* What the outer level writes back does no harm: those bytes are L1's. */
    model_outer_maintain(model, MODEL_OP_CLEAN, BASE, &operation);
    model_load(model, BASE, 8, &load);
    assert_int_equal(accused, 1);
    model_maintain(model, MODEL_OP_CLEAN, BASE, false, &operation);
    model_outer_maintain(model, MODEL_OP_CLEAN, BASE, &operation);
    model_outer_sync(model);
    model_barrier(model, 0, true, true);
    model_memory_read(model, BASE, 8, false, &device_read);
    assert_int_equal(accused, 1);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walker_through_the_outer_cache),
        cmocka_unit_test(test_unification_before_a_hidden_level),
        cmocka_unit_test(test_completion_told_in_memory),
        cmocka_unit_test(test_lines_that_reach_memory),
        cmocka_unit_test(test_newest_bytes_over_an_old_outer_copy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
