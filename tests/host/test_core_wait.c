/* SPDX-License-Identifier: MIT */
/*
 * Waiting for an access, one test a rule (docs/OWNERSHIP.md, W1 to W8, C5): try, wait, timeouts, who is first.
 *
 * What would break it: a wake-up that is lost because the release came between looking and sleeping, a wait that sleeps
 * on, one that does not end, a clock that wraps, a newcomer that overtakes, a waiter that is forgotten when another gives up.
 */
// link: core/*.c
#include "core/deadline.h"
#include "core/enforcement.h"
#include "core/handoff.h"
#include "tests/host/support/core_fixture.h"

static struct baton_cpu_access held, mine;
static struct baton_source source;
static struct baton_destination destination;

static void release_held(struct machine *unused)
{
    (void)unused;
    if (held.data != NULL)
        OK(baton_end_cpu_access(baton, &held));
}

static void release_destination(struct machine *unused)
{
    (void)unused;
    if (destination.count != 0)
        OK(baton_unmap_destination(baton, &destination));
}

static void hold(struct baton_range range, enum baton_direction direction)
{
    OK(baton_begin_cpu_access(baton, buffer, range, direction, &held));
}

static uint32_t holders_of(struct baton_range range, struct baton_holder *holder, uint32_t capacity)
{
    struct baton_answer answer;

    OK(baton_query(baton, buffer, range, &answer, holder, capacity));
    return answer.holders;
}

/* 0 microseconds: any context, the answer at once, told to nobody */
static void try(void **state)
{
    struct baton_counters counters;

    (void)state;
    machine.may_not_wait = true;
    hold(lines(0, 4), BATON_WRITE);
    before_refusal();
    assert_int_equal(baton_wait_cpu_access(baton, buffer, lines(3, 2), BATON_READ, 0, &mine), BATON_ERROR_BUSY);
    assert_int_equal(baton_wait_map_to_device(baton, to_dma, lines(3, 2), 0, &source), BATON_ERROR_BUSY);
    assert_int_equal(baton_wait_map_from_device(baton, to_dma, lines(3, 2), BATON_WRITE, 0, &destination),
                     BATON_ERROR_BUSY);
    OK(baton_cpu_counters(baton, &counters));
    assert_int_equal(counters.refusals, 1);
    forget_refusals(memory);
    assert_memory_equal(memory, snapshot, sizeof(memory));
    assert_int_equal(machine.misuses, 0);
    OK(baton_wait_cpu_access(baton, buffer, lines(4, 2), BATON_READ, 0, &mine));
    OK(baton_end_cpu_access(baton, &mine));
    release_held(NULL);
    assert_int_equal(machine.sleeps, 0);
}

/* What can never be granted is refused and reported, whatever the timeout */
static void wrong_arguments(void **state)
{
    const baton_buffer no_buffer = {0};
    const baton_attachment foreign = {buffer.token};

    (void)state;
    for (uint32_t timeout = 0; timeout < 2; timeout++) {
        REFUSED(BATON_ERROR_RANGE, baton_wait_cpu_access, baton, buffer, part(SIZE, 1), BATON_READ, timeout, &mine);
        REFUSED(BATON_ERROR_ARGUMENT, baton_wait_cpu_access, baton, buffer, part(0, 1), (enum baton_direction)3,
                timeout, &mine);
        REFUSED(BATON_ERROR_ARGUMENT, baton_wait_cpu_access, baton, buffer, part(0, 1), BATON_READ, timeout, NULL);
        REFUSED(BATON_ERROR_STALE_HANDLE, baton_wait_cpu_access, baton, no_buffer, part(0, 1), BATON_READ, timeout,
                &mine);
        REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_wait_map_to_device, baton, foreign, part(0, 1), timeout, &source);
        REFUSED(BATON_ERROR_DIRECTION, baton_wait_map_from_device, baton, to_dma, part(0, 1), BATON_READ, timeout,
                &destination);
        assert_int_equal(baton_wait_map_to_device(NULL, to_dma, part(0, 1), timeout, &source), BATON_ERROR_ARGUMENT);
    }
    assert_int_equal(machine.sleeps, 0);
}

