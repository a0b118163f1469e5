/* SPDX-License-Identifier: MIT */
/*
 * The ledger of the pipeline: which stage an acquire counts for, what whole-buffer maintenance would have cost, and that a gap in
 * the trace is told.
 * link: apps/pipeline/ledger.c
 */
#include "apps/pipeline/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct ledger ledger;
static char printed[4096];

static void print(const char *line)
{
    assert_true(strlen(printed) + strlen(line) + 2 < sizeof(printed));
    strcat(strcat(printed, line), "\n");
}

static int set_up(void **state)
{
    static const struct ledger_entry entries[] = {
        {"picture", "cpu", STAGE_CONVERT, 1000},
        {"picture", "dma", STAGE_BLIT, 1000},
        {"screen", "dma", STAGE_BLIT, 6400},
        {"screen", "display", STAGE_DISPLAY, 6400},
    };

    (void)state;
    ledger_init(&ledger, 64);
    for (unsigned i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        assert_true(ledger_assign(&ledger, &entries[i]));
    }
    printed[0] = '\0';
    return 0;
}

static void add(const char *buffer, const char *holder, enum baton_verb verb, enum baton_direction direction,
                uint32_t length, uint32_t published, uint32_t refreshed)
{
    const struct baton_record record = {
        .sequence = ledger.sequence + 1,
        .buffer = buffer,
        .holder = holder,
        .verb = verb,
        .domain = strcmp(holder, "cpu") == 0 ? BATON_DOMAIN_CACHE : BATON_DOMAIN_MEMORY,
        .direction = direction,
        .range = {.offset = 0, .length = length},
        .published = published,
        .refreshed = refreshed,
    };

    ledger_add(&ledger, &record);
}

static void check_stage(enum stage stage, struct ledger_counts expected)
{
    const struct ledger_counts *const counts = &ledger.stages[stage];

    assert_int_equal(counts->handoffs, expected.handoffs);
    assert_int_equal(counts->bytes, expected.bytes);
    assert_int_equal(counts->cleaned, expected.cleaned);
    assert_int_equal(counts->invalidated, expected.invalidated);
    assert_int_equal(counts->whole_cleaned, expected.whole_cleaned);
    assert_int_equal(counts->whole_invalidated, expected.whole_invalidated);
}

static void a_frame(void)
{
    add("picture", "cpu", BATON_VERB_ACQUIRE, BATON_OVERWRITE, 1000, 0, 1);
    add("picture", "cpu", BATON_VERB_RELEASE, BATON_OVERWRITE, 1000, 0, 0);
    add("picture", "dma", BATON_VERB_ACQUIRE, BATON_READ, 1000, 16, 0);
    add("screen", "dma", BATON_VERB_ACQUIRE, BATON_OVERWRITE, 3200, 2, 3);
    add("picture", "dma", BATON_VERB_RELEASE, BATON_READ, 1000, 0, 0);
    add("screen", "dma", BATON_VERB_RELEASE, BATON_OVERWRITE, 3200, 0, 0);
    add("screen", "display", BATON_VERB_ACQUIRE, BATON_READ, 6400, 0, 0);
}

/* An acquire is a handoff, a release none; the CPU's accesses cost the streaming way nothing, a write by a device costs twice; a
 * part of a buffer costs all of it; and 1000 bytes are 16 lines. */
static void stages(void **state)
{
    (void)state;
    a_frame();
    check_stage(STAGE_READ, (struct ledger_counts){0});
    check_stage(STAGE_CONVERT, (struct ledger_counts){1, 1000, 0, 1, 0, 0});
    check_stage(STAGE_BLIT, (struct ledger_counts){2, 4200, 18, 3, 16, 200});
    check_stage(STAGE_DISPLAY, (struct ledger_counts){1, 6400, 0, 0, 100, 0});
    assert_memory_equal(&ledger.total, (&(struct ledger_counts){4, 11600, 18, 4, 116, 200}), sizeof(ledger.total));
    assert_true(ledger.complete);
}

static void gaps(void **state)
{
    const struct baton_record third = {.sequence = 3, .verb = BATON_VERB_RELEASE, .buffer = "picture", .holder = "cpu"};

    (void)state;
    a_frame();
    assert_true(ledger.complete);
    ledger.sequence = 1; /* the second record is lost: the ring was overrun */
    ledger_add(&ledger, &third);
    assert_false(ledger.complete);
    ledger_print(&ledger, 1, print);
    assert_non_null(strstr(printed, "records of the trace were lost"));

    set_up(state);
    add("picture", "display", BATON_VERB_ACQUIRE, BATON_READ, 1000, 0, 0); /* a holder that has no stage here */
    assert_false(ledger.complete);
}

static void table(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 1000000; i++) { /* bytes beyond 32 bits */
        a_frame();
    }
    ledger_print(&ledger, 1000000, print);
    assert_string_equal(printed,
                        "frames 1000000, handoffs 4000000; cache maintenance in lines of 64 bytes:\n"
                        "                                  -------- done --------  ---- whole buffers ---\n"
                        "stage     handoffs         bytes     cleaned invalidated     cleaned invalidated\n"
                        "read             0             0           0           0           0           0\n"
                        "convert    1000000    1000000000           0     1000000           0           0\n"
                        "list             0             0           0           0           0           0\n"
                        "blit       2000000    4200000000    18000000     3000000    16000000   200000000\n"
                        "display    1000000    6400000000           0           0   100000000           0\n"
                        "total      4000000   11600000000    18000000     4000000   116000000   200000000\n"
                        "Maintaining the whole buffer at every mapping: 316000000 lines, 14.4 times as many.\n");
}

static void nothing_done(void **state)
{
    (void)state;
    ledger_print(&ledger, 0, print);
    assert_non_null(strstr(printed, "0 lines instead of none.\n"));
}

static void decimals(void **state)
{
    char text[21];

    (void)state;
    assert_string_equal(ledger_decimal(text, 0), "0");
    assert_string_equal(ledger_decimal(text, 1234567890), "1234567890");
    assert_string_equal(ledger_decimal(text, UINT64_MAX), "18446744073709551615");
}

static void full(void **state)
{
    const struct ledger_entry entry = {"list", "cpu", STAGE_LIST, 64};

    (void)state;
    while (ledger.entry_count < LEDGER_ENTRIES) {
        assert_true(ledger_assign(&ledger, &entry));
    }
    assert_false(ledger_assign(&ledger, &entry));
    assert_int_equal(ledger.entry_count, LEDGER_ENTRIES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(stages, set_up),   cmocka_unit_test_setup(gaps, set_up),
        cmocka_unit_test_setup(table, set_up),    cmocka_unit_test_setup(nothing_done, set_up),
        cmocka_unit_test_setup(decimals, set_up), cmocka_unit_test_setup(full, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
