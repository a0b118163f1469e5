/* SPDX-License-Identifier: MIT */
/*
 * Announcements: each serialization point is told to whoever has subscribed (docs/OWNERSHIP.md, A1 to A4). The origin thread
 * (linaro-mm-sig, December 2011) asked for serialization points that all users of a buffer can see.
 *
 * What would break it: an acquire that is announced after its maintenance or grant, one that is not announced because there was
 * nothing to do, a subscriber that goes away while it is being told, a callback under the lock.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

struct subscriber {
    unsigned calls;
    struct baton_announcement last;
    unsigned published; /* of line 0, at that moment */
    enum baton_hold hold;
    uint32_t holders;
};

static struct subscriber one, two;
static baton_attachment other;

static int begin(void **state)
{
    one = two = (struct subscriber){0};
    return setup(state);
}

static void told(void *context, const struct baton_announcement *what)
{
    struct subscriber *subscriber = context;
    struct baton_holder holder = {0};
    struct baton_answer answer;

    assert_int_equal(machine.locked, 0);
    subscriber->calls++;
    subscriber->last = *what;
    subscriber->published = machine.published[0];
    OK(baton_query(baton, buffer, what->range, &answer, &holder, 1)); /* it may query */
    subscriber->hold = holder.hold;
    subscriber->holders = answer.holders;
}

static void check(const struct subscriber *subscriber, const char *holder, enum baton_verb verb,
                  enum baton_direction direction, struct baton_range range, uint32_t epoch)
{
    assert_string_equal(subscriber->last.buffer, "frame");
    assert_string_equal(subscriber->last.holder, holder);
    assert_int_equal(subscriber->last.verb, verb);
    assert_int_equal(subscriber->last.direction, direction);
    assert_int_equal(subscriber->last.range.offset, range.offset);
    assert_int_equal(subscriber->last.range.length, range.length);
    assert_int_equal(subscriber->last.epoch, epoch);
    assert_true(subscriber->last.call_site != 0);
}

static void each_point(void **state)
{
    struct baton_cpu_access access;
    struct baton_destination destination;

    (void)state;
    OK(baton_subscribe(baton, to_dma, told, &one));
    OK(baton_subscribe(baton, to_coherent, told, &two));
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 2), BATON_WRITE, &access));
    assert_int_equal(one.calls, 1);
    assert_int_equal(two.calls, 1);
    check(&one, "cpu", BATON_VERB_ACQUIRE, BATON_WRITE, lines(0, 2), 1);
    check(&two, "cpu", BATON_VERB_ACQUIRE, BATON_WRITE, lines(0, 2), 1);
    assert_int_equal(one.last.actions, BATON_ACTION_PUBLISH | BATON_ACTION_REFRESH);
    assert_int_equal(one.last.reasons, BATON_REASON_UNKNOWN);
    assert_int_equal(one.hold, BATON_HOLD_IN_TRANSIT); /* before it is granted, and before its maintenance */
    assert_int_equal(one.published, 0);
    assert_int_equal(machine.published[0], 1);
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(one.calls, 2);
    check(&one, "cpu", BATON_VERB_RELEASE, BATON_WRITE, lines(0, 2), 2);
    assert_int_equal(one.last.actions, 0);
    assert_int_equal(one.holders, 0); /* when it has happened */

    cpu_does(BATON_READ, lines(0, 1)); /* nothing to maintain */
    assert_int_equal(one.calls, 4);
    assert_int_equal(two.calls, 4);
    OK(baton_map_from_device(baton, to_dma, lines(1, 1), BATON_OVERWRITE, &destination)); /* its own, too */
    check(&one, "dma", BATON_VERB_ACQUIRE, BATON_OVERWRITE, lines(1, 1), 5);
    assert_int_equal(one.last.domain, BATON_DOMAIN_MEMORY);
    assert_int_equal(one.last.actions, BATON_ACTION_PUBLISH);
    assert_int_equal(one.last.reasons, BATON_REASON_CACHE);
    OK(baton_unmap_destination(baton, &destination));
    check(&two, "dma", BATON_VERB_RELEASE, BATON_OVERWRITE, lines(1, 1), 6);
    assert_int_equal(one.calls, 6);
    OK(baton_begin_cpu_access(baton, buffer, lines(4, 1), BATON_READ, &access));
    unsigned calls = one.calls;
    assert_int_equal(baton_map_from_device(baton, to_dma, lines(4, 1), BATON_WRITE, &destination), BATON_ERROR_BUSY);
    assert_int_equal(one.calls, calls); /* a refusal is no point */
    OK(baton_end_cpu_access(baton, &access));
}

