/* SPDX-License-Identifier: MIT */
/*
 * Halt, resume and stop of the PL080 driver, against a model of the hardware that may be anywhere in its list, and may end it between any two
 * register accesses of the driver.
 * What would break it: a FIFO that is thrown away, a channel called halted that still moves, a write that wakes a list which has ended, an
 * end that is reported twice, never, or as another one, a wait without a bound.
 *
 * registers: modelled
 * link: drivers/pl080.c drivers/pl080_setup.c drivers/pl080_check.c drivers/pl080_list*.c drivers/dma_list.c
 */
#include "tests/host/support/pl080_fixture.h"

#define CHANNEL 5u
#define WORDS_IN_ALL 40u
#define ENTRY_WORDS 8u
#define STEPS (2 * WORDS_IN_ALL + WORDS_IN_ALL / ENTRY_WORDS + 4) /* that the list takes, and some more */

static void start_somewhere(unsigned steps)
{
    assert_int_equal(start_copy(CHANNEL, WORDS_IN_ALL, ENTRY_WORDS), DMA_OK);
    for (unsigned i = 0; i < steps; i++) {
        (void)pl080_model_step(&model);
        deliver();
    }
}

/* The list is over, its end was told once, in a way that goes with what was moved. */
static void check_end(enum dma_status status)
{
    finish();
    deliver();
    assert_int_equal(completed[CHANNEL].calls, 1);
    assert_int_equal(completed[CHANNEL].status, status);
    if (status == DMA_OK) {
        assert_int_equal(copied(CHANNEL) / 4, WORDS_IN_ALL);
    }
    assert_int_equal(model.lost, 0);
    check_quiet();
    /* The channel works as before. */
    assert_int_equal(start_copy(CHANNEL, 9, 9), DMA_OK);
    finish();
    deliver();
    assert_int_equal(completed[CHANNEL].calls, 2);
    assert_int_equal(completed[CHANNEL].status, DMA_OK);
    assert_int_equal(copied(CHANNEL) / 4, 9);
    check_quiet();
}

static void halt_and_resume_anywhere(void **state)
{
    (void)state;
    for (unsigned speed = 0; speed < 4; speed++) {
        for (unsigned steps = 0; steps < STEPS; steps++) {
            open_initialised(false);
            start_somewhere(steps);
            pace = speed == 0 ? 1 : speed;
            assert_int_equal(dma_halt(&pl080.controller, CHANNEL), DMA_OK);
            unsigned transfers = model.transfers;
            bool over = calls != 0;
            finish();
            assert_int_equal(model.transfers, transfers);
            assert_int_equal(model.channel[CHANNEL].held, 0);
            assert_int_equal(dma_halt(&pl080.controller, CHANNEL), DMA_OK);
            assert_int_equal(pl080.channels[CHANNEL].running, !over);
            assert_int_equal(copied(CHANNEL) % 4, 0);
            pace = speed;
            assert_int_equal(dma_resume(&pl080.controller, CHANNEL), DMA_OK);
            assert_int_equal(dma_resume(&pl080.controller, CHANNEL), DMA_OK);
            pace = 0;
            check_end(DMA_OK);
        }
    }
}

/* The list ends right before each of the driver's register accesses; its interrupt comes at once, or when all is over. */
static void ends_while_it_is_halted(void **state)
{
    unsigned rearmed = 0;

    (void)state;
    for (unsigned late = 0; late < 2; late++) {
        for (unsigned steps = 0; steps < STEPS; steps += 3) {
            for (unsigned at = 0; at < 8; at++) {
                open_initialised(false);
                start_somewhere(steps);
                interrupts = late == 0;
                arm(at);
                enum dma_status status = dma_halt(&pl080.controller, CHANNEL);
                assert_int_equal(status, model.channel[CHANNEL].held != 0 ? DMA_ERROR_TIMEOUT : DMA_OK);
                arm(NEVER);
                pace = 1;
                assert_int_equal(dma_resume(&pl080.controller, CHANNEL), DMA_OK);
                /* Only where it ends behind the look at it. */
                assert_true(model.rearmed == 0 || at == 1);
                rearmed += model.rearmed;
                interrupts = true;
                deliver();
                check_end(DMA_OK);
            }
        }
    }
    assert_true(rearmed != 0);
}

