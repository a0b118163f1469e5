/* SPDX-License-Identifier: MIT */
/*
 * Mapping and CPU access through the public interface: what is maintained and when, who may hold what beside whom,
 * and that a refused call changes nothing.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

#define NOTHING part(0, 0)

/* R14, R3 */
static void fresh_lines_are_settled_once(void **state)
{
    (void)state;
    check_newest(0, 0, LINES);
    cpu_does(BATON_READ, part(0, SIZE));
    check_maintained(lines(0, LINES), lines(0, LINES));
    check_newest(0, 0, 0);
    cpu_does(BATON_READ, part(0, SIZE));
    device_reads(to_dma, part(0, SIZE));
    check_maintained(NOTHING, NOTHING);
}

/* R5: a buffer that is filled first is never settled */
static void producer_fills_and_device_reads(void **state)
{
    (void)state;
    cpu_does(BATON_OVERWRITE, part(0, SIZE));
    check_maintained(NOTHING, NOTHING);
    check_newest(LINES, 0, 0);
    device_reads(to_dma, part(0, SIZE));
    check_maintained(lines(0, LINES), NOTHING);
    device_reads(to_dma, part(0, SIZE));
    check_maintained(NOTHING, NOTHING);
}

/* R5: at the acquire, also where nothing has to be maintained */
static void overwriting_makes_lines_dirty_at_once(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    cpu_does(BATON_READ, part(0, SIZE));
    check_newest(0, 0, 0);
    OK(baton_begin_cpu_access(baton, buffer, part(0, SIZE), BATON_OVERWRITE, &access));
    check_newest(LINES, 0, 0);
    OK(baton_end_cpu_access(baton, &access));
}

/* The refresh comes with the reader, after the device has written, and only where it reads (apache/nuttx#19506). */
static void consumer_refreshes_what_it_reads(void **state)
{
    struct baton_destination destination;

    (void)state;
    cpu_does(BATON_OVERWRITE, part(0, SIZE));
    OK(baton_map_from_device(baton, to_dma, part(0, SIZE), BATON_OVERWRITE, &destination));
    check_maintained(lines(0, LINES), NOTHING);
    OK(baton_unmap_destination(baton, &destination));
    check_maintained(NOTHING, NOTHING);
    check_newest(0, LINES, 0);
    cpu_does(BATON_READ, part(GRANULE + 5, GRANULE));
    check_maintained(NOTHING, lines(1, 2));
    check_newest(0, LINES - 2, 0);
}

static void device_to_device_costs_a_barrier(void **state)
{
    (void)state;
    device_writes(to_dma, part(0, SIZE));
    forget_maintenance();
    machine.locks = 0;
    device_reads(to_dma, part(0, SIZE));
    device_writes(to_dma, part(0, SIZE));
    assert_int_equal(machine.locks, 4); /* a barrier is no reason to let go of the lock and take it again */
    check_barriers(2, 0);
    check_maintained(NOTHING, NOTHING);
}

/* A coherent device is in CACHE: after a CPU no maintenance, after a MEMORY device a refresh */
static void coherent_device(void **state)
{
    (void)state;
    cpu_does(BATON_OVERWRITE, part(0, SIZE));
    forget_maintenance();
    device_reads(to_coherent, part(0, SIZE));
    check_barriers(1, 0);
    device_writes(to_coherent, part(0, SIZE));
    check_barriers(1, 0);
    check_maintained(NOTHING, NOTHING);
    cpu_does(BATON_READ, part(0, SIZE));
    check_barriers(0, 1);
    cpu_does(BATON_READ, part(0, SIZE));
    check_barriers(0, 0);
    device_writes(to_dma, part(0, SIZE));
    check_maintained(lines(0, LINES), NOTHING);
    device_reads(to_coherent, part(0, SIZE));
    check_maintained(NOTHING, lines(0, LINES));
}

/* R9: also after a device that only read, before the CPU writes there; a refresh has its own barrier */
static void barrier_after_a_device(void **state)
{
    (void)state;
    cpu_does(BATON_WRITE, part(0, SIZE));
    device_reads(to_dma, part(0, SIZE));
    forget_maintenance();
    cpu_does(BATON_OVERWRITE, part(0, SIZE));
    check_barriers(0, 1);
    device_writes(to_dma, part(0, SIZE));
    forget_maintenance();
    cpu_does(BATON_READ, part(0, GRANULE));
    check_barriers(0, 0);
}

