/* SPDX-License-Identifier: MIT */
/*
 * The builder of PL080 lists, against an interpreter of them that is written from the manual: which byte goes where, entry by entry.
 * What would break it: an entry of 4096 transfers (the field holds 12 bits), a row too many or one byte too far, a segment border
 * that is stepped over, a last entry without its interrupt, a failed call that leaves entries behind.
 *
 * link: drivers/pl080_list*.c drivers/dma_list.c
 */
#include "drivers/pl080_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CAPACITY 600u
#define LIST 0x50000000u
#define SOURCE 0x60000000u
#define DESTINATION 0x70000000u
#define WINDOW 0x20000u /* bytes of either side that the interpreter knows */

static struct pl080_entry entries[CAPACITY + 1];
static uint32_t came_from[WINDOW]; /* for each destination byte: 1 + offset of the source byte; 0: not written */
static uint32_t transfers_longest;

static struct baton_source source_of(uint32_t length)
{
    return (struct baton_source){
        .access = {1}, .length = length, .count = 1, .segments = {{.address = {SOURCE}, .length = length}}};
}

static struct baton_destination destination_of(uint32_t length)
{
    return (struct baton_destination){
        .access = {2}, .length = length, .count = 1, .segments = {{.address = {DESTINATION}, .length = length}}};
}

static struct pl080_list begin(uint32_t capacity)
{
    struct pl080_list list;
    struct baton_cpu_access memory = {
        .access = {3}, .data = entries, .length = capacity * (uint32_t)sizeof(struct pl080_entry)};

    memset(entries, 0xa5, sizeof(entries));
    assert_int_equal(pl080_list_begin(&list, &memory, (baton_bus_address){LIST}), DMA_LIST_OK);
    return list;
}

/* Does what a PL080 does with an entry; both widths are the same here. */
static void interpret(const struct pl080_entry *entry)
{
    uint32_t width = entry->control >> 18 & 7;
    uint32_t unit = 1u << width;
    uint32_t transfers = entry->control & 0xfff;

    assert_true(width <= 2);
    assert_int_equal(entry->control >> 21 & 7, width);
    assert_true(transfers != 0);
    assert_int_equal(entry->source % unit, 0);
    assert_int_equal(entry->destination % unit, 0);
    assert_true((entry->control & 1u << 27) != 0);
    if (transfers > transfers_longest) {
        transfers_longest = transfers;
    }
    for (uint32_t i = 0; i < transfers * unit; i++) {
        uint32_t from = (entry->control & 1u << 26) != 0 ? entry->source + i : entry->source + i % unit;
        uint32_t to = entry->destination + i;
        assert_in_range(from, SOURCE, SOURCE + WINDOW - 1);
        assert_in_range(to, DESTINATION, DESTINATION + WINDOW - 1);
        assert_int_equal(came_from[to - DESTINATION], 0); /* no byte twice */
        came_from[to - DESTINATION] = 1 + from - SOURCE;
    }
}

/* Ends the list and follows it; returns how many entries there were. */
static uint32_t run(struct pl080_list *list)
{
    uint32_t address = list->address;
    uint32_t count = 0;

    memset(came_from, 0, sizeof(came_from));
    transfers_longest = 0;
    assert_int_equal(pl080_list_end(list), DMA_LIST_OK);
    while (address != 0) {
        assert_int_equal((address - LIST) % 16, 0);
        assert_in_range((address - LIST) / 16, 0, list->count - 1);
        const struct pl080_entry *entry = &entries[(address - LIST) / 16];
        assert_int_equal(entry->control >> 31, entry->next == 0);
        interpret(entry);
        address = entry->next;
        count++;
    }
    assert_int_equal(count, list->count);
    /* Behind the list nothing was written. */
    assert_int_equal(((const uint8_t *)&entries[CAPACITY])[0], 0xa5);
    return count;
}

/* Exactly the bytes of the rectangle were written, each from its place. */
static void expect(const struct dma_blit *blit, bool fill)
{
    static uint32_t wanted[WINDOW];

    memset(wanted, 0, sizeof(wanted));
    for (uint32_t row = 0; row < blit->rows; row++) {
        for (uint32_t i = 0; i < blit->row_bytes; i++) {
            uint32_t from = fill ? blit->source_offset + i % (1u << blit->width)
                                 : blit->source_offset + row * blit->source_stride + i;
            wanted[blit->destination_offset + row * blit->destination_stride + i] = 1 + from;
        }
    }
    assert_memory_equal(came_from, wanted, sizeof(wanted));
}

