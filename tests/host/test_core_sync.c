/* SPDX-License-Identifier: MIT */
/*
 * Parts of a mapping that stays held, and displays (docs/OWNERSHIP.md, P1 to P5, C6): cyclic DMA, a single framebuffer with damage
 * (as in lvgl; lvgl#10107 reports partial syncs that were refused or tore).
 *
 * What would break it: a part whose bytes are not the newest, a line that part and rest share, a mapping that ends while a part is
 * with the CPU, maintenance of the rest, a refused call that has changed something.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

static struct baton_cpu_access mine, again;
static struct baton_source source;
static struct baton_destination destination;

static void special_is(uint32_t special)
{
    assert_int_equal(instance_buffer(baton, buffer)->special, special);
}

static void store(struct baton_cpu_access *access, uint8_t value)
{
    for (uint32_t i = 0; i < access->length; i++)
        cpu_store(&machine, machine_offset(&machine, access->data) + i, (uint8_t)(value + i));
}

static void device_stores(struct baton_range range, uint8_t value)
{
    for (uint32_t i = 0; i < range.length; i++)
        device_store(&machine, range.offset + i, (uint8_t)(value + i));
}

static void check_loads(struct baton_cpu_access *access, uint8_t value)
{
    for (uint32_t i = 0; i < access->length; i++)
        assert_int_equal(cpu_load(&machine, machine_offset(&machine, access->data) + i), (uint8_t)(value + i));
}

static void check_device_loads(struct baton_range range, uint8_t value)
{
    for (uint32_t i = 0; i < range.length; i++)
        assert_int_equal(device_load(&machine, range.offset + i), (uint8_t)(value + i));
}

/* Cyclic DMA from a device: half after half is read by the CPU while the device writes the other */
static void cyclic_from_device(void **state)
{
    (void)state;
    OK(baton_map_from_device(baton, to_dma, lines(0, 8), BATON_OVERWRITE, &destination));
    for (unsigned period = 0; period < 6; period++) {
        const struct baton_range half = lines(period % 2 * 4, 4);

        device_stores(half, (uint8_t)(period * 3));
        machine_noise(&machine, 20); /* fetches old and new lines into the cache */
        forget_maintenance();
        OK(baton_sync_destination_for_cpu(baton, &destination, half, BATON_READ, &mine));
        check_maintained(part(0, 0), half);
        check_newest(0, 4, 8); /* of the other half the device has noted that it writes (R17) */
        assert_int_equal(machine_offset(&machine, mine.data), half.offset);
        check_loads(&mine, (uint8_t)(period * 3));
        OK(baton_sync_for_device(baton, &mine));
        assert_null(mine.data);
        assert_int_equal(mine.access.token, 0);
        check_barriers(1, 0);
        check_maintained(part(0, 0), part(0, 0)); /* nothing was written */
    }
    special_is(0);
    OK(baton_unmap_destination(baton, &destination));
    check_newest(0, 8, 8);
}

/* To a device: the CPU fills what the device has let go of. Only what was written is published */
static void cyclic_to_device(void **state)
{
    (void)state;
    cpu_does(BATON_OVERWRITE, lines(0, 8));
    OK(baton_map_to_device(baton, to_dma, lines(0, 8), &source));
    forget_maintenance();
    for (unsigned period = 0; period < 6; period++) {
        const struct baton_range half = lines(period % 2 * 4, 4);

        OK(baton_sync_source_for_cpu(baton, &source, half, BATON_OVERWRITE, &mine));
        check_maintained(part(0, 0), part(0, 0));
        check_newest(4, 0, 8); /* an overwriter's, from the beginning */
        store(&mine, (uint8_t)(period * 5));
        OK(baton_sync_for_device(baton, &mine));
        check_maintained(half, part(0, 0));
        check_device_loads(half, (uint8_t)(period * 5));
    }
    OK(baton_unmap_source(baton, &source));
    check_newest(0, 0, 8);
}

