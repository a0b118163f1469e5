/* SPDX-License-Identifier: MIT */
/*
 * The rules as a pure module: each row of the tables in docs/OWNERSHIP.md.
 */
// link: core/*.c
#include "core/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A directory of ten lines: 0-1 clean, 2-3 dirty, 4-5 stale, 6-7 unknown, 8-9 clean. */
static struct directory four_states(void)
{
    struct directory directory;

    directory_clear(&directory);
    directory_set(&directory, &(struct line_range){2, 4}, LINE_DIRTY);
    directory_set(&directory, &(struct line_range){4, 6}, LINE_STALE);
    directory_set(&directory, &(struct line_range){6, 8}, LINE_UNKNOWN);
    return directory;
}

static enum line_state state_of(const struct directory *directory, uint32_t line)
{
    struct extent found = {.state = LINE_CLEAN};
    uint32_t cursor = 0;

    directory_next(directory, (struct line_range){line, line + 1}, &cursor, &found);
    return found.state;
}

/* Ten states, one letter a line: . clean, d dirty, s stale, u unknown. */
static void check_states(const struct directory *directory, const char *expected)
{
    char got[11] = {0};

    for (uint32_t line = 0; line < 10; line++)
        got[line] = ".dsu"[state_of(directory, line)];
    assert_string_equal(got, expected);
}

static void check_operation(const struct rules_operation *operation, enum rules_action action, enum rules_reason reason,
                            uint32_t first, uint32_t end)
{
    assert_int_equal(operation->action, action);
    assert_int_equal(operation->reason, reason);
    assert_int_equal(operation->lines.first, first);
    assert_int_equal(operation->lines.end, end);
}

static struct rules_acquire acquire(enum baton_domain domain, enum baton_direction direction, bool device)
{
    return (struct rules_acquire){
        .lines = {0, 10}, .whole = {0, 10}, .domain = domain, .direction = direction, .device = device};
}

/* R1, R3 */
static void cache_refreshes_stale_and_settles_unknown(void **state)
{
    (void)state;
    for (int direction = BATON_READ; direction <= BATON_WRITE; direction++) {
        struct directory directory = four_states();
        struct rules_acquire request = acquire(BATON_DOMAIN_CACHE, (enum baton_direction)direction, false);
        struct rules_operation operations[RULES_OPERATIONS];

        assert_int_equal(rules_plan(&directory, &request, operations), 2);
        check_operation(&operations[0], RULES_REFRESH, RULES_NEWEST_IN_MEMORY, 4, 6);
        check_operation(&operations[1], RULES_SETTLE, RULES_NEWEST_UNKNOWN, 6, 8);
        check_states(&directory, "..ddssuu.."); /* a plan changes nothing */
        rules_commit_acquire(&directory, &request, operations, 2);
        check_states(&directory, "..dd......");
    }
}

/* R2, R3: in every direction, overwriting too, since an eviction must not hit what the device writes */
static void memory_publishes_dirty_and_settles_unknown(void **state)
{
    (void)state;
    for (int direction = BATON_READ; direction <= BATON_OVERWRITE; direction++) {
        struct directory directory = four_states();
        struct rules_acquire request = acquire(BATON_DOMAIN_MEMORY, (enum baton_direction)direction, true);
        struct rules_operation operations[RULES_OPERATIONS];

        assert_int_equal(rules_plan(&directory, &request, operations), 2);
        check_operation(&operations[0], RULES_PUBLISH, RULES_NEWEST_IN_CACHE, 2, 4);
        check_operation(&operations[1], RULES_SETTLE, RULES_NEWEST_UNKNOWN, 6, 8);
        rules_commit_acquire(&directory, &request, operations, 2);
        check_states(&directory, "....ss....");
    }
}