static void ends_while_it_is_resumed(void **state)
{
    (void)state;
    for (unsigned late = 0; late < 2; late++) {
        for (unsigned steps = 0; steps < STEPS; steps += 3) {
            for (unsigned at = 0; at < 10; at++) {
                open_initialised(false);
                start_somewhere(steps);
                pace = 1;
                assert_int_equal(dma_halt(&pl080.controller, CHANNEL), DMA_OK);
                pace = 0;
                interrupts = late == 0;
                arm(at);
                assert_int_equal(dma_resume(&pl080.controller, CHANNEL), DMA_OK);
                arm(NEVER);
                interrupts = true;
                check_end(DMA_OK);
            }
        }
    }
}

/* And a resume of what was not halted, which ends meanwhile: it is not woken. */
static void ends_while_it_is_resumed_for_nothing(void **state)
{
    (void)state;
    for (unsigned late = 0; late < 2; late++) {
        for (unsigned at = 0; at < 10; at++) {
            open_initialised(false);
            start_somewhere(9);
            interrupts = late == 0;
            arm(at);
            assert_int_equal(dma_resume(&pl080.controller, CHANNEL), DMA_OK);
            arm(NEVER);
            interrupts = true;
            check_end(DMA_OK);
        }
    }
}

/* The CPU was elsewhere for longer than the time that the FIFO is given, in which it was drained. */
static void drained_while_nobody_looked(void **state)
{
    (void)state;
    open_initialised(false);
    start_somewhere(7);
    assert_true(model.channel[CHANNEL].held != 0);
    jump = 2;
    assert_int_equal(dma_halt(&pl080.controller, CHANNEL), DMA_OK);
    assert_int_equal(jump, 0);
    assert_int_equal(dma_resume(&pl080.controller, CHANNEL), DMA_OK);
    check_end(DMA_OK);
}

/* Halted while the last words are in the FIFO, which leave it only later: the list ends halted, and is not woken. */
static void drained_after_the_halt_gave_up(void **state)
{
    (void)state;
    for (unsigned steps = 0; steps < STEPS; steps++) {
        open_initialised(false);
        start_somewhere(steps);
        model.not_drained = true;
        bool held = model.channel[CHANNEL].held != 0;
        enum dma_status status = dma_halt(&pl080.controller, CHANNEL);
        assert_int_equal(status, held ? DMA_ERROR_TIMEOUT : DMA_OK);
        if (held) {
            assert_in_range(clock_now, TIMEOUT, TIMEOUT + 10);
            clock_now = 0;
            assert_int_equal(dma_resume(&pl080.controller, CHANNEL), DMA_ERROR_TIMEOUT);
            assert_in_range(clock_now, TIMEOUT, TIMEOUT + 10);
        }
        model.not_drained = false;
        pace = 1;
        assert_int_equal(dma_resume(&pl080.controller, CHANNEL), DMA_OK);
        check_end(DMA_OK);
    }
}

static void started_halted(void **state)
{
    (void)state;
    open_initialised(false);
    struct baton_source list = copy_list(CHANNEL, WORDS_IN_ALL, ENTRY_WORDS);
    assert_int_equal(pl080_start(&pl080, CHANNEL, &list,
                                 PL080_CONFIGURATION_H | PL080_CONFIGURATION_ITC | PL080_CONFIGURATION_IE, completion,
                                 &calls),
                     DMA_OK);
    finish();
    assert_int_equal(model.transfers, 0);
    assert_int_equal(dma_resume(&pl080.controller, CHANNEL), DMA_OK);
    check_end(DMA_OK);
}