/* Each exchange is two serialization points, both with the part's range */
static void trace(void **state)
{
    static const struct {
        const char *holder;
        enum baton_verb verb;
        enum baton_direction direction;
        uint32_t published, refreshed;
    } expected[] = {
        {"dma", BATON_VERB_RELEASE, BATON_WRITE, 0, 0},
        {"cpu", BATON_VERB_ACQUIRE, BATON_WRITE, 0, 1},
        {"cpu", BATON_VERB_RELEASE, BATON_WRITE, 0, 0},
        {"dma", BATON_VERB_ACQUIRE, BATON_WRITE, 1, 0},
    };
    struct baton_record records[8];
    struct baton_holder holders[3];
    struct baton_answer answer;
    uint32_t sequence = 0, count;

    (void)state;
    OK(baton_map_from_device(baton, to_dma, lines(0, 4), BATON_WRITE, &destination));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    OK(baton_sync_destination_for_cpu(baton, &destination, lines(2, 1), BATON_WRITE, &mine));
    OK(baton_query(baton, buffer, lines(2, 1), &answer, holders, 3));
    assert_int_equal(answer.holders, 2);
    assert_true(holders[0].lent && !holders[1].lent);
    assert_string_equal(holders[0].name, "cpu");
    assert_int_equal(holders[0].epoch, 3);
    assert_int_equal(holders[1].epoch, 1); /* the mapping is held since then */
    OK(baton_sync_for_device(baton, &mine));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 4);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(records[i].epoch, i + 2);
        assert_string_equal(records[i].holder, expected[i].holder);
        assert_int_equal(records[i].verb, expected[i].verb);
        assert_int_equal(records[i].direction, expected[i].direction);
        assert_int_equal(records[i].range.offset, 2 * GRANULE);
        assert_int_equal(records[i].range.length, GRANULE);
        assert_int_equal(records[i].published, expected[i].published);
        assert_int_equal(records[i].refreshed, expected[i].refreshed);
        assert_int_equal(records[i].call_site, records[i / 2 * 2].call_site);
    }
    OK(baton_query(baton, buffer, lines(2, 1), &answer, holders, 3));
    assert_int_equal(answer.holders, 1);
    OK(baton_unmap_destination(baton, &destination));
}

