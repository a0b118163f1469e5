/* SPDX-License-Identifier: MIT */
/*
 * What the DMA controller's lists do to bytes: single entries, chains, rectangles, fills, every pair of widths, fixed addresses. Each case
 * checks what was to be written and that nothing beside it was.
 * What would break it: a transfer too many or too few, bytes swapped or lost between two widths, an increment where none is wanted, a chain
 * that is left early.
 *
 * noise: 1/20
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include "drivers/pl080.h"

#include <string.h>

#define SIZE 0x20000u
#define MARGIN 64u

static struct rig_buffer source, destination, list;
static unsigned dma_channels;

static uint32_t control(uint32_t transfers, unsigned source_width, unsigned destination_width, uint32_t flags)
{
    return PL080_CONTROL_TRANSFERS(transfers) | PL080_CONTROL_SWIDTH(source_width) |
           PL080_CONTROL_DWIDTH(destination_width) | flags;
}

#define BURST(code) (PL080_CONTROL_SBSIZE(code) | PL080_CONTROL_DBSIZE(code))

#define SI PL080_CONTROL_SI
#define DI PL080_CONTROL_DI
#define I PL080_CONTROL_I

/* One entry by hand, from the start of the source to MARGIN of the destination. */
static enum dma_status one(uint32_t flags_and_sizes)
{
    struct rig_transfer transfer;

    rig_fill(&destination, 2);
    rig_map(&transfer, &source, &destination, &list);
    struct pl080_entry entry = {source.address, destination.address + MARGIN, 0, flags_and_sizes};
    rig_list(&transfer, &entry, 1);
    return rig_run(&transfer, 0);
}

/* Whether the controller does such a pair at all. */
static bool can(unsigned source_width, unsigned destination_width)
{
    const struct pl080 *pl080 = hardware()->pl080;

    return source_width == destination_width || pl080 == NULL || (pl080->limits & PL080_LIMIT_EQUAL_WIDTHS) == 0;
}

/* A channel near the number. */
static unsigned channel(unsigned number)
{
    return number % dma_channels;
}

/* Destination bytes that are not as before, outside of [MARGIN, MARGIN + length). */
static uint32_t outside(uint32_t length)
{
    return rig_differences(&destination, 0, MARGIN, 2, 0) +
           rig_differences(&destination, MARGIN + length, SIZE - MARGIN - length, 2, 0);
}

static void width_pairs(void)
{
    for (unsigned s = 0; s <= 2; s++) {
        for (unsigned d = 0; d <= 2; d++) {
            /* Whole bursts and not, the shortest bursts, and 4095 where the widths allow it. */
            static const uint32_t transfers[] = {4, 260, 4092, 4095};
            static const uint32_t bursts[] = {0, 0, 3, 7};
            for (unsigned i = 0; i < sizeof(transfers) / sizeof(transfers[0]); i++) {
                uint32_t bytes = transfers[i] << s;
                if (bytes % (1u << d) != 0) {
                    continue;
                }
                enum dma_status status = one(control(transfers[i], s, d, SI | DI | I | BURST(bursts[i])));
                if (!can(s, d)) {
                    tap_ok(status == DMA_ERROR_LIST && outside(0) == 0,
                           "%lu transfers, %u to %u bits: refused, not a byte was moved", (unsigned long)transfers[i],
                           8u << s, 8u << d);
                    continue;
                }
                tap_ok(status == DMA_OK && rig_differences(&destination, MARGIN, bytes, 1, -(int32_t)MARGIN) == 0 &&
                           outside(bytes) == 0,
                       "%lu transfers, %u to %u bits: every byte in its place (%s)", (unsigned long)transfers[i],
                       8u << s, 8u << d, dma_status_text(status));
            }
        }
    }
}

