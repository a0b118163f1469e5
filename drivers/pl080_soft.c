/* SPDX-License-Identifier: MIT */
/*
 * The user's half of the PL080-style engine. Called through the DMA interface and by the board's interrupt entry; touches the
 * shared registers (the words that are its own to write) and struct pl080_soft.
 */
#include "drivers/pl080_soft.h"

#include "boot/registers/barrier.h"
#include "drivers/pl080_list.h"

static struct pl080_soft *soft_of(struct dma_controller *controller)
{
    return (struct pl080_soft *)controller;
}

static struct pl080_soft_channel_registers *registers_of(const struct pl080_soft *soft, unsigned channel)
{
    return &soft->config->registers->channels[channel];
}

static void ring(struct pl080_soft *soft)
{
    dsb(); /* registers, list and buffers are complete before the doorbell */
    soft->config->doorbell(soft->config->context);
}

/* The list that was the start-th has ended. Counters wrap. */
static bool ended(const struct pl080_soft *soft, unsigned channel, uint32_t start)
{
    return (int32_t)(registers_of(soft, channel)->finished - start) >= 0;
}

static bool halted(const struct pl080_soft *soft, unsigned channel, uint32_t start)
{
    return registers_of(soft, channel)->active == 0 || ended(soft, channel, start);
}

static bool present(const struct pl080_soft *soft, unsigned channel, uint32_t start)
{
    (void)channel;
    (void)start;
    return soft->config->registers->present == PL080_SOFT_PRESENT;
}

/* WFE in the loop: the engine sends an event after each change of a status, and its CPU may need this one's host thread. */
static bool wait_for(const struct pl080_soft *soft, unsigned channel, uint32_t start,
                     bool (*condition)(const struct pl080_soft *soft, unsigned channel, uint32_t start))
{
    const struct pl080_soft_config *config = soft->config;
    uint64_t end = config->microseconds(config->context) + config->timeout;

    while (!condition(soft, channel, start)) {
        if (config->microseconds(config->context) > end) {
            return condition(soft, channel, start);
        }
        wfe();
    }
    return true;
}

enum dma_status pl080_soft_start(struct pl080_soft *soft, unsigned channel, const struct baton_source *list,
                                 uint32_t configuration, dma_completion completion, void *context)
{
    if (channel >= PL080_SOFT_CHANNELS || list == NULL || completion == NULL) {
        return DMA_ERROR_ARGUMENT;
    }
    /* The entries are for the engine to judge: this CPU has no access to them while they are mapped. */
    if (list->count != 1 || (list->segments[0].address.value & PL080_NEXT_RESERVED) != 0 ||
        list->segments[0].length < sizeof(struct pl080_entry) || (configuration & ~PL080_CONFIGURATION_USED) != 0) {
        return DMA_ERROR_LIST;
    }
    if (__atomic_load_n(&soft->channels[channel].running, __ATOMIC_ACQUIRE)) {
        return DMA_ERROR_BUSY;
    }
    struct pl080_soft_channel_registers *registers = registers_of(soft, channel);
    soft->channels[channel].completion = completion;
    soft->channels[channel].context = context;
    soft->channels[channel].starts++;
    registers->configuration = configuration | PL080_CONFIGURATION_E;
    registers->list = list->segments[0].address.value;
    registers->list_bytes = list->segments[0].length;
    /* Not before the new number of starts, deliberate: another channel's interrupt may come in between, and would take the
     * list before, which has ended, for this one. */
    __atomic_store_n(&soft->channels[channel].running, true, __ATOMIC_RELEASE);
    dmb();
    registers->starts = soft->channels[channel].starts;
    ring(soft);
    return DMA_OK;
}

static enum dma_status start(struct dma_controller *controller, unsigned channel, const struct baton_source *list,
                             dma_completion completion, void *context)
{
    return pl080_soft_start(soft_of(controller), channel, list, PL080_CONFIGURATION_ITC | PL080_CONFIGURATION_IE,
                            completion, context);
}

static enum dma_status halt(struct dma_controller *controller, unsigned channel)
{
    struct pl080_soft *soft = soft_of(controller);

    if (channel >= PL080_SOFT_CHANNELS) {
        return DMA_ERROR_ARGUMENT;
    }
    if (soft->channels[channel].running) {
        struct pl080_soft_channel_registers *registers = registers_of(soft, channel);
        registers->configuration = registers->configuration | PL080_CONFIGURATION_H;
        dmb(); /* H, then A: pl080_soft_registers.h. An engine asleep moves nothing, and sees H when it wakes */
        if (!wait_for(soft, channel, soft->channels[channel].starts, halted)) {
            return DMA_ERROR_TIMEOUT;
        }
    }
    return DMA_OK;
}

static enum dma_status resume(struct dma_controller *controller, unsigned channel)
{
    struct pl080_soft *soft = soft_of(controller);