static void copies_of_every_small_size_and_alignment(void **state)
{
    (void)state;
    struct baton_source source = source_of(64);
    struct baton_destination destination = destination_of(64);

    for (uint32_t from = 0; from < 8; from++) {
        for (uint32_t to = 0; to < 8; to++) {
            for (uint32_t length = 1; length <= 40; length++) {
                struct pl080_list list = begin(CAPACITY);
                assert_int_equal(pl080_list_copy(&list, &source, from, &destination, to, length, DMA_WIDTH_WIDEST),
                                 DMA_LIST_OK);
                assert_true(run(&list) <= 3);
                struct dma_blit same = {
                    .source_offset = from, .destination_offset = to, .row_bytes = length, .rows = 1};
                expect(&same, false);
            }
        }
    }
}

static void entries_hold_at_most_4095_transfers(void **state)
{
    (void)state;
    struct baton_source source = source_of(0x10000);
    struct baton_destination destination = destination_of(0x10000);
    static const struct {
        uint32_t transfers, count;
    } cases[] = {{1, 1}, {4094, 1}, {4095, 1}, {4096, 2}, {8190, 2}, {8191, 3}, {12285, 3}, {12286, 4}};

    for (unsigned width = 0; width <= 2; width++) {
        for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            struct pl080_list list = begin(CAPACITY);
            uint32_t length = cases[i].transfers << width;
            assert_int_equal(pl080_list_copy(&list, &source, 0, &destination, 0, length, (enum dma_width)width),
                             DMA_LIST_OK);
            assert_int_equal(run(&list), cases[i].count);
            assert_int_equal(transfers_longest, cases[i].transfers < 4095 ? cases[i].transfers : 4095);
            struct dma_blit same = {.row_bytes = length, .rows = 1};
            expect(&same, false);
        }
    }
}

static void rectangles_with_strides_on_both_sides(void **state)
{
    (void)state;
    struct baton_source source = source_of(0x4000);
    struct baton_destination destination = destination_of(0x4000);
    static const struct {
        uint32_t row_bytes, rows, source_offset, source_stride, destination_offset, destination_stride, count;
    } cases[] = {
        {1, 1, 0, 0, 0, 0, 1},                /* a stride of one row does not matter */
        {5, 1, 1, 0, 1, 0, 1},                /* no whole word inside: bytes, in one entry */
        {1, 100, 0, 1, 0, 1, 1},              /* one-byte rows that touch: one run */
        {1, 100, 5, 3, 7, 9, 100},            /* one-byte rows that do not */
        {64, 16, 0, 64, 0, 256, 16},          /* merged on one side only */
        {64, 16, 0, 256, 0, 64, 16},          /* on the other only */
        {64, 16, 0, 64, 0, 64, 1},            /* on both */
        {162, 3, 1, 200, 3, 300, 9},          /* odd: addresses never agree modulo 4 but modulo 2: head, body, tail */
        {644, 25, 0, 644, 4, 644, 1},         /* merged, 16100 bytes: below one entry's 16380 */
        {0x1000, 4, 0, 0x1000, 0, 0x1000, 2}, /* merged, 16384 bytes: above */
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pl080_list list = begin(CAPACITY);
        struct dma_blit blit = {
            .source = &source,
            .destination = &destination,
            .source_offset = cases[i].source_offset,
            .source_stride = cases[i].source_stride,
            .destination_offset = cases[i].destination_offset,
            .destination_stride = cases[i].destination_stride,
            .row_bytes = cases[i].row_bytes,
            .rows = cases[i].rows,
            .width = DMA_WIDTH_WIDEST,
        };
        assert_int_equal(pl080_list_blit(&list, &blit), DMA_LIST_OK);
        assert_int_equal(run(&list), cases[i].count);
        expect(&blit, false);
    }
}

