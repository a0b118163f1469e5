/* SPDX-License-Identifier: MIT */
/*
 * What goes wrong in a DMA list is reported on its channel and there only: bus errors of loads, stores and list fetches, and every kind of
 * malformed list. Each case runs beside a healthy transfer, and its channel works again at once.
 * What would break it: an abort that kills the engine's CPU or is charged to the neighbour, a check left out, a circle that is followed for
 * ever, a channel that stays busy.
 *
 * noise: 1/20
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include "boot/cpu.h"
#include "boot/registers/barrier.h"
#include "drivers/pl080_soft.h"

#define SIZE 0x10000u
#define BAD 2u     /* channel */
#define HEALTHY 3u /* channel */

static struct rig_buffer source, destination, list;
static struct rig_buffer healthy_source, healthy_destination, healthy_list;
static const struct platform *board;
static struct pl080_soft *engine;

static uint32_t words(uint32_t transfers, uint32_t flags)
{
    return PL080_CONTROL_TRANSFERS(transfers) | PL080_CONTROL_SWIDTH(2) | PL080_CONTROL_DWIDTH(2) |
           PL080_CONTROL_SBSIZE(PL080_BURST_256) | PL080_CONTROL_SI | PL080_CONTROL_DI | flags;
}

/* A good transfer of 64 KiB on a channel. */
static bool copy(struct rig_transfer *transfer, unsigned channel, bool wait)
{
    rig_fill(&healthy_destination, 9);
    rig_map(transfer, &healthy_source, &healthy_destination, &healthy_list);
    struct pl080_list entries = rig_list_begin(transfer);
    bool built = pl080_list_copy(&entries, &transfer->source, 0, &transfer->destination, 0, SIZE, DMA_WIDTH_WIDEST) ==
                 DMA_LIST_OK;
    rig_list_end(transfer, &entries);
    bool started = built && rig_start(transfer, channel) == DMA_OK;
    return started && (!wait || rig_wait(transfer) == DMA_OK);
}

static bool copied(struct rig_transfer *transfer)
{
    bool done = rig_wait(transfer) == DMA_OK;

    rig_unmap(transfer);
    return done && rig_differences(&healthy_destination, 0, SIZE, 4, 0) == 0;
}

/* A list that must fail: its status, its neighbour's health, its channel's recovery. */
static void fails(const struct pl080_entry *entries, uint32_t count, uint32_t configuration, enum dma_status wanted,
                  const char *what)
{
    struct rig_transfer bad;
    struct rig_transfer healthy;

    rig_fill(&destination, 2);
    rig_map(&bad, &source, &destination, &list);
    rig_list(&bad, entries, count);
    bool beside = copy(&healthy, HEALTHY, false);
    enum dma_status status = DMA_ERROR_ARGUMENT;
    if (configuration == 0) {
        status = rig_start(&bad, BAD);
    } else {
        status = pl080_soft_start(engine, BAD, &bad.entries, configuration, rig_completion, &bad);
    }
    bool started = status == DMA_OK;
    if (started) {
        status = rig_wait(&bad);
    }
    uint32_t errors = pl080_soft_raw_errors(engine);
    rig_unmap(&bad);
    tap_ok(started && status == wanted && bad.completions == 1 && bad.channel == BAD && errors == 0, "%s: %s", what,
           dma_status_text(status));
    tap_ok(beside && copied(&healthy), "%s: its neighbour is not concerned", what);
    struct rig_transfer again;
    tap_ok(copy(&again, BAD, true) && copied(&again), "%s: the channel works again", what);
}

static void fails_plain(const struct pl080_entry *entries, uint32_t count, enum dma_status wanted, const char *what)
{
    fails(entries, count, 0, wanted, what);
}

/* One entry, good but for one field. */
static void malformed(uint32_t from, uint32_t to, uint32_t next, uint32_t control, const char *what)
{
    struct pl080_entry entry = {from, to, next, control};

    fails_plain(&entry, 1, DMA_ERROR_LIST, what);
    tap_equal(rig_differences(&destination, 0, SIZE, 2, 0), 0, "%s: not a byte was moved", what);
}

