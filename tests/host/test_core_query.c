/* SPDX-License-Identifier: MIT */
/*
 * Who may touch it now: queries, the trace and its overruns, epochs, counters, call sites.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

static void holders(void **state)
{
    struct baton_cpu_access access;
    struct baton_destination destination;
    struct baton_holder holder[3] = {{0}};
    struct baton_answer answer;

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, part(10, 20), BATON_READ, &access));
    OK(baton_map_from_device(baton, to_dma, lines(2, 3), BATON_OVERWRITE, &destination));
    OK(baton_query(baton, buffer, part(0, SIZE), &answer, holder, 3));
    assert_int_equal(answer.epoch, 2);
    assert_int_equal(answer.holders, 2);
    for (unsigned i = 0; i < 2; i++) {
        bool cpu = strcmp(holder[i].name, "cpu") == 0;

        assert_string_equal(holder[i].name, cpu ? "cpu" : "dma");
        assert_int_equal(holder[i].domain, cpu ? BATON_DOMAIN_CACHE : BATON_DOMAIN_MEMORY);
        assert_int_equal(holder[i].direction, cpu ? BATON_READ : BATON_OVERWRITE);
        assert_int_equal(holder[i].range.offset, cpu ? 10 : 2 * GRANULE);
        assert_int_equal(holder[i].range.length, cpu ? 20 : 3 * GRANULE);
        assert_int_equal(holder[i].epoch, cpu ? 1 : 2);
        assert_true(holder[i].call_site != 0);
        assert_int_equal(holder[i].hold, BATON_HOLD_GRANTED);
    }
    assert_int_not_equal(holder[0].call_site, holder[1].call_site);

    /* By line: the byte after the CPU's, in the same line, is touched by it; the next line is not. */
    OK(baton_query(baton, buffer, part(63, 1), &answer, NULL, 0));
    assert_int_equal(answer.holders, 1);
    OK(baton_query(baton, buffer, part(64, 1), &answer, NULL, 0));
    assert_int_equal(answer.holders, 0);

    memset(holder, 0, sizeof(holder));
    OK(baton_query(baton, buffer, part(0, SIZE), &answer, holder, 1)); /* no room for the second */
    assert_int_equal(answer.holders, 2);
    assert_null(holder[1].name);
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_unmap_destination(baton, &destination));
    OK(baton_query(baton, buffer, part(0, SIZE), &answer, NULL, 0));
    assert_int_equal(answer.holders, 0);
    assert_int_equal(answer.epoch, 4);
}

static void newest_bytes(void **state)
{
    struct baton_answer answer;

    (void)state;
    cpu_does(BATON_OVERWRITE, lines(0, 4));
    device_writes(to_dma, lines(4, 4));
    cpu_does(BATON_READ, lines(8, 4));
    check_newest(4, 4, 4);
    OK(baton_query(baton, buffer, part(3 * GRANULE + 1, GRANULE), &answer, NULL, 0));
    assert_int_equal(answer.newest_in_cache, GRANULE);
    assert_int_equal(answer.newest_in_memory, GRANULE);
    assert_int_equal(answer.newest_unknown, 0);
}

static void trace_of_a_handoff(void **state)
{
    /* settled; nothing; dirty; nothing */
    static const uint32_t published[] = {2, 0, 1, 0}, refreshed[] = {2, 0, 0, 0};
    struct baton_record records[8];
    struct baton_destination destination;
    uint32_t sequence = 0, count = 99;

    (void)state;
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 0);
    cpu_does(BATON_WRITE, part(0, 2 * GRANULE));
    OK(baton_map_from_device(baton, to_dma, part(GRANULE, 1), BATON_WRITE, &destination));
    OK(baton_unmap_destination(baton, &destination));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 4);
    assert_int_equal(sequence, 4);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(records[i].sequence, i + 1);
        assert_int_equal(records[i].epoch, i + 1);
        assert_string_equal(records[i].buffer, "frame");
        assert_string_equal(records[i].holder, i < 2 ? "cpu" : "dma");
        assert_int_equal(records[i].verb, i % 2 ? BATON_VERB_RELEASE : BATON_VERB_ACQUIRE);
        assert_int_equal(records[i].domain, i < 2 ? BATON_DOMAIN_CACHE : BATON_DOMAIN_MEMORY);
        assert_int_equal(records[i].direction, BATON_WRITE);
        assert_int_equal(records[i].range.offset, i < 2 ? 0 : GRANULE);
        assert_int_equal(records[i].range.length, i < 2 ? 2 * GRANULE : 1);
        assert_int_equal(records[i].published, published[i]);
        assert_int_equal(records[i].refreshed, refreshed[i]);
        assert_true(records[i].call_site != 0);
        assert_true(i == 0 || records[i].time > records[i - 1].time);
    }
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 0);
    assert_int_equal(sequence, 4);
}

