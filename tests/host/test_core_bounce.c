/* SPDX-License-Identifier: MIT */
/*
 * Bounce buffers, case by case: why an attachment has one, what is refused, what a coherent system with bounce buffers does, and
 * that only what changed is copied. The random programs are in test_core_bounce_program.c.
 * What would break it: a reason or an error told wrongly, a refused call that keeps memory or a slot, more bytes copied than differ, a copy
 * in an interrupt handler's release, maintenance where all are coherent.
 */
// link: core/*.c
#include "tests/host/support/bounce_fixture.h"

static void pool_errors(void **state)
{
    baton_attachment out = {7};
    baton_device none = {0};

    (void)state;
    REFUSED(BATON_ERROR_UNREACHABLE, baton_attach, baton, buffer, far_dma, &out); /* no pool yet */
    REFUSED(BATON_ERROR_UNREACHABLE, baton_set_bounce_pool, baton, far_dma, pool);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_set_bounce_pool, baton, none, low);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_set_bounce_pool, baton, far_dma, (baton_pool){0});
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_query_attachment, baton, (baton_attachment){0},
            &(struct baton_attachment_state){0});
    REFUSED(BATON_ERROR_ARGUMENT, baton_query_attachment, baton, to_dma, NULL);
    assert_int_equal(baton_set_bounce_pool(NULL, far_dma, low), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_query_attachment(NULL, to_dma, &(struct baton_attachment_state){0}), BATON_ERROR_ARGUMENT);
    machine.port.copy = NULL;
    REFUSED(BATON_ERROR_POLICY, baton_set_bounce_pool, baton, far_dma, low);
    assert_int_equal(out.token, 7);
}

/* A refused attach leaves pool, slots and buffer as they were. */
static void attach_errors(void **state)
{
    const struct baton_buffer_config most = {.name = "most", .size = HALF - SIZE + GRANULE};
    const struct baton_buffer_config small = {.name = "small", .size = GRANULE};
    baton_buffer filling, more[3];
    baton_attachment out = {7};

    (void)state;
    OK(baton_set_bounce_pool(baton, far_dma, low));
    OK(baton_create(baton, low, &most, &filling));
    REFUSED(BATON_ERROR_NO_MEMORY, baton_attach, baton, buffer, far_dma, &out);
    OK(baton_destroy(baton, &filling));
    for (unsigned i = 0; i < 3; i++)
        OK(baton_create(baton, pool, &small, &more[i]));
    OK(baton_attach(baton, buffer, far_dma, &out)); /* the last slot: the bounce buffer's */
    out.token = 7;
    REFUSED(BATON_ERROR_NO_SLOT, baton_attach, baton, buffer, far_dma, &out);
    assert_int_equal(out.token, 7);
}

static void reasons(void **state)
{
    struct baton_device_config config = device_config("picky", BATON_DOMAIN_MEMORY);
    struct baton_buffer_config create = {.name = "shared", .size = 2 * GRANULE, .policy = BATON_POLICY_COHERENT};
    struct baton_source source;
    baton_attachment out;
    baton_buffer shared;
    baton_device picky;

    (void)state;
    attach_both();
    check_attachment(to_dma, BATON_DIRECT, 0, 0, 0);
    check_attachment(bounced, BATON_BOUNCE_UNREACHABLE, 0, LINES, 0);
    check_attachment(bounced_coherent, BATON_BOUNCE_UNREACHABLE, 0, LINES, 0);

    /* The device needs more than the granule: its bounce buffer begins at a multiple, on the bus, with its offset. */
    config.alignment = 1024;
    config.bus_offset = 0x10000040;
    OK(baton_add_device(baton, &config, &picky));
    REFUSED(BATON_ERROR_ALIGNMENT, baton_attach, baton, buffer, picky, &out);
    OK(baton_set_bounce_pool(baton, picky, low));
    OK(baton_attach(baton, buffer, picky, &out));
    check_attachment(out, BATON_BOUNCE_ALIGNMENT, 0, LINES, 0);
    REFUSED(BATON_ERROR_ALIGNMENT, baton_map_to_device, baton, out, part(64, 512),
            &source); /* a bounce moves no byte */
    REFUSED(BATON_ERROR_RANGE, baton_map_to_device, baton, out, part(0, 1024), &source);
    OK(baton_detach(baton, &out));

    OK(baton_create(baton, pool, &create, &shared));
    REFUSED(BATON_ERROR_POLICY, baton_attach, baton, shared, dma, &out);
    OK(baton_set_bounce_pool(baton, dma, low));
    OK(baton_attach(baton, shared, dma, &out));
    check_attachment(out, BATON_BOUNCE_COHERENT, 0, 2, 0);
    OK(baton_detach(baton, &out));
    OK(baton_attach(baton, shared, coherent, &out));
    check_attachment(out, BATON_DIRECT, 0, 0, 0);
}

