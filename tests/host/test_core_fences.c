/* SPDX-License-Identifier: MIT */
/*
 * Fences and chains (docs/OWNERSHIP.md, C7, R16, F1 to F9): what is maintained when, who holds what meanwhile, how an error travels,
 * how a stage ends. The machine refuses maintenance in an interrupt handler: every signal here is one.
 */
// link: core/*.c
#include "tests/host/support/chain_fixture.h"

#define NOTHING part(0, 0)

static struct stage a, b, c;

static void check_all_free(void)
{
    check_hold(part(0, SIZE), 0, "", BATON_HOLD_GRANTED);
}

/* decode → blit → flip: a writes lines 0 to 3, b reads them and writes 4 to 7, c reads those. */
static void three_stages(void)
{
    cpu_does(BATON_WRITE, part(0, SIZE));
    forget_maintenance();
    stage_open(&a, "a", NULL);
    stage_writes(&a, to_dma, lines(0, 4));
    stage_queue(&a);
    stage_open(&b, "b", &a);
    stage_reads(&b, to_dma, lines(0, 4));
    stage_writes(&b, to_dma, lines(4, 4));
    stage_queue(&b);
    stage_open(&c, "c", &b);
    stage_reads(&c, to_dma, lines(4, 4));
    stage_queue(&c);
}

/* F1, F2. Breaks if a later stage maintains what an earlier one is going to write, if something is left to be maintained at a
 * start, or if a start comes too early, twice or without its barrier. */
static void publishing_is_done_when_mappings_are_added(void **state)
{
    (void)state;
    three_stages();
    check_maintained(lines(0, 8), NOTHING);
    check_started(&a, 1, BATON_OK);
    check_started(&b, 0, BATON_OK);
    check_hold(lines(4, 1), 2, "b", BATON_HOLD_CHAINED);
    check_hold(lines(0, 1), 2, "a", BATON_HOLD_GRANTED);
    forget_maintenance();

    machine.locks = 0;
    stage_signals(&a, BATON_OK);
    check_barriers(1, 0);
    check_started(&b, 1, BATON_OK);
    check_started(&c, 0, BATON_OK);
    check_hold(lines(4, 1), 2, "b", BATON_HOLD_GRANTED);
    check_newest(8, 4, 0);
    stage_signals(&b, BATON_OK);
    check_barriers(1, 0);
    check_started(&c, 1, BATON_OK);
    stage_signals(&c, BATON_OK);
    check_barriers(0, 0);
    check_maintained(NOTHING, NOTHING);
    check_all_free();
    assert_true(a.order < b.order && b.order < c.order);
    assert_int_equal(a.starts + b.starts + c.starts, 3);
    /* The CPU finds what the devices have written by its next acquire. */
    check_newest(8, 8, 0);
    cpu_does(BATON_READ, part(0, SIZE));
    check_maintained(NOTHING, lines(0, 8));
    stage_close(&a);
    stage_close(&b);
    stage_close(&c);
}

/* The records of later stages say: a barrier, and nothing else. */
static void trace_of_a_chain(void **state)
{
    struct baton_record records[64];
    uint32_t sequence = 0, count, acquires = 0;

    (void)state;
    three_stages();
    stage_signals(&a, BATON_OK);
    stage_signals(&b, BATON_OK);
    stage_signals(&c, BATON_OK);
    OK(baton_trace(baton, &sequence, records, 64, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (records[i].verb == BATON_VERB_ACQUIRE && strcmp(records[i].holder, "dma") == 0) {
            if (acquires++ != 0 && records[i].direction == BATON_READ)
                assert_int_equal(records[i].actions, BATON_ACTION_BARRIER);
        }
    }
    assert_int_equal(acquires, 4);
}

/* C7 excuses nobody else: others wait for the last stage, not for the first. */
static void others_are_kept_off(void **state)
{
    struct baton_cpu_access access;
    struct baton_source source;

    (void)state;
    three_stages();
    stage_signals(&a, BATON_OK);
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, lines(0, 1), BATON_WRITE, &access);
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, lines(4, 1), BATON_READ, &access);
    REFUSED(BATON_ERROR_BUSY, baton_map_to_device, baton, to_dma, lines(5, 1), &source);
    cpu_does(BATON_READ, lines(0, 4)); /* b only reads there */
    stage_signals(&b, BATON_OK);
    cpu_does(BATON_WRITE, lines(0, 4));
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, lines(4, 1), BATON_WRITE, &access);
    stage_signals(&c, BATON_OK);
    cpu_does(BATON_WRITE, part(0, SIZE));
}