static void bus_errors(void)
{
    const struct hardware *hw = hardware();
    const uint32_t last = PL080_CONTROL_I;
    struct pl080_entry entries[3] = {
        {source.address, destination.address, 2, words(256, 0)},
        {source.address, destination.address + 1024, 3, words(256, 0)},
        {source.address, destination.address + 2048, 0, words(256, last)},
    };
    struct pl080_entry faulty[3];

    const struct {
        const char *what;
        uint32_t from, to;
    } cases[] = {
        {"a load that the bus refuses", hw->refused, 0},
        {"a store that the bus refuses", 0, hw->refused},
        {"a load from where nothing is mapped", hw->hole, 0},
        {"a store to where nothing is mapped", 0, hw->hole},
    };
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (cases[i].from == 0 && cases[i].to == 0) {
            continue; /* a bus that refuses nothing */
        }
        for (unsigned n = 0; n < 3; n++) {
            faulty[n] = entries[n];
        }
        faulty[1].source = cases[i].from != 0 ? cases[i].from : faulty[1].source;
        faulty[1].destination = cases[i].to != 0 ? cases[i].to : faulty[1].destination;
        fails_plain(faulty, 3, DMA_ERROR_BUS, cases[i].what);
        tap_ok(rig_differences(&destination, 0, 1024, 1, 0) == 0 &&
                   rig_differences(&destination, 2048, SIZE - 2048, 2, 0) == 0,
               "%s: the entry before was done, the one behind was not", cases[i].what);
    }
}

/* The list itself is where nobody answers: no mapping of the core's says so, so one is made up. */
static void list_fetch(uint32_t address, const char *what)
{
    struct rig_transfer transfer = {0};
    struct rig_transfer healthy;
    struct baton_source nowhere = {
        .access = {1}, .length = 64, .count = 1, .segments = {{.address = {address}, .length = 64}}};

    bool beside = copy(&healthy, HEALTHY, false);
    bool started = dma_start(board->dma, BAD, &nowhere, rig_completion, &transfer) == DMA_OK;
    enum dma_status status = rig_wait(&transfer);
    tap_ok(started && status == DMA_ERROR_BUS && transfer.completions == 1, "%s: %s", what, dma_status_text(status));
    tap_ok(beside && copied(&healthy), "%s: its neighbour is not concerned", what);
}

static void circles(void)
{
    const uint32_t middle = 0;
    struct pl080_entry itself = {source.address, destination.address, 1, words(16, middle)};
    struct pl080_entry two[2] = {
        {source.address, destination.address, 2, words(16, middle)},
        {source.address, destination.address, 1, words(16, PL080_CONTROL_I)},
    };
    struct pl080_entry tail[3] = {
        {source.address, destination.address, 2, words(16, middle)},
        {source.address, destination.address, 3, words(16, middle)},
        {source.address, destination.address, 2, words(16, middle)},
    };
    fails_plain(&itself, 1, DMA_ERROR_LIST, "an entry that is its own next one");
    fails_plain(two, 2, DMA_ERROR_LIST, "two entries that go round");
    fails_plain(tail, 3, DMA_ERROR_LIST, "a list whose tail goes round");
}

static void masked_error(void)
{
    struct rig_transfer bad;
    struct pl080_entry entry = {source.address, destination.address, 0, words(0, PL080_CONTROL_I)};
    const uint32_t bit = 1u << BAD;
    uint32_t state = cpu_irq_save();

    rig_map(&bad, &source, &destination, &list);
    rig_list(&bad, &entry, 1);
    bool started = pl080_soft_start(engine, BAD, &bad.entries, PL080_CONFIGURATION_ITC, rig_completion, &bad) == DMA_OK;
    uint64_t end = board->microseconds() + 10000000;
    while (pl080_soft_enabled(engine) != 0 && board->microseconds() < end) {
        wfe();
    }
    tap_ok(started && pl080_soft_raw_errors(engine) == bit && pl080_soft_errors(engine) == 0,
           "IE off: raw status only");
    pl080_soft_clear_errors(engine, ~bit);
    uint32_t kept = pl080_soft_raw_errors(engine);
    pl080_soft_clear_errors(engine, bit);
    tap_ok(kept == bit && pl080_soft_raw_errors(engine) == 0, "the error is cleared by its own bit only");
    cpu_irq_restore(state);
    end = board->microseconds() + 20000;
    while (bad.completions == 0 && board->microseconds() < end) {
        board->sleep_until(end);
    }
    tap_equal(bad.completions, 0, "IE off: no interrupt");
    pl080_soft_interrupt(engine);
    tap_ok(bad.completions == 1 && bad.status == DMA_ERROR_LIST, "polling finds it");
    rig_unmap(&bad);
}

