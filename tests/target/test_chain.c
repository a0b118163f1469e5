/* SPDX-License-Identifier: MIT */
/*
 * A chain of device work with the CPU not in between: fill, two blits by the DMA engine, and a flip of the display, each started by the
 * completion interrupt of the one before. The port's operations are counted: once the chain is queued there are barriers only. Then a
 * bus error in the middle, and an engine that does not answer.
 * What would break it: maintenance that comes late (the counts; or, without, old pixels under the memory model), a start from anywhere
 * but an interrupt, an error that stops travelling, a quarantine that ends before the channel is halted.
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/tap.h"

#include "apps/platform.h"
#include "boot/cpu.h"
#include "drivers/pl080.h"
#include "drivers/pl080_list.h"
#include "drivers/pl080_soft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 320u
#define HEIGHT 240u
#define FRAME (WIDTH * HEIGHT * 4)
#define PATIENCE 20000000u /* microseconds: a hang, on any host */
#define CHANNEL 1u
#define ROUNDS 4u

struct memory {
    baton_buffer buffer;
    baton_attachment dma, display;
    uint32_t size;
};

/* One piece of DMA work: a source, a destination, a list, a fence. */
struct work {
    baton_fence fence;
    struct memory *list;
    struct baton_source entries;
    volatile unsigned starts;
    volatile enum baton_status told; /* by start() */
    volatile bool interrupt;         /* start() came in one */
    bool stuck;                      /* started with its channel halted */
};

static const struct platform *board;
static struct baton *instance;
static struct baton_port port;
static baton_pool pool;
static baton_device dma, display;
static struct memory colour, canvas, back, screens[2], lists[3];
static struct work work[3];

static volatile unsigned published, refreshed, barriers, misuses;
static volatile bool in_completion;

/* The flip, the last stage; its fence is signalled when the picture has left the screen. */
static struct {
    baton_fence fence;
    struct baton_source frame;
    volatile unsigned starts, boundaries;
    volatile enum baton_status told;
    volatile bool interrupt;
} flip;

static void must(enum baton_status status, const char *what)
{
    if (status != BATON_OK) {
        printf("Bail out! %s: %s\n", what, baton_status_text(status));
        exit(EXIT_FAILURE);
    }
}

static void need(bool done, const char *what)
{
    if (!done) {
        printf("Bail out! %s\n", what);
        exit(EXIT_FAILURE);
    }
}

static void publish(void *context, uintptr_t address, size_t length)
{
    published = published + 1;
    board->port->publish(context, address, length);
}

static void refresh(void *context, uintptr_t address, size_t length)
{
    refreshed = refreshed + 1;
    board->port->refresh(context, address, length);
}

static void barrier(void *context, enum baton_barrier why)
{
    barriers = barriers + 1;
    board->port->barrier(context, why);
}

static void misuse(void *context, const struct baton_misuse *what)
{
    (void)context;
    (void)what;
    misuses = misuses + 1;
}

static bool may_wait(void *context)
{
    (void)context;
    return (cpu_read_cpsr() & CPSR_I) == 0;
}

static void wait_until(void *context, uint32_t deadline)
{
    (void)context;
    (void)deadline;
    board->sleep_until(board->microseconds() + 1000);
}

static struct baton_range whole(const struct memory *memory)
{
    return (struct baton_range){0, memory->size};
}

static struct memory memory(const char *name, uint32_t size)
{
    const struct baton_buffer_config config = {.name = name, .size = size};
    struct memory made = {.size = size};

    must(baton_create(instance, pool, &config, &made.buffer), name);
    must(baton_attach(instance, made.buffer, dma, &made.dma), name);
    must(baton_attach(instance, made.buffer, display, &made.display), name);
    return made;
}