/* C7: not between stages of one fence, of different chains, nor for an access that no fence ends. */
static void only_earlier_stages_are_excused(void **state)
{
    struct baton_destination destination;

    (void)state;
    stage_open(&a, "a", NULL);
    stage_writes(&a, to_dma, lines(0, 4));
    REFUSED(BATON_ERROR_BUSY, baton_fence_map_from_device, baton, a.fence, to_dma, lines(3, 2), BATON_WRITE,
            &destination);
    stage_queue(&a);
    stage_open(&b, "b", NULL);
    REFUSED(BATON_ERROR_BUSY, baton_fence_map_from_device, baton, b.fence, to_dma, lines(3, 2), BATON_WRITE,
            &destination);
    OK(baton_map_from_device(baton, to_dma, lines(8, 1), BATON_WRITE, &destination));
    stage_open(&c, "c", &a);
    struct baton_source source;
    REFUSED(BATON_ERROR_BUSY, baton_fence_map_to_device, baton, c.fence, to_dma, lines(8, 1), &source);
    OK(baton_unmap_destination(baton, &destination));
    stage_signals(&a, BATON_OK);
}

/* C7: what would need a cache operation in between is refused, and by whom it says. */
static void domains_differ_in_a_chain(void **state)
{
    struct baton_destination destination;
    struct baton_source source;

    (void)state;
    stage_open(&a, "a", NULL);
    stage_writes(&a, to_dma, lines(0, 4));
    stage_queue(&a);
    stage_open(&b, "b", &a);
    REFUSED(BATON_ERROR_MAINTENANCE, baton_fence_map_to_device, baton, b.fence, to_coherent, lines(3, 4), &source);
    assert_string_equal(machine.last_misuse.holder, "dma");
    REFUSED(BATON_ERROR_MAINTENANCE, baton_fence_map_from_device, baton, b.fence, to_coherent, lines(3, 4),
            BATON_OVERWRITE, &destination);
    /* After a reader of the other domain nothing is left to do. */
    stage_reads(&b, to_dma, lines(4, 4));
    stage_queue(&b);
    stage_open(&c, "c", &b);
    stage_writes(&c, to_coherent, lines(4, 4));
    stage_queue(&c);
    stage_signals(&a, BATON_OK);
    stage_signals(&b, BATON_OK);
    stage_signals(&c, BATON_OK);
    check_newest(4, 4, 8);
}

/* F5: each of those behind is told once; nothing of theirs has changed. */
static void errors_travel(void **state)
{
    (void)state;
    three_stages();
    stage_signals(&a, BATON_ERROR_DEVICE);
    check_started(&a, 1, BATON_OK);
    check_started(&b, 1, BATON_ERROR_DEVICE);
    check_started(&c, 1, BATON_ERROR_DEVICE);
    assert_true(b.order < c.order);
    assert_int_equal(baton_fence_status(baton, a.fence), BATON_ERROR_DEVICE);
    assert_int_equal(baton_fence_status(baton, b.fence), BATON_ERROR_DEVICE);
    assert_int_equal(baton_fence_status(baton, c.fence), BATON_ERROR_DEVICE);
    check_all_free();
    check_newest(8, 0,
                 4); /* a may have written its four lines; the CPU's stores to the others: 4 published for b, 8 dirty */
    forget_maintenance();
    cpu_does(BATON_READ, lines(4, 4));
    check_maintained(NOTHING, NOTHING);
    stage_close(&c);
    stage_close(&a);
    stage_close(&b);
}

/* R16: a coherent device that was going to overwrite, and did not, leaves the bytes in both domains. */
static void overwrite_that_never_started(void **state)
{
    struct baton_cpu_access access;
    uint32_t base;

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 2), BATON_OVERWRITE, &access));
    base = machine_offset(&machine, access.data);
    for (unsigned i = 0; i < 2 * GRANULE; i++)
        cpu_store(&machine, base + i, (uint8_t)i);
    OK(baton_end_cpu_access(baton, &access));
    device_writes(to_dma, lines(1, 1)); /* stale */
    for (unsigned i = 0; i < GRANULE; i++)
        device_store(&machine, base + GRANULE + i, (uint8_t)(i + 7));
    stage_open(&a, "a", NULL);
    stage_queue(&a);
    stage_open(&b, "b", &a);
    forget_maintenance();
    stage_writes(&b, to_coherent, lines(0, 2));
    check_maintained(NOTHING, lines(1, 1)); /* a plain OVERWRITE would give the old bytes up */
    stage_queue(&b);
    stage_signals(&a, BATON_ERROR_DEVICE);
    check_started(&b, 1, BATON_ERROR_DEVICE);
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 2), BATON_READ, &access));
    for (unsigned i = 0; i < GRANULE; i++) {
        assert_int_equal(cpu_load(&machine, base + i), (uint8_t)i);
        assert_int_equal(cpu_load(&machine, base + GRANULE + i), (uint8_t)(i + 7));
    }
    OK(baton_end_cpu_access(baton, &access));
}

