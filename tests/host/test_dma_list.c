/* SPDX-License-Identifier: MIT */
/*
 * Lists by drivers/interface/dma_list.h, in each format, against interpreters of them that are written from the manuals: which word goes
 * where. What would break it: a row too many (2D mode counts one more than it says), a stride that does not fit its 16 bits, a segment
 * border that is stepped over, a number of entries that is not the announced one, a failed call that leaves entries behind.
 *
 * link: drivers/dma_list.c drivers/bcm2835_dma_list.c drivers/pl080_list*.c
 */
#include "drivers/bcm2835_dma_list.h"
#include "drivers/pl080_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LIST 0x50000000u
#define SOURCE 0x60000000u
#define DESTINATION 0x70000000u
#define WINDOW 0x80000u /* bytes of either side that the interpreters know */
#define MEMORY 0x10000u

static _Alignas(32) uint8_t memory[MEMORY + 32];
static uint32_t came_from[WINDOW / 4]; /* for each word of the destination: 1 + the source's; 0: not written */

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

static struct dma_list begin(const struct dma_list_format *format, uint32_t bytes)
{
    const struct baton_cpu_access access = {.access = {3}, .data = memory, .length = bytes};
    struct dma_list list;

    memset(memory, 0xa5, sizeof(memory));
    assert_int_equal(dma_list_begin(&list, format, &access, (baton_bus_address){LIST}), DMA_LIST_OK);
    return list;
}

static void move(uint32_t from, uint32_t to)
{
    assert_in_range(from, SOURCE, SOURCE + WINDOW - 4);
    assert_in_range(to, DESTINATION, DESTINATION + WINDOW - 4);
    assert_int_equal((from | to) % 4, 0);
    assert_int_equal(came_from[(to - DESTINATION) / 4], 0); /* no word twice */
    came_from[(to - DESTINATION) / 4] = 1 + (from - SOURCE) / 4;
}

/* BCM2835 ARM Peripherals, 4.2.1; rows: the errata of it. Returns the next block's address. */
static uint32_t interpret_block(uint32_t at)
{
    struct bcm2835_dma_block block;

    assert_int_equal(at % 32, 0);
    memcpy(&block, memory + (at - LIST), sizeof(block));
    const bool two_d = (block.information & 2) != 0, increment = (block.information >> 8 & 1) != 0;
    const uint32_t row = two_d ? block.length & 0xffff : block.length;
    const uint32_t rows = two_d ? (block.length >> 16) + 1 : 1;
    uint32_t from = block.source, to = block.destination;

    assert_int_equal(block.information & ~0x0000f113u, 0); /* INTEN, TDMODE, DEST_INC, SRC_INC, BURST_LENGTH */
    assert_int_not_equal(block.information & 1u << 4, 0);
    assert_int_equal(block.information & 1, block.next == 0);
    assert_int_equal(block.length & 0xc0000000u, 0);
    assert_int_equal(block.reserved[0] | block.reserved[1], 0);
    assert_true(row != 0 && row % 4 == 0);
    for (uint32_t i = 0; i < rows; i++) {
        for (uint32_t word = 0; word < row / 4; word++) {
            move(from, to);
            from += increment ? 4 : 0;
            to += 4;
        }
        from += (uint32_t)(int16_t)(block.stride & 0xffff);
        to += (uint32_t)(int16_t)(block.stride >> 16);
    }
    return block.next;
}

/* DDI 0196, chapter 3. */
static uint32_t interpret_entry(uint32_t at)
{
    struct pl080_entry entry;

    memcpy(&entry, memory + (at - LIST), sizeof(entry));
    assert_int_equal(entry.control >> 18 & 0x3f, 022); /* words on both sides */
    assert_int_equal(entry.control >> 31, entry.next == 0);
    for (uint32_t word = 0; word < (entry.control & 0xfff); word++) {
        move(entry.source + ((entry.control >> 26 & 1) != 0 ? 4 * word : 0), entry.destination + 4 * word);
    }
    return entry.next;
}

static const struct {
    const struct dma_list_format *format;
    uint32_t (*interpret)(uint32_t at);
} formats[] = {{&bcm2835_dma_list_format, interpret_block}, {&pl080_list_format, interpret_entry}};
#define FORMATS (sizeof(formats) / sizeof(formats[0]))

/* Ends the list and follows it. */
static void run(struct dma_list *list)
{
    uint32_t count = 0;

    memset(came_from, 0, sizeof(came_from));
    assert_int_equal(dma_list_end(list), DMA_LIST_OK);
    for (unsigned i = 0; i < FORMATS; i++) {
        for (uint32_t at = LIST; list->format == formats[i].format && at != 0; count++) {
            assert_in_range(at, LIST, LIST + (list->count - 1) * list->format->entry_bytes);
            at = formats[i].interpret(at);
        }
    }
    assert_int_equal(count, list->count);
    assert_int_equal(memory[list->capacity * list->format->entry_bytes],
                     0xa5); /* nothing was written behind its memory */
    assert_int_equal(dma_list_end(list), DMA_LIST_ERROR_ARGUMENT);
}