static void open(void)
{
    static const struct baton_limits limits = {
        .pools = 1, .buffers = 16, .devices = 2, .attachments = 32, .accesses = 32, .trace = 128, .fences = 8};
    size_t size = baton_size(&limits);
    void *bytes = malloc(size);

    board = platform();
    need(bytes != NULL, "no memory");
    port = *board->port;
    port.publish = publish;
    port.refresh = refresh;
    port.barrier = barrier;
    port.misuse = misuse;
    port.may_wait = may_wait;
    port.wait = wait_until;
    must(baton_init(&instance, bytes, size, &limits, &port), "baton_init");
    must(baton_add_pool(instance, &board->memory, &pool), "baton_add_pool");
    must(baton_add_device(instance, &board->dma_device, &dma), "baton_add_device");
    must(baton_add_device(instance, &board->display_device, &display), "baton_add_device");
    colour = memory("colour", 64);
    canvas = memory("canvas", FRAME);
    back = memory("back", FRAME);
    screens[0] = memory("screen 0", FRAME);
    screens[1] = memory("screen 1", FRAME);
    for (unsigned i = 0; i < 3; i++) {
        lists[i] = memory("list", 4096);
    }
    need(display_set_mode(board->display, WIDTH, HEIGHT) == DISPLAY_OK, "no mode");
}

static void fill_memory(struct memory *where, uint32_t word)
{
    struct baton_cpu_access access;

    must(baton_begin_cpu_access(instance, where->buffer, whole(where), BATON_OVERWRITE, &access), "fill");
    for (uint32_t i = 0; i < where->size / 4; i++) {
        ((uint32_t *)access.data)[i] = word;
    }
    must(baton_end_cpu_access(instance, &access), "fill");
}

/* How many words of a part are not that one. */
static uint32_t differences(struct memory *where, struct baton_range range, uint32_t word)
{
    struct baton_cpu_access access;
    uint32_t count = 0;

    must(baton_begin_cpu_access(instance, where->buffer, range, BATON_READ, &access), "look");
    for (uint32_t i = 0; i < range.length / 4; i++) {
        count += ((const uint32_t *)access.data)[i] != word;
    }
    must(baton_end_cpu_access(instance, &access), "look");
    return count;
}

static void completion(void *context, unsigned channel, enum dma_status status)
{
    const struct work *done = context;

    (void)channel;
    in_completion = true;
    enum baton_status signalled =
        baton_fence_signal(instance, done->fence, status == DMA_OK ? BATON_OK : BATON_ERROR_DEVICE);
    (void)signalled; /* HELD: given up before */
    in_completion = false;
}

static void start_work(void *context, enum baton_status status)
{
    struct work *starting = context;

    starting->starts = starting->starts + 1;
    starting->told = status;
    starting->interrupt = in_completion;
    if (status == BATON_OK && starting->stuck) {
        const uint32_t halted = PL080_CONFIGURATION_H | PL080_CONFIGURATION_IE | PL080_CONFIGURATION_ITC;
        const struct hardware *hw = hardware();
        enum dma_status started =
            hw->engine != NULL ? pl080_soft_start(hw->engine, CHANNEL, &starting->entries, halted, completion, starting)
                               : pl080_start(hw->pl080, CHANNEL, &starting->entries, halted, completion, starting);

        need(started == DMA_OK, "a halted start");
    } else if (status == BATON_OK) {
        need(dma_start(board->dma, CHANNEL, &starting->entries, completion, starting) == DMA_OK, "dma_start");
    }
}

static void boundary(void *context)
{
    (void)context;
    flip.boundaries = flip.boundaries + 1;
}

static void start_flip(void *context, enum baton_status status)
{
    (void)context;
    flip.starts = flip.starts + 1;
    flip.told = status;
    flip.interrupt = in_completion;
    if (status == BATON_OK) {
        need(display_flip(board->display, &flip.frame, boundary, NULL) == DISPLAY_OK, "display_flip");
    }
}

