/* SPDX-License-Identifier: MIT */
/*
 * The PL080 driver against a model of the hardware: identification, start-up, the order of its writes, whole lists on every channel, bus errors,
 * masked, foreign and spurious interrupts.
 * What would break it: a part taken for another, a channel enabled before it is set up, an interrupt of the last list taken for this one's, an
 * error reported as success, a completion called twice or for the wrong channel.
 *
 * registers: modelled
 * link: drivers/pl080.c drivers/pl080_setup.c drivers/pl080_check.c drivers/pl080_list*.c drivers/dma_list.c
 */
#include "tests/host/support/pl080_fixture.h"

static void parts_are_identified(void **state)
{
    (void)state;
    open_part(false);
    assert_int_equal(pl080_init(&pl080, &config), DMA_OK);
    assert_string_equal(pl080.controller.name, "pl080");
    assert_int_equal(pl080.controller.channels, 8);
    assert_int_equal(pl080.limits, 0);
    open_part(true);
    assert_int_equal(pl080_init(&pl080, &config), DMA_OK);
    assert_string_equal(pl080.controller.name, "pl081");
    assert_int_equal(pl080.controller.channels, 2);
    assert_int_equal(pl080.limits, PL080_LIMIT_ONE_MASTER);
    /* QEMU's PL081 gives a PL080's configuration byte. */
    open_part(true);
    model.id[3] = 0x0a;
    assert_int_equal(pl080_init(&pl080, &config), DMA_OK);
    assert_int_equal(pl080.controller.channels, 2);
    assert_int_equal(pl080.limits, PL080_LIMIT_ONE_MASTER);
    check_quiet();
}

static void a_pl080_with_fewer_channels_or_masters(void **state)
{
    static const struct {
        uint8_t byte;
        unsigned channels;
        uint32_t limits;
    } cases[] = {{0x00, 2, 1}, {0x09, 4, 0}, {0x02, 8, 1}, {0x0b, 8, 0}, {0x0c, 8, 0}, {0x8a, 8, 0}};

    (void)state;
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        open_part(false);
        model.id[3] = cases[i].byte;
        model.channels = cases[i].channels;
        model.two_masters = cases[i].limits == 0;
        assert_int_equal(pl080_init(&pl080, &config), DMA_OK);
        assert_int_equal(pl080.controller.channels, cases[i].channels);
        assert_int_equal(pl080.limits, cases[i].limits);
        check_quiet();
    }
}

static void what_is_no_part_of_ours_is_left_alone(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            /* The revision is anybody's, and the configuration is told otherwise. One bit makes a PL080 a PL081. */
            if ((i == 2 && bit >= 4) || i == 3 || (i == 0 && bit == 0)) {
                continue;
            }
            open_part(false);
            model.id[i] ^= (uint8_t)(1u << bit);
            assert_int_equal(pl080_init(&pl080, &config), DMA_ERROR_ARGUMENT);
            assert_int_equal(model.writes, 0);
            assert_null(pl080.controller.operations);
        }
    }
    open_part(false);
    model.id[2] = 0xf4;
    assert_int_equal(pl080_init(&pl080, &config), DMA_OK);
}

static void endianness_and_synchronizers(void **state)
{
    (void)state;
    open_part(false);
    config.endianness = DMAC_CONFIGURATION_M1 | DMAC_CONFIGURATION_M2;
    config.synchronized = 0x8421;
    assert_int_equal(pl080_init(&pl080, &config), DMA_OK);
    assert_int_equal(model.configuration, 7);
    assert_int_equal(model.synchronized, 0x8421);
    open_part(true);
    config.endianness = DMAC_CONFIGURATION_M1;
    assert_int_equal(pl080_init(&pl080, &config), DMA_OK);
    assert_int_equal(model.configuration, 3);
    assert_int_equal(model.synchronized, 0);
    open_part(true);
    config.endianness = DMAC_CONFIGURATION_M2;
    assert_int_equal(pl080_init(&pl080, &config), DMA_ERROR_ARGUMENT);
    open_part(false);
    config.endianness = 8;
    assert_int_equal(pl080_init(&pl080, &config), DMA_ERROR_ARGUMENT);
    assert_int_equal(model.writes, 0);
}

