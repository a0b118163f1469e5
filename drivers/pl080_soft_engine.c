/* SPDX-License-Identifier: MIT */
/*
 * The PL080-style engine: channels, round robin. A turn of a channel is one burst (SBSize transfers of its entry), so a long list
 * delays the others by a burst each. Each turn moves bytes inside a guard that ends with a DSB, so that a bus error,
 * even one that a posted store reports late, belongs to the channel whose turn it is.
 */
#include "drivers/pl080_soft_engine.h"

#include "boot/registers/barrier.h"
#include "drivers/interface/dma.h"
#include "drivers/pl080_check.h"
#include "drivers/pl080_list.h"
#include "drivers/pl080_soft_move.h"

struct channel {
    struct pl080_soft_channel_registers *registers;
    struct pl080_entry entry; /* the current one; source and destination go along */
    uint32_t transfers;       /* of it that are left; 0: the entry at next has to be loaded */
    uint32_t next;
    uint32_t list, list_bytes;
    uint32_t entries; /* loaded so far */
    uint32_t started; /* starts, as of the list that runs or ran last */
    bool running;
    bool active; /* what registers->active says */
};

struct load {
    volatile const struct pl080_entry *from;
    struct pl080_entry entry;
};

/* The status, in the registers and then to whoever waits, in this order. */
static void finish(const struct pl080_soft_engine_config *config, struct channel *channel, enum dma_status result,
                   bool interrupt)
{
    struct pl080_soft_channel_registers *registers = channel->registers;

    if (result == DMA_ERROR_LIST || result == DMA_ERROR_BUS) {
        registers->errors = registers->errors + 1;
    }
    registers->result = result;
    channel->running = false;
    channel->active = false;
    dmb();
    registers->finished = channel->started;
    registers->active = 0;
    sev(); /* with a DSB first */
    if (interrupt) {
        config->interrupt(config->context);
    }
}

static void fail(const struct pl080_soft_engine_config *config, struct channel *channel, enum dma_status result,
                 uint32_t configuration)
{
    finish(config, channel, result, (configuration & PL080_CONFIGURATION_IE) != 0);
}

static void load_entry(void *argument)
{
    struct load *load = argument;

    load->entry.source = load->from->source;
    load->entry.destination = load->from->destination;
    load->entry.next = load->from->next;
    load->entry.control = load->from->control;
}

/* What a PL080 cannot do, or does to its user's surprise. Bus master selection, protection and the destination's burst size say nothing to this
 * engine; there is no reserved bit in the control word but the upper widths. */
static bool well_formed(const struct pl080_entry *entry, uint32_t configuration)
{
    if (pl080_entry_fault(entry, PL080_MEMORY_TO_MEMORY) != NULL || (entry->next & PL080_NEXT_RESERVED) != 0) {
        return false;
    }
    /* A list that would end without a sign, although its user waits for one. */
    return entry->next != 0 || (entry->control & PL080_CONTROL_I) != 0 ||
           (configuration & PL080_CONFIGURATION_ITC) == 0;
}

/* Fetches and checks the next entry: DMA_OK, or why the list ends here. */
static enum dma_status next_entry(const struct pl080_soft_engine_config *config, struct channel *channel,
                                  uint32_t configuration)
{
    uint32_t size = sizeof(struct pl080_entry);
    uint32_t offset = channel->next - channel->list;

    /* Entries do not overlap: more of them than the list has room for, and it goes round. */
    if ((channel->next & PL080_NEXT_RESERVED) != 0 || channel->list_bytes < size ||
        offset > channel->list_bytes - size || channel->entries >= channel->list_bytes / size ||
        channel->entries >= config->entries_max) {
        return DMA_ERROR_LIST;
    }
    struct load load = {.from = (volatile const struct pl080_entry *)(uintptr_t)channel->next};
    if (!config->guard(config->context, load_entry, &load)) {
        return DMA_ERROR_BUS;
    }
    channel->entries++;
    channel->entry = load.entry;
    channel->registers->next = load.entry.next;
    if (!well_formed(&load.entry, configuration)) {
        return DMA_ERROR_LIST;
    }
    channel->transfers = PL080_TRANSFERS(load.entry.control);
    channel->next = load.entry.next;
    return DMA_OK;
}

static void move(void *argument)
{
    pl080_soft_move(argument);
}