/* Alignment of a bounce buffer, seen at the only segment of a mapping that the device takes whole. */
static void aligned_bounce(void **state)
{
    struct baton_device_config config = device_config("picky", BATON_DOMAIN_MEMORY);
    const struct baton_buffer_config create = {.name = "page", .size = 1024};
    const struct baton_buffer_config gap = {.name = "gap", .size = 3 * GRANULE};
    struct baton_source source;
    baton_attachment out;
    baton_buffer page, between;
    baton_device picky;

    (void)state;
    config.alignment = 1024;
    config.bus_offset = 0x10000040;
    OK(baton_add_device(baton, &config, &picky));
    OK(baton_set_bounce_pool(baton, picky, low));
    OK(baton_create(baton, low, &gap, &between));
    OK(baton_create(baton, pool, &create, &page));
    OK(baton_attach(baton, page, picky, &out));
    OK(baton_map_to_device(baton, out, part(0, 1024), &source));
    assert_int_equal(source.count, 1);
    assert_int_equal(source.segments[0].address.value, 0x50000000 + 1024);
    OK(baton_unmap_source(baton, &source));
}

/* The origin thread's case: a coherent system whose device cannot reach the buffer. map copies, unmap does not; barriers only. */
static void coherent_system_with_bounce(void **state)
{
    struct baton_destination destination;
    struct baton_counters counters;
    struct baton_source source;

    (void)state;
    OK(baton_detach(baton, &to_dma));
    attach_both();
    cpu_does(BATON_OVERWRITE, part(0, SIZE - 10));
    forget_maintenance();
    OK(baton_map_to_device(baton, bounced_coherent, part(0, SIZE - 10), &source)); /* all of it, for the first time */
    check_maintained(part(0, 0), part(0, 0));
    check_attachment(bounced_coherent, BATON_BOUNCE_UNREACHABLE, 0, 0, SIZE - 10);
    OK(baton_unmap_source(baton, &source));

    OK(baton_map_from_device(baton, bounced_coherent, lines(4, 2), BATON_OVERWRITE, &destination));
    forget_maintenance();
    OK(baton_unmap_destination(baton, &destination));
    check_barriers(0, 0);
    check_attachment(bounced_coherent, BATON_BOUNCE_UNREACHABLE, 2, 0, SIZE - 10); /* nothing in the release */

    cpu_does(BATON_READ, lines(5, 2)); /* of the two that are newer one is asked for */
    check_maintained(part(0, 0), part(0, 0));
    check_attachment(bounced_coherent, BATON_BOUNCE_UNREACHABLE, 1, 0, SIZE - 10 + GRANULE);
    cpu_does(BATON_OVERWRITE, lines(4, 1)); /* what it had is given up */
    check_attachment(bounced_coherent, BATON_BOUNCE_UNREACHABLE, 0, 1, SIZE - 10 + GRANULE);
    OK(baton_map_to_device(baton, bounced_coherent, part(0, SIZE - 10), &source));
    check_attachment(bounced_coherent, BATON_BOUNCE_UNREACHABLE, 0, 0, SIZE - 10 + 2 * GRANULE);
    OK(baton_unmap_source(baton, &source));
    check_maintained(part(0, 0), part(0, 0));
    OK(baton_device_counters(baton, far_coherent, &counters));
    assert_int_equal(counters.copied, SIZE - 10 + GRANULE); /* the other line was copied for the CPU */
    OK(baton_cpu_counters(baton, &counters));
    assert_int_equal(counters.copied, GRANULE);
}