/* An acquire that needs a barrier and nothing else. Breaks if its record does not say so, or gives the other one's reason. */
static void trace_of_barriers(void **state)
{
    struct baton_record records[8];
    struct baton_source source, beside;
    uint32_t sequence = 0, count;

    (void)state;
    cpu_does(BATON_WRITE, part(0, SIZE));
    OK(baton_map_to_device(baton, to_dma, part(0, GRANULE), &source)); /* published */
    OK(baton_trace(baton, &sequence, records, 8, &count));
    OK(baton_map_to_device(baton, to_dma, part(0, GRANULE), &beside));
    OK(baton_unmap_source(baton, &beside));
    OK(baton_unmap_source(baton, &source));
    cpu_does(BATON_READ, part(0, GRANULE));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 5);
    assert_int_equal(records[0].actions, BATON_ACTION_BARRIER);
    assert_int_equal(records[0].reasons, BATON_REASON_DEVICE_START);
    assert_int_equal(records[1].actions, 0);
    assert_int_equal(records[3].actions, BATON_ACTION_BARRIER);
    assert_int_equal(records[3].reasons, BATON_REASON_DEVICE_DONE);
}

/* The ring keeps the newest eight; a reader sees by the sequence what it has missed, and a small one reads on */
static void trace_overrun(void **state)
{
    struct baton_record records[8];
    uint32_t sequence = 0, count;

    (void)state;
    for (unsigned i = 0; i < 10; i++)
        cpu_does(BATON_READ, part(i, 1));
    OK(baton_trace(baton, &sequence, records, 3, &count));
    assert_int_equal(count, 3);
    assert_int_equal(records[0].sequence, 13);
    assert_int_equal(records[0].range.offset, 6);
    assert_int_equal(sequence, 15);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(records[i].published, 0); /* whatever was done for the record that was in this place before */
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 5);
    assert_int_equal(records[4].sequence, 20);
    assert_int_equal(records[1].sequence, 17);
    assert_int_equal(records[1].published, 0); /* the first, in the same place, was settled */
    assert_int_equal(records[1].refreshed, 0);
    OK(baton_trace(baton, &sequence, NULL, 0, &count));
    assert_int_equal(count, 0);
    REFUSED(BATON_ERROR_ARGUMENT, baton_trace, baton, &sequence, NULL, 1, &count);
    REFUSED(BATON_ERROR_ARGUMENT, baton_trace, baton, NULL, records, 1, &count);
    REFUSED(BATON_ERROR_ARGUMENT, baton_trace, baton, &sequence, records, 1, NULL);
    assert_int_equal(baton_trace(NULL, &sequence, records, 1, &count), BATON_ERROR_ARGUMENT);
}

/* One record too many loses exactly one */
static void trace_overrun_by_one(void **state)
{
    struct baton_record records[8];
    struct baton_cpu_access access;
    uint32_t sequence = 0, count;

    (void)state;
    for (unsigned i = 0; i < 4; i++)
        cpu_does(BATON_READ, part(i, 1));
    OK(baton_begin_cpu_access(baton, buffer, part(4, 1), BATON_READ, &access));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 8);
    assert_int_equal(records[0].sequence, 2);
    assert_int_equal(records[0].verb, BATON_VERB_RELEASE);
    assert_int_equal(records[7].range.offset, 4);
    OK(baton_end_cpu_access(baton, &access));
}

