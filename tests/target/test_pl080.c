/* SPDX-License-Identifier: MIT */
/*
 * A real PL080 or PL081: every channel by its interrupt, halted starts, polling, and everything that a driver may be asked for and QEMU's model
 * does not survive. test_dma_lists has what lists do to bytes.
 * What would break it: an interrupt that does not come, or does not go; a channel's state used by its neighbour; a check left out: QEMU is gone,
 * or hangs, or bytes are where nobody asked for them.
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include "boot/cpu.h"
#include "drivers/pl080.h"

#define SIZE 4096u
#define I PL080_CONTROL_I
#define BOTH (PL080_CONFIGURATION_ITC | PL080_CONFIGURATION_IE)

static struct rig_buffer sources[PL080_CHANNELS], destinations[PL080_CHANNELS], lists[PL080_CHANNELS];
static struct rig_transfer transfers[PL080_CHANNELS];
static const struct platform *board;
static struct pl080 *pl080;
static unsigned channels;

static uint32_t words(uint32_t count, uint32_t flags)
{
    return PL080_CONTROL_TRANSFERS(count) | PL080_CONTROL_SWIDTH(2) | PL080_CONTROL_DWIDTH(2) |
           PL080_CONTROL_SBSIZE(PL080_BURST_4) | PL080_CONTROL_DBSIZE(PL080_BURST_4) | PL080_CONTROL_SI |
           PL080_CONTROL_DI | flags;
}

/* A channel's own copy, in three entries. */
static void prepare(unsigned i)
{
    rig_fill(&destinations[i], 100);
    rig_map(&transfers[i], &sources[i], &destinations[i], &lists[i]);
    const struct pl080_entry entries[3] = {
        {sources[i].address, destinations[i].address, 2, words(100, 0)},
        {sources[i].address + 400, destinations[i].address + 400, 3, words(1, 0)},
        {sources[i].address + 404, destinations[i].address + 404, 0, words(SIZE / 4 - 101, I)},
    };
    rig_list(&transfers[i], entries, 3);
}

static bool copied(unsigned i)
{
    bool once = transfers[i].completions == 1 && transfers[i].channel == i && transfers[i].status == DMA_OK;

    rig_unmap(&transfers[i]);
    return once && rig_differences(&destinations[i], 0, SIZE, i, 0) == 0;
}

static enum dma_status start(unsigned i, uint32_t configuration)
{
    return pl080_start(pl080, i, &transfers[i].entries, configuration, rig_completion, &transfers[i]);
}

static void identification(void)
{
    tap_ok(channels == 8 || channels == 2, "%s: %u channels", pl080->controller.name, channels);
    tap_equal(dma_halt(board->dma, channels), DMA_ERROR_ARGUMENT, "a halt of a channel behind the last");
    tap_equal(dma_stop(board->dma, channels), DMA_ERROR_ARGUMENT, "a stop of it");
    rig_map(&transfers[0], NULL, &destinations[0], &lists[0]);
    const struct pl080_entry entry = {sources[0].address, destinations[0].address, 0, words(1, I)};
    rig_list(&transfers[0], &entry, 1);
    tap_equal(rig_start(&transfers[0], channels), DMA_ERROR_ARGUMENT, "a start of it");
    rig_unmap(&transfers[0]);
}

static void every_channel(void)
{
    unsigned right = 0;

    for (unsigned i = 0; i < channels; i++) {
        prepare(i);
        right += rig_start(&transfers[i], i) == DMA_OK;
    }
    for (unsigned i = 0; i < channels; i++) {
        (void)rig_wait(&transfers[i]);
        right += copied(i);
    }
    tap_equal(right, 2 * channels, "each channel starts, and its interrupt completes it once, with its bytes");
    right = 0;
    for (unsigned n = 0; n < 100; n++) {
        unsigned i = n % channels;
        prepare(i);
        right += rig_start(&transfers[i], i) == DMA_OK && rig_wait(&transfers[i]) == DMA_OK && copied(i);
    }
    tap_equal(right, 100, "100 times one after the other");
}

/* All have ended before an interrupt is taken: it completes them all, and then is silent. */
static void one_interrupt_for_all(void)
{
    unsigned before = 0;
    unsigned right = 0;
    uint32_t state = cpu_irq_save();

    for (unsigned i = 0; i < channels; i++) {
        prepare(i);
        (void)rig_start(&transfers[i], i);
        before += transfers[i].completions;
    }
    tap_equal(before, 0, "with interrupts masked no completion is called");
    tap_equal(rig_start(&transfers[0], 0), DMA_ERROR_BUSY, "until then a channel is busy");
    cpu_irq_restore(state);
    for (unsigned i = 0; i < channels; i++) {
        (void)rig_wait(&transfers[i]);
        right += copied(i);
    }
    tap_equal(right, channels, "then all are");
}