static unsigned barriers_at_copy;

static void note_barriers(struct machine *what, void *context)
{
    (void)context;
    what->meanwhile = NULL;
    barriers_at_copy = what->barriers[BATON_BARRIER_AFTER_DEVICE];
}

/* The barrier after a coherent device (R9) comes before its bytes are copied. */
static void barrier_before_copy(void **state)
{
    (void)state;
    attach_both();
    cpu_does(BATON_OVERWRITE, lines(0, 1));
    device_writes(bounced_coherent, lines(0, 1));
    forget_maintenance();
    barriers_at_copy = 0;
    machine.meanwhile = note_barriers;
    cpu_does(BATON_READ, lines(0, 1));
    assert_int_equal(barriers_at_copy, 1);
}

/* The trace says what was copied, and what was maintained for the copies. */
static void traced(void **state)
{
    struct baton_record records[8];
    uint32_t sequence = 0, count;

    (void)state;
    attach_both();
    cpu_does(BATON_OVERWRITE, lines(0, LINES - 1));
    device_writes(bounced, lines(3, 2));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    device_reads(to_dma, lines(2, 2));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 2);
    assert_int_equal(records[0].copied, GRANULE);
    assert_int_equal(records[0].refreshed, 1); /* in the bounce buffer */
    assert_int_equal(records[0].published, 2); /* in the buffer */
    assert_int_equal(records[0].actions & BATON_ACTION_COPY, BATON_ACTION_COPY);
    assert_int_equal(records[0].reasons & BATON_REASON_BOUNCE, BATON_REASON_BOUNCE);
    assert_int_equal(records[1].copied, 0);
}

/* What a device holds in its bounce buffer, and what another place has of the same line, is false sharing. */
static void conflicts(void **state)
{
    struct baton_destination destination, second;
    struct baton_cpu_access access;
    struct baton_source source;
    baton_attachment gone;

    (void)state;
    attach_both();
    OK(baton_map_from_device(baton, bounced_coherent, part(0, 32), BATON_WRITE, &destination));
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_begin_cpu_access, baton, buffer, part(32, 32), BATON_READ, &access);
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_map_to_device, baton, bounced, part(32, 32), &source);
    REFUSED(BATON_ERROR_BUSY, baton_map_to_device, baton, bounced, part(0, 32), &source);
    OK(baton_map_from_device(baton, bounced_coherent, part(32, 32), BATON_WRITE, &second)); /* the same place */
    gone = bounced_coherent;
    REFUSED(BATON_ERROR_HELD, baton_detach, baton, &gone);
    OK(baton_unmap_destination(baton, &destination));
    OK(baton_unmap_destination(baton, &second));
}

/* The newest bytes come home when the attachment ends; not while somebody overwrites the buffer there. */
static void detached(void **state)
{
    struct baton_cpu_access access;
    baton_attachment again;

    (void)state;
    attach_both();
    cpu_does(BATON_OVERWRITE, lines(0, LINES - 1));
    device_writes(bounced, lines(1, 1));
    device_writes(bounced, lines(3, 1));
    OK(baton_begin_cpu_access(baton, buffer, lines(3, 1), BATON_OVERWRITE, &access));
    REFUSED(BATON_ERROR_HELD, baton_detach, baton, &bounced);
    OK(baton_end_cpu_access(baton, &access));
    forget_maintenance();
    again = bounced;
    OK(baton_detach(baton, &bounced));
    for (uint32_t line = 0; line < machine.lines; line++)
        assert_int_equal(machine.copied[line], line == HALF / GRANULE + 1 ? GRANULE : 0);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_detach, baton, &again);
    OK(baton_detach(baton, &bounced_coherent));
    OK(baton_detach(baton, &to_dma));
    cpu_does(BATON_READ, lines(0, 1));
    assert_int_equal(instance_buffer(baton, buffer)->special, 0); /* the short ways are open again */
    OK(baton_destroy(baton, &buffer));
}