static uint32_t bus_word(const struct baton_segment *segments, uint32_t base, uint32_t offset)
{
    while (offset >= segments->length) {
        offset -= segments->length;
        segments++;
    }
    return (segments->address.value + offset - base) / 4;
}

/* Exactly the words of the rectangle were written, each from its place. */
static void expect(const struct dma_blit *blit, bool fill)
{
    static uint32_t wanted[WINDOW / 4];

    memset(wanted, 0, sizeof(wanted));
    for (uint32_t row = 0; row < blit->rows; row++) {
        for (uint32_t i = 0; i < blit->row_bytes; i += 4) {
            const uint32_t from = blit->source_offset + (fill ? 0 : row * blit->source_stride + i);
            const uint32_t to = blit->destination_offset + row * blit->destination_stride + i;

            wanted[bus_word(blit->destination->segments, DESTINATION, to)] =
                1 + bus_word(blit->source->segments, SOURCE, from);
        }
    }
    assert_memory_equal(came_from, wanted, sizeof(wanted));
}

static void check(const struct dma_list_format *format, const struct dma_blit *blit, bool fill)
{
    struct dma_list list = begin(format, MEMORY);

    assert_int_equal(fill ? dma_list_fill(&list, blit) : dma_list_blit(&list, blit), DMA_LIST_OK);
    if (blit->source->count == 1 && blit->destination->count == 1) {
        assert_int_equal(list.count * format->entry_bytes, dma_list_bytes(format, blit, fill));
    }
    run(&list);
    expect(blit, fill);
}

static void rectangles_of_every_shape(void **state)
{
    const struct baton_source source = source_of(WINDOW);
    const struct baton_destination destination = destination_of(WINDOW);
    static const uint32_t rows[] = {1, 2, 3, 7}, bytes[] = {4, 8, 252, 16380, 16384, 65532, 65536};
    static const uint32_t gaps[] = {0, 4, 32764, 32768}; /* the last beyond a stride of 16 bits with a sign */

    (void)state;
    for (unsigned i = 0; i < 2 * FORMATS; i++) {
        for (unsigned r = 0; r < 4; r++) {
            for (unsigned b = 0; b < 7; b++) {
                for (unsigned g = 0; g < 16; g++) {
                    struct dma_blit blit = {
                        .source = &source,
                        .source_offset = 8,
                        .source_stride = bytes[b] + gaps[g % 4],
                        .destination = &destination,
                        .destination_offset = 4,
                        .destination_stride = bytes[b] + gaps[g / 4],
                        .row_bytes = bytes[b],
                        .rows = rows[r],
                        .width = DMA_WIDTH_32,
                    };
                    if (rows[r] * (bytes[b] + 32768) <= WINDOW - 8) {
                        check(formats[i / 2].format, &blit, i % 2 != 0);
                    }
                }
            }
        }
    }
}

/* 16384 rows are one block, one more is another; strides that do not fit are a block a row. */
static void the_fields_of_2d_mode(void **state)
{
    struct dma_blit blit = {
        .row_bytes = 4, .rows = 16384, .source_stride = 8, .destination_stride = 12, .width = DMA_WIDTH_32};
    const struct baton_source source = source_of(WINDOW);
    const struct baton_destination destination = destination_of(WINDOW);
    struct dma_list list = begin(&bcm2835_dma_list_format, MEMORY);

    (void)state;
    blit.source = &source;
    blit.destination = &destination;
    check(&bcm2835_dma_list_format, &blit, false);
    assert_int_equal(dma_list_bytes(&bcm2835_dma_list_format, &blit, false), 32);
    blit.rows = 16385;
    check(&bcm2835_dma_list_format, &blit, false);
    assert_int_equal(dma_list_bytes(&bcm2835_dma_list_format, &blit, false), 64);
    blit.rows = 3;
    blit.source_stride = 4 + 0x8000;
    assert_int_equal(dma_list_bytes(&bcm2835_dma_list_format, &blit, false), 96);
    assert_int_equal(dma_list_bytes(&bcm2835_dma_list_format, &blit, true), 32); /* a fill's source does not move */
    blit.destination_stride = 4 + 0x8000;
    assert_int_equal(dma_list_bytes(&bcm2835_dma_list_format, &blit, true), 96);

    /* All of the memory there can be is more than the length's field holds. */
    struct baton_source huge = source_of(0x40000000);
    struct baton_destination huge_too = destination_of(0x40000000);
    blit = (struct dma_blit){
        .source = &huge, .destination = &huge_too, .row_bytes = 0x40000000, .rows = 1, .width = DMA_WIDTH_32};
    assert_int_equal(dma_list_blit(&list, &blit), DMA_LIST_ERROR_RANGE);
    blit.row_bytes -= 4;
    assert_int_equal(dma_list_blit(&list, &blit), DMA_LIST_OK);
}

