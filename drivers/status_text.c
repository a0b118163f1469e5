/* SPDX-License-Identifier: MIT */
/*
 * The texts of the driver interfaces' statuses (drivers/interface/). Called by anybody; touches nothing.
 */
#include "drivers/interface/display.h"
#include "drivers/interface/dma.h"

const char *dma_status_text(enum dma_status status)
{
    switch (status) {
    case DMA_OK:
        return "success";
    case DMA_ERROR_ARGUMENT:
        return "no such channel, a null pointer, or a mode that the controller has not";
    case DMA_ERROR_BUSY:
        return "the channel is running";
    case DMA_ERROR_LIST:
        return "the linked list is malformed";
    case DMA_ERROR_BUS:
        return "bus error";
    case DMA_ERROR_STOPPED:
        return "disabled before it was done";
    case DMA_ERROR_TIMEOUT:
        return "the controller did not answer in time";
    }
    return "unknown status";
}

const char *display_status_text(enum display_status status)
{
    switch (status) {
    case DISPLAY_OK:
        return "success";
    case DISPLAY_ERROR_ARGUMENT:
        return "not one contiguous segment of height * stride bytes";
    case DISPLAY_ERROR_MODE:
        return "the display has no such mode";
    case DISPLAY_ERROR_BUSY:
        return "the flip before has not reached its frame boundary";
    case DISPLAY_ERROR_DEVICE:
        return "the device refused or did not answer";
    case DISPLAY_ERROR_BUS:
        return "bus error while the frame before was shown";
    }
    return "unknown status";
}
