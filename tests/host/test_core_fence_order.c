/* SPDX-License-Identifier: MIT */
/*
 * Fences: in which order stages start, from where, and what happens when others come in between (docs/OWNERSHIP.md, F3 to F9).
 */
// link: core/*.c
#include "tests/host/support/chain_fixture.h"

#include <pthread.h>
#include <semaphore.h>

enum { STAGES = 100 };

static struct stage stages[STAGES];
static uintptr_t deepest, highest;

/* A device that is done before its doorbell's store has returned. */
static void done_at_once(struct stage *stage)
{
    const uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    deepest = here < deepest ? here : deepest;
    highest = here > highest ? here : highest;
    stage_signals(stage, BATON_OK);
    assert_int_equal(baton_fence_status(baton, stage->fence), BATON_ERROR_PENDING); /* its start has not returned */
    REFUSED(BATON_ERROR_HELD, baton_fence_close, baton, &stage->fence);
}

/* F4. Breaks if a signal starts the next stage from within: the stack would grow with the chain. */
static void a_chain_of_synchronous_devices_costs_no_stack(void **state)
{
    (void)state;
    deepest = UINTPTR_MAX;
    highest = 0;
    starts_so_far = 0;
    for (unsigned i = 0; i < STAGES; i++) {
        stages[i].then = i == 0 ? NULL : done_at_once;
        stage_open(&stages[i], "stage", i == 0 ? NULL : &stages[i - 1]);
        if (i % 10 == 0)
            stage_writes(&stages[i], to_dma, lines(0, LINES));
        stage_queue(&stages[i]);
    }
    stage_signals(&stages[0], BATON_OK);
    for (unsigned i = 0; i < STAGES; i++) {
        check_started(&stages[i], 1, BATON_OK);
        assert_int_equal(stages[i].order, i + 1);
        stage_close(&stages[i]);
    }
    assert_int_equal(deepest, highest);
    check_hold(part(0, SIZE), 0, "", BATON_HOLD_GRANTED);
}

/* The same for the error of a hundred stages. */
static void an_error_travels_without_stack(void **state)
{
    (void)state;
    for (unsigned i = 0; i < STAGES; i++) {
        stages[i].then = NULL;
        stage_open(&stages[i], "stage", i == 0 ? NULL : &stages[i - 1]);
        stage_queue(&stages[i]);
    }
    stage_signals(&stages[0], BATON_ERROR_DEVICE);
    for (unsigned i = 1; i < STAGES; i++)
        check_started(&stages[i], 1, BATON_ERROR_DEVICE);
}

static void signals_at_once(struct stage *stage)
{
    stage_signals(stage, BATON_OK);
}

/* A synchronous device in front: it is done within baton_fence_queue(). */
static void done_within_queue(void **state)
{
    (void)state;
    stages[0].then = stages[1].then = done_at_once;
    stage_open(&stages[0], "first", NULL);
    stage_writes(&stages[0], to_dma, lines(0, 2));
    stage_queue(&stages[0]);
    assert_int_equal(baton_fence_status(baton, stages[0].fence), BATON_OK);
    stage_open(&stages[1], "second", &stages[0]);
    stage_reads(&stages[1], to_dma, lines(0, 2));
    stage_queue(&stages[1]);
    assert_int_equal(baton_fence_status(baton, stages[1].fence), BATON_OK);
}

/* F3: all that follow one stage start, the oldest first; their own followers after them. */
static void several_followers(void **state)
{
    (void)state;
    starts_so_far = 0;
    for (unsigned i = 0; i < 4; i++) {
        stages[i].then = i == 2 ? signals_at_once : NULL;
        stage_open(&stages[i], "stage", i == 0 ? NULL : &stages[0]);
        stage_reads(&stages[i], to_dma, lines(0, 1));
        stage_queue(&stages[i]);
    }
    stages[4].then = NULL;
    stage_open(&stages[4], "behind", &stages[2]);
    stage_queue(&stages[4]);
    forget_maintenance();
    stage_signals(&stages[0], BATON_OK);
    check_barriers(4, 0);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(stages[i].order, i + 1);
    stage_signals(&stages[1], BATON_ERROR_DEVICE); /* is no business of its sisters */
    stage_signals(&stages[3], BATON_OK);
    assert_int_equal(baton_fence_status(baton, stages[3].fence), BATON_OK);
}