static uint32_t seed;

static uint32_t chance(uint32_t limit)
{
    seed = seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)seed * limit >> 32);
}

/* Segments that touch nowhere, in words. Returns their sum. */
static uint32_t random_segments(struct baton_segment *segments, uint32_t *count, uint32_t base)
{
    uint32_t at = base, sum = 0;

    *count = 1 + chance(3);
    for (uint32_t i = 0; i < *count; i++) {
        at += 4 * chance(16);
        segments[i] = (struct baton_segment){.address = {at}, .length = 4 * (1 + chance(64))};
        sum += segments[i].length;
        at += segments[i].length + 4;
    }
    return sum;
}

static void mappings_in_pieces(void **state)
{
    unsigned taken = 0;

    (void)state;
    for (unsigned i = 0; i < 4000; i++) {
        const bool fill = chance(4) == 0;
        struct baton_source source = {.access = {1}};
        struct baton_destination destination = {.access = {2}};
        struct dma_blit blit = {.source = &source, .destination = &destination, .width = DMA_WIDTH_32};

        source.length = random_segments(source.segments, &source.count, SOURCE);
        destination.length = random_segments(destination.segments, &destination.count, DESTINATION);
        blit.row_bytes = 4 * chance(24);
        blit.rows = chance(8);
        blit.source_offset = 4 * chance(32);
        blit.destination_offset = 4 * chance(32);
        blit.source_stride = blit.row_bytes + 4 * chance(4) - (blit.row_bytes != 0 && chance(20) == 0 ? 4 : 0);
        blit.destination_stride = blit.row_bytes + 4 * chance(4) - (blit.row_bytes != 0 && chance(20) == 0 ? 4 : 0);

        enum dma_list_status wanted = DMA_LIST_OK;
        if (blit.row_bytes == 0 || blit.rows == 0 || blit.source_offset >= source.length ||
            (!fill && blit.source_offset + (blit.rows - 1) * blit.source_stride + blit.row_bytes > source.length) ||
            blit.destination_offset + (blit.rows - 1) * blit.destination_stride + blit.row_bytes > destination.length) {
            wanted = DMA_LIST_ERROR_RANGE;
        }
        if (blit.rows > 1 &&
            (blit.destination_stride + 4 == blit.row_bytes || (!fill && blit.source_stride + 4 == blit.row_bytes))) {
            wanted = DMA_LIST_ERROR_STRIDE;
        }
        for (unsigned j = 0; j < FORMATS; j++) {
            struct dma_list list = begin(formats[j].format, MEMORY);
            const enum dma_list_status status = fill ? dma_list_fill(&list, &blit) : dma_list_blit(&list, &blit);

            assert_int_equal(status, wanted);
            if (status == DMA_LIST_OK) {
                run(&list);
                expect(&blit, fill);
                taken++;
            } else {
                assert_int_equal(list.count, 0);
            }
        }
    }
    assert_true(taken > 1000);
}

