/* SPDX-License-Identifier: MIT */
/*
 * What seldom happens to bounce buffers: what EXPLAIN says of them, parts of their mappings, failures, room that is short, an end
 * that somebody waits for, or that finds the CPU's mapping gone.
 * What would break it is told with each test.
 */
// link: core/*.c
#include "tests/host/support/bounce_fixture.h"

#include <stdio.h>

enum { SAID_MAX = 8 };

static char said[SAID_MAX][160];
static unsigned said_count;

static void take_line(void *context, const char *line)
{
    (void)context;
    assert_true(said_count < SAID_MAX);
    snprintf(said[said_count++], sizeof(said[0]), "%s", line);
}

static void forget_said(void)
{
    memset(said, 0, sizeof(said));
    said_count = 0;
}

/* A copy that is made and not told, or told of the wrong lines; the counts are those of the acquire that follows. */
static void explained(void **state)
{
    struct baton_answer answer;
    struct baton_holder holder;
    struct baton_source source;

    (void)state;
    attach_both();
    device_writes(bounced, lines(2, 3));
    forget_said();
    OK(baton_explain_cpu_access(baton, buffer, lines(1, 3), BATON_READ, take_line, NULL));
    assert_string_equal(said[1], "  copy 2 lines home from a bounce buffer, which has the newest bytes (B2)");
    forget_said();
    OK(baton_explain_cpu_access(baton, buffer, lines(2, 1), BATON_READ, take_line, NULL));
    assert_string_equal(said[1], "  copy 1 line home from a bounce buffer, which has the newest bytes (B2)");
    forget_said(); /* two of the three are overwritten whole */
    OK(baton_explain_cpu_access(baton, buffer, part(2 * GRANULE, 2 * GRANULE + 8), BATON_OVERWRITE, take_line, NULL));
    assert_string_equal(said[1], "  copy 1 line home from a bounce buffer, which has the newest bytes (B2)");
    forget_said();
    OK(baton_explain_mapping(baton, bounced, lines(1, 3), BATON_READ, take_line, NULL));
    assert_string_equal(said[0],
                        "far dma reading \"frame\", bytes 64 to 255, in MEMORY through a bounce buffer: granted");
    assert_string_equal(said[1], "  copy 1 line, bytes 64 to 127: older in the bounce buffer (B3)");
    forget_said();
    OK(baton_explain_mapping(baton, bounced, lines(1, 3), BATON_OVERWRITE, take_line, NULL));
    assert_string_equal(said[1], "  no copy of 1 line, bytes 64 to 127: every byte is overwritten (B4)");
    forget_said();
    OK(baton_explain_mapping(baton, bounced, part(8, 2 * GRANULE), BATON_OVERWRITE, take_line, NULL));
    assert_string_equal(said[1], "  copy 1 line, bytes 0 to 63: older in the bounce buffer (B3)");
    assert_string_equal(said[2], "  no copy of 1 line, bytes 64 to 127: every byte is overwritten (B4)");
    OK(baton_map_to_device(baton, bounced, lines(1, 3), &source));
    OK(baton_query(baton, buffer, lines(1, 1), &answer, &holder, 1));
    assert_int_equal(answer.holders, 1);
    assert_true(holder.bounced);
    check_attachment(bounced, BATON_BOUNCE_UNREACHABLE, 3, LINES - 4, GRANULE);
    OK(baton_unmap_source(baton, &source));
}

/* B9: what was behind before a write that failed must not count as ahead after it. */
static void failed_where_it_was_behind(void **state)
{
    struct baton_destination destination;

    (void)state;
    attach_both();
    OK(baton_map_from_device(baton, bounced, lines(2, 4), BATON_OVERWRITE, &destination));
    OK(baton_unmap_destination_partial(baton, &destination, lines(3, 1)));
    check_attachment(bounced, BATON_BOUNCE_UNREACHABLE, 1, LINES - 1, 0);
}