/* The wait ends when the holder does; the access is the one that was asked for, with its maintenance */
static void waits(void **state)
{
    (void)state;
    OK(baton_map_from_device(baton, to_dma, lines(2, 2), BATON_OVERWRITE, &destination));
    forget_maintenance();
    machine.asleep = release_destination;
    OK(baton_wait_cpu_access(baton, buffer, part(130, 10), BATON_WRITE, 1000, &mine));
    assert_int_equal(machine.sleeps, 1);
    assert_int_equal(machine_offset(&machine, mine.data), 130);
    assert_int_equal(mine.length, 10);
    check_maintained(part(0, 0), lines(2, 1)); /* what the device wrote, after it had */

    held = mine;
    machine.asleep = release_held;
    OK(baton_wait_map_to_device(baton, to_dma, lines(1, 3), 1000, &source));
    assert_int_equal(machine.sleeps, 2);
    assert_int_equal(source.count, 1);
    assert_int_equal(source.length, 3 * GRANULE);
    assert_int_equal(source.segments[0].address.value, 0x40000000 + GRANULE);
    check_maintained(lines(1, 2), lines(1, 1)); /* line 1 was unknown, line 2 dirty, line 3 stale */
    OK(baton_unmap_source(baton, &source));

    hold(part(0, 1), BATON_READ);
    OK(baton_wait_map_from_device(baton, to_dma, lines(0, 1), BATON_OVERWRITE, 1000, &destination));
    assert_int_equal(machine.sleeps, 3);
    assert_int_equal(destination.length, GRANULE);
    OK(baton_unmap_destination(baton, &destination));
    assert_int_equal(machine.misuses, 0);
    assert_int_equal(holders_of(part(0, SIZE), NULL, 0), 0);
}

static void unquarantine(struct machine *unused)
{
    (void)unused;
    OK(baton_unmap_destination_partial(baton, &destination, part(0, 0)));
}

static enum baton_status inner;

static void waits_inside(struct machine *unused, void *context)
{
    (void)unused;
    (void)context;
    machine.meanwhile = NULL;
    inner = baton_wait_cpu_access(baton, buffer, lines(1, 1), BATON_READ, 0, &mine);
    if (inner == BATON_ERROR_IN_TRANSIT)
        inner = baton_wait_cpu_access(baton, buffer, lines(1, 1), BATON_READ, 50, &mine);
}

/* Whatever is in the way is waited for */
static void waits_for_every_conflict(void **state)
{
    (void)state;
    OK(baton_map_from_device(baton, to_dma, part(GRANULE, 8), BATON_WRITE, &destination));
    machine.asleep = release_destination;
    OK(baton_wait_cpu_access(baton, buffer, part(GRANULE + 8, 8), BATON_READ, 9, &mine)); /* false sharing */
    OK(baton_end_cpu_access(baton, &mine));

    OK(baton_map_from_device(baton, to_dma, lines(1, 1), BATON_WRITE, &destination));
    OK(baton_quarantine(baton, &destination));
    machine.asleep = NULL;
    assert_int_equal(baton_wait_cpu_access(baton, buffer, lines(1, 1), BATON_READ, 0, &mine), BATON_ERROR_QUARANTINED);
    machine.asleep = unquarantine;
    OK(baton_wait_cpu_access(baton, buffer, lines(1, 1), BATON_READ, 9, &mine));
    OK(baton_end_cpu_access(baton, &mine));

    /* In transit, and nobody else to end it: the wait inside it times out, and what waited leaves no trace. */
    device_writes(to_dma, lines(1, 1));
    machine.asleep = NULL;
    machine.meanwhile = waits_inside;
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 2), BATON_READ, &held));
    assert_int_equal(inner, BATON_ERROR_TIMEOUT);
    release_held(NULL);
    assert_int_equal(holders_of(part(0, SIZE), NULL, 0), 0);
}

/* TIMEOUT, at the time and not before, and the report says who; the queue is as before; also when the clock wraps */
static void timeout(void **state)
{
    const uint32_t clocks[] = {1000, UINT32_MAX - 20, UINT32_MAX - 300};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        OK(baton_map_from_device(baton, to_dma, lines(2, 2), BATON_OVERWRITE, &destination));
        machine.clock = clocks[i];
        machine.misuses = 0;
        assert_int_equal(baton_wait_cpu_access(baton, buffer, lines(3, 1), BATON_READ, 200, &mine),
                         BATON_ERROR_TIMEOUT);
        assert_in_range(machine.clock - clocks[i], 200, 220);
        assert_int_equal(machine.misuses, 1);
        assert_string_equal(machine.last_misuse.verb, "baton_wait_cpu_access");
        assert_string_equal(machine.last_misuse.reason, baton_status_text(BATON_ERROR_TIMEOUT));
        assert_string_equal(machine.last_misuse.buffer, "frame");
        assert_string_equal(machine.last_misuse.holder, "dma");
        assert_true(machine.last_misuse.holder_writes);
        assert_int_equal(machine.last_misuse.holder_epoch, 2 * i + 1);
        assert_true(machine.last_misuse.holder_call_site != 0 && machine.last_misuse.call_site != 0);
        assert_int_equal(machine.last_misuse.offset, 3 * GRANULE);
        assert_int_equal(machine.last_misuse.epoch, 2 * i + 1);
        assert_int_equal(holders_of(part(0, SIZE), NULL, 0), 1);
        OK(baton_unmap_destination(baton, &destination));
    }
}