static void halted(void)
{
    prepare(1);
    bool started = start(1, BOTH | PL080_CONFIGURATION_H) == DMA_OK;
    uint64_t end = board->microseconds() + 5000;
    while (board->microseconds() < end) {
        board->sleep_until(end);
    }
    tap_ok(started && transfers[1].completions == 0 && dma_halt(board->dma, 1) == DMA_OK,
           "a channel that is started halted does not end");
    prepare(0);
    tap_ok(rig_start(&transfers[0], 0) == DMA_OK && rig_wait(&transfers[0]) == DMA_OK && copied(0),
           "its neighbour runs beside it");
    tap_ok(dma_resume(board->dma, 1) == DMA_OK && rig_wait(&transfers[1]) == DMA_OK && copied(1),
           "resumed it does, by its interrupt");

    prepare(1);
    started = start(1, BOTH | PL080_CONFIGURATION_H) == DMA_OK;
    enum dma_status status = dma_stop(board->dma, 1);
    tap_ok(started && status == DMA_OK && transfers[1].completions == 1 && transfers[1].status == DMA_ERROR_STOPPED,
           "stopped instead: %s, and its completion was called: %s", dma_status_text(status),
           dma_status_text(transfers[1].status));
    rig_unmap(&transfers[1]);
    tap_equal(rig_differences(&destinations[1], 0, SIZE, 100, 0), 0, "not a byte was moved");
    tap_ok(dma_halt(board->dma, 1) == DMA_OK && dma_resume(board->dma, 1) == DMA_OK &&
               dma_stop(board->dma, 1) == DMA_OK,
           "halt, resume and stop of an idle channel");
    prepare(1);
    tap_ok(rig_start(&transfers[1], 1) == DMA_OK && rig_wait(&transfers[1]) == DMA_OK && copied(1), "it works again");
}

static void polled(void)
{
    prepare(0);
    bool started = start(0, 0) == DMA_OK;
    uint64_t end = board->microseconds() + 5000;
    while (board->microseconds() < end) {
        board->sleep_until(end);
    }
    bool silent = transfers[0].completions == 0;
    pl080_interrupt(pl080);
    tap_ok(started && silent && copied(0), "both interrupts masked: polling completes it, nothing else");
    pl080_interrupt(pl080);
    tap_equal(transfers[0].completions, 1, "once");
}

static void again(void *context, unsigned channel, enum dma_status status)
{
    struct rig_transfer *transfer = context;

    rig_completion(context, channel, status);
    if (transfer->completions < 5 && dma_start(board->dma, channel, &transfer->entries, again, transfer) != DMA_OK) {
        transfer->completions = 100;
    }
}

static void restarted(void)
{
    prepare(1);
    bool started = dma_start(board->dma, 1, &transfers[1].entries, again, &transfers[1]) == DMA_OK;
    uint64_t end = board->microseconds() + 10000000;
    while (transfers[1].completions < 5 && board->microseconds() < end) {
        board->sleep_until(end);
    }
    tap_ok(started && transfers[1].completions == 5, "a completion starts its channel again, four times");
    transfers[1].completions = 1;
    tap_ok(copied(1), "with its bytes");
}

/* One entry, or two, that must not get to the controller. */
static void refused(const struct pl080_entry *entries, uint32_t count, const char *what)
{
    rig_fill(&destinations[0], 100);
    rig_map(&transfers[0], &sources[0], &destinations[0], &lists[0]);
    rig_list(&transfers[0], entries, count);
    enum dma_status status = rig_start(&transfers[0], 0);
    rig_unmap(&transfers[0]);
    tap_ok(status == DMA_ERROR_LIST && rig_differences(&destinations[0], 0, SIZE, 100, 0) == 0, "%s: refused, %s", what,
           pl080->channels[0].refused);
}

static void one_refused(uint32_t from, uint32_t to, uint32_t next, uint32_t control, const char *what)
{
    const struct pl080_entry entry = {from, to, next, control};

    refused(&entry, 1, what);
}

#define LISTS_REFUSED 13u

