/* SPDX-License-Identifier: MIT */
/*
 * BCM2835 DMA. Register names and bits: BCM2835 ARM Peripherals, 4.2.1. Called through the DMA interface and by the board's interrupt
 * entry; touches its registers and struct bcm2835_dma.
 *
 * Barriers: the bus may answer accesses to different peripherals out of order, so each function here has one before its first access and
 * one behind its last (section 1.3).
 */
#include "drivers/bcm2835_dma.h"

#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"
#include "drivers/bcm2835_dma_list.h"

#include <stddef.h>

#define CHANNEL(number) (0x100u * (number))
#define CS 0x00u
#define CONBLK_AD 0x04u
#define DEBUG 0x20u
#define ENABLE 0xff0u

#define CS_ACTIVE (1u << 0)
#define CS_END (1u << 1) /* these two are cleared by writing 1 */
#define CS_INT (1u << 2)
#define CS_WAITING_FOR_OUTSTANDING_WRITES (1u << 6)
#define CS_ERROR (1u << 8)
#define CS_PRIORITY(level) ((uint32_t)(level) << 16)
#define CS_WAIT_FOR_OUTSTANDING_WRITES (1u << 28) /* END and INT come when the last write has arrived */
#define CS_RESET (1u << 31)
#define CS_RUNNING (CS_PRIORITY(8) | CS_WAIT_FOR_OUTSTANDING_WRITES)

#define DEBUG_ERRORS 7u /* read, FIFO, and AXI's last signal missing: cleared by writing 1 */
#define DEBUG_LITE (1u << 28)

static struct bcm2835_dma *dma_of(struct dma_controller *controller)
{
    return (struct bcm2835_dma *)controller;
}

static uint32_t get(const struct bcm2835_dma *dma, unsigned channel, uint32_t reg)
{
    return mmio_read32(dma->config->base + CHANNEL(dma->channels[channel].number) + reg);
}

static void set(const struct bcm2835_dma *dma, unsigned channel, uint32_t reg, uint32_t value)
{
    mmio_write32(dma->config->base + CHANNEL(dma->channels[channel].number) + reg, value);
}

/* Paused, or never started, with nothing on its way to memory. */
static bool quiet(const struct bcm2835_dma *dma, unsigned channel)
{
    return (get(dma, channel, CS) & (CS_ACTIVE | CS_WAITING_FOR_OUTSTANDING_WRITES)) == 0;
}

/* The clock may be another peripheral. */
static uint64_t now(const struct bcm2835_dma *dma)
{
    dmb();
    const uint64_t time = dma->config->microseconds(dma->config->context);
    dmb();
    return time;
}

static bool wait_until_quiet(const struct bcm2835_dma *dma, unsigned channel)
{
    const uint64_t start = now(dma);

    while (!quiet(dma, channel)) {
        if (now(dma) - start > dma->config->timeout) {
            return quiet(dma, channel);
        }
    }
    return true;
}

/* Takes the channel's list away from whoever would complete it too. */
static bool take(struct bcm2835_dma *dma, unsigned channel)
{
    return __atomic_exchange_n(&dma->channels[channel].running, false, __ATOMIC_ACQ_REL);
}

static enum dma_status start(struct dma_controller *controller, unsigned channel, const struct baton_source *list,
                             dma_completion completion, void *context)
{
    struct bcm2835_dma *const dma = dma_of(controller);

    if (channel >= controller->channels || list == NULL || completion == NULL) {
        return DMA_ERROR_ARGUMENT;
    }
    if (list->count != 1 || list->segments[0].address.value % sizeof(struct bcm2835_dma_block) != 0 ||
        list->segments[0].address.value == 0 || list->segments[0].length < sizeof(struct bcm2835_dma_block)) {
        return DMA_ERROR_LIST;
    }
    if (__atomic_load_n(&dma->channels[channel].running, __ATOMIC_ACQUIRE)) {
        return DMA_ERROR_BUSY;
    }
    dma->channels[channel].completion = completion;
    dma->channels[channel].context = context;
    __atomic_store_n(&dma->channels[channel].running, true, __ATOMIC_RELEASE);
    dsb(); /* the list and what it names are in memory */
    set(dma, channel, CONBLK_AD, list->segments[0].address.value);
    set(dma, channel, CS, CS_RUNNING | CS_ACTIVE);
    dmb();
    return DMA_OK;
}

static enum dma_status halt(struct dma_controller *controller, unsigned channel)
{
    struct bcm2835_dma *const dma = dma_of(controller);