/* A stage that copies (or fills, from one word) whole buffers. refused: its second entry goes where the bus refuses it. */
static void add_work(struct work *stage, const char *name, baton_fence after, struct memory *from, struct memory *to,
                     bool refused)
{
    const struct baton_fence_config config = {.name = name, .start = start_work, .context = stage, .after = after};
    struct baton_destination destination;
    struct baton_source source;
    struct baton_cpu_access access;
    struct pl080_list list;

    stage->starts = 0;
    must(baton_fence_open(instance, &config, &stage->fence), "baton_fence_open");
    must(baton_fence_map_to_device(instance, stage->fence, from->dma, whole(from), &source), "source");
    must(baton_fence_map_from_device(instance, stage->fence, to->dma, whole(to), BATON_OVERWRITE, &destination),
         "destination");
    /* The list lies in memory of its own: where, a mapping tells. */
    must(baton_map_to_device(instance, stage->list->dma, whole(stage->list), &stage->entries), "list");
    baton_bus_address address = stage->entries.segments[0].address;
    must(baton_unmap_source(instance, &stage->entries), "list");
    must(baton_begin_cpu_access(instance, stage->list->buffer, whole(stage->list), BATON_WRITE, &access), "list");
    bool built = pl080_list_begin(&list, &access, address) == DMA_LIST_OK;
    if (from->size == to->size) {
        built = built && pl080_list_copy(&list, &source, 0, &destination, 0, to->size, DMA_WIDTH_WIDEST) == DMA_LIST_OK;
    } else {
        const struct dma_blit fill = {
            .source = &source, .destination = &destination, .row_bytes = to->size, .rows = 1, .width = DMA_WIDTH_32};
        built = built && pl080_list_fill(&list, &fill) == DMA_LIST_OK;
    }
    need(built && pl080_list_end(&list) == DMA_LIST_OK, "a list");
    if (refused) {
        list.entries[1].destination = hardware()->refused;
    }
    must(baton_end_cpu_access(instance, &access), "list");
    must(baton_fence_map_to_device(instance, stage->fence, stage->list->dma,
                                   (struct baton_range){0, list.count * (uint32_t)sizeof(struct pl080_entry)},
                                   &stage->entries),
         "list");
    must(baton_fence_queue(instance, stage->fence), "baton_fence_queue");
}

static baton_fence gate(void)
{
    static const struct baton_fence_config config = {.name = "gate"};
    baton_fence fence;

    must(baton_fence_open(instance, &config, &fence), "gate");
    must(baton_fence_queue(instance, fence), "gate");
    return fence;
}

static void add_flip(baton_fence after, struct memory *screen)
{
    const struct baton_fence_config config = {.name = "flip", .start = start_flip, .after = after};

    flip.starts = flip.boundaries = 0;
    must(baton_fence_open(instance, &config, &flip.fence), "flip");
    must(baton_fence_map_to_device(instance, flip.fence, screen->display, whole(screen), &flip.frame), "flip");
    must(baton_fence_queue(instance, flip.fence), "flip");
}

static void sleep_while_pending(const volatile unsigned *starts)
{
    uint64_t end = board->microseconds() + PATIENCE;

    while (*starts == 0 && board->microseconds() < end) {
        board->sleep_until(end);
    }
}

static void close_all(baton_fence gate_fence)
{
    must(baton_fence_close(instance, &gate_fence), "close gate");
    for (unsigned i = 0; i < 3; i++) {
        must(baton_fence_close(instance, &work[i].fence), "close");
    }
}

/* Actions in the records of a period, of mappings of the frames (not of lists and the colour). */
static uint32_t actions_since(uint32_t sequence)
{
    static struct baton_record records[128];
    uint32_t count;
    uint32_t actions = 0;

    must(baton_trace(instance, &sequence, records, 128, &count), "trace");
    for (uint32_t i = 0; i < count; i++) {
        if (records[i].verb == BATON_VERB_ACQUIRE && records[i].range.length == FRAME) {
            actions |= records[i].actions;
        }
    }
    return actions;
}