static void lists_that_the_model_does_not_survive(void)
{
    const uint32_t from = sources[0].address;
    const uint32_t to = destinations[0].address;
    const uint32_t good = words(16, I);
    const uint32_t none = good & ~(PL080_CONTROL_SWIDTH(7) | PL080_CONTROL_DWIDTH(7));

    one_refused(from, to, 0, words(0, I), "no transfers (it never ends)");
    one_refused(from, to, 0, none | PL080_CONTROL_SWIDTH(3) | PL080_CONTROL_DWIDTH(3), "widths 3 (a crash)");
    one_refused(from, to, 0, none | PL080_CONTROL_SWIDTH(7) | PL080_CONTROL_DWIDTH(2), "width 7 (a crash)");
    one_refused(from, to, 0, none | PL080_CONTROL_SWIDTH(2), "words to bytes (other bytes are written)");
    one_refused(from, to, 0, none | PL080_CONTROL_DWIDTH(2), "bytes to words (other bytes are read)");
    one_refused(from, to, lists[0].address | 1, words(16, 0), "bus master 2 in the next address (a crash)");
    one_refused(from, to, lists[0].address | 2, words(16, 0), "a reserved bit in the next address (a crash)");
    one_refused(from, to, lists[0].address, words(16, 0), "its own successor (it never ends)");
    one_refused(from, to, 0xfffffff0, words(16, 0), "a successor where nothing is");
    one_refused(from, to, 0, words(16, 0), "a last entry without its interrupt");
    one_refused(from, lists[0].address, 0, good, "a list that overwrites itself");
    one_refused(from + 2, to, 0, good, "words from a half word");
    const struct pl080_entry two[2] = {{from, to, 2, words(16, 0)}, {from, to, 1, words(16, 0)}};
    refused(two, 2, "two entries that go round (it never ends)");
}

static void modes_that_the_model_does_not_survive(void)
{
    unsigned flows = 0;
    unsigned requests = 0;

    prepare(0);
    for (uint32_t flow = 1; flow < 8; flow++) {
        flows += start(0, BOTH | PL080_CONFIGURATION_FLOW(flow)) == DMA_ERROR_ARGUMENT;
    }
    for (uint32_t kind = 0; kind < 4; kind++) {
        requests += pl080_request(pl080, (enum pl080_request)kind, 1) == DMA_ERROR_ARGUMENT;
    }
    tap_ok(flows == 7 && requests == 4 && transfers[0].completions == 0,
           "flow control by anybody but the controller, and requests: refused");
    tap_ok(rig_start(&transfers[0], 0) == DMA_OK && rig_wait(&transfers[0]) == DMA_OK && copied(0),
           "the channel works after all that");
}

/* What the MMU keeps from the CPU the driver does not read. */
static void a_list_behind_the_mmu(void)
{
    struct rig_buffer guarded = rig_buffer_as("guarded list", 64, BATON_POLICY_CACHED, BATON_ENFORCE_MMU);
    const struct pl080_entry entry = {sources[0].address, destinations[0].address, 0, words(16, I)};

    rig_map(&transfers[0], &sources[0], &destinations[0], &guarded);
    rig_list(&transfers[0], &entry, 1);
    enum dma_status status = rig_start(&transfers[0], 0);
    rig_unmap(&transfers[0]);
    tap_ok(status == DMA_ERROR_LIST, "a list whose buffer the CPU may not touch: refused, %s",
           pl080->channels[0].refused);
}

/* Nor what is not memory of the pool, in part or whole. */
static void lists_elsewhere(void)
{
    const uint32_t offset = board->port->bus_offset;
    const uint32_t end = board->memory.physical + board->memory.size;
    const struct {
        uint32_t address, length;
    } cases[] = {
        {board->memory.physical - 16, 16}, {end, 16}, {end - 16, 32}, {0xfffffff0, 16}, {end - 16, 0xfffffff0}};
    unsigned right = 0;

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct baton_source nowhere = {
            .access = {1},
            .length = cases[i].length,
            .count = 1,
            .segments = {{.address = {cases[i].address + offset}, .length = cases[i].length}}};
        enum dma_status status = dma_start(board->dma, 0, &nowhere, rig_completion, &transfers[0]);
        right += status == DMA_ERROR_LIST;
    }
    tap_equal(right, sizeof(cases) / sizeof(cases[0]), "lists that are not in the pool: refused");
}

int main(void)
{
    board = rig_open();
    pl080 = hardware()->pl080;
    if (pl080 == NULL) {
        return tap_skip("the board has no PL080");
    }
    channels = board->dma->channels;
    for (unsigned i = 0; i < channels; i++) {
        sources[i] = rig_buffer("source", SIZE);
        destinations[i] = rig_buffer("destination", SIZE);
        lists[i] = rig_buffer("list", 64);
        rig_fill(&sources[i], i);
    }
    tap_plan(4 + 2 + 3 + 7 + 2 + 2 + LISTS_REFUSED + 2 + 1 + 1);
    identification();
    every_channel();
    one_interrupt_for_all();
    halted();
    polled();
    restarted();
    lists_that_the_model_does_not_survive();
    modes_that_the_model_does_not_survive();
    a_list_behind_the_mmu();
    lists_elsewhere();
    return tap_done();
}
