/* SPDX-License-Identifier: MIT */
/*
 * The DMA engine's channels beside each other: all at once, turn by turn, and their interrupts: terminal count in the middle of a list and at
 * its end, masked and not, cleared and coming back.
 * What would break it: state of one channel used by another, a channel served until its list ends, a status that clears by itself or
 * with its neighbour's, an interrupt that is raised although masked, or lost.
 *
 * noise: 1/20
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include "boot/cpu.h"
#include "boot/registers/barrier.h"
#include "drivers/pl080_soft.h"

#define CHANNELS PL080_SOFT_CHANNELS
#define SIZE 0x8000u
#define LONG 0x400000u
#define MASKED 0u

static struct rig_buffer sources[CHANNELS], destinations[CHANNELS], lists[CHANNELS];
static struct rig_transfer transfers[CHANNELS];
static const struct platform *board;
static struct pl080_soft *engine;

static uint32_t copy_words(uint32_t transfers_of_it, uint32_t flags)
{
    return PL080_CONTROL_TRANSFERS(transfers_of_it) | PL080_CONTROL_SWIDTH(2) | PL080_CONTROL_DWIDTH(2) |
           PL080_CONTROL_SBSIZE(4) | PL080_CONTROL_SI | PL080_CONTROL_DI | flags;
}

static void prepare(unsigned i, uint32_t length)
{
    rig_fill(&destinations[i], 100);
    rig_map(&transfers[i], &sources[i], &destinations[i], &lists[i]);
    struct pl080_list list = rig_list_begin(&transfers[i]);
    if (pl080_list_copy(&list, &transfers[i].source, 0, &transfers[i].destination, 0, length, DMA_WIDTH_WIDEST) !=
        DMA_LIST_OK) {
        tap_note("no list for channel %u", i);
    }
    rig_list_end(&transfers[i], &list);
}

static void all_at_once(void)
{
    unsigned started = 0;
    unsigned right = 0;

    for (unsigned i = 0; i < CHANNELS; i++) {
        prepare(i, SIZE - i * 100);
    }
    for (unsigned i = 0; i < CHANNELS; i++) {
        started += rig_start(&transfers[i], i) == DMA_OK;
    }
    tap_equal(started, CHANNELS, "all channels start");
    for (unsigned i = 0; i < CHANNELS; i++) {
        bool done = rig_wait(&transfers[i]) == DMA_OK && transfers[i].completions == 1 && transfers[i].channel == i;
        rig_unmap(&transfers[i]);
        uint32_t length = SIZE - i * 100;
        right += done && rig_differences(&destinations[i], 0, length, i, 0) == 0 &&
                 rig_differences(&destinations[i], length, SIZE - length, 100, 0) == 0;
    }
    tap_equal(right, CHANNELS, "each moved its own bytes and completed once");
    tap_equal(pl080_soft_enabled(engine), 0, "no channel is enabled any more");
}

/* A channel with 4 MiB to move in small bursts, most of a second, and, while it does, the others with little. */
static void a_long_list_starves_nobody(void)
{
    struct rig_buffer from = rig_buffer("long source", LONG);
    struct rig_buffer to = rig_buffer("long destination", LONG);
    struct rig_buffer list = rig_buffer("long list", LONG / 16380 * 16 + 64);
    struct rig_transfer transfer;
    unsigned before = 0;

    rig_fill(&from, 50);
    rig_map(&transfer, &from, &to, &list);
    struct pl080_list entries = rig_list_begin(&transfer);
    bool built =
        pl080_list_copy(&entries, &transfer.source, 0, &transfer.destination, 0, LONG, DMA_WIDTH_WIDEST) == DMA_LIST_OK;
    for (uint32_t i = 0; i < entries.count; i++) {
        entries.entries[i].control &= ~PL080_CONTROL_SBSIZE(7u);
    }
    rig_list_end(&transfer, &entries);
    for (unsigned i = 1; i < CHANNELS; i++) {
        prepare(i, 4096);
    }
    bool started = rig_start(&transfer, 0) == DMA_OK;
    for (unsigned i = 1; i < CHANNELS; i++) {
        started = rig_start(&transfers[i], i) == DMA_OK && started;
    }
    bool done = built && started && rig_wait(&transfer) == DMA_OK;
    for (unsigned i = 1; i < CHANNELS; i++) {
        done = rig_wait(&transfers[i]) == DMA_OK && done;
        before += transfers[i].order < transfer.order;
        rig_unmap(&transfers[i]);
    }
    rig_unmap(&transfer);
    tap_ok(done && rig_differences(&to, 0, LONG, 50, 0) == 0, "4 MiB are moved while others run");
    tap_equal(before, CHANNELS - 1, "the others, started later with 4 KiB each, were done before it");
}

/* Waits without taking interrupts until the channel's list has ended. */
static bool ended(unsigned channel)
{
    uint64_t end = board->microseconds() + 10000000;

    while ((pl080_soft_enabled(engine) >> channel & 1) != 0) {
        if (board->microseconds() > end) {
            return false;
        }
        wfe();
    }
    return true;
}

