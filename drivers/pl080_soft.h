/* SPDX-License-Identifier: MIT */
/*
 * The PL080-style engine, as its user sees it: implements drivers/interface/dma.h over the shared registers. For machines
 * without a DMA controller and with a CPU to spare, which runs pl080_soft_engine().
 *
 * What it promises beyond the interface: lists of any number of entries up to the engine's bound; widths 8, 16 and 32 bits in any pair;
 * channels in turn, a burst each. What it refuses that a PL080 takes: flow control other than memory to memory, a locked
 * channel, an entry outside the mapped list, a last entry without terminal-count interrupt (unless that is masked).
 *
 * Each channel is used from one context at a time: a task, or the channel's own completion. Different channels are independent.
 */
#ifndef BATON_DRIVERS_PL080_SOFT_H
#define BATON_DRIVERS_PL080_SOFT_H

#include "drivers/interface/dma.h"
#include "drivers/pl080_soft_registers.h"

struct pl080_soft_config {
    struct pl080_soft_registers *registers; /* non-cacheable */
    void (*doorbell)(void *context);        /* wakes the engine; a DSB went before */
    uint64_t (*microseconds)(void *context);
    uint32_t timeout; /* microseconds that the engine is given to answer a halt or a stop */
    void *context;
};

struct pl080_soft {
    struct dma_controller controller; /* the interface; first, so that operations find the rest */
    const struct pl080_soft_config *config;
    struct {
        dma_completion completion;
        void *context;
        uint32_t starts;
        bool running; /* from start until just before the completion is called */
    } channels[PL080_SOFT_CHANNELS];
};

/* Clears the registers and fills in the interface. Before the engine runs. */
void pl080_soft_init(struct pl080_soft *soft, const struct pl080_soft_config *config);

/* Whether the engine has come up; waits for it, bounded. */
bool pl080_soft_present(struct pl080_soft *soft);

/* The handler of the engine's interrupt line: clears the interrupts of its channels and calls their completions. May
 * also be called to poll, where the line or a mask keeps interrupts away, with interrupts masked. */
void pl080_soft_interrupt(struct pl080_soft *soft);

/* dma_start() with a configuration of the caller's: dma_start()'s own is ITC and IE, both interrupts let through. With one masked the
 * completion that it would cause comes when pl080_soft_interrupt() is called next. LIST: a bit that the engine has not. */
BATON_MUST_CHECK enum dma_status pl080_soft_start(struct pl080_soft *soft, unsigned channel,
                                                  const struct baton_source *list, uint32_t configuration,
                                                  dma_completion completion, void *context);

/* DMACIntTCStatus, DMACIntErrorStatus, their raw forms, and DMACEnbldChns: a bit for each channel. Any context. */
uint32_t pl080_soft_terminal_counts(const struct pl080_soft *soft);
uint32_t pl080_soft_errors(const struct pl080_soft *soft);
uint32_t pl080_soft_raw_terminal_counts(const struct pl080_soft *soft);
uint32_t pl080_soft_raw_errors(const struct pl080_soft *soft);
uint32_t pl080_soft_enabled(const struct pl080_soft *soft);

/* DMACIntTCClear, DMACIntErrClr: a bit for each channel. What comes up meanwhile stays. */
void pl080_soft_clear_terminal_counts(struct pl080_soft *soft, uint32_t channels);
void pl080_soft_clear_errors(struct pl080_soft *soft, uint32_t channels);

#endif
