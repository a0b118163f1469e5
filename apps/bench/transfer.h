/* SPDX-License-Identifier: MIT */
/*
 * Copies by the board's DMA controller between two buffers of bench_baton: their lists, their start, their end. Used by dma.c and for
 * bench_interrupt().
 */
#ifndef BATON_APPS_BENCH_TRANSFER_H
#define BATON_APPS_BENCH_TRANSFER_H

#include "apps/bench/bench.h"
#include "drivers/interface/dma_list.h"

struct transfer_shape {
    const char *name;
    uint32_t row_bytes, rows, stride; /* on both sides */
    enum dma_width width;
};

struct transfer {
    struct bench_buffer from, to, list_buffer;
    const struct transfer_shape *shape;
    uint32_t entries;
    struct baton_source source, list;
    struct baton_destination destination;
    void (*completed)(void *context); /* interrupt context */
    void *context;
    volatile bool done;
    volatile enum dma_status status;
};

/* Bytes of a list of that shape. */
uint32_t transfer_list_bytes(const struct transfer_shape *shape);

/* Makes buffers, with content. */
void transfer_open(struct transfer *transfer, uint32_t bytes, uint32_t list_bytes);

/* Maps them and makes the list; the destination is cleared before. Not to be done in an interrupt handler. false: the controller has no
 * such width, and nothing is mapped. */
bool transfer_prepare(struct transfer *transfer, const struct transfer_shape *shape);

/* Starts it. completed, if it is not NULL, is called when it is done. */
void transfer_start(struct transfer *transfer, void (*completed)(void *context), void *context);

/* Waits, and looks whether each byte came where it should and no other was touched. */
void transfer_finish(struct transfer *transfer);

#endif
