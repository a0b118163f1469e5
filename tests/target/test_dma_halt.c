/* SPDX-License-Identifier: MIT */
/*
 * Halt, resume and stop of a running DMA channel. A halted channel moves no byte, loses none and goes on where it was; a stopped one is free
 * at once, and its completion says so.
 * What would break it: a halt that answers before the engine has seen it, a resume that starts again from the first entry, a stop that leaves
 * the channel busy, or a completion that is called twice or never.
 *
 * noise: 1/20
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include "boot/cpu.h"
#include "boot/registers/barrier.h"
#include "drivers/pl080_soft.h"

#define SIZE 0x100000u
#define CHANNEL 1u
#define PAUSE 20000u /* microseconds in which a running engine would move a lot */

static struct rig_buffer source, destination, list, small, small_list;
static const struct platform *board;
static struct pl080_soft *engine;

/* Bytes at a time; slow: in the smallest bursts too, half a second or so in which the list can be met in the middle. */
static void prepare(struct rig_transfer *transfer, bool slow)
{
    rig_fill(&destination, 2);
    rig_map(transfer, &source, &destination, &list);
    struct pl080_list entries = rig_list_begin(transfer);
    if (pl080_list_copy(&entries, &transfer->source, 0, &transfer->destination, 0, SIZE, DMA_WIDTH_8) != DMA_LIST_OK) {
        tap_note("no list");
    }
    for (uint32_t i = 0; slow && i < entries.count; i++) {
        entries.entries[i].control &= ~PL080_CONTROL_SBSIZE(7u);
    }
    rig_list_end(transfer, &entries);
}

static struct pl080_soft_channel_registers *registers(void)
{
    return &engine->config->registers->channels[CHANNEL];
}

/* Bytes that the engine says it has moved. */
static uint32_t moved(void)
{
    uint32_t at = registers()->destination;

    return at >= destination.address && at - destination.address <= SIZE ? at - destination.address : 0;
}

/* Waits until some, and not all, has been moved: all is what the list before may have left in the registers. */
static void wait_for_progress(uint32_t bytes)
{
    uint64_t end = board->microseconds() + 5000000;

    while ((moved() < bytes || moved() == SIZE) && board->microseconds() < end) {
        wfe();
    }
}

static void pause(void)
{
    uint64_t end = board->microseconds() + PAUSE;

    while (board->microseconds() < end) {
        board->sleep_until(end);
    }
}

static void halt_and_resume(void)
{
    struct rig_transfer transfer;
    unsigned still = 0;
    unsigned ahead = 0;
    uint32_t before = 0;

    prepare(&transfer, true);
    tap_equal(rig_start(&transfer, CHANNEL), DMA_OK, "a copy of 1 MiB, byte by byte, starts");
    for (unsigned i = 1; i <= 4; i++) {
        wait_for_progress(i * 0x10000);
        bool halted = dma_halt(board->dma, CHANNEL) == DMA_OK;
        uint32_t first = moved();
        bool active = registers()->active != 0;
        pause();
        still += halted && !active && moved() == first && transfer.completions == 0;
        ahead += first > before && first < SIZE;
        before = first;
        if (i < 4 && dma_resume(board->dma, CHANNEL) != DMA_OK) {
            tap_note("no resume");
        }
    }
    tap_equal(ahead, 4, "it is met in the middle four times");
    tap_equal(still, 4, "and each time halts: no progress for 20 ms");
    tap_equal(dma_halt(board->dma, CHANNEL), DMA_OK, "a halt of a halted channel");
    tap_equal(pl080_soft_enabled(engine), 1u << CHANNEL, "it is enabled all the while");
    tap_equal(dma_resume(board->dma, CHANNEL), DMA_OK, "it resumes");
    tap_equal(dma_resume(board->dma, CHANNEL), DMA_OK, "a resume of a running channel");
    tap_ok(rig_wait(&transfer) == DMA_OK && transfer.completions == 1, "and completes once");
    rig_unmap(&transfer);
    tap_equal(rig_differences(&destination, 0, SIZE, 1, 0), 0, "with every byte in its place");
}

/* A halted channel does not keep the others, nor the engine awake. */
static void halted_neighbour(void)
{
    struct rig_transfer transfer;
    struct rig_transfer other;

    prepare(&transfer, true);
    bool started = rig_start(&transfer, CHANNEL) == DMA_OK;
    bool halted = dma_halt(board->dma, CHANNEL) == DMA_OK;
    uint32_t before = moved();
    struct pl080_entry entry = {
        .source = small.address,
        .destination = small.address + 2048,
        .control = PL080_CONTROL_TRANSFERS(512) | PL080_CONTROL_SWIDTH(2) | PL080_CONTROL_DWIDTH(2) | PL080_CONTROL_SI |
                   PL080_CONTROL_DI | PL080_CONTROL_I,
    };
    rig_map(&other, NULL, &small, &small_list);
    rig_list(&other, &entry, 1);
    tap_ok(started && halted && rig_run(&other, 0) == DMA_OK, "another channel runs beside a halted one");
    tap_equal(moved(), before, "which stays where it was");
    tap_equal(dma_stop(board->dma, CHANNEL), DMA_OK, "a halted channel stops");
    tap_equal(rig_wait(&transfer), DMA_ERROR_STOPPED, "its completion says so");
    rig_unmap(&transfer);
}

