/* SPDX-License-Identifier: MIT */
/*
 * Two coherent CPUs, their interrupt handler and the DMA engine on one instance of the core: a program for two tests, which differ in how
 * the emulator runs the CPUs. CPU 1 is the engine, CPU 2 is started here.
 *
 * Every word of a line counts how often the line was written. Who holds a line adds one to each word and to the line's shadow, which is
 * plain memory of the coherent CPUs; the engine copies lines, and their shadows are copied with them by who holds both. So a shadow is
 * touched by the line's holder only: a grant that should not have been, a lost store, an old byte, or half of a copy show as a
 * difference. How often somebody is refused is a matter of timing, and decides nothing.
 */
#ifndef BATON_TESTS_TARGET_SUPPORT_CONCURRENT_H
#define BATON_TESTS_TARGET_SUPPORT_CONCURRENT_H

#include "apps/platform.h"
#include "boot/cpu.h"
#include "boot/registers/barrier.h"
#include "boot/smp.h"
#include "drivers/pl080_list.h"
#include "tests/target/support/tap.h"

#include <stdio.h>
#include <stdlib.h>

#define CONCURRENT_CPU 2u
#define BUFFERS 3u
#define LINE 64u
#define LINES 24u
#define WORDS (LINE / 4)
#define CHAINS 2u          /* each with two channels of its own */
#define ATTEMPTS 4000000u  /* of one CPU: a hang */
#define PATIENCE 30000000u /* microseconds: a hang, on any host */

struct shared {
    baton_buffer buffer;
    baton_attachment attachment;
    uint32_t shadow[LINES];
};

/* What one CPU has done, and its interrupt handler. */
struct counts {
    uint32_t reads, writes, copies, refused, wrong, in_interrupt;
    uint32_t random;
};

/* X → Y → Z, lines of them. */
struct copy {
    baton_fence fence;
    baton_buffer list;
    baton_attachment list_attachment;
    struct baton_source entries;
    unsigned channel;
    struct shared *to;
    struct baton_range destination;
};

static const struct platform *board;
static struct baton *instance;
static struct baton_port port;
static baton_pool pool;
static baton_device dma;
static struct shared shared[BUFFERS];
static struct copy copies[CHAINS][2];
static struct counts counts[2], interrupt_counts;
static unsigned chains; /* as many as the controller has channels for */
static uint32_t rounds;
static volatile uint32_t other_done;

static void must(enum baton_status status, const char *what)
{
    if (status != BATON_OK) {
        printf("Bail out! %s: %s\n", what, baton_status_text(status));
        exit(EXIT_FAILURE);
    }
}

static void silent(void *context, const struct baton_misuse *what)
{
    (void)context;
    (void)what;
}

static uint32_t any(struct counts *who, uint32_t bound)
{
    who->random = who->random * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)who->random * bound) >> 32);
}

static struct baton_range any_lines(struct counts *who)
{
    uint32_t first = any(who, LINES);

    return (struct baton_range){first * LINE, (1 + any(who, LINES - first < 6 ? LINES - first : 6)) * LINE};
}

/* The bytes of an access against their shadow; adds one to both. */
static void look(struct counts *who, struct shared *what, struct baton_range range, void *data, bool write)
{
    volatile uint32_t *words = data;
    uint32_t *shadow = &what->shadow[range.offset / LINE];

    for (uint32_t i = 0; i < range.length / 4; i++) {
        who->wrong += words[i] != shadow[i / WORDS];
        if (write) {
            words[i] = words[i] + 1;
        }
    }
    for (uint32_t i = 0; write && i < range.length / LINE; i++) {
        shadow[i]++;
    }
}

static bool cpu_access(struct counts *who, enum baton_direction direction, struct shared *what,
                       struct baton_range range)
{
    struct baton_cpu_access access;

    if (baton_begin_cpu_access(instance, what->buffer, range, direction, &access) != BATON_OK) {
        who->refused++;
        return false;
    }
    look(who, what, range, access.data, direction == BATON_WRITE);
    must(baton_end_cpu_access(instance, &access), "end");
    return true;
}

static void completion(void *context, unsigned channel, enum dma_status status)
{
    struct copy *copy = context;

    (void)channel;
    must(status == DMA_OK ? BATON_OK : BATON_ERROR_DEVICE, dma_status_text(status));
    must(baton_fence_signal(instance, copy->fence, BATON_OK), "signal");
    /* The handler acquires too, if nobody is in the way. */
    interrupt_counts.in_interrupt++;
    interrupt_counts.reads += cpu_access(&interrupt_counts, BATON_READ, copy->to, copy->destination);
}