static void refused_at_start(void)
{
    struct rig_transfer transfer;
    struct pl080_entry entry = {source.address, destination.address, 0, words(16, PL080_CONTROL_I)};

    rig_map(&transfer, &source, &destination, &list);
    rig_list(&transfer, &entry, 1);
    struct baton_source crooked = transfer.entries;
    struct baton_source small = transfer.entries;
    struct baton_source two = transfer.entries;
    crooked.segments[0].address.value += 2;
    small.segments[0].length = 15;
    two.count = 2;
    tap_equal(dma_start(board->dma, 8, &transfer.entries, rig_completion, &transfer), DMA_ERROR_ARGUMENT, "channel 8");
    tap_equal(dma_start(board->dma, 0, NULL, rig_completion, &transfer), DMA_ERROR_ARGUMENT, "no list");
    tap_equal(dma_start(board->dma, 0, &transfer.entries, NULL, NULL), DMA_ERROR_ARGUMENT, "no completion");
    tap_equal(dma_start(board->dma, 0, &crooked, rig_completion, &transfer), DMA_ERROR_LIST,
              "a list at an odd half word");
    tap_equal(dma_start(board->dma, 0, &small, rig_completion, &transfer), DMA_ERROR_LIST, "less than an entry");
    tap_equal(dma_start(board->dma, 0, &two, rig_completion, &transfer), DMA_ERROR_LIST, "a list in two pieces");
    tap_equal(pl080_soft_start(engine, 0, &transfer.entries, PL080_CONFIGURATION_FLOW(1u), rig_completion, &transfer),
              DMA_ERROR_LIST, "flow control other than memory to memory");
    tap_equal(pl080_soft_start(engine, 0, &transfer.entries, 1u << 16, rig_completion, &transfer), DMA_ERROR_LIST,
              "lock");
    tap_ok(transfer.completions == 0 && pl080_soft_enabled(engine) == 0, "nothing was started by any of them");
    rig_unmap(&transfer);
}