/* 64 bytes from and to fixed addresses, in each pair of widths, over several bursts. */
static void fixed_addresses(void)
{
    for (unsigned s = 0; s <= 2; s++) {
        for (unsigned d = 0; d <= 2; d++) {
            uint8_t is[64];
            uint8_t wanted[64];

            enum dma_status status = one(control(64u >> s, s, d, DI | I | BURST(1)));
            if (!can(s, d)) {
                tap_ok(status == DMA_ERROR_LIST && outside(0) == 0, "a fixed source of %u bits to %u bits: refused",
                       8u << s, 8u << d);
                status = one(control(64u >> s, s, d, SI | I | BURST(1)));
                tap_ok(status == DMA_ERROR_LIST && outside(0) == 0,
                       "%u bits to a fixed destination of %u bits: refused", 8u << s, 8u << d);
                continue;
            }
            rig_read(&destination, MARGIN, is, 64);
            for (uint32_t i = 0; i < 64; i++) {
                wanted[i] = rig_pattern(1, i % (1u << s));
            }
            tap_ok(status == DMA_OK && memcmp(is, wanted, 64) == 0 && outside(64) == 0,
                   "a fixed source of %u bits to %u bits: its element over and over", 8u << s, 8u << d);

            status = one(control(64u >> s, s, d, SI | I | BURST(1)));
            rig_read(&destination, MARGIN, is, 1u << d);
            for (uint32_t i = 0; i < 1u << d; i++) {
                wanted[i] = rig_pattern(1, 64 - (1u << d) + i);
            }
            tap_ok(status == DMA_OK && memcmp(is, wanted, 1u << d) == 0 && outside(1u << d) == 0,
                   "%u bits to a fixed destination of %u bits: the last element stays", 8u << s, 8u << d);
        }
    }
}

static void chain_by_hand(void)
{
    struct rig_transfer transfer;
    struct pl080_entry entries[5];

    /* Entries in memory in another order than the chain's: 0, 3, 1, 4, 2. Entry n moves the n-th kilobyte of the chain, backwards. */
    static const uint32_t order[5] = {0, 3, 1, 4, 2};
    for (uint32_t n = 0; n < 5; n++) {
        entries[order[n]] = (struct pl080_entry){
            .source = source.address + n * 1024,
            .destination = destination.address + (4 - n) * 1024,
            .next = n < 4 ? order[n + 1] + 1 : 0,
            .control = control(256, 2, 2, SI | DI | BURST(7) | (n < 4 ? 0 : I)),
        };
    }
    rig_fill(&destination, 2);
    rig_map(&transfer, &source, &destination, &list);
    rig_list(&transfer, entries, 5);
    bool done = rig_run(&transfer, channel(3)) == DMA_OK && transfer.completions == 1 && transfer.channel == channel(3);
    uint32_t wrong = 0;
    for (uint32_t n = 0; n < 5; n++) {
        wrong +=
            rig_differences(&destination, (4 - n) * 1024, 1024, 1, (int32_t)(n * 1024) - (int32_t)((4 - n) * 1024));
    }
    tap_ok(done && wrong == 0, "a chain of 5 entries in another order than they lie");
    tap_equal(rig_differences(&destination, 5120, SIZE - 5120, 2, 0), 0, "and nothing behind it");
}

static void long_copy(void)
{
    struct rig_transfer transfer;

    /* Odd ends: 3 + n * 4 + 2 bytes on addresses that agree modulo 4. */
    rig_fill(&destination, 2);
    rig_map(&transfer, &source, &destination, &list);
    struct pl080_list entries = rig_list_begin(&transfer);
    enum dma_list_status status =
        pl080_list_copy(&entries, &transfer.source, 1, &transfer.destination, MARGIN + 1, 100001, DMA_WIDTH_WIDEST);
    tap_ok(status == DMA_LIST_OK, "a list for 100001 bytes: %s", dma_list_status_text(status));
    rig_list_end(&transfer, &entries);
    tap_ok(rig_run(&transfer, channel(7)) == DMA_OK &&
               rig_differences(&destination, MARGIN + 1, 100001, 1, -(int32_t)MARGIN) == 0,
           "100001 bytes over %lu entries", (unsigned long)entries.count);
    tap_equal(rig_differences(&destination, 0, MARGIN + 1, 2, 0) +
                  rig_differences(&destination, MARGIN + 100002, SIZE - MARGIN - 100002, 2, 0),
              0, "and nothing beside them");
}