static void stop_anywhere(void **state)
{
    unsigned stopped = 0;
    unsigned done = 0;

    (void)state;
    for (unsigned speed = 1; speed < 4; speed++) {
        for (unsigned halted = 0; halted < 2; halted++) {
            for (unsigned steps = 0; steps < STEPS; steps++) {
                open_initialised(false);
                start_somewhere(steps);
                pace = speed;
                if (halted != 0) {
                    assert_int_equal(dma_halt(&pl080.controller, CHANNEL), DMA_OK);
                }
                assert_int_equal(dma_stop(&pl080.controller, CHANNEL), DMA_OK);
                pace = 0;
                assert_int_equal(calls, 1);
                unsigned transfers = model.transfers;
                finish();
                assert_int_equal(model.transfers, transfers);
                assert_int_equal(dma_stop(&pl080.controller, CHANNEL), DMA_OK);
                enum dma_status status = completed[CHANNEL].status;
                assert_true(status == DMA_OK || status == DMA_ERROR_STOPPED);
                stopped += status == DMA_ERROR_STOPPED;
                done += status == DMA_OK;
                assert_int_equal(status == DMA_OK, copied(CHANNEL) / 4 == WORDS_IN_ALL);
                check_end(status);
            }
        }
    }
    assert_true(stopped != 0 && done != 0);
}

static void ends_while_it_is_stopped(void **state)
{
    unsigned rearmed = 0;
    unsigned done = 0;

    (void)state;
    for (unsigned late = 0; late < 2; late++) {
        for (unsigned steps = 0; steps < STEPS; steps += 3) {
            for (unsigned at = 0; at < 20; at++) {
                open_initialised(false);
                start_somewhere(steps);
                interrupts = late == 0;
                arm(at);
                assert_int_equal(dma_stop(&pl080.controller, CHANNEL), DMA_OK);
                arm(NEVER);
                assert_int_equal(completed[CHANNEL].calls, 1);
                enum dma_status status = completed[CHANNEL].status;
                assert_true(status == DMA_OK || status == DMA_ERROR_STOPPED);
                done += status == DMA_OK;
                rearmed += model.rearmed;
                assert_int_equal(status == DMA_OK, copied(CHANNEL) / 4 == WORDS_IN_ALL);
                interrupts = true;
                model.lost = 0; /* where it stood still with a full FIFO */
                check_end(status);
            }
        }
    }
    assert_true(rearmed != 0 && done != 0);
}

/* It fails where it might have been stopped: the error is what is reported. */
static void fails_while_it_is_stopped(void **state)
{
    (void)state;
    for (unsigned at = 0; at < 16; at++) {
        open_initialised(false);
        struct baton_source list = copy_list(CHANNEL, WORDS_IN_ALL, ENTRY_WORDS);
        assert_int_equal(dma_start(&pl080.controller, CHANNEL, &list, completion, &calls), DMA_OK);
        model.channel[CHANNEL].next = 0x40000000;
        interrupts = at % 2 == 0;
        arm(at / 2);
        assert_int_equal(dma_stop(&pl080.controller, CHANNEL), DMA_OK);
        arm(NEVER);
        assert_int_equal(calls, 1);
        /* Before H is set; halted it does not get so far. */
        assert_int_equal(completed[CHANNEL].status, at / 2 <= 1 ? DMA_ERROR_BUS : DMA_ERROR_STOPPED);
        assert_int_equal(model.errors, 0);
        interrupts = true;
        check_end(completed[CHANNEL].status);
    }
}

/* A destination that asks for no more: the FIFO cannot be drained, and is given up after the time for it. */
static void a_fifo_that_is_lost(void **state)
{
    (void)state;
    open_initialised(false);
    start_somewhere(7);
    model.not_drained = true;
    assert_int_equal(dma_stop(&pl080.controller, CHANNEL), DMA_OK);
    assert_in_range(clock_now, TIMEOUT, TIMEOUT + 10);
    assert_true(model.lost != 0);
    assert_int_equal(completed[CHANNEL].status, DMA_ERROR_STOPPED);
    model.not_drained = false;
    model.lost = 0;
    check_end(DMA_ERROR_STOPPED);
}

static void a_channel_that_does_not_stop(void **state)
{
    (void)state;
    open_initialised(false);
    start_somewhere(7);
    model.stuck = true;
    pace = 1;
    assert_int_equal(dma_stop(&pl080.controller, CHANNEL), DMA_ERROR_TIMEOUT);
    assert_in_range(clock_now, TIMEOUT, 3 * TIMEOUT);
    assert_int_equal(calls, 0);
    assert_int_equal(start_copy(CHANNEL, 4, 4), DMA_ERROR_BUSY);
    model.stuck = false;
    assert_int_equal(dma_stop(&pl080.controller, CHANNEL), DMA_OK);
    pace = 0;
    check_end(DMA_ERROR_STOPPED);
}

