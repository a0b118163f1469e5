/* SPDX-License-Identifier: MIT */
/*
 * What the PL080 driver offers beyond memory to memory: request lines and flow control, requests by software, bus masters, protection,
 * bursts, locked transfers. And that all of it is refused where a board says that the controller has it not.
 * What would break it: a field in the wrong place, a line taken for another, a limit that is not looked at.
 *
 * registers: modelled
 * link: drivers/pl080.c drivers/pl080_setup.c drivers/pl080_check.c drivers/pl080_list*.c drivers/dma_list.c
 */
#include "tests/host/support/pl080_fixture.h"

#define CHANNEL 3u
#define DEVICE PL080_MODEL_PERIPHERAL
#define FROM_LINE 6u
#define TO_LINE 11u

static const struct flow {
    enum pl080_flow flow;
    bool from_device, to_device, counted;
} flows[] = {
    {PL080_MEMORY_TO_PERIPHERAL, false, true, true},
    {PL080_PERIPHERAL_TO_MEMORY, true, false, true},
    {PL080_PERIPHERAL_TO_PERIPHERAL, true, true, true},
    {PL080_PERIPHERAL_TO_PERIPHERAL_BY_DESTINATION, true, true, false},
    {PL080_MEMORY_TO_PERIPHERAL_BY_PERIPHERAL, false, true, false},
    {PL080_PERIPHERAL_TO_MEMORY_BY_PERIPHERAL, true, false, false},
    {PL080_PERIPHERAL_TO_PERIPHERAL_BY_SOURCE, true, true, false},
};

/* A list of one entry, 16 words where it says how many. */
static struct baton_source list_of(const struct flow *flow)
{
    struct pl080_entry entry =
        entry_of(flow->from_device ? DEVICE : ON_BUS(SOURCE), flow->to_device ? DEVICE : ON_BUS(DESTINATION), 0,
                 PL080_CONTROL_SWIDTH(2) | PL080_CONTROL_DWIDTH(2) | PL080_CONTROL_SBSIZE(PL080_BURST_4) |
                     PL080_CONTROL_DBSIZE(PL080_BURST_4) | (flow->from_device ? 0 : PL080_CONTROL_SI) |
                     (flow->to_device ? 0 : PL080_CONTROL_DI) | (flow->counted ? 16u : 0) | PL080_CONTROL_I);

    return put(LIST, &entry, 1);
}

static uint32_t configuration_of(const struct flow *flow)
{
    return PL080_CONFIGURATION_FLOW(flow->flow) | PL080_CONFIGURATION_SOURCE(FROM_LINE) |
           PL080_CONFIGURATION_DESTINATION(TO_LINE) | PL080_CONFIGURATION_ITC | PL080_CONFIGURATION_IE;
}

/* 16 words in bursts of four, requested on the two lines by software or by the peripherals. */
static void each_flow_control(void **state)
{
    (void)state;
    for (unsigned software = 0; software < 2; software++) {
        for (unsigned i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
            const struct flow *flow = &flows[i];
            open_initialised(false);
            struct baton_source list = list_of(flow);
            uint32_t lines = (flow->from_device ? 1u << FROM_LINE : 0) | (flow->to_device ? 1u << TO_LINE : 0);
            assert_int_equal(pl080_start(&pl080, CHANNEL, &list, configuration_of(flow), completion, &calls), DMA_OK);
            for (unsigned burst = 0; burst < 4; burst++) {
                finish();
                deliver();
                assert_int_equal(calls, 0);
                bool last = burst == 3 && !flow->counted;
                if (software != 0) {
                    assert_int_equal(
                        pl080_request(&pl080, last ? PL080_REQUEST_LAST_BURST : PL080_REQUEST_BURST, lines), DMA_OK);
                } else {
                    model.burst_requests = (uint16_t)lines;
                    model.last_requests = last ? (uint16_t)lines : 0;
                }
            }
            finish();
            deliver();
            assert_int_equal(calls, 1);
            assert_int_equal(completed[CHANNEL].status, DMA_OK);
            assert_int_equal(model.peripheral != 0, 1);
            assert_int_equal(pl080_requested(&pl080, PL080_REQUEST_BURST), 0);
            check_quiet();
        }
    }
}

/* A single request moves one word; a request on a neighbour's line none. */
static void single_requests_and_other_lines(void **state)
{
    (void)state;
    open_initialised(false);
    struct baton_source list = list_of(&flows[1]);
    assert_int_equal(pl080_start(&pl080, CHANNEL, &list, configuration_of(&flows[1]), completion, &calls), DMA_OK);
    for (uint32_t line = 0; line < 16; line++) {
        if (line != FROM_LINE) {
            assert_int_equal(pl080_request(&pl080, PL080_REQUEST_SINGLE, 1u << line), DMA_OK);
        }
    }
    finish();
    assert_int_equal(model.transfers, 0);
    assert_int_equal(pl080_requested(&pl080, PL080_REQUEST_SINGLE), 0xffff & ~(1u << FROM_LINE));
    assert_int_equal(pl080_request(&pl080, PL080_REQUEST_SINGLE, 1u << FROM_LINE), DMA_OK);
    finish();
    assert_int_equal(model.transfers, 2);
    assert_int_equal(dma_stop(&pl080.controller, CHANNEL), DMA_OK);
    assert_int_equal(completed[CHANNEL].status, DMA_ERROR_STOPPED);
    check_quiet();
}