/* A boot loader's transfer, in the middle, its interrupts enabled. */
static void leave_running(unsigned channel)
{
    struct pl080_model_channel *left = &model.channel[channel];
    (void)copy_list(channel, 200, 20);

    model.configuration = 1;
    memcpy(&left->source, &model.memory[LIST + channel * 0x100], 16);
    left->left = left->control & 0xfff;
    left->unwritten = left->left * 4;
    left->fresh = 15;
    left->configuration = 0xc001;
    model.terminal_counts = model.errors = 0xff;
    for (unsigned i = 0; i < 9; i++) {
        (void)pl080_model_step(&model);
    }
}

static void what_was_left_running_is_drained(void **state)
{
    (void)state;
    open_part(false);
    leave_running(2);
    assert_true(model.channel[2].held != 0);
    pace = 1;
    assert_int_equal(pl080_init(&pl080, &config), DMA_OK);
    assert_int_equal(model.lost, 0);
    assert_int_equal(model.terminal_counts | model.errors, 0);
    uint32_t moved = model.transfers;
    finish();
    assert_int_equal(model.transfers, moved);
    check_quiet();
    /* The controller was off: nothing drains, and nothing is waited for. */
    open_part(false);
    leave_running(2);
    model.configuration = 0;
    assert_int_equal(pl080_init(&pl080, &config), DMA_OK);
    assert_true(clock_now < 10);
    check_quiet();
}

static void a_part_that_does_not_obey(void **state)
{
    (void)state;
    open_part(false);
    leave_running(7);
    model.stuck = true;
    assert_int_equal(pl080_init(&pl080, &config), DMA_ERROR_TIMEOUT);
    assert_in_range(clock_now, TIMEOUT, 10 * TIMEOUT);
    open_part(false);
    model.dead = true;
    assert_int_equal(pl080_init(&pl080, &config), DMA_ERROR_TIMEOUT);
}

/* DDI 0196, Programming a DMA channel: clear the interrupts, addresses, LLI, control, then configuration with E. */
static void the_order_of_the_manual(void **state)
{
    (void)state;
    for (unsigned channel = 0; channel < 8; channel += 3) {
        open_initialised(false);
        interrupts = false;
        assert_int_equal(start_copy(channel, 8, 4), DMA_OK);
        const uint32_t at = 0x100 + 0x20 * channel;
        const struct {
            uint32_t offset, value;
        } wanted[] = {
            {0x008, 1u << channel},
            {0x010, 1u << channel},
            {at, ON_BUS(SOURCE) + channel * 0x400},
            {at + 4, ON_BUS(DESTINATION) + channel * 0x400},
            {at + 8, ON_BUS(LIST) + channel * 0x100 + 16},
            {at + 12, WORDS(4)},
            {NEVER, 0}, /* DSB */
            {at + 16, 0xc001},
            {0x008, 0}, /* no effect */
        };
        assert_int_equal(written_count, sizeof(wanted) / sizeof(wanted[0]));
        assert_memory_equal(written, wanted, sizeof(wanted));
        finish();
        interrupts = true;
        deliver();
        check_quiet();
    }
}

static void every_channel_by_itself(void **state)
{
    (void)state;
    for (unsigned pl081 = 0; pl081 < 2; pl081++) {
        for (unsigned channel = 0; channel < (pl081 ? 2u : 8u); channel++) {
            open_initialised(pl081);
            for (unsigned again = 1; again <= 3; again++) {
                assert_int_equal(start_copy(channel, 250, 17), DMA_OK);
                assert_int_equal(calls, again - 1);
                finish();
                deliver();
                assert_int_equal(calls, again);
                assert_int_equal(completed[channel].calls, again);
                assert_int_equal(completed[channel].status, DMA_OK);
                assert_int_equal(copied(channel) / 4, 250);
                check_quiet();
            }
        }
        assert_int_equal(start_copy(pl081 ? 2 : 8, 4, 4), DMA_ERROR_ARGUMENT);
    }
}

static void all_channels_at_once(void **state)
{
    (void)state;
    open_initialised(false);
    for (unsigned channel = 0; channel < 8; channel++) {
        assert_int_equal(start_copy(channel, 100 + channel, 32), DMA_OK);
    }
    while (pl080_model_step(&model)) {
        deliver();
    }
    for (unsigned channel = 0; channel < 8; channel++) {
        assert_int_equal(completed[channel].calls, 1);
        assert_int_equal(completed[channel].status, DMA_OK);
        assert_int_equal(copied(channel) / 4, 100 + channel);
    }
    check_quiet();
    /* All ended before any interrupt was taken: one tells of all. */
    interrupts = false;
    for (unsigned channel = 0; channel < 8; channel++) {
        assert_int_equal(start_copy(channel, 10, 10), DMA_OK);
    }
    finish();
    interrupts = true;
    handled = 0;
    deliver();
    assert_int_equal(handled, 1);
    assert_int_equal(calls, 16);
    check_quiet();
}