/* R8: a settle publishes, and so ends in the barrier that the doorbell needs */
static void settling_brings_the_barrier(void **state)
{
    struct directory directory = four_states();
    struct rules_acquire request = acquire(BATON_DOMAIN_MEMORY, BATON_READ, true);
    struct rules_operation operations[RULES_OPERATIONS];

    (void)state;
    request.lines = (struct line_range){6, 10};
    assert_int_equal(rules_plan(&directory, &request, operations), 1);
    check_operation(&operations[0], RULES_SETTLE, RULES_NEWEST_UNKNOWN, 6, 8);
}

static void only_lines_of_the_range(void **state)
{
    struct directory directory = four_states();
    struct rules_acquire request = acquire(BATON_DOMAIN_CACHE, BATON_READ, false);
    struct rules_operation operations[RULES_OPERATIONS];

    (void)state;
    request.lines = (struct line_range){5, 7};
    assert_int_equal(rules_plan(&directory, &request, operations), 2);
    check_operation(&operations[0], RULES_REFRESH, RULES_NEWEST_IN_MEMORY, 5, 6);
    check_operation(&operations[1], RULES_SETTLE, RULES_NEWEST_UNKNOWN, 6, 7);
    rules_commit_acquire(&directory, &request, operations, 2);
    check_states(&directory, "..dds..u..");
}

/* R5 */
static void overwriting_cpu_maintains_edges_only(void **state)
{
    struct directory directory = four_states();
    struct rules_acquire request = acquire(BATON_DOMAIN_CACHE, BATON_OVERWRITE, false);
    struct rules_operation operations[RULES_OPERATIONS];

    (void)state;
    request.lines = (struct line_range){4, 8};
    request.whole = (struct line_range){5, 7};
    assert_int_equal(rules_plan(&directory, &request, operations), 2);
    check_operation(&operations[0], RULES_REFRESH, RULES_NEWEST_IN_MEMORY, 4, 5);
    check_operation(&operations[1], RULES_SETTLE, RULES_NEWEST_UNKNOWN, 7, 8);
    rules_commit_acquire(&directory, &request, operations, 2);
    check_states(&directory, "..dd.dd...");
}

static void overwriting_cpu_with_no_whole_line_refreshes(void **state)
{
    struct directory directory = four_states();
    struct rules_acquire request = acquire(BATON_DOMAIN_CACHE, BATON_OVERWRITE, false);
    struct rules_operation operations[RULES_OPERATIONS];

    (void)state;
    request.lines = (struct line_range){4, 6};
    request.whole = (struct line_range){5, 5};
    assert_int_equal(rules_plan(&directory, &request, operations), 1);
    check_operation(&operations[0], RULES_REFRESH, RULES_NEWEST_IN_MEMORY, 4, 6);
    rules_commit_acquire(&directory, &request, operations, 1);
    check_states(&directory, "..dd..uu..");
}

/* R6 */
static void shared_edge_lines_are_left_alone(void **state)
{
    struct directory directory;
    struct rules_acquire request = acquire(BATON_DOMAIN_CACHE, BATON_WRITE, false);
    struct rules_operation operations[RULES_OPERATIONS];

    (void)state;
    directory_clear(&directory);
    directory_set(&directory, &(struct line_range){0, 10}, LINE_UNKNOWN);
    request.lines = (struct line_range){2, 6};
    request.first_shared = true;
    assert_int_equal(rules_plan(&directory, &request, operations), 1);
    check_operation(&operations[0], RULES_SETTLE, RULES_NEWEST_UNKNOWN, 3, 6);
    request.last_shared = true;
    assert_int_equal(rules_plan(&directory, &request, operations), 1);
    check_operation(&operations[0], RULES_SETTLE, RULES_NEWEST_UNKNOWN, 3, 5);
    request.lines = (struct line_range){2, 3};
    assert_int_equal(rules_plan(&directory, &request, operations), 0);
    request.direction = BATON_OVERWRITE;
    request.lines = (struct line_range){2, 6};
    request.whole = (struct line_range){3, 5};
    assert_int_equal(rules_plan(&directory, &request, operations), 0);
}

