/* SPDX-License-Identifier: MIT */
/*
 * Arguments and states that seldom come up, so that every branch of core/ is taken by some test: see tools/coverage.
 * What would break it: an argument that is not looked at, a report of what is not there, a trace that says nothing of a barrier.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

#include <stdio.h>

enum { PAGE = 1024 };

static char said[8][160];
static unsigned said_count;

static void take_line(void *context, const char *line)
{
    (void)context;
    if (said_count < 8)
        snprintf(said[said_count++], sizeof(said[0]), "%s", line);
}

static void arguments(void **state)
{
    struct baton_limits many = limits;
    struct baton_destination destination;
    struct baton_source source;
    baton_reservation reservation;

    (void)state;
    many.fences = HANDLE_SLOTS + 1;
    assert_int_equal(baton_size(&many), 0);
    many = limits;
    many.chunks = HANDLE_SLOTS + 1;
    assert_int_equal(baton_size(&many), 0);
    assert_int_equal(baton_map_to_display(NULL, to_dma, lines(0, 1), &source), BATON_ERROR_ARGUMENT);
    REFUSED(BATON_ERROR_ARGUMENT, baton_map_to_display, baton, to_dma, lines(0, 1), NULL);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_map_from_device, baton, (baton_attachment){0}, lines(0, 1), BATON_WRITE,
            &destination);
    assert_int_equal(baton_reserve_cpu_access(NULL, buffer, lines(0, 1), BATON_READ, NULL, NULL, &reservation),
                     BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_explain_mapping(NULL, to_dma, lines(0, 1), BATON_READ, take_line, NULL),
                     BATON_ERROR_ARGUMENT);
    REFUSED(BATON_ERROR_ARGUMENT, baton_map_from_device, baton, to_dma, lines(0, 1), (enum baton_direction)3,
            &destination);
}

static void policies(void **state)
{
    struct baton_buffer_config config = {
        .name = "page", .size = PAGE, .policy = BATON_POLICY_WRITE_COMBINED, .enforcement = BATON_ENFORCE_AUTOMATIC};
    const struct baton_buffer_config coherent_config = {.name = "shared", .size = GRANULE};
    baton_attachment snoops;
    baton_buffer out;

    (void)state;
    machine_give_pages(&machine, PAGE);
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &out); /* T8 */
    config.policy = BATON_POLICY_CACHED;
    config.chunks = 2;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &out); /* one pointer leads to all of it */
    config.enforcement = BATON_ENFORCE_NONE;
    OK(baton_create(baton, pool, &config, &out));
    config.enforcement = BATON_ENFORCE_AUTOMATIC;
    config.chunks = 0;
    config.policy = BATON_POLICY_COHERENT; /* which has no mapping of its own */
    OK(baton_create(baton, pool, &config, &out));
    OK(baton_destroy(baton, &out));
    config.policy = BATON_POLICY_CACHED;
    machine.port.now = NULL;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &out);
    machine.port.wait = NULL;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &out);
    machine.port.may_wait = NULL;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &out);
    /* L6: who snoops may stay when a buffer becomes coherent. */
    OK(baton_create(baton, pool, &coherent_config, &out));
    OK(baton_attach(baton, out, coherent, &snoops));
    OK(baton_set_policy(baton, out, BATON_POLICY_COHERENT));
}

/* A pool whose pages are not those of the memory, or that has less than whole pages, or that begins within one. */
static void pools_without_pages(void **state)
{
    struct baton_pool_config odd = {"odd", machine_cpu(&machine, 0), 0x40000000 + GRANULE, 4 * PAGE};
    const struct baton_buffer_config config = {.name = "page", .size = PAGE + 1, .enforcement = BATON_ENFORCE_MMU};
    struct baton_buffer_config all = config;
    baton_pool made;
    baton_buffer out;

    (void)state;
    machine_init(&machine, GRANULE, 0x40000000, 1);
    machine_give_pages(&machine, PAGE);
    OK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port));
    OK(baton_add_pool(baton, &odd, &made));
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, made, &config, &out);
    odd.cpu = machine_cpu(&machine, 4 * PAGE);
    odd.physical = 0x40000000 + 8 * PAGE;
    odd.size = PAGE + PAGE / 2;
    OK(baton_add_pool(baton, &odd, &made));
    REFUSED(BATON_ERROR_NO_MEMORY, baton_create, baton, made, &config, &out);
    OK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port));
    odd = (struct baton_pool_config){"odd", machine_cpu(&machine, GRANULE), 0x40000000 + GRANULE, 4 * PAGE};
    OK(baton_add_pool(baton, &odd, &made));
    OK(baton_create(baton, made, &config, &out));
    assert_int_equal(instance_buffer(baton, out)->physical, 0x40000000 + PAGE);
    /* A size that is 2^32 in whole pages; and the pool has all but one line of that. */
    OK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port));
    odd = (struct baton_pool_config){"odd", machine_cpu(&machine, 0), 0, -(uint32_t)GRANULE};
    OK(baton_add_pool(baton, &odd, &made));
    all.size = odd.size;
    REFUSED(BATON_ERROR_NO_MEMORY, baton_create, baton, made, &all, &out);
}

