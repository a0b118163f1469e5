/* SPDX-License-Identifier: MIT */
/*
 * ARM PrimeCell DMA controllers PL080 (ARM DDI 0196: 8 channels, two bus masters) and PL081 (ARM DDI 0218: 2 channels, one).
 * Implements drivers/interface/dma.h. The channel with the lowest number goes first; between memories the manual advises the last ones.
 *
 * Written to the manuals, not to an emulator. QEMU's model does a whole list inside the register write that starts it, reports no
 * error, and crashes, hangs or corrupts memory on lists and modes that it does not expect (hw/dma/pl080.c, 10.0): a list is
 * checked before it is started (drivers/pl080_check.h), and PL080_LIMITS_QEMU takes away what it has not.
 *
 * The list is read by the CPU while it is mapped for the controller: once by the check, and its first entry goes to the channel's registers
 * (DDI 0196, Programming a DMA channel). That is lawful and costs no maintenance: a mapping for reading is one of many readers
 * (core/api/access.h), nobody writes the list meanwhile, and as the CPU wrote it (drivers/pl080_list.h) and the mapping has published
 * that, cache and memory agree. So a list is never one that a device has written: the CPU would read old lines.
 *
 * Each channel is used from one context at a time: a task, or the channel's own completion. Different channels are independent.
 */
#ifndef BATON_DRIVERS_PL080_H
#define BATON_DRIVERS_PL080_H

#include "drivers/interface/dma.h"
#include "drivers/pl080_check.h"
#include "drivers/pl080_registers.h"

/* LM in a list's address and flow control from 4 on end QEMU, no request line is wired, and other than equal widths write
 * where nobody asked them to. */
#define PL080_LIMITS_QEMU (PL080_LIMIT_ONE_MASTER | PL080_LIMIT_EQUAL_WIDTHS | PL080_LIMIT_MEMORY_TO_MEMORY)

struct pl080_config {
    uintptr_t base;  /* virtual address of the registers */
    uint32_t limits; /* PL080_LIMIT_ bits, beyond what the identification tells; 0 on silicon */
    /* DMAC_CONFIGURATION_M1, _M2: bus masters that are big-endian; baton's lists and buffers are little-endian. */
    uint32_t endianness;
    /* Request lines in the controller's own clock domain, a bit each (DMACSync); 0 is always right. */
    uint16_t synchronized;
    /* Microseconds that a channel is given to drain its FIFO, and to end a bus transfer. */
    uint32_t timeout;
    uint64_t (*microseconds)(void *context);

    /* Mutual exclusion between tasks and pl080_interrupt(), wherever it runs: at least this CPU's interrupts masked. lock returns
     * what unlock restores. Held for some register accesses. As those of the core's port. */
    uint32_t (*lock)(void *context);
    void (*unlock)(void *context, uint32_t state);

    /* Where the CPU reads what the controller finds at an address; NULL: it cannot, or not all of it. 4-aligned. */
    const void *(*cpu_view)(void *context, baton_bus_address address, uint32_t length);
    void *context; /* handed to each function above */
};

struct pl080_channel {
    dma_completion completion;
    void *context;
    bool running; /* from start until just before the completion is called; under the lock */
    /* Why the last start() said DMA_ERROR_LIST, and at which entry; for people. */
    const char *refused;
    uint32_t refused_at;
};

struct pl080 {
    struct dma_controller controller; /* the interface; first, so that operations find the rest */
    const struct pl080_config *config;
    uint32_t limits; /* the configuration's and the part's own */
    struct pl080_channel channels[PL080_CHANNELS];
};

/* Identifies the part, stops what a boot loader has left running, and enables the controller: its interrupt line is quiet. ARGUMENT: no PL080
 * and no PL081 answers there, or an endianness that it has not; nothing was written. TIMEOUT: a channel does not stop, or the controller
 * does not become enabled. */
BATON_MUST_CHECK enum dma_status pl080_init(struct pl080 *pl080, const struct pl080_config *config);

/* The handler of the combined interrupt (DMACINTR). A part whose two lines are wired apart gets it for both. May also be called to poll. */
void pl080_interrupt(struct pl080 *pl080);

/* dma_start() with a configuration of the caller's: dma_start()'s own is memory to memory with ITC and IE, both interrupts let through. With
 * one masked the completion that it would cause comes when pl080_interrupt() is called next. H: it starts halted, for dma_resume().
 * ARGUMENT: a bit that is reserved or the driver's own (E, A), or a mode beyond the limits. LIST: see the channel's refused; nothing was
 * started. BUSY: also when somebody else has enabled the channel. */
BATON_MUST_CHECK enum dma_status pl080_start(struct pl080 *pl080, unsigned channel, const struct baton_source *list,
                                             uint32_t configuration, dma_completion completion, void *context);

/* Requests made by software, for peripherals without a request line (DDI 0196, Software DMA request registers). A "last" one ends
 * the transfer where the peripheral says how long it is. */
enum pl080_request { PL080_REQUEST_BURST, PL080_REQUEST_SINGLE, PL080_REQUEST_LAST_BURST, PL080_REQUEST_LAST_SINGLE };

/* lines: a bit each. ARGUMENT: a line that does not exist, or a limit. A line is not driven by a peripheral as well. */
BATON_MUST_CHECK enum dma_status pl080_request(struct pl080 *pl080, enum pl080_request request, uint32_t lines);

/* The lines that ask so and have not been served yet. */
uint32_t pl080_requested(const struct pl080 *pl080, enum pl080_request request);

#endif