static void no_more(void **state)
{
    (void)state;
    OK(baton_subscribe(baton, to_dma, NULL, NULL)); /* nothing to end */
    OK(baton_subscribe(baton, to_dma, told, &one));
    OK(baton_subscribe(baton, to_coherent, told, &two));
    OK(baton_subscribe(baton, to_dma, told, &two)); /* another callback takes its place */
    cpu_does(BATON_READ, lines(0, 1));
    assert_int_equal(one.calls, 0);
    assert_int_equal(two.calls, 4);
    OK(baton_detach(baton, &to_coherent));
    cpu_does(BATON_READ, lines(0, 1));
    assert_int_equal(two.calls, 6);
    OK(baton_subscribe(baton, to_dma, NULL, NULL));
    cpu_does(BATON_READ, lines(0, 1));
    assert_int_equal(two.calls, 6);
    assert_int_equal(instance_buffer(baton, buffer)->special, 0); /* the short ways are open again */
    OK(baton_detach(baton, &to_dma));
    OK(baton_attach(baton, buffer, dma, &to_dma));
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_subscribe, baton, (baton_attachment){buffer.token}, told, &one);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_subscribe, baton, to_coherent, told, &one);
    assert_int_equal(baton_subscribe(NULL, to_dma, told, &one), BATON_ERROR_ARGUMENT);
}

/* Whoever is being told, or comes after in the list, stays until all have been */
static void leaves(void *context, const struct baton_announcement *what)
{
    told(context, what);
    before_refusal();
    assert_int_equal(baton_subscribe(baton, to_coherent, NULL, NULL), BATON_ERROR_IN_TRANSIT);
    after_refusal("baton_subscribe", BATON_ERROR_IN_TRANSIT);
    REFUSED(BATON_ERROR_IN_TRANSIT, baton_subscribe, baton, to_dma, told, &two);
    REFUSED(BATON_ERROR_IN_TRANSIT, baton_detach, baton, &to_coherent);
    assert_int_equal(baton_detach(baton, &other), BATON_OK); /* it has not subscribed */
    OK(baton_attach(baton, buffer, dma, &other));
    OK(baton_subscribe(baton, other, told, &two)); /* from the next one on */
    OK(baton_query(baton, buffer, lines(0, 1), &(struct baton_answer){0}, NULL, 0));
}

static void leaving_meanwhile(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    OK(baton_attach(baton, buffer, dma, &other));
    OK(baton_subscribe(baton, to_coherent, told, &two));
    OK(baton_subscribe(baton, to_dma, leaves, &one));
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 1), BATON_READ, &access));
    assert_int_equal(one.calls, 1);
    assert_int_equal(two.calls, 1);
    OK(baton_subscribe(baton, to_dma, NULL, NULL));
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(one.calls, 1);
    assert_int_equal(two.calls, 3);
}

#define ANNOUNCE_TEST(name) cmocka_unit_test_setup_teardown(name, begin, teardown)

/* A3, for who reserved long before: breaks if the epoch of its reservation counts. */
static void claimed_late(void **state)
{
    struct baton_cpu_access access;
    baton_reservation reservation;

    (void)state;
    OK(baton_subscribe(baton, to_dma, told, &one));
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 1), BATON_READ, NULL, NULL, &reservation));
    cpu_does(BATON_READ, lines(8, 1));
    OK(baton_claim_cpu_access(baton, &reservation, &access));
    check(&one, "cpu", BATON_VERB_ACQUIRE, BATON_READ, lines(0, 1), 3);
    OK(baton_end_cpu_access(baton, &access));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ANNOUNCE_TEST(each_point),
        ANNOUNCE_TEST(no_more),
        ANNOUNCE_TEST(leaving_meanwhile),
        ANNOUNCE_TEST(claimed_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