/* From microseconds to counts: never less, at most two more, up to half the clock's range */
static void timeouts_in_counts(void **state)
{
    static const uint32_t frequencies[] = {1, 999999, 1000000, 19200000, 62500000, 1000000000, UINT32_MAX};
    struct deadline deadline;

    (void)state;
    for (unsigned i = 0; i < sizeof(frequencies) / sizeof(frequencies[0]); i++) {
        const uint64_t most = (uint64_t)INT32_MAX * 1000000 / frequencies[i];

        machine.port.frequency = frequencies[i];
        for (unsigned step = 0; step < 2000; step++) {
            uint32_t microseconds = 1 + machine_random(&machine, INT32_MAX) % (step < 1000 ? 5000 : UINT32_MAX);
            uint64_t exact = ((uint64_t)microseconds * frequencies[i] + 999999) / 1000000;

            if (deadline_start(baton, microseconds, &deadline))
                assert_in_range(deadline.counts, exact, exact + 2);
            else
                assert_true(exact + 2 > INT32_MAX);
        }
        if (most < UINT32_MAX) {
            assert_false(deadline_start(baton, (uint32_t)most + 3000000 / frequencies[i] + 3, &deadline));
            assert_true(most < 10 || deadline_start(baton, (uint32_t)(most - most / 1000 - 1), &deadline));
        }
    }
    machine.port.frequency = 62500000;
    REFUSED(BATON_ERROR_ARGUMENT, baton_wait_cpu_access, baton, buffer, part(0, 1), BATON_READ, 34359739, &mine);
    OK(baton_wait_cpu_access(baton, buffer, part(0, 1), BATON_READ, 34359738, &mine));
    OK(baton_end_cpu_access(baton, &mine));
}

/* Where nothing can wait, what need not wait is granted all the same */
static void context(void **state)
{
    (void)state;
    hold(lines(0, 1), BATON_WRITE);
    for (unsigned i = 0; i < 5; i++) {
        machine.may_not_wait = i == 0;
        if (i == 1)
            machine.port.may_wait = NULL;
        if (i == 2)
            machine.port.wait = NULL;
        if (i == 3)
            machine.port.frequency = 0;
        if (i == 4)
            machine.port.now = NULL;
        REFUSED(BATON_ERROR_CONTEXT, baton_wait_cpu_access, baton, buffer, lines(0, 1), BATON_READ, 10, &mine);
        assert_string_equal(machine.last_misuse.holder, "cpu");
        OK(baton_wait_cpu_access(baton, buffer, lines(1, 1), BATON_READ, 10, &mine));
        OK(baton_end_cpu_access(baton, &mine));
        machine_init(&machine, GRANULE, 0x40000000, 1);
    }
    release_held(NULL);
}

static void no_slot(void **state)
{
    struct baton_cpu_access others[5];

    (void)state;
    for (unsigned i = 0; i < 5; i++)
        OK(baton_begin_cpu_access(baton, buffer, lines(i, 1), BATON_WRITE, &others[i]));
    REFUSED(BATON_ERROR_NO_SLOT, baton_wait_cpu_access, baton, buffer, lines(0, 1), BATON_READ, 10, &mine);
    REFUSED(BATON_ERROR_NO_SLOT, baton_wait_cpu_access, baton, buffer, lines(8, 1), BATON_READ, 10, &mine);
    for (unsigned i = 0; i < 5; i++)
        OK(baton_end_cpu_access(baton, &others[i]));
}

/* ---------------------------------------------------------------------------------------------------------------- */

static unsigned points, point, depth, too_late;

static void release_at_the_point(struct machine *unused)
{
    (void)unused;
    if (depth > 0)
        return;
    if (points++ == point) {
        depth++;
        too_late = machine.sleeps; /* nobody woke it: the time is over */
        release_held(NULL);
        depth--;
    }
}

/* The release comes in an interrupt, at every place where one can come: the wait always ends in the access. Sleeping once with
 * nobody left to wake it would be the timeout. */
static void overtaken_at_any_point(void **state)
{
    (void)state;
    for (point = 0;; point++) {
        hold(lines(0, 2), BATON_WRITE);
        points = machine.sleeps = too_late = 0;
        machine.interrupt = release_at_the_point;
        enum baton_status status = baton_wait_cpu_access(baton, buffer, lines(1, 2), BATON_WRITE, 1000, &mine);
        machine.interrupt = NULL;
        if (too_late) {
            assert_int_equal(status, BATON_ERROR_TIMEOUT);
            release_held(NULL);
            break;
        }
        OK(status);
        OK(baton_end_cpu_access(baton, &mine));
    }
    assert_true(point >= 3);
    assert_int_equal(machine.misuses, 1);
    assert_int_equal(holders_of(part(0, SIZE), NULL, 0), 0);
}