/* An entry whose source, destination or successor nobody answers for. */
static void bus_errors(void **state)
{
    const uint32_t hole = 0x40000000;

    (void)state;
    for (unsigned what = 0; what < 4; what++) {
        open_initialised(false);
        struct pl080_entry entries[3] = {
            entry_of(ON_BUS(SOURCE), ON_BUS(DESTINATION), ON_BUS(LIST) + 16, WORDS(8)),
            entry_of(ON_BUS(SOURCE) + 32, ON_BUS(DESTINATION) + 32, ON_BUS(LIST) + 32, WORDS(8)),
            entry_of(ON_BUS(SOURCE) + 64, ON_BUS(DESTINATION) + 64, 0, WORDS(8) | 1u << 31),
        };
        entries[1].source = what == 0 ? hole : entries[1].source;
        entries[1].destination = what == 1 ? hole : entries[1].destination;
        entries[2].destination = what == 2 ? hole : entries[2].destination;
        struct baton_source list = put(LIST, entries, 3);
        assert_int_equal(dma_start(&pl080.controller, 4, &list, completion, &calls), DMA_OK);
        if (what == 3) {
            /* Checked, and unmapped while it runs. */
            model.channel[4].next = hole;
        }
        assert_int_equal(start_copy(5, 20, 20), DMA_OK);
        finish();
        deliver();
        assert_int_equal(completed[4].calls, 1);
        assert_int_equal(completed[4].status, DMA_ERROR_BUS);
        assert_int_equal(completed[5].calls, 1);
        assert_int_equal(completed[5].status, DMA_OK);
        assert_int_equal(copied(5) / 4, 20);
        check_quiet();
        assert_int_equal(start_copy(4, 20, 7), DMA_OK);
        finish();
        deliver();
        assert_int_equal(completed[4].calls, 2);
        assert_int_equal(completed[4].status, DMA_OK);
        check_quiet();
    }
}

static void masked_interrupts_are_polled(void **state)
{
    (void)state;
    for (unsigned broken = 0; broken < 2; broken++) {
        open_initialised(false);
        struct baton_source list = copy_list(3, 8, 8);
        if (broken != 0) {
            struct pl080_entry entry =
                entry_of(ON_BUS(SOURCE), 0x40000000, 0, WORDS(8) | PL080_CONTROL_DI | PL080_CONTROL_SI | 1u << 31);
            list = put(LIST, &entry, 1);
        }
        assert_int_equal(pl080_start(&pl080, 3, &list, 0, completion, &calls), DMA_OK);
        finish();
        deliver();
        assert_int_equal(calls, 0);
        pl080_interrupt(&pl080);
        assert_int_equal(calls, 1);
        assert_int_equal(completed[3].status, broken ? DMA_ERROR_BUS : DMA_OK);
        check_quiet();
    }
}

static void spurious_and_foreign_interrupts(void **state)
{
    (void)state;
    open_initialised(false);
    pl080_interrupt(&pl080);
    assert_int_equal(written_count, 0);
    assert_int_equal(start_copy(1, 40, 40), DMA_OK);
    (void)pl080_model_step(&model);
    pl080_interrupt(&pl080); /* running, and not done */
    assert_int_equal(calls, 0);
    assert_true(pl080.channels[1].running);
    /* A channel that nobody has started: the line falls, or no CPU would get out of its handler. */
    model.channel[6].configuration = 0xc000;
    model.terminal_counts |= 1u << 6;
    model.errors |= 1u << 6;
    deliver();
    assert_false(pl080_model_line(&model));
    assert_int_equal(calls, 0);
    model.channel[6].configuration = 0;
    finish();
    deliver();
    assert_int_equal(calls, 1);
    assert_int_equal(completed[1].status, DMA_OK);
    check_quiet();
}

static void busy_channels(void **state)
{
    (void)state;
    open_initialised(false);
    interrupts = false;
    assert_int_equal(start_copy(0, 40, 40), DMA_OK);
    unsigned writes = model.writes;
    assert_int_equal(start_copy(0, 40, 40), DMA_ERROR_BUSY);
    finish(); /* done, and its completion not called */
    assert_int_equal(start_copy(0, 40, 40), DMA_ERROR_BUSY);
    assert_int_equal(model.writes, writes);
    interrupts = true;
    deliver();
    assert_int_equal(calls, 1);
    /* Enabled by somebody else; active after it was disabled. */
    model.channel[0].configuration = 1;
    assert_int_equal(start_copy(0, 40, 40), DMA_ERROR_BUSY);
    model.channel[0].configuration = 0;
    model.channel[0].held = 4;
    assert_int_equal(start_copy(0, 40, 40), DMA_ERROR_BUSY);
    model.channel[0].held = 0;
    check_quiet();
}