static uint32_t newest_record(void)
{
    struct baton_record record;
    uint32_t sequence = 0;
    uint32_t count;

    do {
        must(baton_trace(instance, &sequence, &record, 1, &count), "trace");
    } while (count != 0);
    return sequence;
}

/* fill → blit → blit to the screen → flip. While the buffers are new their lines are settled; later on there is nothing but barriers. */
static void pictures(void)
{
    baton_fence shown = {0};
    const struct baton_range row = {WIDTH * 4 * 100 + 64, WIDTH * 4};

    for (unsigned i = 0; i < ROUNDS; i++) {
        const uint32_t word = 0x00102030u * (i + 1);
        struct memory *screen = &screens[i % 2];
        uint32_t sequence = newest_record();

        fill_memory(&colour, word);
        baton_fence first = gate();
        add_work(&work[0], "fill", first, &colour, &canvas, false);
        add_work(&work[1], "blit", work[0].fence, &canvas, &back, false);
        add_work(&work[2], "blit to the screen", work[1].fence, &back, screen, false);
        add_flip(work[2].fence, screen);
        if (i >= 2) {
            tap_equal(actions_since(sequence) & ~(unsigned)BATON_ACTION_BARRIER, 0,
                      "what a stage takes from an earlier chain or stage needs barriers only");
        }
        unsigned operations = published + refreshed;
        unsigned before = barriers;
        tap_ok(work[0].starts == 0, "queued, and not started");
        must(baton_fence_signal(instance, first, BATON_OK), "gate");
        sleep_while_pending(&flip.starts);
        sleep_while_pending(&flip.boundaries);
        tap_ok(work[0].starts == 1 && work[1].starts == 1 && work[2].starts == 1 && flip.starts == 1 &&
                   flip.told == BATON_OK,
               "each of the four is started once");
        /* Whoever leaves a stage last starts the next: the handler, or the task if the engine was done before its start() had
         * returned. So the others are counted, not judged. */
        tap_ok(!work[0].interrupt, "the first by the task");
        tap_note("by interrupts: %u of the other three", work[1].interrupt + work[2].interrupt + flip.interrupt);
        tap_equal(published + refreshed - operations, 0, "no cache operation in between");
        tap_equal(barriers - before, 4, "but four barriers");
        tap_equal(flip.boundaries, 1, "the display has taken the frame");
        if (shown.token != 0) {
            must(baton_fence_signal(instance, shown, BATON_OK), "the picture before");
            must(baton_fence_close(instance, &shown), "the picture before");
        }
        shown = flip.fence;
        tap_equal(baton_fence_status(instance, shown), BATON_ERROR_PENDING,
                  "the frame is the display's while it is shown");
        tap_ok(differences(&canvas, row, word) == 0 && differences(&back, whole(&back), word) == 0 &&
                   differences(screen, whole(screen), word) == 0,
               "every pixel is right");
        close_all(first);
    }
    /* The screen goes dark, and the fence ends. */
    must(baton_fence_signal(instance, shown, BATON_OK), "the last picture");
    must(baton_fence_close(instance, &shown), "the last picture");
}