/* R5: the edge lines of an overwrite keep their neighbours' bytes; the padding of the last line is nobody's */
static void overwrite_edges(void **state)
{
    const struct baton_buffer_config config = {.name = "odd", .size = 3 * GRANULE + 7};
    struct baton_cpu_access access;

    (void)state;
    device_writes(to_dma, part(0, SIZE));
    forget_maintenance();
    cpu_does(BATON_OVERWRITE, part(10, 3 * GRANULE));
    for (uint32_t line = 0; line < LINES; line++)
        assert_int_equal(machine.refreshed[line], line == 0 || line == 3);
    forget_maintenance();
    check_newest(4, LINES - 4, 0);
    OK(baton_create(baton, pool, &config, &buffer));
    OK(baton_begin_cpu_access(baton, buffer, part(GRANULE, 2 * GRANULE + 7), BATON_OVERWRITE, &access));
    check_maintained(NOTHING, NOTHING);
    OK(baton_end_cpu_access(baton, &access));
}

/* R11 */
static void cpu_ends_partially(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    cpu_does(BATON_READ, part(0, SIZE));
    OK(baton_begin_cpu_access(baton, buffer, part(0, SIZE), BATON_WRITE, &access));
    OK(baton_end_cpu_access_partial(baton, &access, part(GRANULE + 1, GRANULE)));
    check_newest(2, 0, 0);
    assert_null(access.data);
    assert_int_equal(access.length, 0);
    OK(baton_begin_cpu_access(baton, buffer, part(0, SIZE), BATON_WRITE, &access));
    OK(baton_end_cpu_access_partial(baton, &access, part(12345, 0)));
    check_newest(2, 0, 0);
    OK(baton_begin_cpu_access(baton, buffer, part(1, SIZE - 2), BATON_OVERWRITE, &access));
    OK(baton_end_cpu_access_partial(baton, &access, lines(4, 1)));
    /* line 0 and 15 are edges; 1 to 14 whole: 4 written, the others undefined */
    check_newest(1, 0, LINES - 3);
}

/* R12 */
static void device_fails(void **state)
{
    struct baton_destination destination;

    (void)state;
    cpu_does(BATON_READ, part(0, SIZE));
    OK(baton_map_from_device(baton, to_dma, part(0, SIZE), BATON_OVERWRITE, &destination));
    OK(baton_unmap_destination_partial(baton, &destination, lines(0, 4)));
    check_newest(0, 4, LINES - 4);
    assert_int_equal(destination.count, 0);
    OK(baton_map_from_device(baton, to_dma, part(0, SIZE), BATON_WRITE, &destination));
    OK(baton_unmap_destination_partial(baton, &destination, NOTHING));
    check_newest(0, 0, LINES);
}

static void readers_share_and_a_writer_excludes(void **state)
{
    struct baton_cpu_access one, two, none = {{0}, NULL, 0};
    struct baton_source source, no_source = {.count = 77};
    struct baton_destination no_destination = {.count = 77};

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, part(0, 100), BATON_READ, &one));
    OK(baton_begin_cpu_access(baton, buffer, part(50, 100), BATON_READ, &two));
    OK(baton_map_to_device(baton, to_dma, part(0, SIZE), &source));
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, part(149, 1), BATON_WRITE, &none);
    assert_string_equal(machine.last_misuse.buffer, "frame");
    assert_string_equal(machine.last_misuse.holder, "dma");
    assert_int_equal(machine.last_misuse.offset, 149);
    assert_int_equal(machine.last_misuse.length, 1);
    assert_true(machine.last_misuse.holder_call_site != 0);
    REFUSED(BATON_ERROR_BUSY, baton_map_from_device, baton, to_dma, part(0, 1), BATON_WRITE, &no_destination);
    assert_int_equal(no_destination.count, 77);
    assert_null(none.data);
    OK(baton_unmap_source(baton, &source));
    OK(baton_end_cpu_access(baton, &two));
    OK(baton_begin_cpu_access(baton, buffer, part(100, 50), BATON_WRITE, &two)); /* the same line, the same domain */
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, part(100, 1), BATON_READ, &none);
    assert_string_equal(machine.last_misuse.holder, "cpu");
    REFUSED(BATON_ERROR_BUSY, baton_map_to_device, baton, to_dma, part(149, 1), &no_source);
    assert_int_equal(no_source.count, 77);
    OK(baton_end_cpu_access(baton, &one));
    OK(baton_end_cpu_access(baton, &two));
}