    if (channel >= PL080_SOFT_CHANNELS) {
        return DMA_ERROR_ARGUMENT;
    }
    if (soft->channels[channel].running) {
        struct pl080_soft_channel_registers *registers = registers_of(soft, channel);
        registers->configuration = registers->configuration & ~PL080_CONFIGURATION_H;
        ring(soft);
    }
    return DMA_OK;
}

static enum dma_status stop(struct dma_controller *controller, unsigned channel)
{
    struct pl080_soft *soft = soft_of(controller);

    if (channel >= PL080_SOFT_CHANNELS) {
        return DMA_ERROR_ARGUMENT;
    }
    if (soft->channels[channel].running) {
        struct pl080_soft_channel_registers *registers = registers_of(soft, channel);
        registers->configuration = registers->configuration & ~PL080_CONFIGURATION_E;
        ring(soft);
        if (!wait_for(soft, channel, soft->channels[channel].starts, ended)) {
            return DMA_ERROR_TIMEOUT;
        }
    }
    return DMA_OK;
}

void pl080_soft_interrupt(struct pl080_soft *soft)
{
    /* Cleared first: what the engine raises from here on raises the line again. */
    pl080_soft_clear_terminal_counts(soft, pl080_soft_raw_terminal_counts(soft));
    pl080_soft_clear_errors(soft, pl080_soft_raw_errors(soft));
    for (unsigned i = 0; i < PL080_SOFT_CHANNELS; i++) {
        if (soft->channels[i].running && ended(soft, i, soft->channels[i].starts)) {
            dmb(); /* finished was read; then the result, and the bytes that were moved */
            enum dma_status status = (enum dma_status)registers_of(soft, i)->result;
            dma_completion completion = soft->channels[i].completion;
            void *context = soft->channels[i].context;
            __atomic_store_n(&soft->channels[i].running, false, __ATOMIC_RELEASE);
            completion(context, i, status);
        }
    }
}

static uint32_t raised(const struct pl080_soft *soft, bool errors, uint32_t mask)
{
    uint32_t channels = 0;

    for (unsigned i = 0; i < PL080_SOFT_CHANNELS; i++) {
        const struct pl080_soft_channel_registers *registers = registers_of(soft, i);
        bool up = errors ? registers->errors != registers->errors_cleared
                         : registers->terminal_counts != registers->terminal_counts_cleared;
        if (up && (registers->configuration & mask) == mask) {
            channels |= 1u << i;
        }
    }
    return channels;
}

uint32_t pl080_soft_terminal_counts(const struct pl080_soft *soft)
{
    return raised(soft, false, PL080_CONFIGURATION_ITC);
}

uint32_t pl080_soft_errors(const struct pl080_soft *soft)
{
    return raised(soft, true, PL080_CONFIGURATION_IE);
}

uint32_t pl080_soft_raw_terminal_counts(const struct pl080_soft *soft)
{
    return raised(soft, false, 0);
}

uint32_t pl080_soft_raw_errors(const struct pl080_soft *soft)
{
    return raised(soft, true, 0);
}

uint32_t pl080_soft_enabled(const struct pl080_soft *soft)
{
    uint32_t channels = 0;

    for (unsigned i = 0; i < PL080_SOFT_CHANNELS; i++) {
        const struct pl080_soft_channel_registers *registers = registers_of(soft, i);
        channels |= (uint32_t)(registers->finished != registers->starts) << i;
    }
    return channels;
}

void pl080_soft_clear_terminal_counts(struct pl080_soft *soft, uint32_t channels)
{
    for (unsigned i = 0; i < PL080_SOFT_CHANNELS; i++) {
        if ((channels >> i & 1) != 0) {
            struct pl080_soft_channel_registers *registers = registers_of(soft, i);
            registers->terminal_counts_cleared = registers->terminal_counts;
        }
    }
}

void pl080_soft_clear_errors(struct pl080_soft *soft, uint32_t channels)
{
    for (unsigned i = 0; i < PL080_SOFT_CHANNELS; i++) {
        if ((channels >> i & 1) != 0) {
            struct pl080_soft_channel_registers *registers = registers_of(soft, i);
            registers->errors_cleared = registers->errors;
        }
    }
}

bool pl080_soft_present(struct pl080_soft *soft)
{
    return wait_for(soft, 0, 0, present);
}

static const struct dma_operations operations = {.start = start, .halt = halt, .resume = resume, .stop = stop};

void pl080_soft_init(struct pl080_soft *soft, const struct pl080_soft_config *config)
{
    volatile uint32_t *word = (volatile uint32_t *)config->registers;

    for (uint32_t i = 0; i < sizeof(*config->registers) / sizeof(*word); i++) {
        word[i] = 0;
    }
    *soft = (struct pl080_soft){
        .controller = {.operations = &operations,
                       .name = "pl080-soft",
                       .format = &pl080_list_format,
                       .channels = PL080_SOFT_CHANNELS},
        .config = config,
    };
}
