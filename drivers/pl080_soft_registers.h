/* SPDX-License-Identifier: MIT */
/*
 * What the two halves of the PL080-style engine share: pl080_soft.c on the CPU that uses it, pl080_soft_engine.c on the
 * CPU that is the engine. Both see the block through non-cacheable mappings, and the second is outside the coherence of the first.
 *
 * So there is no lock and no exclusive access in here: each word has one writer, and where the PL080 has a bit that both
 * sides write there are two counters (a start is starts != finished, an interrupt is raised != cleared). Words are written
 * in the order in which they stand, the last one after a DMB, and read the other way round.
 *
 * Names as in ARM DDI 0196, chapter 3. The channel's halt is a handshake over two words, configuration.H and active: each side
 * writes its own, then a DMB, then reads the other's, so at least one of the two sees the other (deliberate; neither
 * needs an exclusive for it).
 */
#ifndef BATON_DRIVERS_PL080_SOFT_REGISTERS_H
#define BATON_DRIVERS_PL080_SOFT_REGISTERS_H

#include "drivers/pl080_registers.h"

#define PL080_SOFT_CHANNELS PL080_CHANNELS
#define PL080_SOFT_PRESENT 0x00141080u /* the identification that a PL080 gives (DMACPeriphID) */

/* Of DMACCxConfiguration. Any other bit set, flow control other than memory to memory and lock included, is malformed. */
#define PL080_CONFIGURATION_USED                                                                                       \
    (PL080_CONFIGURATION_E | PL080_CONFIGURATION_IE | PL080_CONFIGURATION_ITC | PL080_CONFIGURATION_H)

struct pl080_soft_channel_registers {
    /* Written by the user's half. */
    volatile uint32_t configuration;
    volatile uint32_t list;       /* bus address of the first entry */
    volatile uint32_t list_bytes; /* the engine fetches no entry from beyond */
    volatile uint32_t starts;     /* raised by one by each start */
    volatile uint32_t terminal_counts_cleared;
    volatile uint32_t errors_cleared;
    uint32_t unused[2];

    /* Written by the engine. */
    volatile uint32_t source;          /* of the next transfer */
    volatile uint32_t destination;     /* of the next transfer */
    volatile uint32_t next;            /* entry after this one */
    volatile uint32_t control;         /* of this entry; transfers that are left */
    volatile uint32_t terminal_counts; /* raised by one by each terminal count of an entry with I set */
    volatile uint32_t errors;          /* raised by one by each list that ended in an error */
    volatile uint32_t result;          /* enum dma_status of the last list that ended */
    volatile uint32_t finished;        /* starts, as of that list */
    volatile uint32_t active;          /* 1: it may be moving bytes */
    uint32_t unused_too[7];
};

struct pl080_soft_registers {
    volatile uint32_t present; /* PL080_SOFT_PRESENT; by the engine, when it runs */
    uint32_t unused[15];
    struct pl080_soft_channel_registers channels[PL080_SOFT_CHANNELS];
};

#endif
