/* SPDX-License-Identifier: MIT */
/*
 * Reservations: the queue of a buffer, whose turn it is, who is told and when (docs/OWNERSHIP.md, W1 to W8, C5).
 *
 * What would break it: a ready function called twice, never, one inside another or under the lock; a reservation that
 * somebody else's access can still make fail; lines that count as maintained before the claim; a claimed or cancelled handle that still works.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

static struct baton_cpu_access held, mine;
static struct baton_source source;
static struct baton_destination destination;
static baton_reservation first, second, third;

/* Contexts of the ready functions, and what those have seen. */
static char a[] = "a", b[] = "b", c[] = "c", abcd[] = "abcd";
static char called[16];
static unsigned running;

static int begin(void **state)
{
    memset(called, 0, sizeof(called));
    running = 0;
    return setup(state);
}

static void ready(void *context)
{
    char name[2] = {*(const char *)context, 0};

    assert_int_equal(machine.locked, 0);
    assert_int_equal(running, 0);
    strcat(called, name);
}

static void hold(struct baton_range range, enum baton_direction direction)
{
    OK(baton_begin_cpu_access(baton, buffer, range, direction, &held));
}

static void end(struct baton_cpu_access *access)
{
    OK(baton_end_cpu_access(baton, access));
}

static void reserve(baton_reservation *place, char *name, struct baton_range range, enum baton_direction direction)
{
    OK(baton_reserve_cpu_access(baton, buffer, range, direction, ready, name, place));
}

/* Nothing in the way: ready is called within the reserving call, and until the claim nobody else gets in */
static void at_once(void **state)
{
    struct baton_holder holder = {0};
    struct baton_answer answer;

    (void)state;
    device_writes(to_dma, lines(2, 2));
    reserve(&first, a, lines(2, 2), BATON_WRITE);
    assert_string_equal(called, "a");
    OK(baton_query(baton, buffer, lines(2, 2), &answer, &holder, 1));
    assert_int_equal(answer.holders, 1);
    assert_int_equal(answer.epoch, 2); /* reserving is no serialization point */
    assert_int_equal(holder.hold, BATON_HOLD_RESERVED);
    assert_int_equal(holder.direction, BATON_WRITE);
    assert_int_equal(holder.epoch, 2);
    assert_true(holder.call_site != 0);
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, lines(3, 1), BATON_READ, &mine);
    assert_int_equal(machine.last_misuse.holder_call_site, holder.call_site);
    REFUSED(BATON_ERROR_DIRECTION, baton_claim_source, baton, &first, &source);
    REFUSED(BATON_ERROR_DIRECTION, baton_claim_destination, baton, &first, &destination);
    forget_maintenance();
    const baton_reservation copy = first;
    const uintptr_t reserved_at = holder.call_site;
    OK(baton_claim_cpu_access(baton, &first, &mine));
    assert_int_equal(first.token, 0);
    assert_int_equal(machine_offset(&machine, mine.data), 2 * GRANULE);
    assert_int_equal(mine.length, 2 * GRANULE);
    check_maintained(part(0, 0), lines(2, 2));
    OK(baton_query(baton, buffer, lines(2, 2), &answer, &holder, 1));
    assert_int_equal(holder.hold, BATON_HOLD_GRANTED);
    assert_int_equal(holder.epoch, 3);
    assert_int_not_equal(holder.call_site, reserved_at);

    baton_reservation stale = copy;
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_cancel, baton, &stale);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_claim_cpu_access, baton, &stale, &held);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_cancel, baton, &first);
    REFUSED(BATON_ERROR_ARGUMENT, baton_cancel, baton, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_claim_cpu_access, baton, &stale, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_claim_cpu_access, baton, NULL, &held);
    assert_int_equal(baton_cancel(NULL, &stale), BATON_ERROR_ARGUMENT);
    assert_string_equal(called, "a");
    end(&mine);
}