/* F5: a stage that is being built when the one before fails is told when it is queued; one that is opened after that, too. */
static void an_error_meets_a_stage_that_is_being_built(void **state)
{
    struct baton_source source;

    (void)state;
    stage_open(&a, "a", NULL);
    stage_queue(&a);
    stage_open(&b, "b", &a);
    stage_writes(&b, to_dma, lines(0, 2));
    stage_signals(&a, BATON_ERROR_DEVICE);
    check_all_free();
    check_started(&b, 0, BATON_OK);
    assert_int_equal(baton_fence_status(baton, b.fence), BATON_ERROR_DEVICE);
    REFUSED(BATON_ERROR_DEVICE, baton_fence_map_to_device, baton, b.fence, to_dma, lines(0, 1), &source);
    stage_queue(&b);
    check_started(&b, 1, BATON_ERROR_DEVICE);
    REFUSED(BATON_ERROR_HELD, baton_fence_queue, baton, b.fence);
    stage_open(&c, "c", &a);
    assert_int_equal(baton_fence_status(baton, c.fence), BATON_ERROR_DEVICE);
    stage_queue(&c);
    check_started(&c, 1, BATON_ERROR_DEVICE);
    stage_close(&a);
    stage_close(&b);
    stage_close(&c);
}

static void is_not_closed_from_within(struct stage *stage)
{
    REFUSED(BATON_ERROR_HELD, baton_fence_close, baton, &stage->fence);
}

/* F8: its error can be seen, but it is told still. */
static void no_close_while_an_error_is_told(void **state)
{
    (void)state;
    stage_open(&a, "a", NULL);
    stage_queue(&a);
    stage_open(&b, "b", &a);
    stage_signals(&a, BATON_ERROR_DEVICE);
    assert_int_equal(baton_fence_status(baton, b.fence), BATON_ERROR_DEVICE);
    b.then = is_not_closed_from_within;
    stage_queue(&b);
    b.then = NULL;
    check_started(&b, 1, BATON_ERROR_DEVICE);
    stage_close(&b);
}

/* A stage that is being built when the one before is done starts when it is queued. */
static void the_one_before_is_done_first(void **state)
{
    (void)state;
    stage_open(&a, "a", NULL);
    stage_queue(&a);
    stage_open(&b, "b", &a);
    stage_writes(&b, to_dma, lines(0, 2));
    stage_signals(&a, BATON_OK);
    stage_close(&a);
    check_started(&b, 0, BATON_OK);
    check_hold(lines(0, 1), 1, "b", BATON_HOLD_CHAINED);
    forget_maintenance();
    stage_queue(&b);
    check_started(&b, 1, BATON_OK);
    check_barriers(1, 0);
    stage_signals(&b, BATON_OK);
    stage_close(&b);
}

/* F6, Q: what a device that may still run reads and writes stays with it until it is proven halted. */
static void timeout_quarantines(void **state)
{
    struct baton_cpu_access access;
    struct baton_source source;
    struct baton_destination destination;

    (void)state;
    cpu_does(BATON_WRITE, part(0, SIZE));
    stage_open(&a, "a", NULL);
    stage_reads(&a, to_dma, lines(0, 2));
    stage_writes(&a, to_dma, lines(2, 2));
    stage_queue(&a);
    stage_open(&b, "b", &a);
    stage_reads(&b, to_dma, lines(2, 2));
    stage_queue(&b);
    stage_signals(&a, BATON_ERROR_TIMEOUT);
    check_started(&b, 1, BATON_ERROR_TIMEOUT);
    assert_int_equal(baton_fence_status(baton, a.fence), BATON_ERROR_TIMEOUT);
    check_hold(lines(0, 1), 1, "a", BATON_HOLD_QUARANTINED);
    check_hold(lines(2, 1), 1, "a", BATON_HOLD_QUARANTINED);
    REFUSED(BATON_ERROR_QUARANTINED, baton_begin_cpu_access, baton, buffer, lines(2, 1), BATON_READ, &access);
    REFUSED(BATON_ERROR_QUARANTINED, baton_map_to_device, baton, to_dma, lines(3, 1), &source);
    REFUSED(BATON_ERROR_QUARANTINED, baton_begin_cpu_access, baton, buffer, lines(0, 1), BATON_WRITE, &access);
    REFUSED(BATON_ERROR_QUARANTINED, baton_map_from_device, baton, to_dma, lines(1, 1), BATON_WRITE, &destination);
    cpu_does(BATON_READ, lines(0, 2)); /* its source is harmed by nobody who reads */
    REFUSED(BATON_ERROR_HELD, baton_fence_close, baton, &a.fence);
    REFUSED(BATON_ERROR_HELD, baton_fence_signal, baton, a.fence, BATON_OK); /* too late */
    REFUSED(BATON_ERROR_HELD, baton_detach, baton, &to_dma);
    stage_close(&b);
    machine.in_interrupt++;
    OK(baton_fence_halted(baton, a.fence));
    machine.in_interrupt--;
    check_all_free();
    check_newest(12, 0, 2);
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_halted, baton, a.fence);
    cpu_does(BATON_WRITE, part(0, SIZE));
    stage_close(&a);
}