/* Its start cancels, signals or closes others; these are on the way to theirs. */
static void cancels_its_sister(struct stage *stage)
{
    (void)stage;
    OK(baton_fence_cancel(baton, stages[2].fence));
    REFUSED(BATON_ERROR_HELD, baton_fence_cancel, baton, stages[2].fence);
    REFUSED(BATON_ERROR_HELD, baton_fence_close, baton, &stages[2].fence);
    REFUSED(BATON_ERROR_PENDING, baton_fence_signal, baton, stages[2].fence, BATON_OK);
    stage_close(&stages[0]); /* done with */
}

/* F7: what is cancelled between its predecessor's signal and its own start is not started. */
static void cancelled_on_the_way(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        stages[i].then = i == 1 ? cancels_its_sister : NULL;
        stage_open(&stages[i], "stage", i == 0 ? NULL : &stages[0]);
        stage_writes(&stages[i], to_dma, lines(i, 1));
        stage_queue(&stages[i]);
    }
    stages[3].then = NULL;
    stage_open(&stages[3], "behind", &stages[2]);
    stage_queue(&stages[3]);
    stage_signals(&stages[0], BATON_OK);
    check_started(&stages[1], 1, BATON_OK);
    check_started(&stages[2], 1, BATON_ERROR_CANCELLED);
    check_started(&stages[3], 1, BATON_ERROR_CANCELLED);
    check_hold(part(0, SIZE), 1, "stage", BATON_HOLD_GRANTED);
}

static void queues_another(struct stage *stage)
{
    stages[1].then = NULL;
    stage_open(&stages[1], "next", stage);
    stage_writes(&stages[1], to_dma, lines(0, 1));
    stage_queue(&stages[1]);
    check_started(&stages[1], 0, BATON_OK);
    stage_signals(stage, BATON_OK);
    check_started(&stages[1], 0, BATON_OK); /* not from within */
}

/* F9: the error of a stage is told in a start that may look after the others. */
static void queues_within_start(void **state)
{
    (void)state;
    stages[0].then = queues_another;
    stage_open(&stages[0], "first", NULL);
    stage_queue(&stages[0]);
    check_started(&stages[1], 1, BATON_OK);
    stage_signals(&stages[1], BATON_OK);
}

static void queues_its_sister(struct stage *stage)
{
    (void)stage;
    stage_queue(&stages[2]);
    check_started(&stages[2], 0, BATON_OK); /* not from within */
}