    if (channel >= controller->channels) {
        return DMA_ERROR_ARGUMENT;
    }
    dmb();
    set(dma, channel, CS, CS_RUNNING); /* END and INT stay as they are */
    const bool done = wait_until_quiet(dma, channel);
    dmb();
    return done ? DMA_OK : DMA_ERROR_TIMEOUT;
}

static enum dma_status resume(struct dma_controller *controller, unsigned channel)
{
    struct bcm2835_dma *const dma = dma_of(controller);

    if (channel >= controller->channels) {
        return DMA_ERROR_ARGUMENT;
    }
    dmb();
    /* One that has come to its end meanwhile has nothing to go on with. */
    if (get(dma, channel, CONBLK_AD) != 0) {
        set(dma, channel, CS, CS_RUNNING | CS_ACTIVE);
    }
    dmb();
    return DMA_OK;
}

/* How the list has ended, of a channel that is quiet. A bus error leaves its flag in CS and the reason in DEBUG. */
static enum dma_status result(const struct bcm2835_dma *dma, unsigned channel)
{
    if ((get(dma, channel, CS) & CS_ERROR) != 0) {
        return DMA_ERROR_BUS;
    }
    return get(dma, channel, CONBLK_AD) == 0 ? DMA_OK : DMA_ERROR_STOPPED;
}

static void reset(const struct bcm2835_dma *dma, unsigned channel)
{
    set(dma, channel, CS, CS_RESET);
    set(dma, channel, DEBUG, DEBUG_ERRORS);
    set(dma, channel, CS, CS_END | CS_INT);
}

static enum dma_status stop(struct dma_controller *controller, unsigned channel)
{
    struct bcm2835_dma *const dma = dma_of(controller);

    if (channel >= controller->channels) {
        return DMA_ERROR_ARGUMENT;
    }
    /* Taken first: from here on an interrupt tells nobody, and nobody starts the next list in the middle of this. */
    if (!take(dma, channel)) {
        return DMA_OK;
    }
    /* Paused before it is reset, or writes would be left on their way that nobody counts any more. */
    const enum dma_status halted = halt(controller, channel);
    if (halted != DMA_OK) {
        __atomic_store_n(&dma->channels[channel].running, true, __ATOMIC_RELEASE);
        return halted;
    }
    const enum dma_status ended = result(dma, channel);
    reset(dma, channel);
    dmb();
    dma->channels[channel].completion(dma->channels[channel].context, channel, ended);
    return DMA_OK;
}

void bcm2835_dma_interrupt(struct bcm2835_dma *dma, unsigned channel)
{
    dmb();
    const uint32_t status = get(dma, channel, CS);

    /* The last block alone has an interrupt, and it comes when all has arrived; an error may have stopped the list before. */
    if ((status & (CS_INT | CS_ERROR)) != 0) {
        const enum dma_status ended = result(dma, channel);

        if ((status & CS_ERROR) != 0) {
            reset(dma, channel);
        } else {
            set(dma, channel, CS, CS_RUNNING | CS_END | CS_INT);
        }
        dmb(); /* the status was read; then the bytes that were moved */
        if (take(dma, channel)) {
            dma->channels[channel].completion(dma->channels[channel].context, channel, ended);
        }
    }
    dmb();
}

static const struct dma_operations operations = {.start = start, .halt = halt, .resume = resume, .stop = stop};

bool bcm2835_dma_init(struct bcm2835_dma *dma, const struct bcm2835_dma_config *config)
{
    unsigned count = 0;
    uint32_t enable = 0;

    *dma = (struct bcm2835_dma){
        .controller = {.operations = &operations, .name = "bcm2835-dma", .format = &bcm2835_dma_list_format},
        .config = config,
    };
    dmb();
    for (unsigned number = 0; number < BCM2835_DMA_CHANNELS; number++) {
        dma->channels[count].number = number;
        if ((config->channels >> number & 1) != 0 && (get(dma, count, DEBUG) & DEBUG_LITE) == 0) {
            enable |= 1u << number;
            count++;
        }
    }
    /* Others' channels are theirs. */
    mmio_write32(config->base + ENABLE, mmio_read32(config->base + ENABLE) | enable);
    for (unsigned channel = 0; channel < count; channel++) {
        set(dma, channel, CS, CS_RUNNING);
        if (!wait_until_quiet(dma, channel)) {
            return false;
        }
        reset(dma, channel);
    }
    dmb();
    dma->controller.channels = count;
    return count != 0;
}