/* 2^32 records later the differences are still right */
static void sequence_wraps(void **state)
{
    struct baton_record records[8];
    uint32_t sequence, count;

    (void)state;
    baton->sequence = sequence = UINT32_MAX - 2;
    for (unsigned i = 0; i < 3; i++)
        cpu_does(BATON_READ, part(i, 1));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 6);
    assert_int_equal(records[0].range.offset, 0);
    assert_int_equal(records[5].range.offset, 2);
    assert_int_equal(sequence, 3);
}

static void counters(void **state)
{
    struct baton_counters cpu, device, other;
    struct baton_cpu_access access, refused;
    struct baton_source source;

    (void)state;
    cpu_does(BATON_OVERWRITE, part(0, SIZE));
    device_reads(to_dma, part(0, SIZE));
    device_writes(to_dma, part(0, GRANULE));
    OK(baton_begin_cpu_access(baton, buffer, part(0, 1), BATON_WRITE, &access));
    (void)!baton_begin_cpu_access(baton, buffer, part(0, 1), BATON_WRITE, &refused);
    (void)!baton_begin_cpu_access(baton, buffer, part(SIZE, 1), BATON_READ, &refused);
    (void)!baton_begin_cpu_access(baton, (baton_buffer){1}, part(0, 1), BATON_READ, &refused);
    (void)!baton_map_to_device(baton, to_dma, part(0, 1), &source);
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_cpu_counters(baton, &cpu));
    OK(baton_device_counters(baton, dma, &device));
    OK(baton_device_counters(baton, coherent, &other));
    assert_int_equal(cpu.acquires, 2);
    assert_int_equal(cpu.refusals, 3);
    assert_int_equal(cpu.published, 0);
    assert_int_equal(cpu.refreshed, 1);
    assert_int_equal(device.acquires, 2);
    assert_int_equal(device.refusals, 1);
    assert_int_equal(device.published, LINES);
    assert_int_equal(device.refreshed, 0);
    assert_int_equal(other.acquires, 0);
    cpu_does(BATON_READ, part(0, 1)); /* with nothing to do and nobody else */
    cpu_does(BATON_READ, part(0, 1));
    OK(baton_cpu_counters(baton, &cpu));
    assert_int_equal(cpu.acquires, 4);
    REFUSED(BATON_ERROR_ARGUMENT, baton_cpu_counters, baton, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_device_counters, baton, dma, NULL);
    assert_int_equal(baton_cpu_counters(NULL, &cpu), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_device_counters(NULL, dma, &cpu), BATON_ERROR_ARGUMENT);
}

/* A port without clock and without anybody to tell */
static void optional_port_functions(void **state)
{
    struct baton_record record;
    struct baton_cpu_access access = {{0}, NULL, 0};
    uint32_t sequence = 0, count;

    setup(state);
    machine.port.now = NULL;
    machine.port.misuse = NULL;
    const struct baton_pool_config pool_config = {"pool", machine_cpu(&machine, 0), 0x40000000, MACHINE_BYTES};
    const struct baton_buffer_config buffer_config = {.name = "frame", .size = SIZE};
    OK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port));
    OK(baton_add_pool(baton, &pool_config, &pool));
    OK(baton_create(baton, pool, &buffer_config, &buffer));
    cpu_does(BATON_READ, part(0, 1));
    assert_int_equal(baton_end_cpu_access(baton, &access), BATON_ERROR_STALE_HANDLE);
    OK(baton_trace(baton, &sequence, &record, 1, &count));
    assert_int_equal(count, 1);
    assert_int_equal(record.time, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(holders),           TEST(newest_bytes),  TEST(trace_of_a_handoff),
        TEST(trace_of_barriers), TEST(trace_overrun), TEST(trace_overrun_by_one),
        TEST(sequence_wraps),    TEST(counters),      TEST(optional_port_functions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