static void fills_read_one_element(void **state)
{
    (void)state;
    struct baton_source source = source_of(16);
    struct baton_destination destination = destination_of(0x4000);

    for (unsigned width = 0; width <= 2; width++) {
        struct pl080_list list = begin(CAPACITY);
        struct dma_blit fill = {
            .source = &source,
            .destination = &destination,
            .source_offset = 12,
            .destination_offset = 8,
            .destination_stride = 100,
            .row_bytes = 32,
            .rows = 10,
            .width = (enum dma_width)width,
        };
        assert_int_equal(pl080_list_fill(&list, &fill), DMA_LIST_OK);
        assert_int_equal(run(&list), 10);
        assert_int_equal(entries[0].control >> 26 & 3, 2); /* DI without SI */
        expect(&fill, true);

        fill.destination_stride = 32; /* rows that touch */
        list = begin(CAPACITY);
        assert_int_equal(pl080_list_fill(&list, &fill), DMA_LIST_OK);
        assert_int_equal(run(&list), 1);
        expect(&fill, true);

        fill.source_offset = 16 - (1u << width) + 1; /* the element's last byte is beyond the source */
        assert_int_equal(pl080_list_fill(&list, &fill), DMA_LIST_ERROR_ARGUMENT); /* ended */
        list = begin(CAPACITY);
        assert_int_equal(pl080_list_fill(&list, &fill), DMA_LIST_ERROR_RANGE);
        fill.source_offset = 0;
        if (width != DMA_WIDTH_8) { /* an element of which the first byte lies in another segment */
            source.count = 2;
            source.segments[0].length = 1;
            source.segments[1] = (struct baton_segment){{SOURCE + 0x100}, 15};
            assert_int_equal(pl080_list_fill(&list, &fill), DMA_LIST_ERROR_ALIGNMENT);
            source = source_of(16);
        }
        fill.width = DMA_WIDTH_WIDEST; /* no size of an element */
        assert_int_equal(pl080_list_fill(&list, &fill), DMA_LIST_ERROR_ARGUMENT);
    }
}

/* Both sides in several pieces, whose borders fall differently. */
static void segments_are_crossed(void **state)
{
    (void)state;
    struct baton_source source = {.access = {1}, .length = 300, .count = 3};
    struct baton_destination destination = {.access = {2}, .length = 300, .count = 4};
    const struct baton_segment from[] = {{{SOURCE + 0x1000}, 101}, {{SOURCE}, 99}, {{SOURCE + 0x300}, 100}};
    const struct baton_segment to[] = {
        {{DESTINATION + 0x700}, 50}, {{DESTINATION + 0x801}, 60}, {{DESTINATION}, 90}, {{DESTINATION + 0x100}, 100}};

    memcpy(source.segments, from, sizeof(from));
    memcpy(destination.segments, to, sizeof(to));
    for (uint32_t offset = 0; offset < 150; offset += 7) {
        uint32_t length = 300 - 2 * offset;
        struct pl080_list list = begin(CAPACITY);
        assert_int_equal(pl080_list_copy(&list, &source, offset, &destination, offset, length, DMA_WIDTH_WIDEST),
                         DMA_LIST_OK);
        run(&list);

        uint32_t written = 0;
        for (uint32_t i = 0; i < WINDOW; i++) {
            written += came_from[i] != 0;
        }
        assert_int_equal(written, length);
        for (uint32_t i = offset; i < offset + length; i++) {
            uint32_t a = i;
            uint32_t b = i;
            uint32_t s = 0;
            uint32_t d = 0;
            while (a >= from[s].length) {
                a -= from[s++].length;
            }
            while (b >= to[d].length) {
                b -= to[d++].length;
            }
            assert_int_equal(came_from[to[d].address.value - DESTINATION + b], 1 + from[s].address.value - SOURCE + a);
        }
    }
}