/* The blit in the middle meets a bus error. */
static void error(void)
{
    const uint32_t old = 0x00445566;
    const uint32_t word = 0x00778899;

    fill_memory(&screens[0], old);
    fill_memory(&colour, word);
    baton_fence first = gate();
    add_work(&work[0], "fill", first, &colour, &canvas, false);
    add_work(&work[1], "blit", work[0].fence, &canvas, &back, true);
    add_work(&work[2], "blit to the screen", work[1].fence, &back, &screens[0], false);
    add_flip(work[2].fence, &screens[0]);
    must(baton_fence_signal(instance, first, BATON_OK), "gate");
    sleep_while_pending(&flip.starts);
    tap_equal(baton_fence_status(instance, work[0].fence), BATON_OK, "the fill is done");
    tap_equal(baton_fence_status(instance, work[1].fence), BATON_ERROR_DEVICE, "the blit fails on the bus");
    tap_ok(work[2].starts == 1 && work[2].told == BATON_ERROR_DEVICE && flip.starts == 1 &&
               flip.told == BATON_ERROR_DEVICE && flip.boundaries == 0,
           "those behind it are told once, and do not run");
    tap_ok(differences(&canvas, whole(&canvas), word) == 0 && differences(&screens[0], whole(&screens[0]), old) == 0,
           "the fill's pixels are there, the screen's old ones still are");
    fill_memory(&back, old); /* nobody holds it any more */
    tap_equal(differences(&back, whole(&back), old), 0, "what the failed one may have written can be used again");
    close_all(first);
    must(baton_fence_close(instance, &flip.fence), "close");
}

/* The engine is kept from going on: the fence times out, and what it has stays with it until the channel is stopped. */
static void timeout(void)
{
    struct baton_holder holder;
    struct baton_answer answer;
    struct baton_cpu_access access;
    const uint32_t word = 0x00a0b0c0;

    fill_memory(&canvas, word);
    work[0].stuck = true;
    baton_fence first = gate();
    add_work(&work[0], "slow", first, &canvas, &back, false);
    add_work(&work[1], "behind", work[0].fence, &back, &screens[1], false);
    must(baton_fence_signal(instance, first, BATON_OK), "gate");
    misuses = 0;
    tap_equal(baton_fence_wait(instance, work[0].fence, 20000), BATON_ERROR_TIMEOUT, "a halted engine times out");
    tap_equal(misuses, 1, "which is reported");
    must(baton_fence_signal(instance, work[0].fence, BATON_ERROR_TIMEOUT), "timeout");
    tap_ok(work[1].starts == 1 && work[1].told == BATON_ERROR_TIMEOUT, "the one behind is told");
    must(baton_query(instance, back.buffer, whole(&back), &answer, &holder, 1), "query");
    tap_ok(answer.holders == 1 && holder.hold == BATON_HOLD_QUARANTINED && strcmp(holder.fence, "slow") == 0,
           "query shows the quarantine");
    tap_equal(baton_begin_cpu_access(instance, back.buffer, whole(&back), BATON_READ, &access), BATON_ERROR_QUARANTINED,
              "nobody gets its destination");
    tap_equal(baton_begin_cpu_access(instance, canvas.buffer, whole(&canvas), BATON_WRITE, &access),
              BATON_ERROR_QUARANTINED, "nor may write its source");
    tap_equal(baton_fence_close(instance, &work[0].fence), BATON_ERROR_HELD, "nor close it");
    tap_equal(dma_stop(board->dma, CHANNEL), DMA_OK, "the channel is stopped");
    must(baton_fence_halted(instance, work[0].fence), "halted");
    fill_memory(&back, word);
    fill_memory(&canvas, ~word);
    tap_ok(differences(&back, whole(&back), word) == 0 && differences(&canvas, whole(&canvas), ~word) == 0,
           "and what it had can be used again");
    must(baton_fence_close(instance, &work[1].fence), "close");
    must(baton_fence_close(instance, &work[0].fence), "close");
    must(baton_fence_close(instance, &first), "close");
}

int main(void)
{
    const struct hardware *hw;

    if (platform()->display == NULL) {
        return tap_skip("no display");
    }
    open();
    hw = hardware();
    if (hw->engine == NULL && hw->pl080 == NULL) {
        return tap_skip("no controller that takes a PL080's lists");
    }
    for (unsigned i = 0; i < 3; i++) {
        work[i].list = &lists[i];
    }
    tap_plan(ROUNDS * 9 - 2 + (hw->refused != 0 ? 5 : 0) + 9);
    pictures();
    if (hw->refused != 0) {
        error();
    }
    timeout();
    return tap_done();
}