/* One burst of the current entry. False: a bus error. */
static bool burst(const struct pl080_soft_engine_config *config, struct channel *channel)
{
    static const uint16_t bursts[8] = {4, 4, 8, 16, 32, 64, 128, 256}; /* 1 is made 4: whole units on both sides */
    uint32_t control = channel->entry.control;
    struct pl080_soft_move what = {
        .source = channel->entry.source,
        .destination = channel->entry.destination,
        .transfers = bursts[PL080_SBSIZE(control)],
        .source_width = PL080_SWIDTH(control),
        .destination_width = PL080_DWIDTH(control),
        .source_increment = (control & PL080_CONTROL_SI) != 0,
        .destination_increment = (control & PL080_CONTROL_DI) != 0,
    };

    if (what.transfers > channel->transfers) {
        what.transfers = channel->transfers;
    }
    uint32_t bytes = what.transfers << what.source_width;
    if (!config->guard(config->context, move, &what)) {
        return false;
    }
    channel->transfers -= what.transfers;
    channel->entry.source += what.source_increment ? bytes : 0;
    channel->entry.destination += what.destination_increment ? bytes : 0;
    return true;
}

static void show_progress(const struct channel *channel)
{
    struct pl080_soft_channel_registers *registers = channel->registers;

    registers->source = channel->entry.source;
    registers->destination = channel->entry.destination;
    registers->control = (channel->entry.control & ~PL080_TRANSFERS_MAX) | channel->transfers;
}

/* Whether the channel may go on now: started, enabled, not halted. Otherwise whatever is due is done. */
static bool may_run(const struct pl080_soft_engine_config *config, struct channel *channel, uint32_t *configuration)
{
    struct pl080_soft_channel_registers *registers = channel->registers;

    if (!channel->running) {
        uint32_t starts = registers->starts;
        if (starts == channel->started) {
            return false;
        }
        dmb();
        channel->started = starts;
        channel->list = registers->list;
        channel->list_bytes = registers->list_bytes;
        channel->next = channel->list;
        channel->entries = 0;
        channel->transfers = 0;
        channel->running = true;
    }
    *configuration = registers->configuration;
    if (!channel->active &&
        (*configuration & (PL080_CONFIGURATION_E | PL080_CONFIGURATION_H)) == PL080_CONFIGURATION_E) {
        /* The handshake: from here on a halt that is not seen below sees this. */
        registers->active = 1;
        channel->active = true;
        dmb();
        *configuration = registers->configuration;
    }
    if ((*configuration & PL080_CONFIGURATION_E) == 0) {
        finish(config, channel, DMA_ERROR_STOPPED, true); /* whoever waits for the list hears of it */
        return false;
    }
    if ((*configuration & PL080_CONFIGURATION_H) != 0) {
        if (channel->active) {
            channel->active = false;
            registers->active = 0;
            sev();
        }
        return false;
    }
    return true;
}

/* False: the channel had nothing to do. */
static bool turn(const struct pl080_soft_engine_config *config, struct channel *channel)
{
    struct pl080_soft_channel_registers *registers = channel->registers;
    uint32_t configuration;

    if (!may_run(config, channel, &configuration)) {
        return false;
    }
    if ((configuration & ~PL080_CONFIGURATION_USED) != 0) {
        fail(config, channel, DMA_ERROR_LIST, configuration);
        return true;
    }
    if (channel->transfers == 0) {
        enum dma_status status = next_entry(config, channel, configuration);
        if (status != DMA_OK) {
            fail(config, channel, status, configuration);
            return true;
        }
    }
    if (!burst(config, channel)) {
        show_progress(channel);
        fail(config, channel, DMA_ERROR_BUS, configuration);
        return true;
    }
    show_progress(channel);
    if (channel->transfers != 0) {
        return true;
    }

    bool terminal_count = (channel->entry.control & PL080_CONTROL_I) != 0;
    bool interrupt = terminal_count && (configuration & PL080_CONFIGURATION_ITC) != 0;
    if (terminal_count) {
        registers->terminal_counts = registers->terminal_counts + 1;
    }
    if (channel->next == 0) {
        finish(config, channel, DMA_OK, interrupt);
    } else if (interrupt) {
        sev();
        config->interrupt(config->context);
    }
    return true;
}

_Noreturn void pl080_soft_engine(const struct pl080_soft_engine_config *config)
{
    struct channel channels[PL080_SOFT_CHANNELS] = {0};

    for (uint32_t i = 0; i < PL080_SOFT_CHANNELS; i++) {
        channels[i].registers = &config->registers->channels[i];
    }
    config->registers->present = PL080_SOFT_PRESENT;
    sev();
    for (;;) {
        bool busy;
        do {
            busy = false;
            for (uint32_t i = 0; i < PL080_SOFT_CHANNELS; i++) {
                busy |= turn(config, &channels[i]);
            }
            yield(); /* asynchronous also where one host thread plays both CPUs */
        } while (busy);
        config->sleep(config->context);
    }
}