/* A part of a bounced mapping that the CPU takes: what the device wrote there comes home, and no line more. */
static void part_of_a_mapping(void **state)
{
    struct baton_destination destination;
    struct baton_cpu_access access;
    uint32_t at;

    (void)state;
    attach_both();
    OK(baton_map_from_device(baton, bounced, lines(2, 4), BATON_WRITE, &destination));
    at = (uint32_t)(instance_attachment(baton, bounced)->bounce->physical - 0x40000000);
    device_store(&machine, at + 3 * GRANULE, 0x5a);
    memset(machine.copied, 0, sizeof(machine.copied));
    OK(baton_sync_destination_for_cpu(baton, &destination, lines(3, 1), BATON_READ, &access));
    assert_int_equal(cpu_load(&machine, machine_offset(&machine, access.data)), 0x5a);
    for (uint32_t line = 0; line < machine.lines; line++)
        assert_int_equal(machine.copied[line], line == HALF / GRANULE + 3 ? GRANULE : 0);
    OK(baton_sync_for_device(baton, &access));
    OK(baton_unmap_destination(baton, &destination));
}

/* Copies beside a part: the lender's lines are not somebody else's (B6). */
static void part_beside_a_bounce(void **state)
{
    struct baton_destination destination;
    struct baton_cpu_access access;

    (void)state;
    attach_both();
    OK(baton_map_from_device(baton, bounced, lines(2, 4), BATON_WRITE, &destination));
    OK(baton_sync_destination_for_cpu(baton, &destination, lines(3, 1), BATON_WRITE, &access));
    cpu_store(&machine, machine_offset(&machine, access.data), 0x77);
    OK(baton_sync_for_device(baton, &access));
    assert_int_equal(
        device_load(&machine, instance_attachment(baton, bounced)->bounce->physical - 0x40000000 + 3 * GRANULE), 0x77);
    OK(baton_unmap_destination(baton, &destination));
}

static unsigned called;

static void ready(void *context)
{
    (void)context;
    called++;
}

static baton_reservation reservation;

static void reserve_meanwhile(struct machine *what, void *context)
{
    (void)context;
    what->meanwhile = NULL;
    assert_int_equal(baton_reserve_cpu_access(baton, buffer, lines(1, 1), BATON_WRITE, ready, NULL, &reservation),
                     BATON_OK);
    assert_int_equal(called, 0);
}

/* Two parts are ahead when it ends, and somebody waits for the first meanwhile: nobody would call him. */
static void somebody_waits_for_the_end(void **state)
{
    (void)state;
    attach_both();
    called = 0;
    cpu_does(BATON_OVERWRITE, lines(0, LINES - 1));
    device_writes(bounced, lines(1, 1));
    device_writes(bounced, lines(5, 1));
    machine.meanwhile = reserve_meanwhile;
    OK(baton_detach(baton, &bounced));
    assert_int_equal(called, 1);
    OK(baton_cancel(baton, &reservation));
}

enum { PAGE = 1024 };

/* The CPU's copy at the end needs a mapping of pages that nobody has open; without it the machine tells of a fault. */
static void ends_without_mapping(void **state)
{
    const struct baton_buffer_config config = {.name = "guarded", .size = PAGE, .enforcement = BATON_ENFORCE_MMU};
    baton_buffer guarded;
    baton_attachment far;

    (void)state;
    machine_give_pages(&machine, PAGE);
    OK(baton_set_bounce_pool(baton, far_dma, low));
    OK(baton_create(baton, pool, &config, &guarded));
    OK(baton_attach(baton, guarded, far_dma, &far));
    device_writes(far, lines(2, 2));
    forget_said();
    OK(baton_explain_cpu_access(baton, guarded, lines(2, 1), BATON_READ, take_line, NULL));
    assert_string_equal(said[said_count - 1], "  the CPU's mapping of these pages changes with it");
    OK(baton_detach(baton, &far));
    assert_int_equal(machine.protection[instance_buffer(baton, guarded)->physical / PAGE % (MACHINE_BYTES / PAGE)],
                     BATON_PROTECT_NONE);
    OK(baton_destroy(baton, &guarded));
}

static baton_buffer long_buffer;
static baton_attachment long_far, long_direct;
static enum baton_status beside;