/* Each refusal, and that the list is as before: an entry that was there is there, none was added. */
static void malformed_requests_are_refused(void **state)
{
    (void)state;
    struct baton_source source = source_of(1000);
    struct baton_destination destination = destination_of(1000);
    static const struct {
        uint32_t source_offset, source_stride, destination_offset, destination_stride, row_bytes, rows;
        unsigned width;
        enum dma_list_status status;
    } cases[] = {
        {0, 0, 0, 0, 0, 1, 3, DMA_LIST_ERROR_RANGE},                   /* no bytes */
        {0, 0, 0, 0, 1, 0, 3, DMA_LIST_ERROR_RANGE},                   /* no rows */
        {0, 0, 0, 0, 1001, 1, 3, DMA_LIST_ERROR_RANGE},                /* one byte too long */
        {1, 0, 0, 0, 1000, 1, 3, DMA_LIST_ERROR_RANGE},                /* one too far in the source */
        {0, 0, 1, 0, 1000, 1, 3, DMA_LIST_ERROR_RANGE},                /* one too far in the destination */
        {1000, 0, 0, 0, 1, 1, 3, DMA_LIST_ERROR_RANGE},                /* behind the source */
        {0xffffffff, 0, 0, 0, 1, 1, 3, DMA_LIST_ERROR_RANGE},          /* offset + length wraps in 32 bits */
        {0, 0, 0xffffffff, 0, 2, 1, 3, DMA_LIST_ERROR_RANGE},          /* the same */
        {0, 100, 0, 100, 100, 11, 3, DMA_LIST_ERROR_RANGE},            /* a row too many */
        {0, 100, 0, 101, 100, 10, 3, DMA_LIST_ERROR_RANGE},            /* the last row's end, destination */
        {0, 101, 0, 100, 100, 10, 3, DMA_LIST_ERROR_RANGE},            /* the last row's end, source */
        {0, 0x80000000, 0, 100, 100, 3, 3, DMA_LIST_ERROR_RANGE},      /* 2 * stride wraps to 0 in 32 bits */
        {0, 0x10000, 0, 0x10000, 1, 0x10001, 3, DMA_LIST_ERROR_RANGE}, /* rows * stride wraps */
        {0, 99, 0, 100, 100, 2, 3, DMA_LIST_ERROR_STRIDE},             /* rows overlap in the source */
        {0, 100, 0, 99, 100, 2, 3, DMA_LIST_ERROR_STRIDE},             /* and in the destination */
        {0, 0, 0, 0, 1, 2, 3, DMA_LIST_ERROR_STRIDE},                  /* no stride at all */
        {2, 0, 0, 0, 4, 1, 2, DMA_LIST_ERROR_ALIGNMENT},               /* words from a half word */
        {0, 0, 2, 0, 4, 1, 2, DMA_LIST_ERROR_ALIGNMENT},               /* words to a half word */
        {0, 0, 0, 0, 6, 1, 2, DMA_LIST_ERROR_ALIGNMENT},               /* one and a half words */
        {0, 0, 0, 0, 3, 1, 1, DMA_LIST_ERROR_ALIGNMENT},               /* one and a half half words */
        {0, 5, 0, 4, 4, 2, 2, DMA_LIST_ERROR_ALIGNMENT},               /* in the second row only */
        {0, 0, 0, 0, 4, 1, 4, DMA_LIST_ERROR_ARGUMENT},                /* no such width */
        {0, 5, 0, 5, 1, 200, 0, DMA_LIST_ERROR_CAPACITY},              /* 200 entries in a list of 100 */
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pl080_list list = begin(100);
        assert_int_equal(pl080_list_copy(&list, &source, 3, &destination, 4, 5, DMA_WIDTH_8), DMA_LIST_OK);
        struct pl080_list before = list;
        struct pl080_entry first = entries[0];
        struct dma_blit blit = {
            .source = &source,
            .destination = &destination,
            .source_offset = cases[i].source_offset,
            .source_stride = cases[i].source_stride,
            .destination_offset = cases[i].destination_offset,
            .destination_stride = cases[i].destination_stride,
            .row_bytes = cases[i].row_bytes,
            .rows = cases[i].rows,
            .width = (enum dma_width)cases[i].width,
        };
        assert_int_equal(pl080_list_blit(&list, &blit), cases[i].status);
        assert_memory_equal(&list, &before, sizeof(list));
        assert_memory_equal(&entries[0], &first, sizeof(first));
        assert_int_equal(((const uint8_t *)&entries[100])[0], 0xa5);
        assert_int_equal(run(&list), 1); /* and it can still be ended */
    }
}