static void stop(void)
{
    struct rig_transfer transfer;

    prepare(&transfer, true);
    bool started = rig_start(&transfer, CHANNEL) == DMA_OK;
    wait_for_progress(0x10000);
    enum dma_status status = dma_stop(board->dma, CHANNEL);
    uint32_t at = moved();
    tap_ok(started && status == DMA_OK && pl080_soft_enabled(engine) == 0, "a running channel stops: %s",
           dma_status_text(status));
    pause();
    tap_ok(at > 0 && at < SIZE && moved() == at, "in the middle, at byte %lu, and moves no more", (unsigned long)at);
    tap_ok(rig_wait(&transfer) == DMA_ERROR_STOPPED && transfer.completions == 1, "its completion is called once: %s",
           dma_status_text(transfer.status));
    tap_ok(pl080_soft_raw_errors(engine) == 0 && pl080_soft_raw_terminal_counts(engine) == 0,
           "which is neither an error nor a terminal count");
    rig_unmap(&transfer);
    tap_equal(rig_differences(&destination, at, SIZE - at, 2, 0), 0, "what lies behind was not written");

    prepare(&transfer, false);
    tap_ok(rig_run(&transfer, CHANNEL) == DMA_OK && rig_differences(&destination, 0, SIZE, 1, 0) == 0,
           "the channel works again, from the first entry");
}

static void stop_at_once(void)
{
    unsigned right = 0;

    /* Before, while and after the engine notices the start: each once in a while. */
    for (unsigned i = 0; i < 50; i++) {
        struct rig_transfer transfer;
        struct pl080_entry entry = {
            .source = source.address,
            .destination = destination.address,
            .control = PL080_CONTROL_TRANSFERS(1 + i * 8) | PL080_CONTROL_SI | PL080_CONTROL_DI | PL080_CONTROL_I,
        };
        rig_map(&transfer, &source, &destination, &list);
        rig_list(&transfer, &entry, 1);
        bool started = rig_start(&transfer, CHANNEL) == DMA_OK;
        bool stopped = dma_stop(board->dma, CHANNEL) == DMA_OK;
        enum dma_status status = rig_wait(&transfer);
        right += started && stopped && (status == DMA_OK || status == DMA_ERROR_STOPPED) && transfer.completions == 1;
        rig_unmap(&transfer);
    }
    tap_equal(right, 50, "a stop right behind the start: one completion, either way");
}

static void idle_channels(void)
{
    tap_equal(dma_halt(board->dma, CHANNEL), DMA_OK, "a halt of an idle channel");
    tap_equal(dma_resume(board->dma, CHANNEL), DMA_OK, "a resume of an idle channel");
    tap_equal(dma_stop(board->dma, CHANNEL), DMA_OK, "a stop of an idle channel");
    tap_equal(dma_halt(board->dma, 8), DMA_ERROR_ARGUMENT, "a halt of channel 8");
    tap_equal(dma_resume(board->dma, 8), DMA_ERROR_ARGUMENT, "a resume of channel 8");
    tap_equal(dma_stop(board->dma, 8), DMA_ERROR_ARGUMENT, "a stop of channel 8");
}

/* The engine in WFI, woken by the doorbell, many times: no start is slept over. */
static void doorbells(void)
{
    unsigned right = 0;

    for (unsigned i = 0; i < 200; i++) {
        struct rig_transfer transfer;
        struct pl080_entry entry = {
            .source = small.address,
            .destination = small.address + 2048,
            .control = PL080_CONTROL_TRANSFERS(1) | PL080_CONTROL_I,
        };
        rig_map(&transfer, NULL, &small, &small_list);
        rig_list(&transfer, &entry, 1);
        right += rig_run(&transfer, i % PL080_SOFT_CHANNELS) == DMA_OK && transfer.completions == 1;
    }
    tap_equal(right, 200, "200 short transfers one after another: each doorbell is heard, each completion comes");
}

int main(void)
{
    board = rig_open();
    engine = hardware()->engine;
    if (engine == NULL) {
        return tap_skip("no engine on a CPU (a real controller: test_pl080)");
    }
    source = rig_buffer("source", SIZE);
    destination = rig_buffer("destination", SIZE);
    list = rig_buffer("list", 0x4000);
    small = rig_buffer("small", 4096);
    small_list = rig_buffer("small list", 64);
    rig_fill(&source, 1);
    rig_fill(&small, 3);

    tap_plan(9 + 4 + 6 + 1 + 6 + 1);
    halt_and_resume();
    halted_neighbour();
    stop();
    stop_at_once();
    idle_channels();
    doorbells();
    return tap_done();
}