/* One list of three entries, on channel 5, with interrupts of the CPU masked: every status can be looked at. */
static void statuses(uint32_t configuration, uint32_t flags_first, uint32_t flags_last, uint32_t raw_counts,
                     const char *what)
{
    struct rig_transfer *transfer = &transfers[5];
    const uint32_t bit = 1u << 5;
    uint32_t state = cpu_irq_save();

    rig_map(transfer, &sources[5], &destinations[5], &lists[5]);
    struct pl080_entry entries[3] = {
        {sources[5].address, destinations[5].address, 2, copy_words(64, flags_first)},
        {sources[5].address + 256, destinations[5].address + 256, 3, copy_words(64, 0)},
        {sources[5].address + 512, destinations[5].address + 512, 0, copy_words(64, flags_last)},
    };
    rig_list(transfer, entries, 3);
    uint32_t counts = engine->config->registers->channels[5].terminal_counts;
    bool done = pl080_soft_start(engine, 5, &transfer->entries, configuration, rig_completion, transfer) == DMA_OK;
    done = done && ended(5);
    counts = engine->config->registers->channels[5].terminal_counts - counts;
    uint32_t unmasked = (configuration & PL080_CONFIGURATION_ITC) != 0 && raw_counts != 0 ? bit : 0;
    tap_ok(done && counts == raw_counts && pl080_soft_raw_terminal_counts(engine) == (raw_counts != 0 ? bit : 0) &&
               pl080_soft_terminal_counts(engine) == unmasked && pl080_soft_raw_errors(engine) == 0,
           "%s: %lu terminal counts, raw status %lx, status %lx", what, (unsigned long)counts,
           (unsigned long)pl080_soft_raw_terminal_counts(engine), (unsigned long)pl080_soft_terminal_counts(engine));

    /* Another channel's clear is not this one's. */
    pl080_soft_clear_terminal_counts(engine, ~bit);
    uint32_t kept = pl080_soft_raw_terminal_counts(engine);
    pl080_soft_clear_terminal_counts(engine, bit);
    tap_ok(kept == (raw_counts != 0 ? bit : 0) && pl080_soft_raw_terminal_counts(engine) == 0,
           "%s: cleared by its own bit only", what);

    /* Interrupts on: one comes if, and only if, the line was raised. It may follow the status by a moment. */
    cpu_irq_restore(state);
    uint64_t end = board->microseconds() + (unmasked != 0 ? 10000000 : 20000);
    while (transfer->completions == 0 && board->microseconds() < end) {
        board->sleep_until(end);
    }
    bool came = transfer->completions == 1;
    if (!came) {
        pl080_soft_interrupt(engine); /* polled instead */
    }
    tap_ok(came == (unmasked != 0) && transfer->completions == 1 && transfer->status == DMA_OK, "%s: %s", what,
           unmasked != 0 ? "the interrupt completes it" : "no interrupt; polling completes it");
    rig_unmap(transfer);
}

static void use_from_a_completion(void *context, unsigned channel, enum dma_status status)
{
    struct rig_transfer *transfer = context;

    /* Twice: the first completion starts the second run. */
    if (transfer->completions == 0 && status == DMA_OK) {
        transfer->completions = 1;
        if (dma_start(board->dma, channel, &transfer->entries, use_from_a_completion, transfer) != DMA_OK) {
            transfer->completions = 100;
        }
        return;
    }
    transfer->status = status;
    transfer->completions = transfer->completions + 1;
}

static void restart_from_completion(void)
{
    prepare(4, SIZE);
    bool started = dma_start(board->dma, 4, &transfers[4].entries, use_from_a_completion, &transfers[4]) == DMA_OK;
    uint64_t end = board->microseconds() + 10000000;
    while (transfers[4].completions < 2 && board->microseconds() < end) {
        board->sleep_until(end);
    }
    tap_ok(started && transfers[4].completions == 2 && transfers[4].status == DMA_OK,
           "a completion starts its channel again");
    rig_unmap(&transfers[4]);
}

static void one_at_a_time(void)
{
    uint32_t state = cpu_irq_save();

    prepare(6, 4096);
    bool first = rig_start(&transfers[6], 6) == DMA_OK;
    bool done = ended(6);
    /* Done, but its completion was not called yet. */
    enum dma_status second = rig_start(&transfers[6], 6);
    cpu_irq_restore(state);
    tap_ok(first && done && second == DMA_ERROR_BUSY && rig_wait(&transfers[6]) == DMA_OK &&
               transfers[6].completions == 1,
           "a channel is busy until its completion was called");
    rig_unmap(&transfers[6]);
}

int main(void)
{
    board = rig_open();
    engine = hardware()->engine;
    if (engine == NULL) {
        return tap_skip("no engine on a CPU (a real controller: test_pl080)");
    }
    tap_plan(16);
    for (unsigned i = 0; i < CHANNELS; i++) {
        sources[i] = rig_buffer("source", SIZE);
        destinations[i] = rig_buffer("destination", SIZE);
        lists[i] = rig_buffer("list", 1024);
        rig_fill(&sources[i], i);
    }
    all_at_once();
    a_long_list_starves_nobody();
    statuses(PL080_CONFIGURATION_ITC | PL080_CONFIGURATION_IE, 0, PL080_CONTROL_I, 1, "I on the last entry");
    statuses(PL080_CONFIGURATION_ITC | PL080_CONFIGURATION_IE, PL080_CONTROL_I, PL080_CONTROL_I, 2,
             "I on the first too");
    statuses(MASKED, PL080_CONTROL_I, PL080_CONTROL_I, 2, "ITC off");
    restart_from_completion();
    one_at_a_time();
    return tap_done();
}