static void contradictory_mappings_are_refused(void **state)
{
    (void)state;
    struct baton_source good = source_of(100);
    struct baton_destination destination = destination_of(100);
    struct pl080_list list = begin(CAPACITY);
    struct baton_source bad[] = {good, good, good, good, good, good};

    bad[0].count = 0;
    /* A segment too many, which adds up: what lies behind the fourth one is the start of bad[2], where length is. */
    bad[1].count = BATON_SEGMENTS + 1;
    for (unsigned i = 0; i < BATON_SEGMENTS; i++) {
        bad[1].segments[i] = (struct baton_segment){{SOURCE}, 25};
    }
    bad[1].length = 4 * 25 + 101;
    bad[2].length = 101;                           /* more than the segments have */
    bad[3].length = 99;                            /* less */
    bad[4].segments[0].address.value = 0xffffffa0; /* wraps: 96 bytes to the top */
    bad[5].count = 2;                              /* an empty segment */
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(pl080_list_copy(&list, &bad[i], 0, &destination, 0, 50, DMA_WIDTH_8), DMA_LIST_ERROR_ARGUMENT);
    }
    destination.segments[0].address.value = 0xffffff9d; /* 99 bytes to the top */
    assert_int_equal(pl080_list_copy(&list, &good, 0, &destination, 0, 50, DMA_WIDTH_8), DMA_LIST_ERROR_ARGUMENT);
    destination.segments[0].address.value = 0xffffff9c; /* 100: just fits */
    assert_int_equal(pl080_list_copy(&list, &good, 0, &destination, 0, 100, DMA_WIDTH_8), DMA_LIST_OK);
    assert_int_equal(entries[0].destination, 0xffffff9c);

    assert_int_equal(pl080_list_copy(NULL, &good, 0, &destination, 0, 1, DMA_WIDTH_8), DMA_LIST_ERROR_ARGUMENT);
    assert_int_equal(pl080_list_copy(&list, NULL, 0, &destination, 0, 1, DMA_WIDTH_8), DMA_LIST_ERROR_ARGUMENT);
    assert_int_equal(pl080_list_copy(&list, &good, 0, NULL, 0, 1, DMA_WIDTH_8), DMA_LIST_ERROR_ARGUMENT);
    assert_int_equal(pl080_list_blit(&list, NULL), DMA_LIST_ERROR_ARGUMENT);
}

static void list_memory(void **state)
{
    (void)state;
    struct pl080_list list;
    struct baton_cpu_access memory = {.access = {3}, .data = entries, .length = 64};
    struct baton_cpu_access small = {.access = {3}, .data = entries, .length = 15};
    struct baton_cpu_access crooked = {.access = {3}, .data = (uint8_t *)entries + 2, .length = 64};
    struct baton_cpu_access ended = {.access = {0}, .data = NULL, .length = 64};
    static const uint32_t bad[] = {0, 1, 2, LIST + 2, 0xffffffc4};

    assert_int_equal(pl080_list_begin(&list, &small, (baton_bus_address){LIST}), DMA_LIST_ERROR_ARGUMENT);
    assert_int_equal(pl080_list_begin(&list, &crooked, (baton_bus_address){LIST}), DMA_LIST_ERROR_ARGUMENT);
    assert_int_equal(pl080_list_begin(&list, &ended, (baton_bus_address){LIST}), DMA_LIST_ERROR_ARGUMENT);
    assert_int_equal(pl080_list_begin(&list, NULL, (baton_bus_address){LIST}), DMA_LIST_ERROR_ARGUMENT);
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(pl080_list_begin(&list, &memory, (baton_bus_address){bad[i]}), DMA_LIST_ERROR_ARGUMENT);
    }

    /* Exactly full; the last entry ends it although a next one was never possible. */
    struct baton_source source = source_of(100);
    struct baton_destination destination = destination_of(100);
    list = begin(4);
    assert_int_equal(pl080_list_end(&list), DMA_LIST_ERROR_ARGUMENT); /* empty */
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(pl080_list_copy(&list, &source, i, &destination, i, 1, DMA_WIDTH_8), DMA_LIST_OK);
    }
    assert_int_equal(pl080_list_copy(&list, &source, 4, &destination, 4, 1, DMA_WIDTH_8), DMA_LIST_ERROR_CAPACITY);
    assert_int_equal(run(&list), 4);
    assert_int_equal(pl080_list_end(&list), DMA_LIST_ERROR_ARGUMENT); /* twice */
    assert_int_equal(pl080_list_copy(&list, &source, 4, &destination, 4, 1, DMA_WIDTH_8), DMA_LIST_ERROR_ARGUMENT);
}