/* F7 */
static void cancelling(void **state)
{
    (void)state;
    three_stages();
    REFUSED(BATON_ERROR_HELD, baton_fence_cancel, baton, a.fence);
    OK(baton_fence_cancel(baton, b.fence));
    check_started(&b, 1, BATON_ERROR_CANCELLED);
    check_started(&c, 1, BATON_ERROR_CANCELLED);
    REFUSED(BATON_ERROR_HELD, baton_fence_cancel, baton, b.fence);
    REFUSED(BATON_ERROR_PENDING, baton_fence_signal, baton, b.fence, BATON_OK);
    check_hold(part(0, SIZE), 1, "a", BATON_HOLD_GRANTED);
    stage_close(&b);
    stage_close(&c);
    stage_signals(&a, BATON_OK); /* those that it knew are gone */
    assert_int_equal(b.starts + c.starts, 2);
    check_all_free();
    stage_open(&b, "b", &a);
    stage_writes(&b, to_dma, lines(0, 1));
    OK(baton_fence_cancel(baton, b.fence)); /* being built: nobody has to be told, but who queues it is */
    check_started(&b, 0, BATON_OK);
    check_all_free();
    stage_queue(&b);
    check_started(&b, 1, BATON_ERROR_CANCELLED);
    stage_close(&a);
    stage_close(&b);
}

/* F8 */
static void closing(void **state)
{
    baton_fence copy;

    (void)state;
    stage_open(&a, "a", NULL);
    stage_writes(&a, to_dma, lines(0, 1));
    copy = a.fence;
    stage_close(&a); /* never queued */
    check_all_free();
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_fence_status, baton, copy);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_fence_queue, baton, copy);
    three_stages();
    REFUSED(BATON_ERROR_HELD, baton_fence_close, baton, &a.fence);
    REFUSED(BATON_ERROR_HELD, baton_fence_close, baton, &b.fence);
    stage_signals(&a, BATON_OK);
    copy = a.fence;
    stage_close(&a);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_fence_signal, baton, copy, BATON_OK);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_fence_halted, baton, copy);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_fence_cancel, baton, copy);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_fence_close, baton, &copy);
    const struct baton_fence_config config = {.name = "late", .after = copy};
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_fence_open, baton, &config, &copy);
    /* One that is being built, with one before it that knows it. */
    stage_open(&a, "a", &c);
    stage_close(&a);
    stage_signals(&b, BATON_OK);
    stage_signals(&c, BATON_OK);
    check_all_free();
}

/* H3: fences are none of the other handles, nor these fences. */
static void foreign_handles(void **state)
{
    baton_fence foreign = {buffer.token};
    struct baton_source source;
    baton_buffer no_buffer;

    (void)state;
    stage_open(&a, "a", NULL);
    no_buffer.token = a.fence.token;
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_fence_queue, baton, foreign);
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_fence_map_to_device, baton, foreign, to_dma, lines(0, 1), &source);
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_fence_map_to_device, baton, a.fence, (baton_attachment){buffer.token},
            lines(0, 1), &source);
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_destroy, baton, &no_buffer);
    foreign.token = 0;
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_fence_queue, baton, foreign);
}

