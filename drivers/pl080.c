/* SPDX-License-Identifier: MIT */
/*
 * PL080 and PL081. Called through the DMA interface and by the board's interrupt entry; touches its registers and struct pl080.
 *
 * A terminal count or an error of a running channel means that its list has ended (drivers/pl080_check.h), and stays in the raw status
 * until a channel's end is concluded here, under the lock. No other event ends a list.
 */
#include "drivers/pl080.h"

#include "drivers/pl080_part.h"

#include "boot/registers/barrier.h"

#define CONFIGURATION_USED                                                                                             \
    (PL080_CONFIGURATION_SOURCE(15u) | PL080_CONFIGURATION_DESTINATION(15u) | PL080_CONFIGURATION_FLOW(7u) |           \
     PL080_CONFIGURATION_IE | PL080_CONFIGURATION_ITC | PL080_CONFIGURATION_L | PL080_CONFIGURATION_H)
#define SETTLE_READS 64u /* of a status, in an interrupt handler, for what takes the controller some bus cycles */

static struct pl080 *pl080_of(struct dma_controller *controller)
{
    return (struct pl080 *)controller;
}

/* The last write of what makes a channel move bytes. */
static void let_run(const struct pl080 *pl080, unsigned channel, uint32_t configuration)
{
    dsb(); /* list and buffers are complete before the controller may look at them */
    pl080_set(pl080, pl080_configuration_of(channel), configuration);
    /* No effect by the manual. In QEMU the list is done by now, but only the write of a register that is no channel's raises the line. */
    pl080_set(pl080, DMAC_INT_TC_CLEAR, 0);
}

/* Sets H, which keeps a channel from fetching more of its source. A channel that ends between the two accesses is enabled again by the
 * second, which nothing can prevent; halted it moves nothing, and the end that is in its raw status will be concluded. Under the lock. */
static void set_halt(const struct pl080 *pl080, unsigned channel)
{
    uint32_t configuration = pl080_get(pl080, pl080_configuration_of(channel));

    if ((configuration & PL080_CONFIGURATION_E) != 0) {
        pl080_set(pl080, pl080_configuration_of(channel), configuration | PL080_CONFIGURATION_H);
    }
}

static bool has_ended(const struct pl080 *pl080, unsigned channel)
{
    return ((pl080_get(pl080, DMAC_RAW_INT_TC_STATUS) | pl080_get(pl080, DMAC_RAW_INT_ERROR_STATUS)) >> channel & 1) !=
           0;
}

static void clear_interrupts(const struct pl080 *pl080, uint32_t channels)
{
    pl080_set(pl080, DMAC_INT_TC_CLEAR, channels);
    pl080_set(pl080, DMAC_INT_ERR_CLR, channels);
}

/* What a running channel's completion is called with and for, taken from the channel under the lock. */
struct end {
    dma_completion completion;
    void *context;
    enum dma_status status;
};

/* Ends a running channel that is, or is going to be, disabled: its registers, interrupts and state are as before a start. Under the lock. */
static struct end conclude(struct pl080 *pl080, unsigned channel, enum dma_status otherwise)
{
    const uint32_t bit = 1u << channel;
    struct end end = {pl080->channels[channel].completion, pl080->channels[channel].context, otherwise};

    if ((pl080_get(pl080, DMAC_RAW_INT_ERROR_STATUS) & bit) != 0) {
        end.status = DMA_ERROR_BUS;
    } else if ((pl080_get(pl080, DMAC_RAW_INT_TC_STATUS) & bit) != 0) {
        end.status = DMA_OK;
    }
    /* It has cleared E itself, unless set_halt() came between. What is in the FIFO after an error is lost. */
    pl080_set(pl080, pl080_configuration_of(channel), 0);
    for (uint32_t reads = 0; (pl080_get(pl080, DMAC_ENBLD_CHNS) & bit) != 0; reads++) {
        if (reads == SETTLE_READS) {
            end.status = DMA_ERROR_TIMEOUT; /* it may still be moving bytes */
            break;
        }
    }
    clear_interrupts(pl080, bit);
    dmb(); /* the status was read; then the bytes that were moved */
    pl080->channels[channel].running = false;
    return end;
}