static void imports(void **state)
{
    struct baton_chunk pieces[] = {{machine_cpu(&machine, 0), 0x10000000, 0x80000000u},
                                   {machine_cpu(&machine, 0), 0x90000000u, 0x60000000}};
    struct baton_chunk most[] = {{machine_cpu(&machine, 0), 0, 0xc0000000u},
                                 {machine_cpu(&machine, 0), 0xc0000000u, 0x40000000}};
    struct baton_import_config config = {.name = "import", .chunks = pieces, .chunk_count = 2};
    const struct baton_import_config none = {.name = "none",
                                             .cpu = machine_cpu(&machine, 0),
                                             .physical = 0x10000000,
                                             .size = GRANULE,
                                             .enforcement = BATON_ENFORCE_NONE};
    struct baton_import_config shared = none;
    struct baton_limits some = limits;
    struct baton_answer answer;
    baton_buffer out, first;

    (void)state;
    some.chunks = 2;
    OK(baton_init(&baton, memory, sizeof(memory), &some, &machine.port));
    OK(baton_import(baton, &none, &first));
    OK(baton_destroy(baton, &first));
    shared.policy = BATON_POLICY_COHERENT; /* R15: dirty from the beginning, though nothing of it is ragged */
    OK(baton_import(baton, &shared, &first));
    OK(baton_query(baton, first, part(0, GRANULE), &answer, NULL, 0));
    assert_int_equal(answer.newest_in_cache, GRANULE);
    OK(baton_destroy(baton, &first));
    config.cpu = pieces[0].cpu;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &config, &out);
    config.cpu = NULL;
    config.physical = 1;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &config, &out);
    config.physical = 0;
    config.chunks = most;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &config, &out); /* 2^32 bytes */
    pieces[0].size = pieces[1].size = GRANULE;
    config.chunks = pieces;
    OK(baton_import(baton, &config, &first));
    pieces[0].physical += 0x1000000;
    pieces[1].physical += 0x1000000;
    REFUSED(BATON_ERROR_NO_SLOT, baton_import, baton, &config, &out); /* no more pieces */
}

/* An import of nearly all that 32 bits address: its last line ends where they do. Breaks if a mapping looks for more behind it, for ever. */
static void up_to_the_top(void **state)
{
    const struct baton_device_config snoops = device_config("coherent", BATON_DOMAIN_CACHE);
    const struct baton_import_config config = {
        .name = "all", .cpu = machine_cpu(&machine, 0), .physical = 0, .size = UINT32_MAX, .ragged = true};
    struct baton_source source;
    baton_buffer all;

    (void)state;
    OK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port));
    OK(baton_import(baton, &config, &all));
    OK(baton_add_device(baton, &snoops, &coherent));
    OK(baton_attach(baton, all, coherent, &to_coherent));
    OK(baton_map_to_device(baton, to_coherent, part(0, UINT32_MAX), &source));
    assert_int_equal(source.count, 1);
    assert_int_equal(source.segments[0].length, UINT32_MAX);
    OK(baton_unmap_source(baton, &source));
}