static void wrong_arguments(void **state)
{
    (void)state;
    REFUSED(BATON_ERROR_RANGE, baton_reserve_cpu_access, baton, buffer, part(SIZE, 1), BATON_READ, NULL, NULL, &first);
    REFUSED(BATON_ERROR_ARGUMENT, baton_reserve_cpu_access, baton, buffer, part(0, 1), BATON_READ, NULL, NULL, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_reserve_mapping, baton, to_dma, part(0, 1), (enum baton_direction)3, NULL, NULL,
            &first);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_reserve_mapping, baton, (baton_attachment){0}, part(0, 1), BATON_READ, NULL,
            NULL, &first);
    for (unsigned i = 0; i < 5; i++)
        OK(baton_reserve_cpu_access(baton, buffer, part(0, 1), BATON_READ, NULL, NULL, &first));
    REFUSED(BATON_ERROR_NO_SLOT, baton_reserve_cpu_access, baton, buffer, part(0, 1), BATON_READ, NULL, NULL, &second);
}

/* Mappings are reserved alike, and claimed as what they are */
static void mappings(void **state)
{
    (void)state;
    OK(baton_reserve_mapping(baton, to_dma, lines(0, 2), BATON_READ, NULL, NULL, &first));
    OK(baton_reserve_mapping(baton, to_dma, lines(2, 2), BATON_OVERWRITE, ready, b, &second));
    assert_string_equal(called, "b");
    REFUSED(BATON_ERROR_DIRECTION, baton_claim_destination, baton, &first, &destination);
    REFUSED(BATON_ERROR_DIRECTION, baton_claim_source, baton, &second, &source);
    REFUSED(BATON_ERROR_DIRECTION, baton_claim_cpu_access, baton, &second, &mine);
    OK(baton_claim_source(baton, &first, &source));
    OK(baton_claim_destination(baton, &second, &destination));
    assert_int_equal(source.segments[0].address.value, 0x40000000);
    assert_int_equal(destination.segments[0].address.value, 0x40000000 + 2 * GRANULE);
    assert_int_equal(destination.length, 2 * GRANULE);
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_unmap_source, baton,
            &(struct baton_source){.access = {destination.access.token}});
    OK(baton_unmap_source(baton, &source));
    OK(baton_unmap_destination(baton, &destination));
}

/* First come, first served, for who waits and for who comes; each told once, in the order in which they came */
static void order(void **state)
{
    struct baton_holder holders[4];
    struct baton_answer answer;

    (void)state;
    hold(lines(0, 4), BATON_READ);
    reserve(&first, a, lines(2, 4), BATON_WRITE); /* waits for the reader */
    reserve(&second, b, lines(5, 2), BATON_READ); /* for a, although nobody holds lines 5 and 6 */
    reserve(&third, c, lines(8, 1), BATON_WRITE); /* for nobody */
    assert_string_equal(called, "c");
    assert_int_equal(baton_claim_cpu_access(baton, &second, &mine), BATON_ERROR_PENDING);
    assert_int_equal(machine.misuses, 0);
    OK(baton_query(baton, buffer, part(0, SIZE), &answer, holders, 4));
    assert_int_equal(answer.holders, 4);
    assert_int_equal(holders[2].hold, BATON_HOLD_WAITING); /* the oldest first */
    assert_int_equal(holders[2].range.offset, 2 * GRANULE);
    assert_int_equal(holders[2].epoch, 1);
    assert_int_equal(holders[3].hold, BATON_HOLD_WAITING);
    OK(baton_cancel(baton, &third));
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, lines(5, 1), BATON_READ, &mine);
    assert_int_equal(machine.last_misuse.holder_call_site, holders[2].call_site);
    OK(baton_begin_cpu_access(baton, buffer, lines(6, 1), BATON_READ, &mine)); /* as b: in nobody's way */
    end(&mine);
    REFUSED(BATON_ERROR_BUSY, baton_map_to_device, baton, to_dma, part(5 * GRANULE + 1, 1), &source);
    end(&held);
    assert_string_equal(called, "ca");
    assert_int_equal(baton_claim_cpu_access(baton, &second, &mine), BATON_ERROR_PENDING);
    OK(baton_claim_cpu_access(baton, &first, &mine));
    assert_string_equal(called, "ca");
    end(&mine);
    assert_string_equal(called, "cab");
    OK(baton_claim_cpu_access(baton, &second, &mine));
    end(&mine);
    assert_int_equal(instance_buffer(baton, buffer)->special & SPECIAL_QUEUE, 0);
}