/* R7: the directory widens while lines are maintained; the commit takes exactly those lines out of it. */
static void commit_takes_what_was_maintained(void **state)
{
    struct directory directory = four_states();
    struct rules_acquire request = acquire(BATON_DOMAIN_CACHE, BATON_READ, false);
    struct rules_operation operations[RULES_OPERATIONS];
    uint32_t count = rules_plan(&directory, &request, operations);

    (void)state;
    directory_set(&directory, &(struct line_range){1, 9}, LINE_UNKNOWN);
    rules_commit_acquire(&directory, &request, operations, count);
    check_states(&directory, ".uuu....u.");
}

/* R8, R9 */
static void barriers_where_no_operation_has_one(void **state)
{
    struct directory clean, stale, dirty;
    struct rules_operation operations[RULES_OPERATIONS];
    struct rules_acquire request;

    (void)state;
    directory_clear(&clean);
    directory_clear(&stale);
    directory_clear(&dirty);
    directory_set(&stale, &(struct line_range){0, 1}, LINE_STALE);
    directory_set(&dirty, &(struct line_range){0, 1}, LINE_DIRTY);

    request = acquire(BATON_DOMAIN_MEMORY, BATON_READ, true);
    assert_int_equal(rules_plan(&clean, &request, operations), 1);
    check_operation(&operations[0], RULES_BARRIER, RULES_DEVICE_STARTS, 0, 0);
    assert_int_equal(rules_plan(&dirty, &request, operations), 1); /* a publish ends in one */
    assert_int_equal(operations[0].action, RULES_PUBLISH);

    request = acquire(BATON_DOMAIN_CACHE, BATON_READ, true); /* a coherent device */
    assert_int_equal(rules_plan(&dirty, &request, operations), 1);
    check_operation(&operations[0], RULES_BARRIER, RULES_DEVICE_STARTS, 0, 0);
    assert_int_equal(rules_plan(&stale, &request, operations), 2); /* a refresh only begins with one */
    assert_int_equal(operations[0].action, RULES_REFRESH);
    check_operation(&operations[1], RULES_BARRIER, RULES_DEVICE_STARTS, 0, 0);

    request = acquire(BATON_DOMAIN_CACHE, BATON_READ, false);
    assert_int_equal(rules_plan(&clean, &request, operations), 0);
    request.after_device = true;
    assert_int_equal(rules_plan(&clean, &request, operations), 1);
    check_operation(&operations[0], RULES_BARRIER, RULES_DEVICE_DONE, 0, 0);
    assert_int_equal(rules_plan(&stale, &request, operations), 1);
    assert_int_equal(operations[0].action, RULES_REFRESH);
}

/* R10 */
static void complete_release(void **state)
{
    struct directory directory = four_states();
    const struct line_range all = {1, 9};

    (void)state;
    rules_commit_release(&directory, &all, BATON_DOMAIN_CACHE, BATON_READ);
    rules_commit_release(&directory, &all, BATON_DOMAIN_MEMORY, BATON_READ);
    check_states(&directory, "..ddssuu..");
    rules_commit_release(&directory, &all, BATON_DOMAIN_CACHE, BATON_WRITE);
    check_states(&directory, ".dddddddd.");
    rules_commit_release(&directory, &all, BATON_DOMAIN_MEMORY, BATON_OVERWRITE);
    check_states(&directory, ".ssssssss.");
}