static void refusals_leave_the_list_as_it_was(void **state)
{
    const struct baton_source source = source_of(4096);
    const struct baton_destination destination = destination_of(4096);
    const struct dma_blit good = {.source = &source,
                                  .destination = &destination,
                                  .row_bytes = 16,
                                  .rows = 2,
                                  .source_stride = 64,
                                  .destination_stride = 32,
                                  .width = DMA_WIDTH_32};

    (void)state;
    for (unsigned i = 0; i < FORMATS; i++) {
        struct dma_list list = begin(formats[i].format, MEMORY);
        struct dma_blit blit = good;

        assert_int_equal(dma_list_end(&list), DMA_LIST_ERROR_ARGUMENT);
        assert_int_equal(dma_list_blit(&list, &good), DMA_LIST_OK);
        const uint32_t count = list.count;
        blit.destination_offset = 2;
        assert_int_equal(dma_list_blit(&list, &blit), DMA_LIST_ERROR_ALIGNMENT);
        blit = good;
        blit.source_offset = 2;
        assert_int_equal(dma_list_blit(&list, &blit), DMA_LIST_ERROR_ALIGNMENT);
        blit = good;
        blit.row_bytes = 18;
        assert_int_equal(dma_list_blit(&list, &blit), DMA_LIST_ERROR_ALIGNMENT);
        blit = good;
        blit.source_stride = 65;
        assert_int_equal(dma_list_blit(&list, &blit), DMA_LIST_ERROR_ALIGNMENT);
        blit = good;
        blit.width = DMA_WIDTH_WIDEST;
        assert_int_equal(dma_list_fill(&list, &blit), DMA_LIST_ERROR_ARGUMENT);
        blit.width = DMA_WIDTH_WIDEST + 1;
        assert_int_equal(dma_list_blit(&list, &blit), DMA_LIST_ERROR_ARGUMENT);
        blit = good;
        blit.source = NULL;
        assert_int_equal(dma_list_blit(&list, &blit), DMA_LIST_ERROR_ARGUMENT);
        assert_int_equal(dma_list_blit(NULL, &good), DMA_LIST_ERROR_ARGUMENT);
        assert_int_equal(dma_list_blit(&list, NULL), DMA_LIST_ERROR_ARGUMENT);
        struct baton_source liar = source;
        liar.length += 4;
        blit = good;
        blit.source = &liar;
        assert_int_equal(dma_list_blit(&list, &blit), DMA_LIST_ERROR_ARGUMENT);
        /* The element of a fill is in two pieces. */
        const struct baton_source split = {
            .access = {1}, .length = 4, .count = 2, .segments = {{{SOURCE}, 2}, {{SOURCE + 8}, 2}}};
        blit = good;
        blit.source = &split;
        assert_int_equal(dma_list_fill(&list, &blit), DMA_LIST_ERROR_ALIGNMENT);
        assert_int_equal(list.count, count);
        run(&list);
        expect(&good, false);
        assert_int_equal(dma_list_blit(&list, &good), DMA_LIST_ERROR_ARGUMENT); /* it has ended */
    }
    struct dma_list list = begin(&bcm2835_dma_list_format, MEMORY);
    struct dma_blit bytes = good;
    bytes.width = DMA_WIDTH_8;
    assert_int_equal(dma_list_blit(&list, &bytes), DMA_LIST_ERROR_ALIGNMENT);
}

static void the_memory_of_a_list(void **state)
{
    const struct baton_source source = source_of(WINDOW);
    const struct baton_destination destination = destination_of(WINDOW);
    /* Three rows that do not fit 2D mode: three entries in either format. */
    const struct dma_blit blit = {.source = &source,
                                  .destination = &destination,
                                  .row_bytes = 4,
                                  .rows = 3,
                                  .source_stride = 0x9000,
                                  .destination_stride = 8,
                                  .width = DMA_WIDTH_32};

    (void)state;
    for (unsigned i = 0; i < FORMATS; i++) {
        const struct dma_list_format *const format = formats[i].format;
        struct baton_cpu_access access = {.access = {3}, .data = memory, .length = 5 * format->entry_bytes};
        struct dma_list list = begin(format, 5 * format->entry_bytes + 3);

        assert_int_equal(dma_list_blit(&list, &blit), DMA_LIST_OK);
        assert_int_equal(dma_list_blit(&list, &blit), DMA_LIST_ERROR_CAPACITY);
        assert_int_equal(list.count, 3);
        run(&list);
        expect(&blit, false);

        assert_int_equal(dma_list_begin(&list, format, &access, (baton_bus_address){0}), DMA_LIST_ERROR_ARGUMENT);
        assert_int_equal(dma_list_begin(&list, format, &access, (baton_bus_address){LIST + 4}),
                         DMA_LIST_ERROR_ARGUMENT);
        assert_int_equal(dma_list_begin(&list, format, &access, (baton_bus_address){0u - 4 * format->entry_bytes}),
                         DMA_LIST_ERROR_ARGUMENT);
        assert_int_equal(dma_list_begin(&list, NULL, &access, (baton_bus_address){LIST}), DMA_LIST_ERROR_ARGUMENT);
        assert_int_equal(dma_list_begin(&list, format, NULL, (baton_bus_address){LIST}), DMA_LIST_ERROR_ARGUMENT);
        access.length = format->entry_bytes - 1;
        assert_int_equal(dma_list_begin(&list, format, &access, (baton_bus_address){LIST}), DMA_LIST_ERROR_ARGUMENT);
        access.length = format->entry_bytes;
        access.data = memory + 2;
        assert_int_equal(dma_list_begin(&list, format, &access, (baton_bus_address){LIST}), DMA_LIST_ERROR_ARGUMENT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rectangles_of_every_shape), cmocka_unit_test(the_fields_of_2d_mode),
        cmocka_unit_test(mappings_in_pieces),        cmocka_unit_test(refusals_leave_the_list_as_it_was),
        cmocka_unit_test(the_memory_of_a_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