/* By lines where the domains differ, by bytes where they do not */
static void false_sharing_in_the_queue(void **state)
{
    (void)state;
    hold(lines(0, 1), BATON_READ);
    reserve(&first, a, part(0, GRANULE + 8), BATON_WRITE);
    OK(baton_begin_cpu_access(baton, buffer, part(GRANULE + 8, 8), BATON_WRITE, &mine));
    end(&mine);
    REFUSED(BATON_ERROR_BUSY, baton_map_to_device, baton, to_dma, part(GRANULE + 8, 8), &source);
    OK(baton_map_to_device(baton, to_coherent, part(GRANULE + 8, 8), &source));
    OK(baton_unmap_source(baton, &source));
    end(&held);
    OK(baton_cancel(baton, &first));
}

/* Several turns at once: the oldest is told first */
static void told_in_order(void **state)
{
    (void)state;
    hold(lines(0, 4), BATON_WRITE);
    reserve(&first, a, lines(0, 1), BATON_WRITE);
    reserve(&second, b, lines(1, 1), BATON_READ);
    reserve(&third, c, lines(2, 1), BATON_WRITE);
    end(&held);
    assert_string_equal(called, "abc");
    const baton_reservation copy = first;
    const uintptr_t reserved_at = instance_access(baton, (baton_access){first.token}, HANDLE_RESERVATION)->call_site;
    OK(baton_cancel(baton, &second));
    OK(baton_cancel(baton, &third));
    OK(baton_cancel(baton, &first));
    first = copy;
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_cancel, baton, &first);
    assert_true(machine.last_misuse.holder_call_site != 0 && machine.last_misuse.holder_call_site != reserved_at);
}

/* Who gives up lets others advance: in the queue, and when its turn had come */
static void cancel(void **state)
{
    (void)state;
    hold(lines(0, 2), BATON_READ);
    reserve(&first, a, lines(0, 2), BATON_WRITE);
    reserve(&second, b, lines(0, 1), BATON_READ);
    assert_string_equal(called, "");
    OK(baton_cancel(baton, &first));
    assert_string_equal(called, "b");
    assert_int_equal(first.token, 0);
    reserve(&third, c, lines(0, 2), BATON_WRITE);
    end(&held);
    OK(baton_cancel(baton, &second)); /* reserved, not claimed */
    assert_string_equal(called, "bc");
    OK(baton_cancel(baton, &third));
    assert_string_equal(called, "bc");
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 2), BATON_WRITE, &mine));
    end(&mine);
}

/* A reservation's lines are not valid before the claim: another access of the same domain beside it maintains them itself, and
 * the claim always succeeds. With R6 for a reservation the second would read what was before the device wrote. */
static void reserved_is_in_transit(void **state)
{
    (void)state;
    device_writes(to_dma, lines(2, 1));
    reserve(&first, a, part(2 * GRANULE, 8), BATON_WRITE);
    forget_maintenance();
    REFUSED(BATON_ERROR_IN_TRANSIT, baton_begin_cpu_access, baton, buffer, part(2 * GRANULE + 8, 8), BATON_WRITE,
            &mine);
    reserve(&second, b, part(2 * GRANULE + 8, 8), BATON_WRITE);
    assert_string_equal(called, "a");
    OK(baton_claim_cpu_access(baton, &first, &held));
    check_maintained(part(0, 0), lines(2, 1));
    assert_string_equal(called, "ab"); /* within the claim */
    OK(baton_claim_cpu_access(baton, &second, &mine));
    check_maintained(part(0, 0), part(0, 0));
    end(&held);
    end(&mine);
}

/* Should anything be in the way of a claim all the same, nothing has happened */
static void claim_refused(void **state)
{
    (void)state;
    reserve(&first, a, part(0, 8), BATON_READ);
    hold(lines(1, 1), BATON_READ);
    struct access *other = instance_access(baton, held.access, HANDLE_CPU_ACCESS);
    other->lines.first = 0; /* as if the two had met */
    other->manner.hold = BATON_HOLD_IN_TRANSIT;
    REFUSED(BATON_ERROR_IN_TRANSIT, baton_claim_cpu_access, baton, &first, &mine);
    other->manner.hold = BATON_HOLD_GRANTED;
    OK(baton_claim_cpu_access(baton, &first, &mine));
    end(&mine);
    end(&held);
}

