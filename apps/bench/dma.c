/* SPDX-License-Identifier: MIT */
/*
 * The DMA controller: from the start to the completion handler, over shapes of lists; and the handler as a place to measure in.
 *
 * Where the controller is a CPU that plays one (QEMU virt), what is counted under icount are that CPU's instructions, too. QEMU's PL080 and
 * BCM2835 DMA move everything inside the store that starts them: there a transfer takes none at all.
 */
#include "apps/bench/transfer.h"

#include <stdio.h>

#define BYTES 262144u
#define SMALL 64u

static struct bench_sample start, used;

static void stop(void *context)
{
    (void)context;
    used = bench_since(start);
}

/* false: the controller has no such width. */
static bool measure_once(struct transfer *transfer, const struct transfer_shape *shape, struct bench_row *row)
{
    if (!transfer_prepare(transfer, shape)) {
        return false;
    }
    row->entries = transfer->entries;
    bench_begin_period();
    start = bench_now();
    transfer_start(transfer, stop, NULL);
    transfer_finish(transfer);
    bench_end_period();
    return true;
}

void bench_dma(void)
{
    static const struct transfer_shape shapes[] = {
        {"start to interrupt: 4 bytes", 4, 1, BYTES, DMA_WIDTH_32},
        {"start to interrupt: words", BYTES, 1, BYTES, DMA_WIDTH_32},
        {"start to interrupt: halfwords", BYTES / 2, 1, BYTES, DMA_WIDTH_16},
        {"start to interrupt: bytes", BYTES / 4, 1, BYTES, DMA_WIDTH_8},
        {"start to interrupt: rows of 1 KiB", 1024, BYTES / 2048, 2048, DMA_WIDTH_32},
        {"start to interrupt: rows of 64 bytes", 64, BYTES / 128, 128, DMA_WIDTH_32},
        {"start to interrupt: rows of 16 bytes", 16, BYTES / 128, 128, DMA_WIDTH_32},
    };
    static struct bench_sample samples[BENCH_REPETITIONS_MAX];
    static struct transfer transfer;
    uint32_t list_bytes = 0;

    for (unsigned s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
        const uint32_t bytes = transfer_list_bytes(&shapes[s]);
        list_bytes = bytes > list_bytes ? bytes : list_bytes;
    }
    bench_open();
    transfer_open(&transfer, BYTES, list_bytes);
    for (unsigned s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
        struct bench_row row = {.group = "dma",
                                .name = shapes[s].name,
                                .bytes = shapes[s].row_bytes * shapes[s].rows,
                                .align = "aligned",
                                .state = "",
                                .context = "task",
                                .in_flight = 3,
                                .enforcement = "checked"};
        const unsigned repetitions = bench_repetitions();

        if (!measure_once(&transfer, &shapes[s], &row)) {
            printf("bench: # not measured: %s: the controller has no such width\n", shapes[s].name);
            continue;
        }
        for (unsigned i = 0; i < repetitions; i++) {
            if (i > 0 || bench_warm_up()) { /* otherwise the first one counts */
                (void)measure_once(&transfer, &shapes[s], &row);
            }
            samples[i] = used;
        }
        bench_print(&row, samples, repetitions);
    }
    bench_close();
}

/* ---------------------------------------------------------------------------------------------------------------- */

void bench_interrupt(void (*function)(void *context), void *context)
{
    static const struct transfer_shape shape = {"interrupt", 4, 1, SMALL, DMA_WIDTH_32};
    static struct transfer transfer;
    static uint32_t made;

    if (made != bench_opened) {
        transfer_open(&transfer, SMALL, transfer_list_bytes(&shape));
        made = bench_opened;
    }
    if (!transfer_prepare(&transfer, &shape)) {
        bench_give_up("interrupt", "the DMA controller does not copy words");
    }
    transfer_start(&transfer, function, context);
    transfer_finish(&transfer);
}