static void start(void *context, enum baton_status status)
{
    struct copy *copy = context;

    must(status, "start");
    if (dma_start(board->dma, copy->channel, &copy->entries, completion, copy) != DMA_OK) {
        must(BATON_ERROR_DEVICE, "dma_start");
    }
}

/* Copies lines by the engine; false: refused, and nothing is left of it. */
static bool begin_copy(struct counts *who, struct copy *copy, baton_fence after, struct shared *from,
                       struct baton_range source_range, struct shared *to, uint32_t first)
{
    const struct baton_fence_config config = {.name = "copy", .start = start, .context = copy, .after = after};
    struct baton_destination destination;
    struct baton_source source;
    struct baton_cpu_access access;
    struct pl080_list list;
    baton_bus_address address;

    copy->to = to;
    copy->destination = (struct baton_range){first * LINE, source_range.length};
    must(baton_fence_open(instance, &config, &copy->fence), "open");
    if (baton_fence_map_to_device(instance, copy->fence, from->attachment, source_range, &source) != BATON_OK ||
        baton_fence_map_from_device(instance, copy->fence, to->attachment, copy->destination, BATON_OVERWRITE,
                                    &destination) != BATON_OK) {
        who->refused++;
        must(baton_fence_close(instance, &copy->fence), "close");
        return false;
    }
    /* Both are held: so are their shadows. */
    for (uint32_t i = 0; i < source_range.length / LINE; i++) {
        to->shadow[first + i] = from->shadow[source_range.offset / LINE + i];
    }
    must(baton_map_to_device(instance, copy->list_attachment, (struct baton_range){0, LINE}, &copy->entries), "list");
    address = copy->entries.segments[0].address;
    must(baton_unmap_source(instance, &copy->entries), "list");
    must(baton_begin_cpu_access(instance, copy->list, (struct baton_range){0, LINE}, BATON_OVERWRITE, &access), "list");
    if (pl080_list_begin(&list, &access, address) != DMA_LIST_OK ||
        pl080_list_copy(&list, &source, 0, &destination, 0, source_range.length, DMA_WIDTH_WIDEST) != DMA_LIST_OK ||
        pl080_list_end(&list) != DMA_LIST_OK) {
        must(BATON_ERROR_RANGE, "a list");
    }
    must(baton_end_cpu_access(instance, &access), "list");
    must(baton_fence_map_to_device(instance, copy->fence, copy->list_attachment,
                                   (struct baton_range){0, list.count * (uint32_t)sizeof(struct pl080_entry)},
                                   &copy->entries),
         "list");
    must(baton_fence_queue(instance, copy->fence), "queue");
    return true;
}

static bool over(struct copy *copy)
{
    return copy->fence.token == 0 || baton_fence_status(instance, copy->fence) == BATON_OK;
}

/* One chain of two copies; busy: the last one of this place is under way. */
static void chain(struct counts *who, unsigned place)
{
    struct copy *first = &copies[place][0];
    struct copy *second = &copies[place][1];
    unsigned from = any(who, BUFFERS);
    struct baton_range range = any_lines(who);

    if (!over(first) || !over(second)) {
        who->refused++;
        return;
    }
    if (first->fence.token != 0) {
        must(baton_fence_close(instance, &first->fence), "close");
    }
    if (second->fence.token != 0) {
        must(baton_fence_close(instance, &second->fence), "close");
    }
    struct shared *middle = &shared[(from + 1) % BUFFERS];
    struct shared *last = &shared[(from + 2) % BUFFERS];
    uint32_t room = LINES - range.length / LINE + 1;
    if (!begin_copy(who, first, (baton_fence){0}, &shared[from], range, middle, any(who, room))) {
        return;
    }
    who->copies++;
    who->copies += begin_copy(who, second, first->fence, middle, first->destination, last, any(who, room));
}

static void work(struct counts *who, bool copying)
{
    for (uint32_t attempts = 0; attempts < ATTEMPTS && who->reads + who->writes + who->copies < rounds; attempts++) {
        struct shared *what = &shared[any(who, BUFFERS)];
        struct baton_range range = any_lines(who);
        uint32_t refused = who->refused;

        switch (any(who, copying ? 5 : 3)) {
        case 0:
            who->reads += cpu_access(who, BATON_READ, what, range);
            break;
        case 1:
        case 2:
            who->writes += cpu_access(who, BATON_WRITE, what, range);
            break;
        default:
            chain(who, any(who, chains));
            break;
        }
        if (who->refused != refused) { /* an unlock by anybody, or an interrupt, ends this */
            wfe();
        }
    }
}