void pl080_interrupt(struct pl080 *pl080)
{
    /* What comes up behind these two reads raises the line again. */
    const uint32_t raised = pl080_get(pl080, DMAC_RAW_INT_TC_STATUS) | pl080_get(pl080, DMAC_RAW_INT_ERROR_STATUS);

    for (unsigned i = 0; i < pl080->controller.channels; i++) {
        if ((raised >> i & 1) == 0) {
            continue;
        }
        uint32_t state = pl080_lock(pl080);
        bool running = pl080->channels[i].running;
        bool ended = running && has_ended(pl080, i); /* and not one that was stopped and started since */
        struct end end = {0};

        if (ended) {
            end = conclude(pl080, i, DMA_OK);
        } else if (!running) {
            clear_interrupts(pl080, 1u << i); /* nobody's: the line must not stay raised */
        }
        pl080_unlock(pl080, state);
        if (ended) {
            end.completion(end.context, i, end.status);
        }
    }
}

/* The CPU's view of a list in one piece, checked; NULL: refused, and the channel says why. */
static const uint32_t *checked(struct pl080 *pl080, unsigned channel, const struct baton_source *list,
                               uint32_t configuration)
{
    const struct pl080_config *config = pl080->config;
    const struct baton_segment *segment = &list->segments[0];
    const char *refused = "a list in several pieces";
    uint32_t place = 0;
    struct pl080_check check = {
        .address = segment->address.value,
        .length = segment->length,
        .flow = (enum pl080_flow)PL080_FLOW_OF(configuration),
        .limits = pl080->limits,
    };

    if (list->count == 1) {
        check.words = config->cpu_view(config->context, segment->address, segment->length);
        refused = check.words == NULL ? "a list that the CPU cannot read" : pl080_check_list(&check, &place);
    }
    pl080->channels[channel].refused = refused;
    pl080->channels[channel].refused_at = place;
    return refused == NULL ? check.words : NULL;
}

/* The order of DDI 0196, Programming a DMA channel. Under the lock. */
static void program(const struct pl080 *pl080, unsigned channel, const uint32_t *first, uint32_t configuration)
{
    clear_interrupts(pl080, 1u << channel);
    pl080_set(pl080, DMAC_CHANNEL(channel) + DMAC_C_SRC_ADDR, first[0]);
    pl080_set(pl080, DMAC_CHANNEL(channel) + DMAC_C_DEST_ADDR, first[1]);
    pl080_set(pl080, DMAC_CHANNEL(channel) + DMAC_C_LLI, first[2]);
    pl080_set(pl080, DMAC_CHANNEL(channel) + DMAC_C_CONTROL, first[3]);
    let_run(pl080, channel, configuration | PL080_CONFIGURATION_E);
}

enum dma_status pl080_start(struct pl080 *pl080, unsigned channel, const struct baton_source *list,
                            uint32_t configuration, dma_completion completion, void *context)
{
    enum dma_status status = DMA_OK;

    if (channel >= pl080->controller.channels || list == NULL || completion == NULL ||
        (configuration & ~CONFIGURATION_USED) != 0 ||
        ((pl080->limits & PL080_LIMIT_MEMORY_TO_MEMORY) != 0 &&
         PL080_FLOW_OF(configuration) != PL080_MEMORY_TO_MEMORY)) {
        return DMA_ERROR_ARGUMENT;
    }
    const uint32_t *first = checked(pl080, channel, list, configuration);
    if (first == NULL) {
        return DMA_ERROR_LIST;
    }

    struct pl080_channel *own = &pl080->channels[channel];
    uint32_t state = pl080_lock(pl080);
    uint32_t now = pl080_get(pl080, pl080_configuration_of(channel));
    if (own->running || (now & (PL080_CONFIGURATION_E | PL080_CONFIGURATION_A)) != 0) {
        status = DMA_ERROR_BUSY;
    } else {
        own->completion = completion;
        own->context = context;
        own->running = true;
        program(pl080, channel, first, configuration);
    }
    pl080_unlock(pl080, state);
    return status;
}