static void refusals(void **state)
{
    struct baton_cpu_access plain;

    (void)state;
    OK(baton_map_from_device(baton, to_dma, lines(2, 6), BATON_WRITE, &destination));
    REFUSED(BATON_ERROR_RANGE, baton_sync_destination_for_cpu, baton, &destination, lines(1, 2), BATON_READ, &mine);
    REFUSED(BATON_ERROR_RANGE, baton_sync_destination_for_cpu, baton, &destination, lines(7, 2), BATON_READ, &mine);
    REFUSED(BATON_ERROR_RANGE, baton_sync_destination_for_cpu, baton, &destination, lines(3, 0), BATON_READ, &mine);
    REFUSED(BATON_ERROR_RANGE, baton_sync_destination_for_cpu, baton, &destination, part(3 * GRANULE, UINT32_MAX),
            BATON_READ, &mine);
    REFUSED(BATON_ERROR_ARGUMENT, baton_sync_destination_for_cpu, baton, &destination, lines(3, 1),
            (enum baton_direction)3, &mine);
    REFUSED(BATON_ERROR_ARGUMENT, baton_sync_destination_for_cpu, baton, &destination, lines(3, 1), BATON_READ, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_sync_destination_for_cpu, baton, NULL, lines(3, 1), BATON_READ, &mine);
    REFUSED(BATON_ERROR_ARGUMENT, baton_sync_source_for_cpu, baton, NULL, lines(3, 1), BATON_READ, &mine);
    REFUSED(BATON_ERROR_ARGUMENT, baton_sync_for_device, baton, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_sync_source_for_device, baton, NULL, lines(3, 1));
    assert_int_equal(baton_sync_for_device(NULL, &mine), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_sync_source_for_device(NULL, &source, lines(3, 1)), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_sync_source_for_cpu(NULL, &source, lines(3, 1), BATON_READ, &mine), BATON_ERROR_ARGUMENT);

    struct access *mapping = instance_access(baton, destination.access, HANDLE_DESTINATION);
    mapping->ties |= TIE_FENCE; /* a fence's: not the caller's to divide */
    REFUSED(BATON_ERROR_HELD, baton_sync_destination_for_cpu, baton, &destination, lines(3, 1), BATON_READ, &mine);
    mapping->ties &= (uint16_t)~TIE_FENCE;

    /* Part and rest in one line */
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_sync_destination_for_cpu, baton, &destination,
            part(2 * GRANULE, GRANULE + 1), BATON_READ, &mine);
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_sync_destination_for_cpu, baton, &destination,
            part(2 * GRANULE + 1, GRANULE - 1), BATON_READ, &mine);
    assert_string_equal(machine.last_misuse.holder, "dma");

    OK(baton_sync_destination_for_cpu(baton, &destination, lines(3, 2), BATON_READ, &mine));
    const struct baton_cpu_access copy = mine;
    /* Taken already, for reading, too; the rest is not */
    REFUSED(BATON_ERROR_BUSY, baton_sync_destination_for_cpu, baton, &destination, lines(4, 2), BATON_READ, &again);
    assert_string_equal(machine.last_misuse.holder, "cpu");
    OK(baton_sync_destination_for_cpu(baton, &destination, lines(5, 1), BATON_WRITE, &again));
    REFUSED(BATON_ERROR_HELD, baton_unmap_destination, baton, &destination);
    REFUSED(BATON_ERROR_HELD, baton_unmap_destination_partial, baton, &destination, part(0, 0));
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, lines(3, 1), BATON_READ, &plain);
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, lines(7, 1), BATON_READ, &plain);
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_end_cpu_access, baton, &mine);
    OK(baton_sync_for_device(baton, &mine));
    mine = copy;
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_sync_for_device, baton, &mine);
    REFUSED(BATON_ERROR_HELD, baton_unmap_destination, baton, &destination); /* one is still out */
    OK(baton_sync_for_device(baton, &again));

    OK(baton_begin_cpu_access(baton, buffer, lines(0, 1), BATON_READ, &plain));
    REFUSED(BATON_ERROR_DIRECTION, baton_sync_for_device, baton, &plain);
    OK(baton_end_cpu_access(baton, &plain));
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_sync_for_device, baton, &plain);

    /* A failed device's mapping lends nothing; what it has lent comes back */
    OK(baton_sync_destination_for_cpu(baton, &destination, lines(5, 1), BATON_WRITE, &again));
    OK(baton_quarantine(baton, &destination));
    REFUSED(BATON_ERROR_QUARANTINED, baton_sync_destination_for_cpu, baton, &destination, lines(3, 1), BATON_READ,
            &mine);
    OK(baton_sync_for_device(baton, &again));
    OK(baton_unmap_destination_partial(baton, &destination, lines(2, 1)));
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_sync_destination_for_cpu, baton, &destination, lines(3, 1), BATON_READ,
            &mine);
    special_is(0);
}

static void no_slot(void **state)
{
    struct baton_cpu_access others[4];

    (void)state;
    OK(baton_map_to_display(baton, to_dma, lines(0, 8), &source));
    for (unsigned i = 0; i < 4; i++)
        OK(baton_begin_cpu_access(baton, buffer, lines(8 + i, 1), BATON_READ, &others[i]));
    REFUSED(BATON_ERROR_NO_SLOT, baton_sync_source_for_cpu, baton, &source, lines(0, 1), BATON_READ, &mine);
    REFUSED(BATON_ERROR_NO_SLOT, baton_sync_source_for_device, baton, &source, lines(0, 1));
    for (unsigned i = 0; i < 4; i++)
        OK(baton_end_cpu_access(baton, &others[i]));
    OK(baton_unmap_source(baton, &source));
}

/* Part and rest may share a line where both only read, and in one domain. There the rest's bytes are left alone: a line that
 * the snooping device is writing is not maintained (R6) */