/* C3: the same line, other bytes, other domains, one writes (zephyr#108716) */
static void false_sharing(void **state)
{
    struct baton_cpu_access access, other;
    struct baton_destination destination;
    struct baton_source source;

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, part(0, 10), BATON_WRITE, &access));
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_map_to_device, baton, to_dma, part(63, 1), &source);
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_map_from_device, baton, to_dma, part(63, 1), BATON_WRITE, &destination);
    OK(baton_map_from_device(baton, to_dma, part(64, 1), BATON_WRITE, &destination));
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_begin_cpu_access, baton, buffer, part(100, 1), BATON_READ, &other);
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_map_to_device(baton, to_dma, part(63, 1), &source));
    OK(baton_begin_cpu_access(baton, buffer, part(0, 10), BATON_READ, &other)); /* both only read */
    OK(baton_end_cpu_access(baton, &other));
    OK(baton_unmap_source(baton, &source));
    OK(baton_unmap_destination(baton, &destination));
}

/* Byte-disjoint writers in one line, all in MEMORY or all in CACHE */
static void one_line_two_writers(void **state)
{
    struct baton_destination one, two;
    struct baton_cpu_access first;

    (void)state;
    OK(baton_map_from_device(baton, to_dma, part(0, 32), BATON_WRITE, &one));
    forget_maintenance();
    OK(baton_map_from_device(baton, to_dma, part(32, 32), BATON_WRITE, &two));
    OK(baton_unmap_destination(baton, &one));
    OK(baton_unmap_destination_partial(baton, &two, NOTHING));
    check_maintained(NOTHING, NOTHING);
    check_newest(0, 0, LINES); /* the second failed: its line, too, is unknown */
    OK(baton_begin_cpu_access(baton, buffer, part(0, 32), BATON_WRITE, &first));
    check_maintained(lines(0, 1), lines(0, 1));
    OK(baton_map_from_device(baton, to_coherent, part(32, 32), BATON_WRITE, &two));
    OK(baton_unmap_destination_partial(baton, &two, NOTHING));
    check_newest(1, 0, LINES - 1); /* R12: dirty, since the CPU may be storing in it */
    OK(baton_end_cpu_access(baton, &first));
}

struct during {
    unsigned calls;
    struct baton_holder holder;
    struct baton_answer answer;
};

/* C4: as another CPU would see it while the lines are maintained */
static void look_meanwhile(struct machine *at, void *context)
{
    struct during *during = context;
    struct baton_cpu_access access;
    struct baton_source source;
    baton_buffer copy = buffer;

    at->meanwhile = NULL;
    during->calls++;
    OK(baton_query(baton, buffer, part(0, 1), &during->answer, &during->holder, 1));
    REFUSED(BATON_ERROR_IN_TRANSIT, baton_begin_cpu_access, baton, buffer, part(0, 1), BATON_READ, &access);
    REFUSED(BATON_ERROR_IN_TRANSIT, baton_map_to_device, baton, to_dma, part(63, 1), &source);
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, part(0, 1), BATON_WRITE, &access);
    REFUSED(BATON_ERROR_HELD, baton_destroy, baton, &copy);
    assert_int_equal(copy.token, buffer.token);
    OK(baton_begin_cpu_access(baton, buffer, lines(5, 1), BATON_OVERWRITE, &access)); /* elsewhere work goes on */
    OK(baton_end_cpu_access(baton, &access));
}

static void lines_in_transit(void **state)
{
    struct during during = {0};
    struct baton_cpu_access access;

    (void)state;
    machine.meanwhile = look_meanwhile;
    machine.meanwhile_context = &during;
    OK(baton_begin_cpu_access(baton, buffer, part(0, 32), BATON_READ, &access));
    assert_int_equal(during.calls, 1);
    assert_int_equal(during.answer.holders, 1);
    assert_int_equal(during.answer.newest_unknown, GRANULE); /* not settled before it is */
    assert_true(during.holder.hold == BATON_HOLD_IN_TRANSIT);
    assert_int_equal(during.holder.epoch, 0);
    check_newest(1, 0, LINES - 2);
    OK(baton_end_cpu_access(baton, &access));
}

/* R9: a device that ends while lines are maintained still gets its barrier */
static struct baton_source reading;

static void end_the_reader(struct machine *at, void *context)
{
    (void)context;
    at->meanwhile = NULL;
    OK(baton_unmap_source(baton, &reading));
}