static void misuse(void **state)
{
    struct baton_fence_config config = {0};
    struct baton_destination destination;
    struct baton_source source;
    baton_fence fence;

    (void)state;
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_open, baton, &config, &fence);
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_open, baton, NULL, &fence);
    config.name = "b";
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_open, baton, &config, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_close, baton, NULL);
    assert_int_equal(baton_fence_open(NULL, &config, &fence), BATON_ERROR_ARGUMENT);
    stage_open(&a, "a", NULL);
    assert_int_equal(baton_fence_queue(NULL, a.fence), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_fence_status(NULL, a.fence), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_fence_close(NULL, &a.fence), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_fence_map_to_device(NULL, a.fence, to_dma, lines(0, 1), &source), BATON_ERROR_ARGUMENT);
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_map_to_device, baton, a.fence, to_dma, lines(0, 1), NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_map_from_device, baton, a.fence, to_dma, lines(0, 1), BATON_WRITE, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_map_from_device, baton, a.fence, to_dma, lines(0, 1),
            (enum baton_direction)3, &destination);
    REFUSED(BATON_ERROR_DIRECTION, baton_fence_map_from_device, baton, a.fence, to_dma, lines(0, 1), BATON_READ,
            &destination);
    REFUSED(BATON_ERROR_RANGE, baton_fence_map_to_device, baton, a.fence, to_dma, part(0, SIZE + 1), &source);
    config.after = a.fence;
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_open, baton, &config, &fence); /* it is being built */
    REFUSED(BATON_ERROR_PENDING, baton_fence_signal, baton, a.fence, BATON_OK);
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_halted, baton, a.fence);
    stage_queue(&a);
    REFUSED(BATON_ERROR_HELD, baton_fence_queue, baton, a.fence);
    REFUSED(BATON_ERROR_HELD, baton_fence_map_to_device, baton, a.fence, to_dma, lines(0, 1), &source);
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_signal, baton, a.fence, BATON_ERROR_CANCELLED);
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_signal, baton, a.fence, BATON_ERROR_BUSY);
    stage_signals(&a, BATON_OK);
    REFUSED(BATON_ERROR_HELD, baton_fence_signal, baton, a.fence, BATON_OK);
    REFUSED(BATON_ERROR_HELD, baton_fence_cancel, baton, a.fence);
    for (unsigned i = 1; i < 100; i++)
        stage_open(&b, "b", NULL);
    REFUSED(BATON_ERROR_NO_SLOT, baton_fence_open, baton, &config, &fence);
}

/* The access of a stage is the fence's: what the caller gets names segments, and ends nothing. */
static void segments_only(void **state)
{
    struct baton_destination destination;
    struct baton_source source;

    (void)state;
    stage_open(&a, "a", NULL);
    OK(baton_fence_map_to_device(baton, a.fence, to_dma, lines(0, 2), &source));
    OK(baton_fence_map_from_device(baton, a.fence, to_dma, lines(2, 2), BATON_WRITE, &destination));
    assert_int_equal(source.count, 1);
    assert_int_equal(destination.count, 1);
    assert_int_equal(destination.segments[0].address.value, source.segments[0].address.value + 2 * GRANULE);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_unmap_source, baton, &source);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_unmap_destination, baton, &destination);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_unmap_destination_partial, baton, &destination, NOTHING);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_quarantine, baton, &destination);
    stage_close(&a);
}

static void without_start(void **state)
{
    const struct baton_fence_config config = {.name = "plain"};
    baton_fence fence;

    (void)state;
    OK(baton_fence_open(baton, &config, &fence));
    OK(baton_fence_queue(baton, fence));
    check_barriers(1, 0);
    OK(baton_fence_signal(baton, fence, BATON_OK));
    assert_int_equal(baton_fence_status(baton, fence), BATON_OK);
    OK(baton_fence_close(baton, &fence));
}

/* R9: a stage's acquire has done with the barrier that was owed, though the stage never starts. */
static void barrier_of_a_stage_that_never_starts(void **state)
{
    (void)state;
    cpu_does(BATON_WRITE, part(0, SIZE));
    device_writes(to_coherent, lines(0, 1));
    check_barriers(1, 0);
    stage_open(&a, "a", NULL);
    stage_reads(&a, to_coherent, lines(0, 1));
    check_barriers(1, 0);
    stage_close(&a);
    cpu_does(BATON_READ, lines(0, 1));
    check_barriers(0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(publishing_is_done_when_mappings_are_added),
        TEST(trace_of_a_chain),
        TEST(others_are_kept_off),
        TEST(only_earlier_stages_are_excused),
        TEST(domains_differ_in_a_chain),
        TEST(errors_travel),
        TEST(overwrite_that_never_started),
        TEST(an_error_meets_a_stage_that_is_being_built),
        TEST(no_close_while_an_error_is_told),
        TEST(the_one_before_is_done_first),
        TEST(timeout_quarantines),
        TEST(cancelling),
        TEST(closing),
        TEST(foreign_handles),
        TEST(misuse),
        TEST(segments_only),
        TEST(without_start),
        TEST(barrier_of_a_stage_that_never_starts),
    };

    return cmocka_run_group_tests_name("fences", tests, NULL, NULL);
}