static void shared_lines(void **state)
{
    (void)state;
    OK(baton_map_to_device(baton, to_dma, lines(0, 2), &source));
    OK(baton_sync_source_for_cpu(baton, &source, part(8, 8), BATON_READ, &mine));
    OK(baton_sync_source_for_cpu(baton, &source, part(16, 8), BATON_READ, &again));
    OK(baton_sync_for_device(baton, &mine));
    OK(baton_sync_for_device(baton, &again));
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_sync_source_for_cpu, baton, &source, part(8, 8), BATON_WRITE, &mine);
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_sync_source_for_cpu, baton, &source, part(0, 8), BATON_WRITE, &mine);
    OK(baton_unmap_source(baton, &source));

    OK(baton_map_from_device(baton, to_coherent, part(8, 3 * GRANULE), BATON_WRITE, &destination));
    directory_set(&instance_buffer(baton, buffer)->directory, &(struct line_range){0, 4}, LINE_UNKNOWN); /* as R4 may */
    forget_maintenance();
    OK(baton_sync_destination_for_cpu(baton, &destination, part(16, 2 * GRANULE), BATON_READ, &mine));
    check_maintained(lines(1, 1), lines(1, 1)); /* of lines 0 and 2 it has more */
    OK(baton_sync_for_device(baton, &mine));
    check_maintained(part(0, 0), part(0, 0));
    /* At the mapping's own ends there is no rest. */
    OK(baton_sync_destination_for_cpu(baton, &destination, part(8, 8), BATON_READ, &mine));
    OK(baton_sync_for_device(baton, &mine));
    OK(baton_unmap_destination(baton, &destination));
}

/* lvgl's single framebuffer: shown all the time, drawn into where there is damage, which then is all that is maintained */
static void framebuffer_with_damage(void **state)
{
    const struct baton_range damage = part(3 * GRANULE + 20, 2 * GRANULE); /* as it comes, in no line's rhythm */

    (void)state;
    cpu_does(BATON_OVERWRITE, part(0, SIZE));
    OK(baton_map_to_display(baton, to_dma, part(0, SIZE), &source));
    forget_maintenance();
    for (unsigned frame = 0; frame < 3; frame++) {
        OK(baton_begin_cpu_access(baton, buffer, damage, BATON_WRITE, &mine));
        store(&mine, (uint8_t)(frame * 7 + 1));
        REFUSED(BATON_ERROR_BUSY, baton_sync_source_for_device, baton, &source, lines(5, 1));
        OK(baton_end_cpu_access(baton, &mine));
        check_maintained(part(0, 0), part(0, 0));
        OK(baton_sync_source_for_device(baton, &source, damage));
        check_maintained(lines(3, 3), part(0, 0));
        check_device_loads(damage, (uint8_t)(frame * 7 + 1));
    }
    OK(baton_sync_source_for_device(baton, &source, part(0, SIZE)));
    check_maintained(part(0, 0), part(0, 0));
    /* Or as a part: it comes back published. */
    OK(baton_sync_source_for_cpu(baton, &source, lines(0, 2), BATON_WRITE, &mine));
    store(&mine, 99);
    OK(baton_sync_for_device(baton, &mine));
    check_maintained(lines(0, 2), part(0, 0));
    check_device_loads(lines(0, 2), 99);
    /* Another device draws. */
    device_writes(to_dma, lines(8, 4));
    device_writes(to_coherent, lines(12, 1));
    check_newest(1, 4, 0);
    forget_maintenance();
    OK(baton_sync_source_for_device(baton, &source, lines(8, 5)));
    check_maintained(lines(12, 1), part(0, 0));
    OK(baton_unmap_source(baton, &source));
    special_is(0);
}

/* Tolerant of what comes while it is mapped, not of a writer when it begins or looks; others are as strict as ever beside it */
static void display_rules(void **state)
{
    struct baton_source reader;

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, part(2 * GRANULE, 8), BATON_WRITE, &mine));
    REFUSED(BATON_ERROR_BUSY, baton_map_to_display, baton, to_dma, lines(2, 2), &source);
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_map_to_display, baton, to_dma, part(2 * GRANULE + 8, 8), &source);
    OK(baton_end_cpu_access(baton, &mine));
    OK(baton_map_to_display(baton, to_dma, lines(0, 8), &source));
    OK(baton_map_to_device(baton, to_dma, lines(0, 1), &reader));
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, lines(0, 1), BATON_WRITE, &mine);
    REFUSED(BATON_ERROR_DIRECTION, baton_sync_source_for_device, baton, &reader, lines(0, 1));
    REFUSED(BATON_ERROR_RANGE, baton_sync_source_for_device, baton, &source, lines(7, 2));
    REFUSED(BATON_ERROR_RANGE, baton_sync_source_for_device, baton, &source, lines(7, 0));
    OK(baton_unmap_source(baton, &reader));
    /* Other bytes of its line are being written: published and invalidated in the wrong moment they would be lost */
    OK(baton_begin_cpu_access(baton, buffer, part(GRANULE, 8), BATON_WRITE, &mine));
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_sync_source_for_device, baton, &source, part(GRANULE + 8, 8));
    OK(baton_sync_source_for_device(baton, &source, lines(2, 1)));
    OK(baton_end_cpu_access(baton, &mine));
    OK(baton_unmap_source(baton, &source));
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_sync_source_for_device, baton, &source, lines(2, 1));
    special_is(0);
}