static enum baton_status meanwhile_status[5];

static void try_meanwhile(struct machine *what, void *context)
{
    struct baton_cpu_access access;
    baton_attachment end_it = bounced;

    (void)context;
    what->meanwhile = NULL;
    meanwhile_status[0] = baton_begin_cpu_access(baton, buffer, lines(1, 1), BATON_READ, &access);
    meanwhile_status[1] = baton_begin_cpu_access(baton, buffer, lines(8, 1), BATON_READ, &access);
    if (meanwhile_status[1] == BATON_OK)
        OK(baton_end_cpu_access(baton, &access));
    meanwhile_status[2] = baton_detach(baton, &end_it);
    meanwhile_status[3] = baton_begin_cpu_access(baton, buffer, lines(1, 1), BATON_WRITE, &access);
}

/* While lines are copied they are in transit: for an acquire, and for a detach. */
static void in_transit(void **state)
{
    (void)state;
    attach_both();
    device_writes(bounced, lines(1, 2));
    machine.meanwhile = try_meanwhile;
    device_reads(to_dma, lines(1, 2));
    assert_int_equal(meanwhile_status[0], BATON_ERROR_IN_TRANSIT);
    assert_int_equal(meanwhile_status[1], BATON_OK);
    assert_int_equal(meanwhile_status[2], BATON_ERROR_IN_TRANSIT);
    assert_int_equal(meanwhile_status[3], BATON_ERROR_BUSY);
    device_writes(bounced, lines(1, 2));
    machine.meanwhile = try_meanwhile;
    OK(baton_detach(baton, &bounced));
    assert_int_equal(meanwhile_status[0], BATON_ERROR_IN_TRANSIT);
    assert_int_equal(meanwhile_status[1], BATON_OK);
    assert_int_equal(meanwhile_status[2], BATON_ERROR_STALE_HANDLE);
    assert_int_equal(meanwhile_status[3], BATON_ERROR_IN_TRANSIT);
}

static baton_buffer long_buffer;
static baton_attachment long_far, long_direct;
static enum baton_status beside;

static void write_line(uint32_t line)
{
    struct baton_cpu_access access;

    OK(baton_begin_cpu_access(baton, long_buffer, lines(line, 1), BATON_OVERWRITE, &access));
    OK(baton_end_cpu_access(baton, &access));
}

/* More lines than a difference has extents; every other one of the first is behind, all others are ahead. */
static void fill_difference(uint32_t behind)
{
    const struct baton_buffer_config config = {.name = "long", .size = 40 * GRANULE};

    OK(baton_set_bounce_pool(baton, far_dma, low));
    OK(baton_create(baton, pool, &config, &long_buffer));
    OK(baton_attach(baton, long_buffer, far_dma, &long_far));
    OK(baton_attach(baton, long_buffer, dma, &long_direct));
    device_writes(long_far, lines(0, 40));
    for (uint32_t i = 0; i < behind; i++)
        write_line(2 * i + 1);
    check_attachment(long_far, BATON_BOUNCE_UNREACHABLE, 40 - behind, behind, 0);
}

static void try_beside(struct machine *what, void *context)
{
    struct baton_source source;

    (void)context;
    what->meanwhile = NULL;
    beside = baton_map_to_device(baton, long_direct, lines(30, 1), &source);
}

/* B7: the difference has no room for another write: what is ahead comes home first, with all lines in transit. */
static void crowded_difference(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    fill_difference(7);
    machine.meanwhile = try_beside;
    OK(baton_begin_cpu_access(baton, long_buffer, lines(20, 1), BATON_WRITE, &access));
    assert_int_equal(beside, BATON_ERROR_IN_TRANSIT);
    check_attachment(long_far, BATON_BOUNCE_UNREACHABLE, 0, 7, 33 * GRANULE);
    OK(baton_end_cpu_access(baton, &access));
    check_attachment(long_far, BATON_BOUNCE_UNREACHABLE, 0, 8, 33 * GRANULE);
}