static unsigned streamed;
static bool stream_writes;
static struct baton_cpu_access stream[2];

/* Each newcomer begins before the one before it ends. */
static void stream_on(struct machine *unused)
{
    (void)unused;
    enum baton_status status =
        baton_begin_cpu_access(baton, buffer, lines(0, 2), stream_writes ? BATON_WRITE : BATON_READ, &stream[1]);

    assert_int_equal(status, BATON_ERROR_BUSY); /* the waiter is in its way */
    if (++streamed == 3)
        OK(baton_end_cpu_access(baton, &stream[0]));
    else
        device_reads(to_dma, lines(8, 1)); /* elsewhere it goes on, and wakes the sleeper for nothing */
}

static void no_starvation(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        stream_writes = i != 0;
        streamed = 0;
        machine.asleep = stream_on;
        OK(baton_begin_cpu_access(baton, buffer, lines(0, 2), stream_writes ? BATON_WRITE : BATON_READ, &stream[0]));
        OK(baton_wait_cpu_access(baton, buffer, lines(1, 2), stream_writes ? BATON_READ : BATON_WRITE, 1000, &mine));
        assert_int_equal(streamed, 3);
        OK(baton_end_cpu_access(baton, &mine));
    }
}

/* Another CPU has taken its access out of the list and not said so yet: who times out meanwhile sees that it is free */
static void take_out(struct machine *unused)
{
    (void)unused;
    handoff_unlink(instance_access(baton, held.access, HANDLE_CPU_ACCESS));
}

static void free_at_the_last_moment(void **state)
{
    (void)state;
    hold(lines(0, 1), BATON_WRITE);
    machine.asleep = take_out;
    OK(baton_wait_cpu_access(baton, buffer, lines(0, 1), BATON_READ, 100, &mine));
    assert_null(instance_buffer(baton, buffer)->queue);
    OK(baton_end_cpu_access(baton, &mine));
    assert_int_equal(machine.misuses, 0);
}

/* Who times out lets those behind him advance */
static unsigned turns;

static void turn(void *context)
{
    (void)context;
    turns++;
}

static baton_reservation behind;

static void reserve_behind(struct machine *unused)
{
    (void)unused;
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 1), BATON_READ, turn, NULL, &behind));
    assert_int_equal(turns, 0);
    machine.clock += 1000;
}

static void timeout_lets_others_advance(void **state)
{
    (void)state;
    turns = 0;
    hold(lines(0, 1), BATON_READ);
    machine.asleep = reserve_behind;
    assert_int_equal(baton_wait_cpu_access(baton, buffer, lines(0, 1), BATON_WRITE, 100, &mine), BATON_ERROR_TIMEOUT);
    assert_int_equal(turns, 1);
    OK(baton_cancel(baton, &behind));
    release_held(NULL);
}

static void unchecked_meanwhile(struct machine *unused, void *context)
{
    (void)unused;
    (void)context;
    machine.meanwhile = NULL;
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 2), BATON_WRITE, NULL, NULL, &behind)); /* for the transit */
    OK(baton_begin_cpu_access(baton, buffer, lines(1, 1), BATON_WRITE, &mine));
    OK(baton_end_cpu_access(baton, &mine));
}

/* Conflicts do not count on an unchecked buffer: nor do they in the queue */
static void unchecked(void **state)
{
    baton_reservation first;

    (void)state;
    struct buffer *made = instance_buffer(baton, buffer);
    made->enforcement = &baton_enforcement_none;
    made->special |= SPECIAL_ENFORCEMENT;
    hold(lines(0, 1), BATON_WRITE);
    OK(baton_wait_cpu_access(baton, buffer, lines(0, 1), BATON_WRITE, 100, &mine));
    assert_int_equal(machine.sleeps, 0);
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 1), BATON_WRITE, NULL, NULL, &first));
    assert_int_equal(baton_wait_cpu_access(baton, buffer, lines(0, 1), BATON_WRITE, 0, &mine),
                     BATON_ERROR_IN_TRANSIT); /* its maintenance is to come */
    OK(baton_cancel(baton, &first));
    OK(baton_end_cpu_access(baton, &mine));
    release_held(NULL);
    device_writes(to_dma, lines(0, 1));
    machine.meanwhile = unchecked_meanwhile;
    hold(lines(0, 1), BATON_READ);
    OK(baton_cancel(baton, &behind));
    release_held(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(try),
        TEST(wrong_arguments),
        TEST(waits),
        TEST(waits_for_every_conflict),
        TEST(timeout),
        TEST(timeouts_in_counts),
        TEST(context),
        TEST(no_slot),
        TEST(overtaken_at_any_point),
        TEST(no_starvation),
        TEST(free_at_the_last_moment),
        TEST(timeout_lets_others_advance),
        TEST(unchecked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