static enum dma_status start(struct dma_controller *controller, unsigned channel, const struct baton_source *list,
                             dma_completion completion, void *context)
{
    return pl080_start(pl080_of(controller), channel, list, PL080_CONFIGURATION_ITC | PL080_CONFIGURATION_IE,
                       completion, context);
}

/* Under no lock: the FIFO is written out to the destination meanwhile. */
static bool drained(const struct pl080 *pl080, unsigned channel)
{
    return pl080_becomes_clear(pl080, pl080_configuration_of(channel), PL080_CONFIGURATION_A);
}

bool pl080_disable(const struct pl080 *pl080, unsigned channel)
{
    uint32_t state = pl080_lock(pl080);
    set_halt(pl080, channel);
    pl080_unlock(pl080, state);
    (void)drained(pl080, channel);

    state = pl080_lock(pl080);
    uint32_t configuration = pl080_get(pl080, pl080_configuration_of(channel));
    pl080_set(pl080, pl080_configuration_of(channel), configuration & ~PL080_CONFIGURATION_E);
    pl080_unlock(pl080, state);
    return pl080_becomes_clear(pl080, DMAC_ENBLD_CHNS, 1u << channel);
}

static enum dma_status halt(struct dma_controller *controller, unsigned channel)
{
    struct pl080 *pl080 = pl080_of(controller);

    if (channel >= controller->channels) {
        return DMA_ERROR_ARGUMENT;
    }
    uint32_t state = pl080_lock(pl080);
    bool running = pl080->channels[channel].running;
    if (running) {
        set_halt(pl080, channel);
    }
    pl080_unlock(pl080, state);
    return !running || drained(pl080, channel) ? DMA_OK : DMA_ERROR_TIMEOUT;
}

static enum dma_status resume(struct dma_controller *controller, unsigned channel)
{
    struct pl080 *pl080 = pl080_of(controller);

    if (channel >= controller->channels) {
        return DMA_ERROR_ARGUMENT;
    }
    /* Drained first: from then on a halted channel does not end between the looks at it and the write. */
    if ((pl080_get(pl080, pl080_configuration_of(channel)) & PL080_CONFIGURATION_H) != 0 && !drained(pl080, channel)) {
        return DMA_ERROR_TIMEOUT;
    }
    uint32_t state = pl080_lock(pl080);
    uint32_t configuration = pl080_get(pl080, pl080_configuration_of(channel));
    if (pl080->channels[channel].running && (configuration & PL080_CONFIGURATION_H) != 0 &&
        !has_ended(pl080, channel)) {
        let_run(pl080, channel, configuration & ~PL080_CONFIGURATION_H);
    }
    pl080_unlock(pl080, state);
    return DMA_OK;
}

static enum dma_status stop(struct dma_controller *controller, unsigned channel)
{
    struct pl080 *pl080 = pl080_of(controller);
    struct end end = {0};

    if (channel >= controller->channels) {
        return DMA_ERROR_ARGUMENT;
    }
    uint32_t state = pl080_lock(pl080);
    bool running = pl080->channels[channel].running;
    pl080_unlock(pl080, state);
    if (!running) {
        return DMA_OK;
    }
    if (!pl080_disable(pl080, channel)) {
        return DMA_ERROR_TIMEOUT;
    }
    state = pl080_lock(pl080);
    running = pl080->channels[channel].running; /* the interrupt may have been faster */
    if (running) {
        end = conclude(pl080, channel, DMA_ERROR_STOPPED);
    }
    pl080_unlock(pl080, state);
    if (running) {
        end.completion(end.context, channel, end.status);
    }
    return DMA_OK;
}

const struct dma_operations pl080_operations = {.start = start, .halt = halt, .resume = resume, .stop = stop};