/* The engine's own check of the configuration, behind the driver's back. */
static void engine_checks_configuration(void)
{
    struct rig_transfer transfer;
    struct pl080_entry entry = {source.address, destination.address, 0, words(16, PL080_CONTROL_I)};
    volatile uint32_t *configuration = &engine->config->registers->channels[BAD].configuration;

    rig_fill(&destination, 2);
    rig_map(&transfer, &source, &destination, &list);
    rig_list(&transfer, &entry, 1);
    /* Started halted, so that the change is there before the engine looks at the list. */
    bool started = pl080_soft_start(engine, BAD, &transfer.entries,
                                    PL080_CONFIGURATION_H | PL080_CONFIGURATION_IE | PL080_CONFIGURATION_ITC,
                                    rig_completion, &transfer) == DMA_OK;
    *configuration = *configuration | PL080_CONFIGURATION_FLOW(5u);
    bool resumed = dma_resume(board->dma, BAD) == DMA_OK;
    tap_ok(started && resumed && rig_wait(&transfer) == DMA_ERROR_LIST, "the engine refuses flow control 5 by itself");
    rig_unmap(&transfer);
    tap_equal(rig_differences(&destination, 0, SIZE, 2, 0), 0, "and moved nothing");
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
    list = rig_buffer("list", 4096);
    healthy_source = rig_buffer("healthy source", SIZE);
    healthy_destination = rig_buffer("healthy destination", SIZE);
    healthy_list = rig_buffer("healthy list", 4096);
    rig_fill(&source, 1);
    rig_fill(&healthy_source, 4);

    const uint32_t from = source.address;
    const uint32_t to = destination.address;
    const uint32_t good = words(16, PL080_CONTROL_I);
    const uint32_t no_widths = good & ~(PL080_CONTROL_SWIDTH(7) | PL080_CONTROL_DWIDTH(7));

    const bool refuses = hardware()->refused != 0;

    tap_plan((refuses ? 4 : 2) * 4 + (refuses ? 2 : 1) * 2 + 20 * 4 + 3 * 3 + 4 + 9 + 2);
    bus_errors();
    if (refuses) {
        list_fetch(hardware()->refused, "a list that the bus refuses");
    }
    list_fetch(hardware()->hole, "a list where nothing is mapped");

    malformed(from, to, 0, words(0, PL080_CONTROL_I), "no transfers");
    malformed(from, to, 0, words(0, PL080_CONTROL_I) & ~(PL080_CONTROL_SI | PL080_CONTROL_DI),
              "no transfers, fixed addresses");
    malformed(from, to, 0, no_widths | PL080_CONTROL_SWIDTH(3) | PL080_CONTROL_DWIDTH(2), "source width 3");
    malformed(from, to, 0, no_widths | PL080_CONTROL_SWIDTH(2) | PL080_CONTROL_DWIDTH(3), "destination width 3");
    malformed(from, to, 0, no_widths | PL080_CONTROL_SWIDTH(7) | PL080_CONTROL_DWIDTH(2), "source width 7");
    malformed(from, to, 0, no_widths | PL080_CONTROL_SWIDTH(2) | PL080_CONTROL_DWIDTH(7), "destination width 7");
    malformed(from + 2, to, 0, good, "words from a half word");
    malformed(from, to + 1, 0, good, "words to a byte");
    malformed(from + 1, to, 0, no_widths | PL080_CONTROL_SWIDTH(1) | PL080_CONTROL_DWIDTH(1), "half words from a byte");
    malformed(from, to + 1, 0, no_widths | PL080_CONTROL_SWIDTH(0) | PL080_CONTROL_DWIDTH(1), "half words to a byte");
    malformed(from, to, 0, (no_widths - 1) | PL080_CONTROL_SWIDTH(0) | PL080_CONTROL_DWIDTH(2), "15 bytes into words");
    malformed(from, to, 0, (no_widths - 1) | PL080_CONTROL_SWIDTH(0) | PL080_CONTROL_DWIDTH(1),
              "15 bytes into half words");
    malformed(from, to, list.address | 1, good, "next with bit 0 set");
    malformed(from, to, list.address | 2, good, "next with bit 1 set");
    malformed(0xfffffffc, to, 0, good, "a source that wraps");
    malformed(from, 0xffffffe0, 0, good, "a destination that wraps");
    malformed(from, to, 0, words(16, 0), "a last entry without its interrupt");
    /* Two entries are mapped; the first is good, but goes on where nothing of the list is mapped (and where an older list lies). */
    struct pl080_entry leaves[2] = {{from, to, list.address + 32, words(16, 0)}, {from, to, 0, good}};
    fails_plain(leaves, 2, DMA_ERROR_LIST, "next behind the mapped list");
    tap_ok(rig_differences(&destination, 0, 64, 1, 0) == 0 && rig_differences(&destination, 64, SIZE - 64, 2, 0) == 0,
           "next behind the mapped list: the entry before it was done");
    leaves[0].next = list.address + 20;
    fails_plain(leaves, 2, DMA_ERROR_LIST, "next across the list's end");
    tap_equal(rig_differences(&destination, 64, SIZE - 64, 2, 0), 0, "next across the list's end: no more was done");
    leaves[0].next = list.address - 16;
    fails_plain(leaves, 2, DMA_ERROR_LIST, "next before the mapped list");
    tap_equal(rig_differences(&destination, 64, SIZE - 64, 2, 0), 0, "next before the mapped list: no more was done");

    circles();
    masked_error();
    refused_at_start();
    engine_checks_configuration();
    return tap_done();
}