static void make_long(void)
{
    const struct baton_buffer_config config = {.name = "long", .size = 40 * GRANULE};

    OK(baton_set_bounce_pool(baton, far_dma, low));
    OK(baton_create(baton, pool, &config, &long_buffer));
    OK(baton_attach(baton, long_buffer, far_dma, &long_far));
    OK(baton_attach(baton, long_buffer, dma, &long_direct));
    device_writes(long_far, lines(0, 40));
}

/* Every other line of the first is behind, all others are ahead. */
static void make_behind(uint32_t count)
{
    struct baton_cpu_access access;

    for (uint32_t i = 0; i < count; i++) {
        OK(baton_begin_cpu_access(baton, long_buffer, lines(2 * i + 1, 1), BATON_OVERWRITE, &access));
        OK(baton_end_cpu_access(baton, &access));
    }
}

static void write_beside(struct machine *what, void *context)
{
    struct baton_cpu_access access;

    (void)context;
    what->meanwhile = NULL;
    beside = baton_begin_cpu_access(baton, long_buffer, lines(20, 1), BATON_WRITE, &access);
}

static void explain_meanwhile(struct machine *what, void *context)
{
    (void)context;
    what->meanwhile = NULL;
    forget_said();
    OK(baton_explain_cpu_access(baton, buffer, lines(3, 1), BATON_READ, take_line, NULL));
}

/* Who asks while a detach copies is told of the copy: breaks if a range is told of, as the copier has none. */
static void explained_while_it_ends(void **state)
{
    (void)state;
    attach_both();
    cpu_does(BATON_OVERWRITE, lines(0, LINES - 1));
    device_writes(bounced, lines(1, 5));
    machine.meanwhile = explain_meanwhile;
    OK(baton_detach(baton, &bounced));
    assert_int_equal(said_count, 2);
    assert_string_equal(said[1], "  in the way: cpu copying home what a bounce buffer has that ends");
}

/* B7 is told, and so is all that comes home for it: breaks if only the lines that are asked for are counted. */
static void explained_without_room(void **state)
{
    struct baton_destination destination;
    struct baton_attachment_state told;

    (void)state;
    make_long();
    device_reads(long_direct, lines(0, 40)); /* all home */
    make_behind(11);
    device_writes(long_far, lines(30, 2));
    forget_said();
    OK(baton_explain_mapping(baton, long_far, part(20 * GRANULE + 8, GRANULE), BATON_OVERWRITE, take_line, NULL));
    assert_string_equal(said[1],
                        "  a bounce buffer's list of differences is full: until it has room more is copied, all "
                        "lines in transit (B7)");
    assert_string_equal(said[2], "  copy 2 lines home from a bounce buffer, which has the newest bytes (B2)");
    OK(baton_map_from_device(baton, long_far, part(20 * GRANULE + 8, GRANULE), BATON_OVERWRITE, &destination));
    OK(baton_query_attachment(baton, long_far, &told));
    assert_int_equal(told.ahead, 0);
    assert_in_range(told.behind, 0, (DIRECTORY_EXTENTS - 6) * GRANULE);
    OK(baton_unmap_destination(baton, &destination));
}

/* B7: making room would copy lines that are in transit: not at the same time. A reader is in nobody's way. */
static void no_room_while_in_transit(void **state)
{
    struct baton_source source;
    struct baton_cpu_access access;

    (void)state;
    make_long();
    make_behind(7);
    machine.meanwhile = write_beside;
    OK(baton_map_to_device(baton, long_direct, lines(39, 1), &source));
    assert_int_equal(beside, BATON_ERROR_IN_TRANSIT);
    OK(baton_begin_cpu_access(baton, long_buffer, lines(20, 1), BATON_WRITE, &access));
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_unmap_source(baton, &source));
}

static void read_beside(struct machine *what, void *context)
{
    struct baton_source source;

    (void)context;
    what->meanwhile = NULL;
    beside = baton_map_to_device(baton, long_direct, lines(30, 1), &source);
}

/* B7: two readers in the middle of what is ahead, where there is room for one: breaks if only who asks is counted, and not who is
 * about to split it. */