static void device_done_in_transit(void **state)
{
    (void)state;
    OK(baton_map_to_device(baton, to_dma, lines(3, 1), &reading));
    machine.meanwhile = end_the_reader;
    cpu_does(BATON_READ, lines(8, 1));
    forget_maintenance();
    cpu_does(BATON_WRITE, lines(3, 1));
    check_barriers(0, 1);
}

static void ranges(void **state)
{
    static const struct baton_range bad[] = {
        {0, 0},          {SIZE, 1},       {SIZE - 1, 2},       {0, SIZE + 1}, {UINT32_MAX, 1},
        {UINT32_MAX, 2}, {1, UINT32_MAX}, {2, UINT32_MAX - 1}, {SIZE, 0},     {0x80000000u, 0x80000001u}};
    struct baton_cpu_access access;
    struct baton_source source;
    struct baton_destination destination;
    struct baton_answer answer;

    (void)state;
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        REFUSED(BATON_ERROR_RANGE, baton_begin_cpu_access, baton, buffer, bad[i], BATON_READ, &access);
        REFUSED(BATON_ERROR_RANGE, baton_begin_cpu_access, baton, buffer, bad[i], BATON_OVERWRITE, &access);
        REFUSED(BATON_ERROR_RANGE, baton_map_to_device, baton, to_dma, bad[i], &source);
        REFUSED(BATON_ERROR_RANGE, baton_map_from_device, baton, to_dma, bad[i], BATON_WRITE, &destination);
        REFUSED(BATON_ERROR_RANGE, baton_query, baton, buffer, bad[i], &answer, NULL, 0);
    }
    cpu_does(BATON_READ, part(SIZE - 1, 1));
}

static void written_parts(void **state)
{
    static const struct baton_range bad[] = {{9, 1}, {20, 1},          {10, 11},       {19, 2},
                                             {9, 2}, {15, UINT32_MAX}, {UINT32_MAX, 2}};
    struct baton_cpu_access access, reader;
    struct baton_destination destination;

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, part(10, 10), BATON_WRITE, &access));
    OK(baton_map_from_device(baton, to_dma, part(GRANULE + 10, 10), BATON_WRITE, &destination));
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        REFUSED(BATON_ERROR_RANGE, baton_end_cpu_access_partial, baton, &access, bad[i]);
        REFUSED(BATON_ERROR_RANGE, baton_unmap_destination_partial, baton, &destination, bad[i]);
    }
    OK(baton_begin_cpu_access(baton, buffer, lines(2, 1), BATON_READ, &reader));
    REFUSED(BATON_ERROR_DIRECTION, baton_end_cpu_access_partial, baton, &reader, part(2 * GRANULE, 1));
    OK(baton_end_cpu_access(baton, &reader));
    OK(baton_end_cpu_access_partial(baton, &access, part(10, 10)));
    OK(baton_unmap_destination_partial(baton, &destination, part(GRANULE + 19, 1)));
}

static void arguments(void **state)
{
    struct baton_cpu_access access;
    struct baton_destination destination;
    struct baton_source source;
    struct baton_answer answer;

    (void)state;
    assert_int_equal(baton_begin_cpu_access(NULL, buffer, part(0, 1), BATON_READ, &access), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_end_cpu_access(NULL, &access), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_end_cpu_access_partial(NULL, &access, part(0, 1)), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_map_to_device(NULL, to_dma, part(0, 1), &source), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_map_from_device(NULL, to_dma, part(0, 1), BATON_WRITE, &destination), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_unmap_source(NULL, &source), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_unmap_destination(NULL, &destination), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_unmap_destination_partial(NULL, &destination, part(0, 1)), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_query(NULL, buffer, part(0, 1), &answer, NULL, 0), BATON_ERROR_ARGUMENT);
    REFUSED(BATON_ERROR_ARGUMENT, baton_begin_cpu_access, baton, buffer, part(0, 1), BATON_READ, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_begin_cpu_access, baton, buffer, part(0, 1), (enum baton_direction)3, &access);
    REFUSED(BATON_ERROR_ARGUMENT, baton_end_cpu_access, baton, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_end_cpu_access_partial, baton, NULL, part(0, 1));
    REFUSED(BATON_ERROR_ARGUMENT, baton_map_to_device, baton, to_dma, part(0, 1), NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_map_from_device, baton, to_dma, part(0, 1), BATON_WRITE, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_map_from_device, baton, to_dma, part(0, 1), (enum baton_direction)3,
            &destination);
    REFUSED(BATON_ERROR_DIRECTION, baton_map_from_device, baton, to_dma, part(0, 1), BATON_READ, &destination);
    REFUSED(BATON_ERROR_ARGUMENT, baton_unmap_source, baton, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_unmap_destination, baton, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_unmap_destination_partial, baton, NULL, part(0, 1));
    REFUSED(BATON_ERROR_ARGUMENT, baton_query, baton, buffer, part(0, 1), NULL, NULL, 0);
    REFUSED(BATON_ERROR_ARGUMENT, baton_query, baton, buffer, part(0, 1), &answer, NULL, 1);
}

