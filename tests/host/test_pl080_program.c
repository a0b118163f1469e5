/* SPDX-License-Identifier: MIT */
/*
 * Random programs on the PL080 driver: starts, halts, resumes and stops of all channels, good lists and lists that run into a hole, while the
 * model goes on between any two register accesses and interrupts come in between or late. The same seed gives the same program.
 * What would break it: any end that is told twice, not at all, or as another one; a byte that moves after a halt or a stop has said that
 * none does.
 *
 * registers: modelled
 * link: drivers/pl080.c drivers/pl080_setup.c drivers/pl080_check.c drivers/pl080_list*.c drivers/dma_list.c
 */
#include "tests/host/support/pl080_fixture.h"

#define PROGRAMS 200u
#define STEPS 400u

/* What the program knows of a channel. */
static struct channel {
    unsigned starts;
    uint32_t words;  /* of its list */
    bool broken;     /* the list runs into a hole */
    bool still;      /* halted or stopped: no byte may move */
    uint32_t before; /* moved when it was */
} known[8];

static unsigned tally[DMA_ERROR_TIMEOUT + 1];
static uint32_t state;

static uint32_t below(uint32_t limit)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % limit;
}

static bool running(unsigned i)
{
    return known[i].starts != completed[i].calls;
}

static void start(unsigned i)
{
    struct channel *channel = &known[i];
    bool was = running(i);

    if (was) {
        struct baton_source same = {.access = {1},
                                    .length = 16,
                                    .count = 1,
                                    .segments = {{.address = {ON_BUS(LIST) + i * 0x100}, .length = 16}}};
        assert_int_not_equal(dma_start(&pl080.controller, i, &same, completion, &calls), DMA_OK);
        return;
    }
    channel->words = 1 + below(60);
    channel->broken = below(5) == 0;
    channel->still = false;
    struct baton_source list = copy_list(i, channel->words, 1 + channel->words / (1 + below(8)));
    if (channel->broken) {
        struct pl080_entry *first = (struct pl080_entry *)&model.memory[LIST + i * 0x100];
        first->destination = 0x40000000;
    }
    uint32_t configuration = PL080_CONFIGURATION_ITC | PL080_CONFIGURATION_IE;
    if (below(4) == 0) {
        configuration |= PL080_CONFIGURATION_H;
    }
    assert_int_equal(pl080_start(&pl080, i, &list, configuration, completion, &calls), DMA_OK);
    channel->starts++;
}

static void halt(unsigned i)
{
    enum dma_status status = dma_halt(&pl080.controller, i);

    assert_true(status == DMA_OK || pace == 0);
    if (status == DMA_OK) {
        known[i].still = true;
        known[i].before = copied(i);
    }
}

static void resume(unsigned i)
{
    known[i].still = false;
    enum dma_status status = dma_resume(&pl080.controller, i);
    assert_true(status == DMA_OK || (status == DMA_ERROR_TIMEOUT && pace == 0));
}

static void stop(unsigned i)
{
    assert_int_equal(dma_stop(&pl080.controller, i), DMA_OK);
    assert_false(running(i));
    known[i].still = true;
    known[i].before = copied(i);
}

static void check(void)
{
    for (unsigned i = 0; i < model.channels; i++) {
        assert_in_range(completed[i].calls, known[i].starts - (known[i].starts != 0), known[i].starts);
        if (known[i].still) {
            assert_int_equal(copied(i), known[i].before);
        }
        if (known[i].starts != 0 && !running(i)) {
            enum dma_status status = completed[i].status;
            assert_true(status == DMA_OK || status == DMA_ERROR_STOPPED ||
                        (status == DMA_ERROR_BUS && known[i].broken));
            assert_true(status != DMA_OK || (!known[i].broken && copied(i) / 4 == known[i].words));
        }
    }
    if (model.violation != NULL) {
        fail_msg("the driver did what the manual forbids: %s", model.violation);
    }
}

static void random_programs(void **unused)
{
    unsigned rearmed = 0;

    (void)unused;
    for (unsigned program = 0; program < PROGRAMS; program++) {
        state = program;
        open_initialised(program % 4 == 0);
        memset(known, 0, sizeof(known));
        unsigned told[8] = {0};
        for (unsigned step = 0; step < STEPS; step++) {
            unsigned i = below(model.channels);
            pace = below(4);
            interrupts = below(3) != 0;
            arm(below(4) == 0 ? below(16) : NEVER);
            switch (below(6)) {
            case 0:
            case 1:
                start(i);
                break;
            case 2:
                halt(i);
                break;
            case 3:
                resume(i);
                break;
            case 4:
                stop(i);
                break;
            default:
                for (uint32_t n = below(40); n != 0; n--) {
                    (void)pl080_model_step(&model);
                }
                deliver();
                break;
            }
            arm(NEVER);
            check();
            for (unsigned n = 0; n < model.channels; n++) {
                tally[completed[n].status] += completed[n].calls - told[n];
                told[n] = completed[n].calls;
            }
        }
        pace = 1;
        interrupts = true;
        for (unsigned i = 0; i < model.channels; i++) {
            resume(i);
        }
        finish();
        deliver();
        check();
        for (unsigned i = 0; i < model.channels; i++) {
            assert_false(running(i));
        }
        rearmed += model.rearmed;
        check_quiet();
    }
    /* Every outcome was met often, and the race of a halt with an end. */
    assert_true(tally[DMA_OK] > 1000 && tally[DMA_ERROR_STOPPED] > 1000 && tally[DMA_ERROR_BUS] > 100 && rearmed > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