static void no_room_for_a_second_reader(void **state)
{
    (void)state;
    make_long();
    make_behind(7); /* 15 extents */
    machine.meanwhile = read_beside;
    device_reads(long_direct, lines(20, 1));
    assert_int_equal(beside, BATON_ERROR_IN_TRANSIT);
}

/* B7: a display that looks again copies one part, as it does whenever it looks. Breaks if it is taken to need room for what a part does
 * that the CPU has. */
static void a_display_needs_little_room(void **state)
{
    struct baton_source source;

    (void)state;
    make_long();
    device_reads(long_direct, lines(39, 1));
    OK(baton_map_to_display(baton, long_direct, lines(39, 1), &source));
    make_behind(5); /* 11 extents */
    check_attachment(long_far, BATON_BOUNCE_UNREACHABLE, 34, 5, GRANULE);
    device_writes(long_far, lines(39, 1));
    OK(baton_sync_source_for_device(baton, &source, lines(39, 1)));
    check_attachment(long_far, BATON_BOUNCE_UNREACHABLE, 34, 5, 2 * GRANULE);
    OK(baton_unmap_source(baton, &source));
}

/* B1, B7: the room of a difference is its own. Breaks if what an earlier attachment of the same slot left in lines that this buffer has
 * not got takes some. */
static void begins_with_no_difference(void **state)
{
    const struct baton_buffer_config config = {.name = "short", .size = 18 * GRANULE};
    const struct attachment *slot;

    (void)state;
    make_long();
    for (uint32_t line = 25; line < 40; line += 2)
        device_writes(long_direct, lines(line, 1));
    slot = instance_attachment(baton, long_far);
    OK(baton_detach(baton, &long_far));
    OK(baton_detach(baton, &long_direct));
    OK(baton_destroy(baton, &long_buffer));
    OK(baton_create(baton, pool, &config, &long_buffer));
    OK(baton_attach(baton, long_buffer, dma, &long_direct));
    if (instance_attachment(baton, long_direct) == slot)
        OK(baton_detach(baton, &long_direct));
    OK(baton_attach(baton, long_buffer, far_dma, &long_far));
    assert_ptr_equal(instance_attachment(baton, long_far), slot);
    device_writes(long_far, lines(0, 18));
    make_behind(5);
    check_attachment(long_far, BATON_BOUNCE_UNREACHABLE, 13, 5, 0);
}

/* B7: what writers in flight may yet add is more than a difference has room for at all. */
static void too_many_writers(void **state)
{
    struct baton_destination first, second, third;

    (void)state;
    make_long();
    device_reads(long_direct, lines(0, 40)); /* all home: nothing differs */
    OK(baton_map_from_device(baton, long_far, part(8, GRANULE), BATON_WRITE, &first));
    OK(baton_map_from_device(baton, long_far, part(10 * GRANULE + 8, GRANULE), BATON_WRITE, &second));
    REFUSED(BATON_ERROR_NO_SLOT, baton_map_from_device, baton, long_far, part(20 * GRANULE + 8, GRANULE), BATON_WRITE,
            &third);
    forget_said(); /* nobody in particular is in the way */
    OK(baton_explain_mapping(baton, long_far, part(20 * GRANULE + 8, GRANULE), BATON_WRITE, take_line, NULL));
    assert_int_equal(said_count, 1);
    OK(baton_unmap_destination(baton, &first));
    OK(baton_unmap_destination(baton, &second));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNCE_TEST(explained),
        BOUNCE_TEST(failed_where_it_was_behind),
        BOUNCE_TEST(part_of_a_mapping),
        BOUNCE_TEST(part_beside_a_bounce),
        BOUNCE_TEST(somebody_waits_for_the_end),
        BOUNCE_TEST(ends_without_mapping),
        BOUNCE_TEST(explained_while_it_ends),
        BOUNCE_TEST(explained_without_room),
        BOUNCE_TEST(no_room_while_in_transit),
        BOUNCE_TEST(no_room_for_a_second_reader),
        BOUNCE_TEST(begins_with_no_difference),
        BOUNCE_TEST(a_display_needs_little_room),
        BOUNCE_TEST(too_many_writers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