/* B7: nothing is ahead: lines that are behind are copied, as many as it takes. */
static void crowded_behind(void **state)
{
    (void)state;
    fill_difference(0);
    device_reads(long_direct, lines(0, 40)); /* all home */
    for (uint32_t i = 0; i < 15; i++)
        write_line(2 * i + 1);
    check_attachment(long_far, BATON_BOUNCE_UNREACHABLE, 0, 15, 40 * GRANULE);
    write_line(31);
    check_attachment(long_far, BATON_BOUNCE_UNREACHABLE, 0, 15, 41 * GRANULE);
}

/* B7: not beside a writer of lines that differ. */
static void crowded_by_writer(void **state)
{
    struct baton_cpu_access access, second;

    (void)state;
    fill_difference(6);
    OK(baton_begin_cpu_access(baton, long_buffer, lines(1, 1), BATON_OVERWRITE, &access));
    REFUSED(BATON_ERROR_NO_SLOT, baton_begin_cpu_access, baton, long_buffer, lines(20, 1), BATON_WRITE, &second);
    assert_string_equal(machine.last_misuse.holder, "cpu");
    OK(baton_end_cpu_access(baton, &access));
}

/* B7: what a failed write may leave is counted before: in the middle of what was ahead, with lines at its ends. */
static void room_for_failure(void **state)
{
    struct baton_destination destination;

    (void)state;
    fill_difference(5);
    OK(baton_map_from_device(baton, long_far, part(20 * GRANULE + 8, 5 * GRANULE), BATON_WRITE, &destination));
    check_attachment(long_far, BATON_BOUNCE_UNREACHABLE, 0, 5, 35 * GRANULE); /* 11 and 6 were too many */
    OK(baton_unmap_destination_partial(baton, &destination, lines(22, 1)));
    check_attachment(long_far, BATON_BOUNCE_UNREACHABLE, 3, 8, 35 * GRANULE);
}

static unsigned copied_before;

static void note_copied(struct machine *what, void *context)
{
    (void)context;
    if (what->published[HALF / GRANULE + 2] == 0)
        copied_before += what->copied[HALF / GRANULE + 2];
}

/* B5: where the CPU acts in MEMORY, what a coherent device left in the cache is published before the copy's stores. */
static void copy_into_memory(void **state)
{
    struct baton_answer answer;

    (void)state;
    attach_both();
    OK(baton_attach(baton, buffer, coherent, &to_coherent));
    instance_buffer(baton, buffer)->cpu_domain = BATON_DOMAIN_MEMORY;
    instance_buffer(baton, buffer)->special |= SPECIAL_DOMAIN;
    device_writes(to_coherent, lines(2, 1));
    device_writes(bounced_coherent, part(2 * GRANULE, 8)); /* fills the line, and writes to a part of it */
    cpu_does(BATON_READ, lines(0, LINES - 1));
    device_writes(to_coherent, lines(2, 1));
    device_writes(bounced_coherent, lines(2, 1)); /* without filling it: the buffer's line is dirty */
    forget_maintenance();
    memset(machine.copied, 0, sizeof(machine.copied));
    copied_before = 0;
    machine.meanwhile = note_copied;
    cpu_does(BATON_READ, lines(2, 1));
    machine.meanwhile = NULL;
    assert_int_equal(copied_before, 0);
    check_maintained(part(HALF + 2 * GRANULE, GRANULE), part(0, 0));
    OK(baton_query(baton, buffer, lines(2, 1), &answer, NULL, 0));
    assert_int_equal(answer.newest_in_memory, GRANULE);
    assert_int_equal(answer.newest_in_bounce, 0);
}