static void on_other_cpu(void *argument)
{
    (void)argument;
    work(&counts[1], false);
    dmb();
    other_done = 1;
    dsb();
    sev();
}

static void prepare(void)
{
    static const struct baton_limits limits = {
        .pools = 1, .buffers = 8, .devices = 1, .attachments = 8, .accesses = 32, .trace = 64, .fences = 8};
    size_t size = baton_size(&limits);
    void *bytes = malloc(size);

    board = platform();
    chains = board->dma->channels / 2 < CHAINS ? board->dma->channels / 2 : CHAINS;
    port = *board->port;
    port.misuse = silent;
    must(bytes == NULL ? BATON_ERROR_NO_MEMORY : BATON_OK, "malloc");
    must(baton_init(&instance, bytes, size, &limits, &port), "baton_init");
    must(baton_add_pool(instance, &board->memory, &pool), "baton_add_pool");
    must(baton_add_device(instance, &board->dma_device, &dma), "baton_add_device");
    for (unsigned i = 0; i < BUFFERS; i++) {
        const struct baton_buffer_config config = {.name = "shared", .size = LINES * LINE};
        struct baton_cpu_access access;

        must(baton_create(instance, pool, &config, &shared[i].buffer), "create");
        must(baton_attach(instance, shared[i].buffer, dma, &shared[i].attachment), "attach");
        must(baton_begin_cpu_access(instance, shared[i].buffer, (struct baton_range){0, LINES * LINE}, BATON_OVERWRITE,
                                    &access),
             "fill");
        for (uint32_t word = 0; word < LINES * WORDS; word++) {
            ((uint32_t *)access.data)[word] = 0;
        }
        must(baton_end_cpu_access(instance, &access), "fill");
    }
    for (unsigned i = 0; i < CHAINS * 2; i++) {
        const struct baton_buffer_config config = {.name = "list", .size = LINE};
        struct copy *copy = &copies[i / 2][i % 2];

        copy->channel = i;
        must(baton_create(instance, pool, &config, &copy->list), "create");
        must(baton_attach(instance, copy->list, dma, &copy->list_attachment), "attach");
    }
}

static bool all_over(void)
{
    for (unsigned i = 0; i < CHAINS * 2; i++) {
        if (!over(&copies[i / 2][i % 2])) {
            return false;
        }
    }
    return other_done != 0;
}

static int concurrent(uint32_t accesses)
{
    struct baton_answer answer;

    tap_plan(6);
    prepare();
    rounds = accesses;
    counts[0].random = 1;
    counts[1].random = 2;
    interrupt_counts.random = 3;
    if (!tap_ok(smp_start(CONCURRENT_CPU, on_other_cpu, NULL, &mmu_tables_cpu),
                "CPU 2 runs in the coherence of CPU 0")) {
        return tap_done();
    }
    work(&counts[0], true);
    uint64_t end = board->microseconds() + PATIENCE;
    while (!all_over() && board->microseconds() < end) {
        wfe();
    }
    tap_ok(all_over(), "both CPUs and the engine come to their ends");
    dmb();
    for (unsigned i = 0; i < 2; i++) {
        tap_ok(counts[i].reads + counts[i].writes + counts[i].copies >= rounds && counts[i].wrong == 0,
               "CPU %u: %lu wrong words in %lu reads, %lu writes, %lu copies", i == 0 ? 0 : CONCURRENT_CPU,
               (unsigned long)counts[i].wrong, (unsigned long)counts[i].reads, (unsigned long)counts[i].writes,
               (unsigned long)counts[i].copies);
        tap_note("refused: %lu", (unsigned long)counts[i].refused);
    }
    tap_ok(interrupt_counts.in_interrupt == counts[0].copies && interrupt_counts.wrong == 0,
           "interrupt handler: %lu wrong words in %lu reads after %lu completions",
           (unsigned long)interrupt_counts.wrong, (unsigned long)interrupt_counts.reads,
           (unsigned long)interrupt_counts.in_interrupt);
    uint32_t held = 0;
    struct counts last = {0};
    for (unsigned i = 0; i < BUFFERS; i++) {
        must(baton_query(instance, shared[i].buffer, (struct baton_range){0, LINES * LINE}, &answer, NULL, 0), "query");
        held += answer.holders;
        (void)cpu_access(&last, BATON_READ, &shared[i], (struct baton_range){0, LINES * LINE});
    }
    tap_ok(held == 0 && last.refused == 0 && last.wrong == 0,
           "in the end nobody holds anything, and every word is right");
    return tap_done();
}

#endif
