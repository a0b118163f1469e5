/* SPDX-License-Identifier: MIT */
/*
 * Lists that a PL080 must not be started on: each rule by itself, at the first entry and behind others, refused with its reason and its place
 * and before any register is written. And what looks like a fault and is none.
 * What would break it: a check left out, or one entry too early or too late; a rule of the emulator held against the hardware.
 *
 * registers: modelled
 * link: drivers/pl080.c drivers/pl080_setup.c drivers/pl080_check.c drivers/pl080_list*.c drivers/dma_list.c
 */
#include "tests/host/support/pl080_fixture.h"

#define ENTRIES 4u
#define LAST (1u << 31)
#define FROM ON_BUS(SOURCE)
#define TO ON_BUS(DESTINATION)
#define WIDTHS(s, d) (PL080_CONTROL_SWIDTH(s) | PL080_CONTROL_DWIDTH(d))
#define NO_WIDTHS(control) ((control) & ~WIDTHS(7u, 7u))

static struct pl080_entry good[ENTRIES];

static void make_good(void)
{
    for (uint32_t i = 0; i < ENTRIES; i++) {
        bool last = i == ENTRIES - 1;
        good[i] =
            entry_of(FROM + i * 64, TO + i * 64, last ? 0 : ON_BUS(LIST) + (i + 1) * 16, WORDS(16) | (last ? LAST : 0));
    }
}

static enum dma_status start(const struct baton_source *list, uint32_t configuration)
{
    return pl080_start(&pl080, 0, list, configuration, completion, &calls);
}

/* The good list with one entry changed is refused so, at that entry. */
static void refused_as(uint32_t limits, uint32_t flow, uint32_t at, struct pl080_entry entry, const char *why)
{
    struct pl080_entry entries[ENTRIES];

    memcpy(entries, good, sizeof(entries));
    entries[at] = entry;
    pl080.limits = limits;
    unsigned writes = model.writes;
    struct baton_source list = put(LIST, entries, ENTRIES);
    assert_int_equal(start(&list, PL080_CONFIGURATION_FLOW(flow)), DMA_ERROR_LIST);
    assert_string_equal(pl080.channels[0].refused, why);
    assert_int_equal(pl080.channels[0].refused_at, at);
    assert_int_equal(model.writes, writes);
    assert_false(pl080.channels[0].running);
}

static void refused(struct pl080_entry change(struct pl080_entry entry), const char *why)
{
    for (uint32_t at = 0; at < ENTRIES; at++) {
        refused_as(0, 0, at, change(good[at]), why);
    }
}

/* Runs to its end. */
static void accepted(const struct pl080_entry *entries, uint32_t count)
{
    struct baton_source list = put(LIST, entries, count);

    calls = 0;
    assert_int_equal(start(&list, PL080_CONFIGURATION_ITC | PL080_CONFIGURATION_IE), DMA_OK);
    assert_null(pl080.channels[0].refused);
    finish();
    deliver();
    assert_int_equal(calls, 1);
    assert_int_equal(completed[0].status, DMA_OK);
    check_quiet();
}

static void the_good_list_is_good(void **state)
{
    (void)state;
    open_initialised(false);
    accepted(good, ENTRIES);
    /* In another order than they lie, and a word away from each other. */
    struct pl080_entry first = good[0];
    first.next = ON_BUS(LIST) + 52;
    memcpy(&model.memory[LIST + 52], &good[3], 16);
    struct baton_source list = put(LIST, &first, 1);
    list.segments[0].length = 68;
    calls = 0;
    assert_int_equal(start(&list, PL080_CONFIGURATION_ITC), DMA_OK);
    finish();
    deliver();
    assert_int_equal(calls, 1);
    check_quiet();
}

static struct pl080_entry source_width_3(struct pl080_entry entry)
{
    entry.control = NO_WIDTHS(entry.control) | WIDTHS(3u, 2u);
    return entry;
}

static struct pl080_entry destination_width_3(struct pl080_entry entry)
{
    entry.control = NO_WIDTHS(entry.control) | WIDTHS(2u, 3u);
    return entry;
}

static struct pl080_entry source_width_7(struct pl080_entry entry)
{
    entry.control = NO_WIDTHS(entry.control) | WIDTHS(7u, 0u);
    return entry;
}

static struct pl080_entry no_transfers(struct pl080_entry entry)
{
    entry.control &= ~0xfffu;
    return entry;
}

static struct pl080_entry source_misaligned(struct pl080_entry entry)
{
    entry.source += 2;
    return entry;
}

static struct pl080_entry destination_misaligned(struct pl080_entry entry)
{
    entry.destination += 1;
    return entry;
}

static struct pl080_entry half_words_misaligned(struct pl080_entry entry)
{
    entry.control = NO_WIDTHS(entry.control) | WIDTHS(1u, 1u);
    entry.source += 1;
    return entry;
}