/* B6: where conflicts are granted, a copy does not hit what another writer is just writing. */
static void beside_a_writer(void **state)
{
    struct baton_destination destination;

    (void)state;
    attach_both();
    instance_buffer(baton, buffer)->enforcement = BATON_ENFORCE_NONE;
    device_writes(bounced, lines(2, 4));
    OK(baton_map_from_device(baton, to_dma, lines(3, 2), BATON_OVERWRITE, &destination));
    check_attachment(bounced, BATON_BOUNCE_UNREACHABLE, 4, LINES - 4, 0); /* B4: given up, not brought home */
    cpu_does(BATON_READ, lines(2, 4));
    check_attachment(bounced, BATON_BOUNCE_UNREACHABLE, 2, LINES - 4, 2 * GRANULE);
    for (uint32_t line = 2; line < 6; line++)
        assert_int_equal(machine.copied[HALF / GRANULE + line], line == 2 || line == 5 ? GRANULE : 0);
    OK(baton_unmap_destination(baton, &destination));
    check_attachment(bounced, BATON_BOUNCE_UNREACHABLE, 0, LINES - 2, 2 * GRANULE);
}

/* A device finds its bounce buffer where the bus has it: breaks if one of the two offsets is left out. */
static void on_the_bus(void **state)
{
    struct baton_device_config config = device_config("beyond", BATON_DOMAIN_MEMORY);
    baton_attachment attached;
    struct baton_source source;
    baton_device beyond;

    (void)state;
    machine.port.bus_offset = 0x100000;
    config.bus_offset = 0x200000;
    config.dma_mask = 0x40300000 + HALF - 1;
    OK(baton_add_device(baton, &config, &beyond));
    OK(baton_set_bounce_pool(baton, beyond, low));
    OK(baton_attach(baton, buffer, beyond, &attached));
    OK(baton_map_to_device(baton, attached, lines(1, 1), &source));
    assert_int_equal(source.segments[0].address.value, 0x40300000 + GRANULE); /* the pool's first bytes */
    OK(baton_unmap_source(baton, &source));
}

/* Breaks if an attachment starts with the count of its slot's last one, or if one that stays is forgotten with it. */
static void attached_again(void **state)
{
    (void)state;
    attach_both();
    device_reads(bounced, lines(0, 2));
    device_reads(bounced_coherent, lines(0, 2));
    check_attachment(bounced, BATON_BOUNCE_UNREACHABLE, 0, LINES - 2, 2 * GRANULE);
    OK(baton_detach(baton, &bounced));
    cpu_does(BATON_OVERWRITE, lines(1, 1));
    check_attachment(bounced_coherent, BATON_BOUNCE_UNREACHABLE, 0, LINES - 1, 2 * GRANULE);
    OK(baton_attach(baton, buffer, far_dma, &bounced));
    check_attachment(bounced, BATON_BOUNCE_UNREACHABLE, 0, LINES, 0);
}

/* Breaks if a guess leads to a bounce buffer: the next handle of the slot that it has taken. */
static void without_handle(void **state)
{
    const struct baton_buffer_config config = {.name = "before", .size = GRANULE};
    baton_buffer before, guess;

    (void)state;
    OK(baton_create(baton, pool, &config, &before));
    guess.token = before.token + (1u << HANDLE_GENERATION_SHIFT);
    OK(baton_destroy(baton, &before));
    OK(baton_set_bounce_pool(baton, far_dma, low));
    OK(baton_attach(baton, buffer, far_dma, &bounced));
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_destroy, baton, &guess);
}

/* The CPU takes a part of what a device has in its bounce buffer. Breaks if the part does not come home because its mapping, which
 * lends it, may still write. */
static void part_of_bounced(void **state)
{
    struct baton_destination destination;
    struct baton_cpu_access access;

    (void)state;
    attach_both();
    OK(baton_map_from_device(baton, bounced, lines(0, 4), BATON_WRITE, &destination)); /* fills four lines */
    check_attachment(bounced, BATON_BOUNCE_UNREACHABLE, 0, LINES - 4, 4 * GRANULE);
    OK(baton_sync_destination_for_cpu(baton, &destination, lines(1, 1), BATON_READ, &access));
    check_attachment(bounced, BATON_BOUNCE_UNREACHABLE, 0, LINES - 4, 5 * GRANULE);
    OK(baton_sync_for_device(baton, &access));
    OK(baton_unmap_destination(baton, &destination));
    check_attachment(bounced, BATON_BOUNCE_UNREACHABLE, 4, LINES - 4, 5 * GRANULE);
}

