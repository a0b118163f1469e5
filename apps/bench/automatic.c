/* SPDX-License-Identifier: MIT */
/*
 * Automatic mappings: what the fault of a first touch takes, that of a first store after a load, a touch of what is open, and what handing
 * to a device takes by pages that were written.
 */
#include "apps/bench/bench.h"

#define PAGE 4096u
#define PAGES 16u
#define FAULT_MICROSECONDS 1000000u

enum touch { FIRST_LOAD, FIRST_STORE, STORE_AFTER_LOAD, LOAD_AGAIN, HAND_OVER };

struct automatic {
    struct bench_buffer buffer;
    volatile uint32_t *words[2]; /* of the buffer, and of ordinary memory for the empty run */
    enum touch touch;
    uint32_t written; /* pages, before */
    struct baton_source source;
    enum baton_status status;
};

static uint32_t ordinary[1];

static enum baton_status map(struct automatic *automatic)
{
    return baton_map_to_device(bench_baton, automatic->buffer.attachment, (struct baton_range){0, PAGES * PAGE},
                               &automatic->source);
}

static void unmap(struct automatic *automatic)
{
    bench_must(baton_unmap_source(bench_baton, &automatic->source), "unmap_source");
}

/* Written by the device, which closes every page; then as the row says. */
static void prepare(void *context)
{
    struct automatic *automatic = context;
    volatile uint32_t *const words = automatic->words[0];

    bench_bring(&automatic->buffer, BENCH_STALE);
    if (automatic->touch == STORE_AFTER_LOAD || automatic->touch == LOAD_AGAIN) {
        (void)*words;
    }
    for (uint32_t page = 0; page < automatic->written; page++) {
        for (uint32_t line = 0; line < PAGE; line += 32) {
            words[(page * PAGE + line) / 4] = page;
        }
    }
}

static void work(void *context, bool empty)
{
    struct automatic *automatic = context;

    switch (automatic->touch) {
    case FIRST_STORE:
    case STORE_AFTER_LOAD:
        *automatic->words[empty] = 1;
        break;
    case HAND_OVER:
        if (!empty) {
            automatic->status = map(automatic);
        }
        break;
    default:
        (void)*automatic->words[empty];
    }
}

static void finish(void *context)
{
    struct automatic *automatic = context;

    if (automatic->touch == HAND_OVER) {
        bench_must(automatic->status, "map_to_device");
        unmap(automatic);
    }
}

void bench_automatic(void)
{
    static const char *const names[] = {"first load", "first store", "store after load", "load again",
                                        "device reads begin"};
    static struct automatic automatic;
    void *pointer;

    if (platform()->port->protect == NULL) {
        return; /* not on this board */
    }
    bench_open();
    platform_guard_faults(bench_baton, FAULT_MICROSECONDS);
    automatic.buffer = bench_buffer("automatic", PAGES * PAGE, BATON_POLICY_CACHED, BATON_ENFORCE_AUTOMATIC);
    bench_must(baton_automatic_pointer(bench_baton, automatic.buffer.buffer, &pointer), "automatic_pointer");
    automatic.words[0] = pointer;
    automatic.words[1] = ordinary;
    struct bench_experiment experiment = {
        .row = {.group = "automatic", .align = "", .context = "task", .in_flight = 1, .enforcement = "automatic"},
        .prepare = prepare,
        .work = work,
        .finish = finish,
        .context = &automatic,
        .interrupts = true,
    };

    for (automatic.touch = FIRST_LOAD; automatic.touch < HAND_OVER; automatic.touch++) {
        experiment.row.name = names[automatic.touch];
        experiment.row.bytes = 4;
        experiment.row.state = automatic.touch == FIRST_LOAD || automatic.touch == FIRST_STORE ? "stale" : "readable";
        experiment.row.lines = automatic.touch == FIRST_LOAD || automatic.touch == FIRST_STORE
                                   ? PAGE / platform()->port->granule * bench_levels()
                                   : 0;
        bench_measure(&experiment);
    }
    for (automatic.written = 0; automatic.written <= PAGES;
         automatic.written = automatic.written ? 4 * automatic.written : 1) {
        experiment.row.name = names[HAND_OVER];
        experiment.row.bytes = automatic.written * PAGE;
        experiment.row.state = automatic.written ? "dirty" : "stale";
        experiment.row.lines = automatic.written * PAGE / platform()->port->granule * bench_levels();
        bench_measure(&experiment);
    }
    bench_close();
}