static struct pl080_entry length_misaligned(struct pl080_entry entry)
{
    entry.control = NO_WIDTHS(entry.control - 1) | WIDTHS(0u, 2u);
    return entry;
}

static struct pl080_entry source_wraps(struct pl080_entry entry)
{
    entry.source = 0xffffffc4;
    return entry;
}

static struct pl080_entry destination_wraps(struct pl080_entry entry)
{
    entry.destination = 0xffffffc4;
    return entry;
}

static struct pl080_entry into_its_list(struct pl080_entry entry)
{
    entry.destination = ON_BUS(LIST) + 60;
    return entry;
}

static struct pl080_entry up_to_its_list(struct pl080_entry entry)
{
    entry.destination = ON_BUS(LIST) - 60;
    return entry;
}

static struct pl080_entry fixed_in_its_list(struct pl080_entry entry)
{
    entry.control &= ~PL080_CONTROL_DI;
    entry.destination = ON_BUS(LIST) + 60;
    return entry;
}

static void entries_that_are_wrong_everywhere(void **state)
{
    const char *in_itself = "a destination in the list itself";
    const char *misaligned = "an address that is no multiple of its width";

    (void)state;
    open_initialised(false);
    refused(source_width_3, "a width that is reserved");
    refused(destination_width_3, "a width that is reserved");
    refused(source_width_7, "a width that is reserved");
    refused(no_transfers, "no transfers");
    refused(source_misaligned, misaligned);
    refused(destination_misaligned, misaligned);
    refused(half_words_misaligned, misaligned);
    refused(length_misaligned, "a length that is no multiple of the destination's width");
    refused(source_wraps, "an address that wraps");
    refused(destination_wraps, "an address that wraps");
    refused(into_its_list, in_itself);
    refused(up_to_its_list, in_itself);
    refused(fixed_in_its_list, in_itself);
    check_quiet();
}

static void the_last_addresses_are_addresses(void **state)
{
    (void)state;
    open_initialised(false);
    const struct {
        uint32_t source, destination, control;
        bool answered;
    } cases[] = {
        {0xffffffc0, TO, WORDS(16), false},
        {FROM, 0xffffffc0, WORDS(16), false},
        {FROM, ON_BUS(LIST) + 64, WORDS(16), true},
        /* One word, over and over. */
        {0xfffffffc, TO, WORDS(16) & ~PL080_CONTROL_SI, false},
        {FROM, 0xfffffffc, WORDS(16) & ~PL080_CONTROL_DI, false},
        {FROM, ON_BUS(LIST) - 4, WORDS(16) & ~PL080_CONTROL_DI, false},
        {FROM, ON_BUS(LIST) + 64, WORDS(16) & ~PL080_CONTROL_DI, true},
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pl080_entry entry = entry_of(cases[i].source, cases[i].destination, 0, cases[i].control | LAST);
        struct baton_source list = put(LIST, &entry, 1);
        list.segments[0].length = 64;
        assert_int_equal(start(&list, PL080_CONFIGURATION_IE | PL080_CONFIGURATION_ITC), DMA_OK);
        finish();
        deliver();
        assert_int_equal(completed[0].status, cases[i].answered ? DMA_OK : DMA_ERROR_BUS);
        check_quiet();
    }
}

static void where_the_next_entry_is(void **state)
{
    const uint32_t list = ON_BUS(LIST);
    const struct {
        uint32_t next;
        const char *why;
    } cases[] = {
        {list + 64, "a next entry that is not in the mapped list"},
        {list + 52, "a next entry that is not in the mapped list"},
        {list - 16, "a next entry that is not in the mapped list"},
        {0x10, "a next entry that is not in the mapped list"},
        {0xfffffff0, "a next entry that is not in the mapped list"},
        {list + 2, "a reserved bit in the address of the next entry"},
        {list + 3, "a reserved bit in the address of the next entry"},
    };

    (void)state;
    open_initialised(false);
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (uint32_t at = 0; at < ENTRIES - 1; at++) {
            struct pl080_entry entry = good[at];
            entry.next = cases[i].next;
            refused_as(0, 0, at, entry, cases[i].why);
        }
    }
    for (uint32_t at = 0; at < ENTRIES - 1; at++) {
        struct pl080_entry entry = good[at];
        entry.control |= LAST;
        refused_as(0, 0, at, entry, "a terminal-count interrupt before the last entry");
        entry = good[at];
        entry.next = 0;
        refused_as(0, 0, at, entry, "a last entry without its terminal-count interrupt");
    }
    check_quiet();
}

/* Into every entry from the last but one, itself included; and an entry that overlaps its neighbours. */
static void lists_that_go_round(void **state)
{
    (void)state;
    open_initialised(false);
    for (uint32_t back = 0; back < 4; back++) {
        struct pl080_entry entries[ENTRIES];
        memcpy(entries, good, sizeof(entries));
        entries[ENTRIES - 1].next = ON_BUS(LIST) + back * 16;
        entries[ENTRIES - 1].control &= ~LAST;
        struct baton_source list = put(LIST, entries, ENTRIES);
        unsigned writes = model.writes;
        assert_int_equal(start(&list, 0), DMA_ERROR_LIST);
        assert_string_equal(pl080.channels[0].refused, "a list that goes round");
        assert_int_equal(model.writes, writes);
    }
    check_quiet();
}