/* R11, R12: lines 1-8 acquired, of them 2-7 whole; 3-4 written */
static void unfinished_release(void **state)
{
    static const struct {
        enum baton_domain domain;
        enum baton_direction direction;
        enum rules_outcome outcome;
        const char *left;
    } rows[] = {
        {BATON_DOMAIN_CACHE, BATON_WRITE, RULES_PARTIAL, "...dd....."},
        {BATON_DOMAIN_CACHE, BATON_OVERWRITE, RULES_PARTIAL, "..udduuu.."},
        {BATON_DOMAIN_MEMORY, BATON_WRITE, RULES_PARTIAL, "...ss....."},
        {BATON_DOMAIN_MEMORY, BATON_OVERWRITE, RULES_PARTIAL, "...ss....."},
        {BATON_DOMAIN_MEMORY, BATON_WRITE, RULES_FAILED, ".uussuuuu."},
        {BATON_DOMAIN_MEMORY, BATON_OVERWRITE, RULES_FAILED, ".uussuuuu."},
        {BATON_DOMAIN_CACHE, BATON_WRITE, RULES_FAILED, ".dudduuud."},
        {BATON_DOMAIN_CACHE, BATON_OVERWRITE, RULES_FAILED, ".dudduuud."},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct directory directory;
        struct rules_release request = {.lines = {1, 9},
                                        .whole = {2, 8},
                                        .written = {3, 5},
                                        .domain = rows[i].domain,
                                        .direction = rows[i].direction,
                                        .outcome = rows[i].outcome};

        directory_clear(&directory);
        rules_commit_unfinished(&directory, &request);
        check_states(&directory, rows[i].left);
    }
}

/* R13 */
static void end_of_a_buffer(void **state)
{
    struct directory directory = four_states();
    struct rules_operation operations[RULES_OPERATIONS];

    (void)state;
    assert_int_equal(rules_plan_end(&directory, (struct line_range){0, 10}, false, operations), 1);
    check_operation(&operations[0], RULES_PUBLISH, RULES_NEWEST_IN_CACHE, 2, 4);
    assert_int_equal(rules_plan_end(&directory, (struct line_range){0, 10}, true, operations), 3);
    check_operation(&operations[0], RULES_PUBLISH, RULES_NEWEST_IN_CACHE, 2, 4);
    check_operation(&operations[1], RULES_REFRESH, RULES_NEWEST_IN_MEMORY, 4, 6);
    check_operation(&operations[2], RULES_SETTLE, RULES_NEWEST_UNKNOWN, 6, 8);
}

/* A full directory: as many operations as extents, and room for the barrier. */
static void longest_plan(void **state)
{
    struct directory directory;
    struct rules_operation operations[RULES_OPERATIONS + 1] = {{{0, 0}, RULES_PUBLISH, RULES_NEWEST_IN_CACHE}};
    struct rules_acquire request = acquire(BATON_DOMAIN_CACHE, BATON_READ, true);

    (void)state;
    directory_clear(&directory);
    for (uint32_t i = 0; i < DIRECTORY_EXTENTS; i++)
        directory_set(&directory, &(struct line_range){2 * i, 2 * i + 1}, LINE_STALE);
    request.lines = (struct line_range){0, 2 * DIRECTORY_EXTENTS};
    assert_int_equal(rules_plan(&directory, &request, operations), RULES_OPERATIONS);
    assert_int_equal(operations[RULES_OPERATIONS - 1].action, RULES_BARRIER);
    assert_int_equal(operations[RULES_OPERATIONS - 2].action, RULES_REFRESH);
    assert_int_equal(rules_plan_end(&directory, request.lines, true, operations), DIRECTORY_EXTENTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cache_refreshes_stale_and_settles_unknown),
        cmocka_unit_test(memory_publishes_dirty_and_settles_unknown),
        cmocka_unit_test(settling_brings_the_barrier),
        cmocka_unit_test(only_lines_of_the_range),
        cmocka_unit_test(overwriting_cpu_maintains_edges_only),
        cmocka_unit_test(overwriting_cpu_with_no_whole_line_refreshes),
        cmocka_unit_test(shared_edge_lines_are_left_alone),
        cmocka_unit_test(commit_takes_what_was_maintained),
        cmocka_unit_test(barriers_where_no_operation_has_one),
        cmocka_unit_test(complete_release),
        cmocka_unit_test(unfinished_release),
        cmocka_unit_test(end_of_a_buffer),
        cmocka_unit_test(longest_plan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