/* While lines are in transit for the display, or a part, the mapping does not end under it, and nobody writes there */
static enum baton_status unmap_status, write_status, sync_status;

static void others(struct machine *unused, void *context)
{
    (void)unused;
    (void)context;
    machine.meanwhile = NULL;
    unmap_status = baton_unmap_source(baton, &source);
    write_status = baton_begin_cpu_access(baton, buffer, lines(1, 1), BATON_WRITE, &again);
    sync_status = baton_sync_source_for_device(baton, &source, lines(1, 1));
}

static void in_transit(void **state)
{
    (void)state;
    OK(baton_map_to_display(baton, to_dma, lines(0, 4), &source));
    cpu_does(BATON_WRITE, lines(1, 1));
    machine.meanwhile = others;
    OK(baton_sync_source_for_device(baton, &source, lines(0, 2)));
    assert_int_equal(unmap_status, BATON_ERROR_HELD);
    assert_int_equal(write_status, BATON_ERROR_IN_TRANSIT);
    assert_int_equal(sync_status, BATON_ERROR_IN_TRANSIT);

    OK(baton_sync_source_for_cpu(baton, &source, lines(1, 1), BATON_WRITE, &mine));
    store(&mine, 5);
    machine.meanwhile = others;
    OK(baton_sync_for_device(baton, &mine));
    assert_int_equal(unmap_status, BATON_ERROR_HELD);
    assert_int_equal(write_status, BATON_ERROR_IN_TRANSIT);
    assert_int_equal(sync_status, BATON_ERROR_IN_TRANSIT);
    OK(baton_unmap_source(baton, &source));
}

static void count_calls(void *context)
{
    ++*(unsigned *)context;
}

/* Who waits for a mapping is not overtaken by its parts, nor keeps them; who waits for a part is told when it is back */
static void parts_and_the_queue(void **state)
{
    baton_reservation place;
    unsigned told = 0;

    (void)state;
    OK(baton_map_from_device(baton, to_dma, lines(0, 4), BATON_WRITE, &destination));
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 4), BATON_READ, count_calls, &told, &place));
    OK(baton_sync_destination_for_cpu(baton, &destination, lines(0, 1), BATON_WRITE, &mine)); /* it waits anyway */
    OK(baton_sync_for_device(baton, &mine));
    assert_int_equal(told, 0);
    OK(baton_unmap_destination(baton, &destination));
    assert_int_equal(told, 1);
    OK(baton_cancel(baton, &place));

    OK(baton_map_to_device(baton, to_dma, lines(0, 4), &source));
    OK(baton_sync_source_for_cpu(baton, &source, lines(0, 1), BATON_WRITE, &mine));
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 4), BATON_READ, count_calls, &told, &place));
    assert_int_equal(told, 1);
    REFUSED(BATON_ERROR_BUSY, baton_sync_source_for_cpu, baton, &source, lines(2, 1), BATON_WRITE, &again);
    OK(baton_sync_source_for_cpu(baton, &source, lines(2, 1), BATON_READ, &again));
    OK(baton_sync_for_device(baton, &mine));
    assert_int_equal(told, 2);
    /* Its turn has come: what would begin now comes after its claim. */
    REFUSED(BATON_ERROR_IN_TRANSIT, baton_sync_for_device, baton, &again);
    OK(baton_claim_cpu_access(baton, &place, &mine));
    OK(baton_sync_for_device(baton, &again));
    OK(baton_end_cpu_access(baton, &mine));
    OK(baton_unmap_source(baton, &source));

    /* A display looks again although a writer waits for somebody else there. */
    OK(baton_map_to_display(baton, to_dma, lines(0, 4), &source));
    OK(baton_begin_cpu_access(baton, buffer, lines(3, 1), BATON_READ, &mine));
    OK(baton_reserve_cpu_access(baton, buffer, lines(2, 2), BATON_WRITE, count_calls, &told, &place));
    OK(baton_sync_source_for_device(baton, &source, lines(2, 1)));
    assert_int_equal(told, 2);
    OK(baton_end_cpu_access(baton, &mine));
    assert_int_equal(told, 3);
    REFUSED(BATON_ERROR_BUSY, baton_sync_source_for_device, baton, &source, lines(2, 1));
    OK(baton_cancel(baton, &place));
    OK(baton_unmap_source(baton, &source));
    special_is(0);
}