/* ready may claim, and even end it: then the next is called after it has returned, by the same loop */
static baton_reservation *to_claim;

static void claims(void *context)
{
    char name[2] = {*(const char *)context, 0};
    struct baton_cpu_access access;

    assert_int_equal(running, 0);
    running++;
    strcat(called, name);
    OK(baton_claim_cpu_access(baton, to_claim++, &access));
    end(&access);
    running--;
}

static void ready_claims(void **state)
{
    baton_reservation places[4];

    (void)state;
    to_claim = places;
    hold(lines(0, 2), BATON_WRITE);
    for (unsigned i = 0; i < 4; i++)
        OK(baton_reserve_cpu_access(baton, buffer, lines(0, 2), i % 2 ? BATON_WRITE : BATON_READ, claims, &abcd[i],
                                    &places[i]));
    assert_string_equal(called, "");
    end(&held);
    assert_string_equal(called, "abcd");
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(places[i].token, 0);
    to_claim = places;
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 2), BATON_WRITE, claims, a, &places[0]));
    assert_int_equal(places[0].token, 0); /* claimed within the reserving call */
    assert_int_equal(instance_buffer(baton, buffer)->special & SPECIAL_QUEUE, 0);
}

/* A buffer, and an attachment, is not taken away from those who wait for it */
static void waiters_hold_the_buffer(void **state)
{
    (void)state;
    hold(lines(0, 1), BATON_READ);
    OK(baton_reserve_mapping(baton, to_dma, lines(0, 1), BATON_WRITE, NULL, NULL, &first));
    REFUSED(BATON_ERROR_HELD, baton_detach, baton, &to_dma);
    assert_string_equal(machine.last_misuse.holder, "dma");
    end(&held);
    REFUSED(BATON_ERROR_HELD, baton_detach, baton, &to_dma);
    REFUSED(BATON_ERROR_HELD, baton_destroy, baton, &buffer);
    OK(baton_cancel(baton, &first));
    OK(baton_detach(baton, &to_dma));
}

/* A transit that ends lets in who waits for it */
static void reserve_meanwhile(struct machine *unused, void *context)
{
    (void)unused;
    (void)context;
    machine.meanwhile = NULL;
    reserve(&first, a, lines(0, 1), BATON_READ);
    assert_string_equal(called, "");
}

static void after_transit(void **state)
{
    (void)state;
    machine.meanwhile = reserve_meanwhile;
    hold(lines(0, 2), BATON_READ);
    assert_string_equal(called, "a");
    OK(baton_claim_cpu_access(baton, &first, &mine));
    end(&mine);
    end(&held);
}

#define QUEUE_TEST(name) cmocka_unit_test_setup_teardown(name, begin, teardown)

static void count_it(void *context)
{
    ++*(unsigned *)context;
}

/* W5. Breaks if who takes a slot next is told what the one before had asked for. */
static void cancelled_is_not_told(void **state)
{
    struct baton_cpu_access holds, next;
    baton_reservation cancelled, waits;
    unsigned calls = 0;

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 1), BATON_WRITE, &holds));
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 1), BATON_READ, count_it, &calls, &cancelled));
    OK(baton_cancel(baton, &cancelled));
    OK(baton_begin_cpu_access(baton, buffer, lines(4, 1), BATON_WRITE, &next));
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 1), BATON_READ, NULL, NULL, &waits));
    assert_int_equal(calls, 0);
    OK(baton_cancel(baton, &waits));
    OK(baton_end_cpu_access(baton, &next));
    OK(baton_end_cpu_access(baton, &holds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(at_once),
        QUEUE_TEST(wrong_arguments),
        QUEUE_TEST(mappings),
        QUEUE_TEST(order),
        QUEUE_TEST(false_sharing_in_the_queue),
        QUEUE_TEST(told_in_order),
        QUEUE_TEST(cancel),
        QUEUE_TEST(reserved_is_in_transit),
        QUEUE_TEST(claim_refused),
        QUEUE_TEST(ready_claims),
        QUEUE_TEST(waiters_hold_the_buffer),
        QUEUE_TEST(cancelled_is_not_told),
        QUEUE_TEST(after_transit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