/* Anything at all, with a fixed seed: what is accepted stays inside and is exact, what is refused changes nothing. */
static void random_requests(void **state)
{
    (void)state;
    uint32_t seed = 12345;
    unsigned accepted = 0;

    for (unsigned round = 0; round < 3000; round++) {
        uint32_t r[8];
        for (unsigned i = 0; i < 8; i++) {
            seed = seed * 1664525u + 1013904223u;
            r[i] = seed >> 8;
        }
        struct baton_source source = source_of(1 + r[0] % 2000);
        struct baton_destination destination = destination_of(1 + r[1] % 2000);
        struct dma_blit blit = {
            .source = &source,
            .destination = &destination,
            .source_offset = r[2] % 300,
            .source_stride = r[3] % 150,
            .destination_offset = r[4] % 300,
            .destination_stride = r[5] % 150,
            .row_bytes = r[6] % 100,
            .rows = r[7] % 20,
            .width = (enum dma_width)(r[7] >> 8 & 3),
        };
        struct pl080_list list = begin(CAPACITY);
        if (pl080_list_blit(&list, &blit) == DMA_LIST_OK) {
            run(&list);
            expect(&blit, false);
            for (uint32_t i = destination.length; i < WINDOW; i++) {
                assert_int_equal(came_from[i], 0);
            }
            accepted++;
        } else {
            assert_int_equal(list.count, 0);
        }
    }
    assert_in_range(accepted, 200, 2000); /* both outcomes were met */
}

/* Bus masters, bursts and protection go to the entries behind the call, and LM is no part of the address. */
static void how_the_bus_is_used(void **state)
{
    (void)state;
    struct baton_source source = source_of(4096);
    struct baton_destination destination = destination_of(4096);
    struct pl080_list list = begin(8);
    struct pl080_bus bus = {.source_master2 = true,
                            .list_master2 = true,
                            .source_burst = PL080_BURST_4,
                            .destination_burst = PL080_BURST_64};

    assert_int_equal(pl080_list_copy(&list, &source, 0, &destination, 0, 64, DMA_WIDTH_32), DMA_LIST_OK);
    assert_int_equal(pl080_list_bus(&list, &bus), DMA_LIST_OK);
    assert_int_equal(pl080_list_copy(&list, &source, 64, &destination, 64, 64, DMA_WIDTH_32), DMA_LIST_OK);
    bus = (struct pl080_bus){.destination_master2 = true,
                             .source_burst = PL080_BURST_256,
                             .protection = PL080_CONTROL_PROT_PRIVILEGED | PL080_CONTROL_PROT_CACHEABLE};
    assert_int_equal(pl080_list_bus(&list, &bus), DMA_LIST_OK);
    assert_int_equal(pl080_list_copy(&list, &source, 128, &destination, 128, 64, DMA_WIDTH_32), DMA_LIST_OK);
    assert_int_equal(pl080_list_end(&list), DMA_LIST_OK);
    assert_int_equal(list.count, 3);
    assert_int_equal(entries[0].control & 0x73ffffff, 0x204bf010);
    assert_int_equal(entries[1].control & 0x73ffffff, 0x014a9010);
    assert_int_equal(entries[2].control & 0x73ffffff, 0x52487010);
    assert_int_equal(entries[0].next, LIST + 16);
    assert_int_equal(entries[1].next, (LIST + 32) | 1);
    assert_int_equal(entries[2].next, 0);

    /* Refused, and nothing changed. */
    list = begin(8);
    const struct pl080_list before = list;
    bus.protection = PL080_CONTROL_SI;
    assert_int_equal(pl080_list_bus(&list, &bus), DMA_LIST_ERROR_ARGUMENT);
    bus.protection = 0;
    bus.source_burst = (enum pl080_burst)8;
    assert_int_equal(pl080_list_bus(&list, &bus), DMA_LIST_ERROR_ARGUMENT);
    bus.source_burst = PL080_BURST_1;
    bus.destination_burst = (enum pl080_burst)8;
    assert_int_equal(pl080_list_bus(&list, &bus), DMA_LIST_ERROR_ARGUMENT);
    assert_int_equal(pl080_list_bus(&list, NULL), DMA_LIST_ERROR_ARGUMENT);
    assert_int_equal(pl080_list_bus(NULL, &bus), DMA_LIST_ERROR_ARGUMENT);
    assert_memory_equal(&list, &before, sizeof(list));
    list.ended = true;
    bus.destination_burst = PL080_BURST_1;
    assert_int_equal(pl080_list_bus(&list, &bus), DMA_LIST_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_of_every_small_size_and_alignment),
        cmocka_unit_test(entries_hold_at_most_4095_transfers),
        cmocka_unit_test(rectangles_with_strides_on_both_sides),
        cmocka_unit_test(fills_read_one_element),
        cmocka_unit_test(segments_are_crossed),
        cmocka_unit_test(malformed_requests_are_refused),
        cmocka_unit_test(contradictory_mappings_are_refused),
        cmocka_unit_test(list_memory),
        cmocka_unit_test(random_requests),
        cmocka_unit_test(how_the_bus_is_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
