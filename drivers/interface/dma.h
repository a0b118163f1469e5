/* SPDX-License-Identifier: MIT */
/*
 * What a DMA controller is to its users, whichever driver is behind it. A driver embeds struct dma_controller and fills in
 * the operations; applications and tests use the inline calls below.
 */
#ifndef BATON_DRIVERS_INTERFACE_DMA_H
#define BATON_DRIVERS_INTERFACE_DMA_H

#include "core/baton.h"
#include "drivers/interface/dma_list.h"

enum dma_status {
    DMA_OK = 0,
    DMA_ERROR_ARGUMENT, /* no such channel, a null pointer, or a mode that the controller has not */
    DMA_ERROR_BUSY,     /* the channel is running */
    DMA_ERROR_LIST,     /* the linked list is malformed: refused before, or stopped at, the entry */
    DMA_ERROR_BUS,      /* a bus error while it ran: some of the destination may be written */
    DMA_ERROR_STOPPED,  /* disabled before it was done */
    DMA_ERROR_TIMEOUT,  /* the controller did not answer in time */
};

const char *dma_status_text(enum dma_status status);

/* Called once for each successful start: DMA_OK, or why the list was not done. In interrupt context; or inside dma_stop(), in its
 * caller's context, where a controller raises no interrupt for a stop. The channel is free: it may be started again from here. */
typedef void (*dma_completion)(void *context, unsigned channel, enum dma_status status);

struct dma_controller;

struct dma_operations {
    enum dma_status (*start)(struct dma_controller *controller, unsigned channel, const struct baton_source *list,
                             dma_completion completion, void *context);
    enum dma_status (*halt)(struct dma_controller *controller, unsigned channel);
    enum dma_status (*resume)(struct dma_controller *controller, unsigned channel);
    enum dma_status (*stop)(struct dma_controller *controller, unsigned channel);
};

struct dma_controller {
    const struct dma_operations *operations;
    const char *name;
    const struct dma_list_format *format; /* of its linked lists */
    unsigned channels;
};

/* Starts a channel on a linked list of the controller's format (dma_list.h) that lies in a mapped source. The list and what it names stay
 * mapped until the completion. */
BATON_MUST_CHECK static inline enum dma_status dma_start(struct dma_controller *controller, unsigned channel,
                                                         const struct baton_source *list, dma_completion completion,
                                                         void *context)
{
    return controller->operations->start(controller, channel, list, completion, context);
}

/* Keeps a channel from moving further bytes, and returns once it does not (bounded: TIMEOUT). Nothing is lost; resume goes on. */
BATON_MUST_CHECK static inline enum dma_status dma_halt(struct dma_controller *controller, unsigned channel)
{
    return controller->operations->halt(controller, channel);
}

BATON_MUST_CHECK static inline enum dma_status dma_resume(struct dma_controller *controller, unsigned channel)
{
    return controller->operations->resume(controller, channel);
}

/* Disables a channel: bounded, and on DMA_OK it moves no byte any more. If it was running its completion has been, or will be,
 * called with DMA_ERROR_STOPPED (or with how it ended just before). */
BATON_MUST_CHECK static inline enum dma_status dma_stop(struct dma_controller *controller, unsigned channel)
{
    return controller->operations->stop(controller, channel);
}

#endif