static void what_a_part_has_not(void **state)
{
    const char *second = "bus master 2, which this controller has not";

    (void)state;
    open_initialised(false);
    for (uint32_t at = 0; at < ENTRIES; at++) {
        struct pl080_entry entry = good[at];
        entry.control |= PL080_CONTROL_S_MASTER2;
        refused_as(PL080_LIMIT_ONE_MASTER, 0, at, entry, second);
        entry = good[at];
        entry.control |= PL080_CONTROL_D_MASTER2;
        refused_as(PL080_LIMIT_ONE_MASTER, 0, at, entry, second);
        entry = good[at];
        entry.control = NO_WIDTHS(entry.control) | WIDTHS(2u, 0u);
        refused_as(PL080_LIMIT_EQUAL_WIDTHS, 0, at, entry, "widths that differ, which this controller cannot do");
    }
    for (uint32_t at = 0; at < ENTRIES - 1; at++) {
        struct pl080_entry entry = good[at];
        entry.next |= PL080_NEXT_MASTER2;
        refused_as(PL080_LIMIT_ONE_MASTER, 0, at, entry, second);
    }
    /* LM alone is no end of a list, even where there is a second master. */
    struct pl080_entry entry = good[1];
    entry.next = PL080_NEXT_MASTER2;
    refused_as(0, 0, 1, entry, "a next entry that is not in the mapped list");
    /* The limits of QEMU's model are enough to keep it from harm, and leave what it can do. */
    pl080.limits = PL080_LIMITS_QEMU;
    accepted(good, ENTRIES);
}

/* A peripheral that says when it is over: no entry gives a number. */
static void lengths_that_peripherals_give(void **state)
{
    (void)state;
    open_initialised(false);
    for (uint32_t flow = 4; flow < 8; flow++) {
        for (uint32_t at = 0; at < ENTRIES; at++) {
            make_good();
            for (uint32_t i = 0; i < ENTRIES; i++) {
                good[i] = no_transfers(good[i]);
            }
            struct pl080_entry entry = good[at];
            entry.control |= 1;
            refused_as(0, flow, at, entry, "a number of transfers, where a peripheral gives it");
            refused_as(0, flow, at, source_misaligned(good[at]), "an address that is no multiple of its width");
        }
    }
    make_good();
    check_quiet();
}

static void places_that_are_none(void **state)
{
    (void)state;
    open_initialised(false);
    const struct {
        uint32_t address, length, count;
        const char *why;
    } cases[] = {
        {ON_BUS(LIST), 15, 1, "not a place for a list"},
        {ON_BUS(LIST), 0, 1, "not a place for a list"},
        {ON_BUS(LIST) + 2, 64, 1, "not a place for a list"},
        {ON_BUS(LIST) + 1, 64, 1, "not a place for a list"},
        {ON_BUS(LIST), 64, 2, "a list in several pieces"},
        {ON_BUS(LIST), 64, 0, "a list in several pieces"},
        {0x40000000, 64, 1, "a list that the CPU cannot read"},
        {ON_BUS(PL080_MODEL_BYTES) - 32, 64, 1, "a list that the CPU cannot read"},
    };
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct baton_source list = put(LIST, good, ENTRIES);
        list.segments[0].address.value = cases[i].address;
        list.segments[0].length = cases[i].length;
        list.count = cases[i].count;
        unsigned writes = model.writes;
        assert_int_equal(start(&list, 0), DMA_ERROR_LIST);
        assert_string_equal(pl080.channels[0].refused, cases[i].why);
        assert_int_equal(model.writes, writes);
    }
    blind = true;
    struct baton_source list = put(LIST, good, ENTRIES);
    assert_int_equal(start(&list, 0), DMA_ERROR_LIST);
    blind = false;
    /* Zero would end a list, and one cannot wrap. */
    uint32_t place;
    struct pl080_check check = {.words = (const uint32_t *)model.memory, .address = 0, .length = 64};
    assert_string_equal(pl080_check_list(&check, &place), "not a place for a list");
    check.address = 0xffffffe0;
    assert_string_equal(pl080_check_list(&check, &place), "not a place for a list");
    check_quiet();
}

static int set_up(void **state)
{
    (void)state;
    make_good();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_good_list_is_good),
        cmocka_unit_test(entries_that_are_wrong_everywhere),
        cmocka_unit_test(the_last_addresses_are_addresses),
        cmocka_unit_test(where_the_next_entry_is),
        cmocka_unit_test(lists_that_go_round),
        cmocka_unit_test(what_a_part_has_not),
        cmocka_unit_test(lengths_that_peripherals_give),
        cmocka_unit_test(places_that_are_none),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