static void too_many_accesses(void **state)
{
    const struct baton_buffer_config config = {.name = "other", .size = 64};
    struct baton_cpu_access access[5], more;
    struct baton_source source;
    baton_buffer other;

    (void)state;
    OK(baton_create(baton, pool, &config, &other));
    OK(baton_begin_cpu_access(baton, other, part(0, 64), BATON_OVERWRITE, &more));
    OK(baton_end_cpu_access(baton, &more)); /* from now on nothing has to be done there */
    for (unsigned i = 0; i < 5; i++)
        OK(baton_begin_cpu_access(baton, buffer, part(0, 1), BATON_READ, &access[i]));
    REFUSED(BATON_ERROR_NO_SLOT, baton_begin_cpu_access, baton, buffer, part(0, 1), BATON_READ, &more);
    REFUSED(BATON_ERROR_NO_SLOT, baton_begin_cpu_access, baton, other, part(0, 1), BATON_READ, &more);
    REFUSED(BATON_ERROR_NO_SLOT, baton_map_to_device, baton, to_dma, part(0, 1), &source);
    OK(baton_end_cpu_access(baton, &access[2]));
    OK(baton_map_to_device(baton, to_dma, part(0, 1), &source));
    OK(baton_unmap_source(baton, &source));
    for (unsigned i = 0; i < 5; i++)
        if (i != 2)
            OK(baton_end_cpu_access(baton, &access[i]));
}

static void segments(void **state)
{
    struct baton_device_config config = device_config("scatter", BATON_DOMAIN_MEMORY);
    baton_attachment attached;
    struct baton_source source, untouched = {.count = 99};
    baton_device device;

    (void)state;
    config.alignment = 4;
    config.segment_length = 102; /* 100 in whole units of alignment */
    config.segment_count = 3;
    config.bus_offset = 0x1000;
    OK(baton_add_device(baton, &config, &device));
    OK(baton_attach(baton, buffer, device, &attached));
    OK(baton_map_to_device(baton, attached, part(8, 252), &source));
    assert_int_equal(source.length, 252);
    assert_int_equal(source.count, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(source.segments[i].address.value, 0x40001008 + 100 * i);
        assert_int_equal(source.segments[i].length, i < 2 ? 100 : 52);
    }
    OK(baton_unmap_source(baton, &source));
    assert_int_equal(source.count, 0);
    assert_int_equal(source.length, 0);
    OK(baton_map_to_device(baton, attached, part(0, 300), &source));
    OK(baton_unmap_source(baton, &source));
    REFUSED(BATON_ERROR_SEGMENTS, baton_map_to_device, baton, attached, part(0, 304), &untouched);
    REFUSED(BATON_ERROR_ALIGNMENT, baton_map_to_device, baton, attached, part(2, 4), &untouched);
    REFUSED(BATON_ERROR_ALIGNMENT, baton_map_to_device, baton, attached, part(4, 6), &untouched);
    assert_int_equal(untouched.count, 99);
}

/* No limit of the device's own: the core takes BATON_SEGMENTS */
static void most_segments(void **state)
{
    struct baton_device_config config = device_config("bytes", BATON_DOMAIN_MEMORY);
    struct baton_destination destination;
    baton_attachment attachment;
    baton_device device;

    (void)state;
    config.segment_length = 16;
    config.segment_count = 99;
    OK(baton_add_device(baton, &config, &device));
    OK(baton_attach(baton, buffer, device, &attachment));
    OK(baton_map_from_device(baton, attachment, part(0, 16 * BATON_SEGMENTS), BATON_WRITE, &destination));
    assert_int_equal(destination.count, BATON_SEGMENTS);
    OK(baton_unmap_destination(baton, &destination));
    REFUSED(BATON_ERROR_SEGMENTS, baton_map_from_device, baton, attachment, part(0, 16 * BATON_SEGMENTS + 1),
            BATON_WRITE, &destination);
}

/* The short ways, which are open once nothing is to be maintained. Breaks if one of them lets through what the long ones refuse, or
 * gives another address. */