/* F5: the error is on its way to a stage that is queued at that moment. Breaks if that puts it into a list a second time. */
static void queued_on_the_way(void **state)
{
    (void)state;
    stages[0].then = stages[2].then = NULL;
    stages[1].then = queues_its_sister;
    stage_open(&stages[0], "first", NULL);
    stage_queue(&stages[0]);
    stage_open(&stages[1], "second", &stages[0]);
    stage_queue(&stages[1]);
    stage_open(&stages[2], "third", &stages[0]);
    stage_signals(&stages[0], BATON_ERROR_DEVICE);
    for (unsigned i = 1; i < 3; i++)
        check_started(&stages[i], 1, BATON_ERROR_DEVICE);
    stage_close(&stages[2]); /* nobody is at work on it */
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Others come while a mapping is in transit */

static unsigned visits;
static enum baton_status met_queue, met_close;

static void fails_meanwhile(struct machine *machine_, void *context)
{
    (void)context;
    machine_->meanwhile = NULL;
    visits++;
    met_queue = baton_fence_queue(baton, stages[1].fence);
    met_close = baton_fence_close(baton, &stages[1].fence);
    stage_signals(&stages[0], BATON_ERROR_DEVICE);
    /* The line is under maintenance still. */
    check_hold(lines(0, 1), 1, "second", BATON_HOLD_IN_TRANSIT);
    check_hold(lines(4, 1), 0, "second", BATON_HOLD_CHAINED);
}

static void cancels_meanwhile(struct machine *machine_, void *context)
{
    (void)context;
    machine_->meanwhile = NULL;
    visits++;
    OK(baton_fence_cancel(baton, stages[1].fence));
}

/* F5. Breaks if a mapping that is in transit is ended by the failing chain (its call would go on with a slot that is free), or if it is
 * left for ever. */
static void fails_while_a_mapping_is_in_transit(void **state)
{
    for (unsigned round = 0; round < 2; round++) {
        setup(state);
        cpu_does(BATON_WRITE, part(0, SIZE));
        visits = 0;
        stages[0].then = stages[1].then = NULL;
        stage_open(&stages[0], "first", NULL);
        stage_queue(&stages[0]);
        stage_open(&stages[1], "second", &stages[0]);
        stage_writes(&stages[1], to_dma, lines(4, 1));
        machine.meanwhile = round == 0 ? fails_meanwhile : cancels_meanwhile;
        stage_writes(&stages[1], to_dma, lines(0, 1));
        assert_int_equal(visits, 1);
        if (round == 0) {
            assert_int_equal(met_queue, BATON_ERROR_IN_TRANSIT);
            assert_int_equal(met_close, BATON_ERROR_IN_TRANSIT);
        }
        check_hold(part(0, SIZE), 0, "", BATON_HOLD_GRANTED);
        stage_queue(&stages[1]);
        check_started(&stages[1], 1, round == 0 ? BATON_ERROR_DEVICE : BATON_ERROR_CANCELLED);
        stage_close(&stages[1]);
        machine.meanwhile = NULL;
    }
}

/* Another CPU, which takes turns with this one. */
static sem_t its_turn, my_turn;
static struct baton_cpu_access between;

static void waits_in_transit(struct machine *machine_, void *context)
{
    (void)context;
    machine_->meanwhile = NULL;
    sem_post(&my_turn);
    sem_wait(&its_turn);
}

static enum baton_status it_maps(const struct stage *stage, uint32_t line)
{
    struct baton_destination destination;

    return baton_fence_map_from_device(baton, stage->fence, to_dma, lines(line, 1), BATON_OVERWRITE, &destination);
}

/* Its mapping of the first stage is in transit when that is cancelled. Then it builds the second, whose newer mapping has the slot that
 * the first's had. */
static void *it_builds(void *result)
{
    bool good = it_maps(&stages[0], 0) == BATON_OK;

    good &= baton_begin_cpu_access(baton, buffer, lines(15, 1), BATON_READ, &between) == BATON_OK;
    good &= it_maps(&stages[1], 8) == BATON_OK;
    good &= baton_end_cpu_access(baton, &between) == BATON_OK;
    good &= it_maps(&stages[1], 9) == BATON_OK;
    sem_post(&my_turn);
    return good ? result : NULL;
}

/* The lock was given back after a mapping has ended. */
static void let_it_build(struct machine *machine_)
{
    machine_->interrupt = NULL;
    check_hold(lines(4, 1), 0, "", BATON_HOLD_GRANTED);
    sem_post(&its_turn);
    sem_wait(&my_turn);
}

/* F5. Breaks if the walk over a stage's mappings goes on behind one that is no longer the stage's. */
static void the_list_changes_while_it_ends(void **state)
{
    pthread_t other;
    void *result;

    (void)state;
    cpu_does(BATON_READ, part(0, SIZE));
    cpu_does(BATON_WRITE, lines(0, 1));
    stages[0].then = stages[1].then = NULL;
    stage_open(&stages[0], "first", NULL);
    stage_open(&stages[1], "second", NULL);
    stage_writes(&stages[0], to_dma, lines(4, 1));
    assert_int_equal(sem_init(&its_turn, 0, 0) | sem_init(&my_turn, 0, 0), 0);
    machine.meanwhile = waits_in_transit;
    assert_int_equal(pthread_create(&other, NULL, it_builds, stages), 0);
    sem_wait(&my_turn);
    machine.interrupt = let_it_build;
    OK(baton_fence_cancel(baton, stages[0].fence));
    assert_int_equal(pthread_join(other, &result), 0);
    assert_ptr_equal(result, stages);
    check_hold(lines(0, 1), 0, "", BATON_HOLD_GRANTED);
    check_hold(lines(8, 1), 1, "second", BATON_HOLD_CHAINED);
    check_hold(lines(9, 1), 1, "second", BATON_HOLD_CHAINED);
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Waiting */

static void signals_while_asleep(struct machine *machine_)
{
    machine_->clock += 10;
    visits++;
    stage_signals(&stages[0], BATON_OK);
}

static void closes_while_asleep(struct machine *machine_)
{
    struct stage *stage = &stages[1];

    machine_->clock += 10;
    stage_signals(stage, BATON_OK);
    OK(baton_fence_close(baton, &stage->fence));
}

static struct stage reused;

static void its_slot_is_reused_while_asleep(struct machine *machine_)
{
    machine_->clock += 10;
    machine_->asleep = NULL;
    closes_while_asleep(machine_);
    stage_open(&reused, "another", NULL);
}

/* F8, F9: by the time that the waiter wakes its stage is over and closed, and its slot has another that is pending. Breaks if that one is
 * waited for, until the deadline. */
static void the_slot_is_anothers(void **state)
{
    uint32_t before;

    (void)state;
    stages[1].then = NULL;
    stage_open(&stages[1], "stage", NULL);
    stage_queue(&stages[1]);
    before = machine.clock;
    machine.asleep = its_slot_is_reused_while_asleep;
    assert_int_equal(baton_fence_wait(baton, stages[1].fence, 100000), BATON_ERROR_STALE_HANDLE);
    assert_true(machine.clock - before < 1000);
    assert_int_equal(baton_fence_status(baton, reused.fence), BATON_ERROR_PENDING);
}

/* F9 */
static void waiting(void **state)
{
    (void)state;
    visits = 0;
    stages[0].then = stages[1].then = NULL;
    stage_open(&stages[0], "first", NULL);
    stage_writes(&stages[0], to_dma, lines(3, 1));
    stage_queue(&stages[0]);
    stage_open(&stages[1], "second", &stages[0]);
    stage_writes(&stages[1], to_coherent, lines(5, 1));
    stage_queue(&stages[1]);
    /* Who is in the way of the second one is the first. */
    before_refusal();
    uint32_t before = machine.clock;
    assert_int_equal(baton_fence_wait(baton, stages[1].fence, 1000), BATON_ERROR_TIMEOUT);
    assert_in_range(machine.clock - before, 1000, 1100);
    assert_string_equal(machine.last_misuse.verb, "baton_fence_wait");
    assert_string_equal(machine.last_misuse.holder, "dma");
    assert_string_equal(machine.last_misuse.buffer, "frame");
    assert_true(machine.last_misuse.holder_writes && machine.last_misuse.holder_call_site != 0);
    after_refusal("baton_fence_wait", BATON_ERROR_TIMEOUT);
    /* 0: just a look, in any context, and no misuse. */
    machine.misuses = 0;
    machine.may_not_wait = true;
    assert_int_equal(baton_fence_wait(baton, stages[1].fence, 0), BATON_ERROR_PENDING);
    assert_int_equal(machine.misuses, 0);
    REFUSED(BATON_ERROR_CONTEXT, baton_fence_wait, baton, stages[0].fence, 1000);
    machine.may_not_wait = false;
    REFUSED(BATON_ERROR_ARGUMENT, baton_fence_wait, baton, stages[0].fence, 0x80000000u);
    machine.asleep = signals_while_asleep;
    OK(baton_fence_wait(baton, stages[0].fence, 1000));
    assert_int_equal(visits, 1);
    OK(baton_fence_wait(baton, stages[0].fence, 1000));
    machine.may_not_wait = true;
    OK(baton_fence_wait(baton, stages[0].fence, 1000)); /* nothing to wait for */
    machine.may_not_wait = false;
    assert_int_equal(visits, 1);
    machine.asleep = closes_while_asleep;
    assert_int_equal(baton_fence_wait(baton, stages[1].fence, 1000), BATON_ERROR_STALE_HANDLE);
    machine.asleep = NULL;
    machine.port.wait = NULL;
    stage_open(&stages[2], "third", NULL);
    REFUSED(BATON_ERROR_CONTEXT, baton_fence_wait, baton, stages[2].fence, 1000);
    assert_int_equal(baton_fence_wait(NULL, stages[2].fence, 1000), BATON_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_chain_of_synchronous_devices_costs_no_stack),
        TEST(an_error_travels_without_stack),
        TEST(done_within_queue),
        TEST(several_followers),
        TEST(cancelled_on_the_way),
        TEST(queues_within_start),
        TEST(fails_while_a_mapping_is_in_transit),
        TEST(the_list_changes_while_it_ends),
        TEST(queued_on_the_way),
        TEST(the_slot_is_anothers),
        TEST(waiting),
    };

    return cmocka_run_group_tests_name("order of fences", tests, NULL, NULL);
}