/* R15: the ends' neighbours are in the cache. And a name that is longer than a line of EXPLAIN. */
static void explained(void **state)
{
    static char name[200];
    const struct baton_import_config ragged = {
        .name = name, .cpu = machine_cpu(&machine, 20), .physical = 0x10000000 + 20, .size = GRANULE, .ragged = true};
    baton_buffer out;

    (void)state;
    memset(name, 'n', sizeof(name) - 1);
    OK(baton_import(baton, &ragged, &out));
    said_count = 0;
    OK(baton_explain_cpu_access(baton, out, part(0, GRANULE), BATON_READ, take_line, NULL));
    assert_int_equal(said_count, 2);
    assert_null(strstr(said[0], "granted")); /* cut off */
    assert_non_null(strstr(said[1], ": a ragged import is in the cache for everybody (R15)"));
    said_count = 0; /* no whole line: nothing is given up (R5) */
    device_reads(to_dma, lines(0, LINES));
    device_writes(to_dma, lines(0, 1));
    OK(baton_explain_cpu_access(baton, buffer, part(8, 8), BATON_OVERWRITE, take_line, NULL));
    assert_string_equal(said[1], "  refresh 1 line, bytes 0 to 63: the newest bytes are in memory (R1)");
    said_count = 0; /* clean, and dirty, lines that are overwritten, and an edge on either side */
    cpu_does(BATON_WRITE, lines(3, 1));
    OK(baton_explain_cpu_access(baton, buffer, part(2 * GRANULE - 8, 3 * GRANULE), BATON_OVERWRITE, take_line, NULL));
    assert_string_equal(said[1], "  nothing for 1 line, bytes 64 to 127: the same in cache and memory");
    said_count = 0; /* clean: whole lines, and one at the end that is not */
    OK(baton_explain_cpu_access(baton, buffer, part(8 * GRANULE, 2 * GRANULE + 8), BATON_OVERWRITE, take_line, NULL));
    assert_string_equal(said[1], "  nothing for 2 lines, bytes 512 to 639: the same in cache and memory");
    assert_string_equal(said[2], "  nothing for 1 line, bytes 640 to 703: the same in cache and memory");
    said_count = 0; /* whole lines, and one that is not whole, all of them stale */
    device_writes(to_dma, lines(8, 3));
    OK(baton_explain_cpu_access(baton, buffer, part(8 * GRANULE, 2 * GRANULE + 8), BATON_OVERWRITE, take_line, NULL));
    assert_string_equal(said[1], "  refresh 1 line, bytes 640 to 703: the newest bytes are in memory (R1)");
    assert_string_equal(said[2],
                        "  nothing for 2 lines, bytes 512 to 639: every byte is overwritten, nobody will see the old "
                        "ones (R5)");
}

/* A device's short way issues a barrier, and the trace says so. */
static void traced(void **state)
{
    struct baton_record records[8];
    uint32_t sequence = 0, count;

    (void)state;
    device_reads(to_dma, lines(0, LINES));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    device_reads(to_dma, lines(0, 1));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 2);
    assert_int_equal(records[0].actions, BATON_ACTION_BARRIER);
    assert_int_equal(records[0].reasons, BATON_REASON_DEVICE_START);
    assert_int_equal(records[1].actions, 0);
}

/* W3: a reservation whose turn has come maps nothing yet, when another access opens the page. */
static void reserved_page(void **state)
{
    const struct baton_buffer_config config = {.name = "guarded", .size = PAGE, .enforcement = BATON_ENFORCE_MMU};
    struct baton_cpu_access access;
    baton_reservation reservation;
    baton_buffer guarded;
    uint32_t at;

    (void)state;
    machine_give_pages(&machine, PAGE);
    OK(baton_create(baton, pool, &config, &guarded));
    OK(baton_reserve_cpu_access(baton, guarded, lines(0, 1), BATON_WRITE, NULL, NULL, &reservation));
    OK(baton_begin_cpu_access(baton, guarded, lines(2, 1), BATON_READ, &access));
    at = machine_offset(&machine, access.data);
    assert_true(machine_may_load(&machine, at));
    assert_false(machine_may_store(&machine, at)); /* as the reservation's direction would allow */
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_cancel(baton, &reservation));
}

/* The second of two followers is taken out; a stage too many has nobody to name. */
static void followers(void **state)
{
    struct baton_fence_config config = {.name = "stage"};
    struct baton_limits some = limits;
    baton_fence first, second, third, fourth, fifth;

    (void)state;
    some.fences = 4;
    OK(baton_init(&baton, memory, sizeof(memory), &some, &machine.port));
    OK(baton_fence_open(baton, &config, &first));
    OK(baton_fence_queue(baton, first));
    config.after = first;
    OK(baton_fence_open(baton, &config, &second));
    OK(baton_fence_open(baton, &config, &third));
    config.after.token = 0;
    OK(baton_fence_open(baton, &config, &fourth));
    REFUSED(BATON_ERROR_NO_SLOT, baton_fence_open, baton, &config, &fifth);
    OK(baton_fence_cancel(baton, third));
    assert_int_equal(baton_fence_status(baton, second), BATON_ERROR_PENDING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(arguments), TEST(policies), TEST(pools_without_pages), TEST(imports),   TEST(up_to_the_top),
        TEST(explained), TEST(traced),   TEST(reserved_page),       TEST(followers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