static void short_ways(void **state)
{
    struct baton_device_config picky_config = device_config("picky", BATON_DOMAIN_MEMORY);
    struct baton_destination destination;
    struct baton_record records[8];
    struct baton_cpu_access access;
    struct baton_source source;
    baton_attachment to_picky;
    uint32_t sequence = 0, count;
    baton_device picky;

    (void)state;
    picky_config.alignment = GRANULE;
    picky_config.segment_length = 2 * GRANULE;
    OK(baton_add_device(baton, &picky_config, &picky));
    OK(baton_attach(baton, buffer, picky, &to_picky));
    cpu_does(BATON_WRITE, part(0, SIZE));
    REFUSED(BATON_ERROR_RANGE, baton_begin_cpu_access, baton, buffer, part(SIZE - 1, 2), BATON_READ, &access);
    OK(baton_begin_cpu_access(baton, buffer, part(100, 10), BATON_READ, &access));
    assert_int_equal(machine_offset(&machine, access.data), 100);
    OK(baton_end_cpu_access(baton, &access));
    device_reads(to_dma, part(0, SIZE));
    REFUSED(BATON_ERROR_RANGE, baton_map_to_device, baton, to_dma, part(SIZE - 1, 2), &source);
    REFUSED(BATON_ERROR_ALIGNMENT, baton_map_to_device, baton, to_picky, part(1, GRANULE), &source);
    OK(baton_map_to_device(baton, to_picky, lines(0, 4), &source));
    assert_int_equal(source.count, 2);
    OK(baton_unmap_source(baton, &source));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    OK(baton_map_from_device(baton, to_dma, lines(2, 1), BATON_WRITE, &destination));
    assert_int_equal(destination.segments[0].address.value, 0x40000000 + 2 * GRANULE);
    OK(baton_unmap_destination(baton, &destination));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(records[0].actions, BATON_ACTION_BARRIER);
    assert_int_equal(records[0].reasons, BATON_REASON_DEVICE_START);
}

static enum baton_status two_conflicts;

static void conflict_twice(struct machine *what, void *context)
{
    struct baton_cpu_access access;
    struct baton_source source;

    (void)context;
    what->meanwhile = NULL;
    OK(baton_begin_cpu_access(baton, buffer, part(3 * GRANULE + 32, 8), BATON_WRITE, &access));
    two_conflicts = baton_map_to_device(baton, to_dma, part(2 * GRANULE, GRANULE + 16), &source);
    OK(baton_end_cpu_access(baton, &access));
}

/* Of a conflict that lasts and one that passes the first is told. Breaks if the last one that is found is. */
static void the_one_that_lasts(void **state)
{
    (void)state;
    cpu_does(BATON_WRITE, part(0, SIZE));
    device_writes(to_dma, lines(2, 1));
    machine.meanwhile = conflict_twice;
    cpu_does(BATON_READ, lines(2, 1));
    assert_int_equal(two_conflicts, BATON_ERROR_FALSE_SHARING);
}

/* R9. Breaks if a buffer owes the barrier of the one that had its slot before. */
static void a_new_buffer_owes_nothing(void **state)
{
    const struct baton_buffer_config config = {.name = "frame", .size = SIZE};

    (void)state;
    device_writes(to_dma, part(0, SIZE));
    OK(baton_detach(baton, &to_dma));
    OK(baton_detach(baton, &to_coherent));
    OK(baton_destroy(baton, &buffer));
    OK(baton_create(baton, pool, &config, &buffer));
    forget_maintenance();
    cpu_does(BATON_OVERWRITE, part(0, SIZE));
    check_barriers(0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fresh_lines_are_settled_once),
        TEST(producer_fills_and_device_reads),
        TEST(overwriting_makes_lines_dirty_at_once),
        TEST(consumer_refreshes_what_it_reads),
        TEST(device_to_device_costs_a_barrier),
        TEST(coherent_device),
        TEST(barrier_after_a_device),
        TEST(overwrite_edges),
        TEST(cpu_ends_partially),
        TEST(device_fails),
        TEST(readers_share_and_a_writer_excludes),
        TEST(false_sharing),
        TEST(one_line_two_writers),
        TEST(lines_in_transit),
        TEST(device_done_in_transit),
        TEST(ranges),
        TEST(written_parts),
        TEST(arguments),
        TEST(too_many_accesses),
        TEST(segments),
        TEST(most_segments),
        TEST(short_ways),
        TEST(the_one_that_lasts),
        TEST(a_new_buffer_owes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