static void rectangles(void)
{
    static const struct {
        uint32_t row_bytes, rows, source_stride, destination_stride;
    } cases[] = {{64, 32, 256, 100}, {1, 64, 3, 5}, {644, 121, 644, 700}, {163, 60, 171, 163}, {256, 64, 256, 256}};

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rig_transfer transfer;
        rig_fill(&destination, 2);
        rig_map(&transfer, &source, &destination, &list);
        struct dma_blit blit = {
            .source = &transfer.source,
            .destination = &transfer.destination,
            .source_offset = 8,
            .source_stride = cases[i].source_stride,
            .destination_offset = MARGIN,
            .destination_stride = cases[i].destination_stride,
            .row_bytes = cases[i].row_bytes,
            .rows = cases[i].rows,
            .width = DMA_WIDTH_WIDEST,
        };
        struct pl080_list entries = rig_list_begin(&transfer);
        enum dma_list_status built = pl080_list_blit(&entries, &blit);
        rig_list_end(&transfer, &entries);
        enum dma_status status = rig_run(&transfer, 1);
        uint32_t wrong = rig_differences(&destination, 0, MARGIN, 2, 0);
        uint32_t at = MARGIN;
        for (uint32_t row = 0; row < cases[i].rows; row++) {
            uint32_t next = row + 1 < cases[i].rows ? at + cases[i].destination_stride : SIZE;
            int32_t shift = (int32_t)(8 + row * cases[i].source_stride) - (int32_t)at;
            wrong += rig_differences(&destination, at, cases[i].row_bytes, 1, shift);
            wrong += rig_differences(&destination, at + cases[i].row_bytes, next - at - cases[i].row_bytes, 2, 0);
            at = next;
        }
        tap_ok(built == DMA_LIST_OK && status == DMA_OK && wrong == 0,
               "a rectangle of %lux%lu bytes, strides %lu and %lu: %lu bytes differ", (unsigned long)cases[i].row_bytes,
               (unsigned long)cases[i].rows, (unsigned long)cases[i].source_stride,
               (unsigned long)cases[i].destination_stride, (unsigned long)wrong);
    }
}

static void fill(void)
{
    struct rig_transfer transfer;
    static const uint32_t colour = 0x00c0ffee;
    uint32_t row[40];
    uint32_t wrong = 0;

    rig_write(&source, 16, &colour, sizeof(colour));
    rig_fill(&destination, 2);
    rig_map(&transfer, &source, &destination, &list);
    struct dma_blit request = {
        .source = &transfer.source,
        .destination = &transfer.destination,
        .source_offset = 16,
        .destination_offset = MARGIN,
        .destination_stride = 640,
        .row_bytes = sizeof(row),
        .rows = 30,
        .width = DMA_WIDTH_32,
    };
    struct pl080_list entries = rig_list_begin(&transfer);
    enum dma_list_status built = pl080_list_fill(&entries, &request);
    rig_list_end(&transfer, &entries);
    enum dma_status status = rig_run(&transfer, channel(2));
    for (uint32_t y = 0; y < 30; y++) {
        uint32_t at = MARGIN + y * 640;
        rig_read(&destination, at, row, sizeof(row));
        for (uint32_t x = 0; x < 40; x++) {
            wrong += row[x] != colour;
        }
        wrong += rig_differences(&destination, at + sizeof(row), 640 - sizeof(row), 2, 0);
    }
    tap_ok(built == DMA_LIST_OK && status == DMA_OK && wrong == 0, "a fill of 40x30 pixels, and nothing beside it");
    rig_fill(&source, 1);
}

int main(void)
{
    const struct dma_controller *const dma = rig_open()->dma;

    if (dma->format != &pl080_list_format) {
        return tap_skip("a controller with lists of another format (the formats: tests/host/test_dma_list.c)");
    }
    dma_channels = dma->channels;
    source = rig_buffer("source", SIZE);
    destination = rig_buffer("destination", SIZE);
    list = rig_buffer("list", 0x4000);
    rig_fill(&source, 1);

    tap_plan(6 * 4 + 3 * 3 + 18 + 2 + 3 + 5 + 1);
    width_pairs();
    fixed_addresses();
    chain_by_hand();
    long_copy();
    rectangles();
    fill();
    return tap_done();
}