/* A buffer of two pieces has a bounce buffer of one. Breaks if a copy, to it or home, does not end with a piece. */
static void pieces_bounced(void **state)
{
    const struct baton_buffer_config eight = {.name = "eight", .size = 8 * GRANULE};
    const struct baton_buffer_config rest = {.name = "rest", .size = 32 * GRANULE};
    const struct baton_buffer_config two = {.name = "two", .size = 40 * GRANULE, .chunks = 2};
    baton_buffer first, between, last, pieces;
    baton_attachment attached;

    (void)state;
    OK(baton_set_bounce_pool(baton, far_dma, low));
    OK(baton_create(baton, pool, &eight, &first)); /* behind the fixture's 16 lines */
    OK(baton_create(baton, pool, &eight, &between));
    OK(baton_create(baton, pool, &rest, &last));
    OK(baton_destroy(baton, &first));
    OK(baton_destroy(baton, &last));
    OK(baton_create(baton, pool, &two, &pieces)); /* 32 lines, then eight */
    OK(baton_attach(baton, pieces, far_dma, &attached));
    device_reads(attached, lines(0, 40));
    for (uint32_t line = 0; line < 40; line++)
        assert_int_equal(machine.copied[line], GRANULE);
    device_writes(attached, lines(0, 40));
    memset(machine.copied, 0, sizeof(machine.copied));
    OK(baton_detach(baton, &attached));
    for (uint32_t line = 0; line < HALF / GRANULE; line++)
        assert_int_equal(machine.copied[HALF / GRANULE + line], (line >= 16 && line < 24) || line >= 32 ? GRANULE : 0);
}

/* R9: of several copies the first has the barrier after a device. Breaks if each has. */
static void one_barrier_for_copies(void **state)
{
    unsigned one;

    (void)state;
    attach_both();
    cpu_does(BATON_OVERWRITE, lines(0, LINES - 1));
    device_writes(bounced_coherent, lines(0, 1));
    forget_maintenance();
    cpu_does(BATON_READ, lines(0, 3));
    one = machine.barriers[BATON_BARRIER_AFTER_DEVICE];
    device_writes(bounced_coherent, lines(0, 1));
    device_writes(bounced_coherent, lines(2, 1));
    forget_maintenance();
    cpu_does(BATON_READ, lines(0, 3));
    check_barriers(0, one);
}

/* B7: a copy for a reader splits what differs, too. Breaks if that is not counted. */
static void crowded_by_reader(void **state)
{
    struct baton_source source;

    (void)state;
    fill_difference(7);
    write_line(20); /* 17 extents would be one too many: it all comes home, and one line is behind */
    device_writes(long_far, lines(0, 40));
    for (uint32_t i = 0; i < 7; i++)
        write_line(2 * i + 1); /* 15 */
    forget_maintenance();
    OK(baton_map_to_device(baton, long_direct, lines(20, 1), &source)); /* 16 */
    OK(baton_unmap_source(baton, &source));
    OK(baton_map_to_device(baton, long_direct, lines(30, 1), &source)); /* one too many */
    OK(baton_unmap_source(baton, &source));
    check_attachment(long_far, BATON_BOUNCE_UNREACHABLE, 0, 7, (33 + 1 + 32) * GRANULE);
}

static baton_reservation reserved_meanwhile;
static unsigned ready_calls;

static void is_ready(void *context)
{
    (void)context;
    ready_calls++;
}

static void reserve_meanwhile(struct machine *what, void *context)
{
    (void)context;
    what->meanwhile = NULL;
    OK(baton_reserve_cpu_access(baton, buffer, lines(1, 1), BATON_READ, is_ready, NULL, &reserved_meanwhile));
    assert_int_equal(ready_calls, 0);
}

/* W2: breaks if who waits for lines that come home is not told when they have. */
static void waited_for(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    attach_both();
    device_writes(bounced, lines(1, 1));
    ready_calls = 0;
    machine.meanwhile = reserve_meanwhile;
    OK(baton_detach(baton, &bounced));
    assert_int_equal(ready_calls, 1);
    OK(baton_claim_cpu_access(baton, &reserved_meanwhile, &access));
    OK(baton_end_cpu_access(baton, &access));
}