/* The list ends and the channel stays enabled whatever is written: nobody is told that it has let go of the destination. */
static void a_channel_that_does_not_end(void **state)
{
    (void)state;
    open_initialised(false);
    start_somewhere(0);
    model.stuck = true;
    finish();
    deliver();
    assert_int_equal(calls, 1);
    assert_int_equal(completed[CHANNEL].status, DMA_ERROR_TIMEOUT);
    assert_false(pl080_model_line(&model));
    assert_int_equal(start_copy(CHANNEL, 4, 4), DMA_ERROR_BUSY);
    model.stuck = false;
    model.channel[CHANNEL].configuration = 0;
    check_end(DMA_ERROR_TIMEOUT);
}

static void idle_channels(void **state)
{
    (void)state;
    open_initialised(false);
    unsigned writes = model.writes;
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(dma_halt(&pl080.controller, i), DMA_OK);
        assert_int_equal(dma_resume(&pl080.controller, i), DMA_OK);
        assert_int_equal(dma_stop(&pl080.controller, i), DMA_OK);
    }
    assert_int_equal(model.writes, writes);
    assert_int_equal(calls, 0);
    check_quiet();
}

/* A stopped channel's neighbour goes on. */
static void neighbours(void **state)
{
    (void)state;
    open_initialised(false);
    assert_int_equal(start_copy(1, 100, 32), DMA_OK);
    start_somewhere(3);
    pace = 1;
    assert_int_equal(dma_halt(&pl080.controller, CHANNEL), DMA_OK);
    finish();
    deliver();
    assert_int_equal(completed[1].calls, 1);
    assert_int_equal(completed[1].status, DMA_OK);
    assert_int_equal(copied(1) / 4, 100);
    assert_int_equal(completed[CHANNEL].calls, 0);
    assert_int_equal(dma_stop(&pl080.controller, CHANNEL), DMA_OK);
    pace = 0;
    check_end(DMA_ERROR_STOPPED);
}

static void stop_and_start(void)
{
    assert_int_equal(dma_stop(&pl080.controller, CHANNEL), DMA_OK);
    assert_int_equal(start_copy(CHANNEL, WORDS_IN_ALL, ENTRY_WORDS), DMA_OK);
}

/* The interrupt's CPU has read that the channel has ended; before it has the lock another has concluded that, and started it again. */
static void restarted_by_another_cpu(void **state)
{
    (void)state;
    open_initialised(false);
    interrupts = false;
    start_somewhere(0);
    finish();
    elsewhere = stop_and_start;
    pl080_interrupt(&pl080);
    assert_null(elsewhere);
    assert_int_equal(completed[CHANNEL].calls, 1);
    assert_int_equal(completed[CHANNEL].status, DMA_OK);
    assert_true(pl080.channels[CHANNEL].running);
    finish();
    pl080_interrupt(&pl080);
    assert_int_equal(completed[CHANNEL].calls, 2);
    assert_int_equal(completed[CHANNEL].status, DMA_OK);
    assert_int_equal(copied(CHANNEL) / 4, WORDS_IN_ALL);
    check_quiet();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halt_and_resume_anywhere),
        cmocka_unit_test(ends_while_it_is_halted),
        cmocka_unit_test(ends_while_it_is_resumed),
        cmocka_unit_test(ends_while_it_is_resumed_for_nothing),
        cmocka_unit_test(drained_while_nobody_looked),
        cmocka_unit_test(drained_after_the_halt_gave_up),
        cmocka_unit_test(started_halted),
        cmocka_unit_test(stop_anywhere),
        cmocka_unit_test(ends_while_it_is_stopped),
        cmocka_unit_test(fails_while_it_is_stopped),
        cmocka_unit_test(a_fifo_that_is_lost),
        cmocka_unit_test(a_channel_that_does_not_stop),
        cmocka_unit_test(a_channel_that_does_not_end),
        cmocka_unit_test(idle_channels),
        cmocka_unit_test(neighbours),
        cmocka_unit_test(restarted_by_another_cpu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