static void requests_go_to_their_registers(void **state)
{
    (void)state;
    open_initialised(false);
    for (uint32_t kind = 0; kind < 4; kind++) {
        assert_int_equal(pl080_request(&pl080, (enum pl080_request)kind, 1u << (kind + 4)), DMA_OK);
    }
    for (uint32_t kind = 0; kind < 4; kind++) {
        assert_int_equal(model.software[kind], 1u << (kind + 4));
        assert_int_equal(pl080_requested(&pl080, (enum pl080_request)kind), 1u << (kind + 4));
    }
    unsigned writes = model.writes;
    assert_int_equal(pl080_request(&pl080, PL080_REQUEST_BURST, 0x10000), DMA_ERROR_ARGUMENT);
    assert_int_equal(pl080_request(&pl080, (enum pl080_request)4, 1), DMA_ERROR_ARGUMENT);
    assert_int_equal(model.writes, writes);
}

static void what_the_limits_take_away(void **state)
{
    (void)state;
    open_part(false);
    config.limits = PL080_LIMITS_QEMU;
    assert_int_equal(pl080_init(&pl080, &config), DMA_OK);
    assert_int_equal(pl080.limits, PL080_LIMITS_QEMU);
    unsigned writes = model.writes;
    for (unsigned i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
        struct baton_source list = list_of(&flows[i]);
        assert_int_equal(pl080_start(&pl080, CHANNEL, &list, configuration_of(&flows[i]), completion, &calls),
                         DMA_ERROR_ARGUMENT);
    }
    for (uint32_t kind = 0; kind < 4; kind++) {
        assert_int_equal(pl080_request(&pl080, (enum pl080_request)kind, 1), DMA_ERROR_ARGUMENT);
    }
    assert_int_equal(model.writes, writes);
    check_quiet();
}

static void locked_transfers(void **state)
{
    (void)state;
    open_initialised(false);
    interrupts = false;
    struct baton_source list = copy_list(CHANNEL, 8, 8);
    assert_int_equal(
        pl080_start(&pl080, CHANNEL, &list, PL080_CONFIGURATION_L | PL080_CONFIGURATION_ITC, completion, &calls),
        DMA_OK);
    assert_int_equal(model.channel[CHANNEL].configuration, 0x18001);
    finish();
    pl080_interrupt(&pl080);
    check_quiet();
}

/* The builder's lists by way of any pair of bus masters, with the list behind either. */
static void bus_masters(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 8; way++) {
        open_initialised(false);
        struct baton_cpu_access memory = {.access = {1}, .data = &model.memory[LIST], .length = 0x100};
        struct baton_source source = {
            .access = {2}, .length = 0x400, .count = 1, .segments = {{.address = {ON_BUS(SOURCE)}, .length = 0x400}}};
        struct baton_destination destination = {.access = {3},
                                                .length = 0x400,
                                                .count = 1,
                                                .segments = {{.address = {ON_BUS(DESTINATION)}, .length = 0x400}}};
        struct pl080_bus bus = {
            .source_master2 = (way & 1) != 0,
            .destination_master2 = (way & 2) != 0,
            .list_master2 = (way & 4) != 0,
            .source_burst = PL080_BURST_16,
            .destination_burst = PL080_BURST_8,
            .protection = PL080_CONTROL_PROT_PRIVILEGED | PL080_CONTROL_PROT_CACHEABLE,
        };
        struct pl080_list list;
        assert_int_equal(pl080_list_begin(&list, &memory, (baton_bus_address){ON_BUS(LIST)}), DMA_LIST_OK);
        assert_int_equal(pl080_list_bus(&list, &bus), DMA_LIST_OK);
        for (uint32_t i = 0; i < 3; i++) {
            assert_int_equal(pl080_list_copy(&list, &source, i * 64, &destination, i * 64, 64, DMA_WIDTH_32),
                             DMA_LIST_OK);
        }
        assert_int_equal(pl080_list_end(&list), DMA_LIST_OK);
        struct baton_source entries = {
            .access = {4}, .length = 48, .count = 1, .segments = {{.address = {ON_BUS(LIST)}, .length = 48}}};
        assert_int_equal(dma_start(&pl080.controller, CHANNEL, &entries, completion, &calls), DMA_OK);
        assert_int_equal(model.channel[CHANNEL].control & 0x7003f000, 0x50013000);
        finish();
        deliver();
        assert_int_equal(completed[CHANNEL].status, DMA_OK);
        assert_memory_equal(&model.memory[DESTINATION], &model.memory[SOURCE], 192);
        /* 48 loads and 48 stores of words, two fetches of entries. */
        assert_int_equal(model.lists_by_master[1], bus.list_master2 ? 2 : 0);
        assert_int_equal(model.by_master[1], (bus.source_master2 ? 48 : 0) + (bus.destination_master2 ? 48 : 0) +
                                                 (bus.list_master2 ? 2 : 0));
        check_quiet();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_flow_control),
        cmocka_unit_test(single_requests_and_other_lines),
        cmocka_unit_test(requests_go_to_their_registers),
        cmocka_unit_test(what_the_limits_take_away),
        cmocka_unit_test(locked_transfers),
        cmocka_unit_test(bus_masters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