/* A hole that ends before a bounce buffer's alignment begins has no room. Breaks if what follows it is taken instead. */
static void small_hole(void **state)
{
    const struct baton_buffer_config line = {.name = "line", .size = GRANULE};
    const struct baton_buffer_config many_lines = {.name = "lines", .size = 30 * GRANULE};
    struct baton_device_config config = device_config("picky", BATON_DOMAIN_MEMORY);
    baton_buffer first, second, third;
    baton_attachment attached;
    baton_device picky;

    (void)state;
    OK(baton_create(baton, low, &line, &first));
    OK(baton_create(baton, low, &line, &second));
    OK(baton_create(baton, low, &many_lines, &third));
    OK(baton_destroy(baton, &second));
    config.alignment = 1024;
    config.bus_offset = GRANULE;
    OK(baton_add_device(baton, &config, &picky));
    OK(baton_set_bounce_pool(baton, picky, low));
    OK(baton_attach(baton, buffer, picky, &attached));
    assert_int_equal(instance_attachment(baton, attached)->bounce->physical, 0x40000000 + 3 * 1024 - GRANULE);
}

/* L6. Breaks if a bounced attachment, which works elsewhere, keeps a buffer from becoming coherent. */
static void becomes_coherent(void **state)
{
    (void)state;
    REFUSED(BATON_ERROR_POLICY, baton_set_policy, baton, buffer, BATON_POLICY_COHERENT);
    OK(baton_detach(baton, &to_dma));
    attach_both();
    OK(baton_set_policy(baton, buffer, BATON_POLICY_COHERENT));
}

/* The bus may have memory at an offset that is no multiple of a line. Breaks if a bounce buffer begins within one, or if a device
 * gets one that is not aligned as it needs. */
static void odd_on_the_bus(void **state)
{
    struct baton_device_config config = reaches_low("odd", BATON_DOMAIN_MEMORY);
    baton_attachment attached;
    baton_device odd;

    (void)state;
    config.bus_offset = 8;
    config.dma_mask += 8;
    OK(baton_add_device(baton, &config, &odd));
    OK(baton_set_bounce_pool(baton, odd, low));
    OK(baton_attach(baton, buffer, odd, &attached));
    assert_int_equal(instance_attachment(baton, attached)->bounce->physical, 0x40000000);
    OK(baton_detach(baton, &attached));
    instance_device(baton, odd)->config.alignment = 16;
    REFUSED(BATON_ERROR_ALIGNMENT, baton_attach, baton, buffer, odd, &attached);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNCE_TEST(pool_errors),
        BOUNCE_TEST(attach_errors),
        BOUNCE_TEST(reasons),
        BOUNCE_TEST(aligned_bounce),
        BOUNCE_TEST(coherent_system_with_bounce),
        BOUNCE_TEST(barrier_before_copy),
        BOUNCE_TEST(traced),
        BOUNCE_TEST(conflicts),
        BOUNCE_TEST(detached),
        BOUNCE_TEST(in_transit),
        BOUNCE_TEST(crowded_difference),
        BOUNCE_TEST(crowded_behind),
        BOUNCE_TEST(crowded_by_writer),
        BOUNCE_TEST(room_for_failure),
        BOUNCE_TEST(copy_into_memory),
        BOUNCE_TEST(beside_a_writer),
        BOUNCE_TEST(on_the_bus),
        BOUNCE_TEST(odd_on_the_bus),
        BOUNCE_TEST(attached_again),
        BOUNCE_TEST(without_handle),
        BOUNCE_TEST(part_of_bounced),
        BOUNCE_TEST(pieces_bounced),
        BOUNCE_TEST(one_barrier_for_copies),
        BOUNCE_TEST(crowded_by_reader),
        BOUNCE_TEST(waited_for),
        BOUNCE_TEST(small_hole),
        BOUNCE_TEST(becomes_coherent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