static struct baton_announcement announcements[8];
static unsigned announced;

static void announce(void *context, const struct baton_announcement *what)
{
    struct baton_holder holder = {0};
    struct baton_answer answer;

    (void)context;
    OK(baton_query(baton, buffer, what->range, &answer, &holder, 1));
    if (what->range.length == GRANULE)
        assert_int_equal(holder.hold, BATON_HOLD_IN_TRANSIT); /* nobody gets in between */
    announcements[announced++ % 8] = *what;
}

static void announcements_of_parts(void **state)
{
    (void)state;
    OK(baton_map_to_device(baton, to_dma, lines(0, 4), &source));
    OK(baton_subscribe(baton, to_coherent, announce, NULL));
    announced = 0;
    OK(baton_sync_source_for_cpu(baton, &source, lines(1, 1), BATON_WRITE, &mine));
    OK(baton_sync_for_device(baton, &mine));
    assert_int_equal(announced, 4);
    for (unsigned i = 0; i < 4; i++) {
        assert_string_equal(announcements[i].holder, i == 1 || i == 2 ? "cpu" : "dma");
        assert_int_equal(announcements[i].verb, i % 2 ? BATON_VERB_ACQUIRE : BATON_VERB_RELEASE);
        assert_int_equal(announcements[i].range.offset, GRANULE);
        assert_int_equal(announcements[i].range.length, GRANULE);
        assert_int_equal(announcements[i].epoch, i + 2);
    }
    assert_int_equal(announcements[3].actions, BATON_ACTION_PUBLISH);
    OK(baton_unmap_source(baton, &source));
    OK(baton_subscribe(baton, to_coherent, NULL, NULL));
}

static void counters(void **state)
{
    struct baton_counters cpu, device;

    (void)state;
    OK(baton_map_to_device(baton, to_dma, lines(0, 4), &source));
    OK(baton_sync_source_for_cpu(baton, &source, lines(1, 1), BATON_WRITE, &mine));
    (void)!baton_sync_source_for_cpu(baton, &source, lines(1, 1), BATON_WRITE, &again);
    (void)!baton_sync_source_for_device(baton, &source, lines(1, 1));
    OK(baton_sync_for_device(baton, &mine));
    OK(baton_cpu_counters(baton, &cpu));
    OK(baton_device_counters(baton, dma, &device));
    assert_int_equal(cpu.acquires, 1);
    assert_int_equal(cpu.refusals, 1);
    assert_int_equal(device.acquires, 2);
    assert_int_equal(device.refusals, 1);
    assert_int_equal(device.published, 5);
    OK(baton_unmap_source(baton, &source));
}

/* Who takes the slot of a display next is none. Breaks if it lets others write. */
static void ties_end(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    OK(baton_map_to_display(baton, to_dma, lines(0, 4), &source));
    OK(baton_unmap_source(baton, &source));
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 4), BATON_READ, &access));
    REFUSED(BATON_ERROR_BUSY, baton_map_from_device, baton, to_dma, lines(0, 4), BATON_WRITE, &destination);
    OK(baton_end_cpu_access(baton, &access));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cyclic_from_device),
        TEST(cyclic_to_device),
        TEST(trace),
        TEST(refusals),
        TEST(no_slot),
        TEST(shared_lines),
        TEST(framebuffer_with_damage),
        TEST(display_rules),
        TEST(in_transit),
        TEST(parts_and_the_queue),
        TEST(announcements_of_parts),
        TEST(counters),
        TEST(ties_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
