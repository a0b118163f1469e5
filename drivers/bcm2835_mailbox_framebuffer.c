/* SPDX-License-Identifier: MIT */
/*
 * The firmware's framebuffer as a display. Called through the display interface; touches the mailbox and struct bcm2835_framebuffer.
 */
#include "drivers/bcm2835_mailbox_framebuffer.h"

#include <stddef.h>

#define DEPTH 32u
#define ORDER_BGR 0u /* from the lowest byte on: blue, green, red */
#define BYTES_PER_PIXEL 4u
#define COLUMNS 16u     /* of a row's memory: 64 bytes */
#define ALIGNMENT 4096u /* of the framebuffer */
#define ALIASES 0xc0000000u

#define PROPERTY(tag_, array)                                                                                          \
    {                                                                                                                  \
        .tag = (tag_), .values = (array), .count = sizeof(array) / sizeof((array)[0])                                  \
    }

/* The firmware changes what it cannot do, and says so in its answer. */
static enum display_status set_mode(struct display *display, uint32_t width, uint32_t height)
{
    struct bcm2835_framebuffer *framebuffer = (struct bcm2835_framebuffer *)display;
    const struct bcm2835_framebuffer_config *config = framebuffer->config;

    if (width == 0 || height == 0 || width > config->width_max || height > config->height_max) {
        return DISPLAY_ERROR_MODE;
    }
    const uint32_t columns = (width / COLUMNS + 1) * COLUMNS, rows = height * config->frames;
    uint32_t physical[] = {width, height}, virtual[] = {columns, rows}, offset[] = {0, 0};
    uint32_t depth[] = {DEPTH}, order[] = {ORDER_BGR}, buffer[] = {ALIGNMENT, 0}, pitch[] = {0};
    struct bcm2835_property properties[] = {
        PROPERTY(BCM2835_TAG_SET_PHYSICAL_SIZE, physical),
        PROPERTY(BCM2835_TAG_SET_VIRTUAL_SIZE, virtual),
        PROPERTY(BCM2835_TAG_SET_VIRTUAL_OFFSET, offset),
        PROPERTY(BCM2835_TAG_SET_DEPTH, depth),
        PROPERTY(BCM2835_TAG_SET_PIXEL_ORDER, order),
        PROPERTY(BCM2835_TAG_ALLOCATE_BUFFER, buffer),
        PROPERTY(BCM2835_TAG_PITCH, pitch),
    };

    /* What was shown before is gone as soon as the firmware has the request. */
    display->width = 0;
    display->frames.count = 0;
    if (bcm2835_mailbox_call(config->mailbox, properties, sizeof(properties) / sizeof(properties[0])) !=
        BCM2835_MAILBOX_OK) {
        return DISPLAY_ERROR_DEVICE;
    }
    if (physical[0] != width || physical[1] != height || virtual[0] < columns || virtual[1] < rows || offset[0] != 0 ||
        offset[1] != 0 || depth[0] != DEPTH || order[0] != ORDER_BGR) {
        return DISPLAY_ERROR_MODE;
    }
    const uint32_t memory = (buffer[0] & ~ALIASES) - config->bus_view;
    const uint64_t size = (uint64_t)pitch[0] * rows;

    if (buffer[0] == 0 || (buffer[0] & ~ALIASES) < config->bus_view || pitch[0] < columns * BYTES_PER_PIXEL ||
        pitch[0] % (COLUMNS * BYTES_PER_PIXEL) != 0 || size > buffer[1] ||
        !config->map(config->context, memory, (uint32_t)size)) {
        return DISPLAY_ERROR_DEVICE;
    }
    framebuffer->bus = (buffer[0] & ~ALIASES) | config->alias;
    display->width = width;
    display->height = height;
    display->stride = pitch[0];
    display->frames =
        (struct display_frames){.cpu = (void *)(uintptr_t)memory, .physical = memory, .count = config->frames};
    return DISPLAY_OK;
}

static enum display_status flip(struct display *display, const struct baton_source *frame, display_boundary boundary,
                                void *context)
{
    struct bcm2835_framebuffer *framebuffer = (struct bcm2835_framebuffer *)display;
    const uint32_t bytes = display->height * display->stride;

    if (display->width == 0) {
        return DISPLAY_ERROR_MODE;
    }
    if (frame == NULL || frame->count != 1 || frame->segments[0].length != bytes) {
        return DISPLAY_ERROR_ARGUMENT;
    }
    const uint32_t at =
        frame->segments[0].address.value - framebuffer->bus; /* of one before it, more than all of them */
    if (at % bytes != 0 || at / bytes >= display->frames.count) {
        return DISPLAY_ERROR_ARGUMENT;
    }
    const uint32_t row = at / bytes * display->height;
    uint32_t offset[] = {0, row}, vsync[] = {0};
    struct bcm2835_property properties[] = {
        PROPERTY(BCM2835_TAG_SET_VIRTUAL_OFFSET, offset),
        PROPERTY(BCM2835_TAG_WAIT_FOR_VSYNC, vsync),
    };

    properties[1].optional = true;
    if (bcm2835_mailbox_call(framebuffer->config->mailbox, properties, 2) != BCM2835_MAILBOX_OK || offset[0] != 0 ||
        offset[1] != row) {
        return DISPLAY_ERROR_DEVICE;
    }
    if (boundary != NULL) {
        boundary(context);
    }
    return DISPLAY_OK;
}

static const struct display_operations operations = {.set_mode = set_mode, .flip = flip};

void bcm2835_framebuffer_init(struct bcm2835_framebuffer *framebuffer, const struct bcm2835_framebuffer_config *config)
{
    *framebuffer = (struct bcm2835_framebuffer){
        .display = {.operations = &operations, .name = "bcm2835-framebuffer"},
        .config = config,
    };
}