static unsigned restarts;

static void restart(void *context, unsigned channel, enum dma_status status)
{
    completion(context, channel, status);
    if (restarts != 0) {
        struct baton_source list = copy_list(channel, 30 + restarts, 8);
        restarts--;
        assert_int_equal(dma_start(&pl080.controller, channel, &list, restart, context), DMA_OK);
    }
}

/* Ended before, while and after each access of a start and of a handler; each completion starts the next list. */
static void restarted_from_completions(void **state)
{
    (void)state;
    for (unsigned speed = 0; speed < 40; speed++) {
        open_initialised(false);
        pace = speed;
        restarts = 5;
        struct baton_source list = copy_list(7, 30, 8);
        assert_int_equal(dma_start(&pl080.controller, 7, &list, restart, &calls), DMA_OK);
        for (unsigned i = 0; i < 2000 && calls < 6; i++) {
            (void)pl080_model_step(&model);
            deliver();
        }
        assert_int_equal(completed[7].calls, 6);
        assert_int_equal(completed[7].status, DMA_OK);
        assert_int_equal(copied(7) / 4, 31);
        check_quiet();
    }
}

/* The line is up for a list's end before the start returns: the completion comes while the starting task is in there. */
static void ended_within_the_start(void **state)
{
    (void)state;
    for (unsigned at = 0; at < 12; at++) {
        open_initialised(false);
        struct baton_source list = copy_list(2, 20, 8);
        arm(at);
        assert_int_equal(dma_start(&pl080.controller, 2, &list, completion, &calls), DMA_OK);
        finish();
        deliver();
        assert_int_equal(calls, 1);
        assert_int_equal(completed[2].status, DMA_OK);
        assert_int_equal(copied(2) / 4, 20);
        check_quiet();
    }
}

static void arguments(void **state)
{
    (void)state;
    open_initialised(false);
    struct baton_source list = copy_list(0, 4, 4);
    const uint32_t refused[] = {PL080_CONFIGURATION_E, PL080_CONFIGURATION_A, 1u << 5, 1u << 10, 1u << 19, 1u << 31};

    unsigned writes = model.writes;
    assert_int_equal(dma_start(&pl080.controller, 8, &list, completion, &calls), DMA_ERROR_ARGUMENT);
    assert_int_equal(dma_start(&pl080.controller, 0, NULL, completion, &calls), DMA_ERROR_ARGUMENT);
    assert_int_equal(dma_start(&pl080.controller, 0, &list, NULL, &calls), DMA_ERROR_ARGUMENT);
    for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        assert_int_equal(pl080_start(&pl080, 0, &list, refused[i], completion, &calls), DMA_ERROR_ARGUMENT);
    }
    assert_int_equal(dma_halt(&pl080.controller, 8), DMA_ERROR_ARGUMENT);
    assert_int_equal(dma_resume(&pl080.controller, 8), DMA_ERROR_ARGUMENT);
    assert_int_equal(dma_stop(&pl080.controller, 8), DMA_ERROR_ARGUMENT);
    assert_int_equal(model.writes, writes);
    assert_int_equal(calls, 0);
    check_quiet();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_identified),
        cmocka_unit_test(a_pl080_with_fewer_channels_or_masters),
        cmocka_unit_test(what_is_no_part_of_ours_is_left_alone),
        cmocka_unit_test(endianness_and_synchronizers),
        cmocka_unit_test(what_was_left_running_is_drained),
        cmocka_unit_test(a_part_that_does_not_obey),
        cmocka_unit_test(the_order_of_the_manual),
        cmocka_unit_test(every_channel_by_itself),
        cmocka_unit_test(all_channels_at_once),
        cmocka_unit_test(bus_errors),
        cmocka_unit_test(masked_interrupts_are_polled),
        cmocka_unit_test(spurious_and_foreign_interrupts),
        cmocka_unit_test(busy_channels),
        cmocka_unit_test(restarted_from_completions),
        cmocka_unit_test(ended_within_the_start),
        cmocka_unit_test(arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
