/* SPDX-License-Identifier: MIT */
/*
 * ramfb. The 28 bytes: QEMU's hw/display/ramfb.c, struct RAMFBCfg, all big-endian. Called through the display interface;
 * touches the configuration bytes only.
 */
#include "drivers/ramfb.h"

#define SIDE_MIN 16u            /* QEMU ignores a smaller one silently */
#define FOURCC_XR24 0x34325258u /* 'X' 'R' '2' '4': 32 bits, x:R:G:B from the top, little-endian */
#define BYTES_PER_PIXEL 4u

static enum display_status set_mode(struct display *display, uint32_t width, uint32_t height)
{
    const struct ramfb *ramfb = (const struct ramfb *)display;

    if (width < SIDE_MIN || height < SIDE_MIN || width > ramfb->config->width_max ||
        height > ramfb->config->height_max) {
        return DISPLAY_ERROR_MODE;
    }
    display->width = width;
    display->height = height;
    display->stride = width * BYTES_PER_PIXEL;
    return DISPLAY_OK;
}

static enum display_status flip(struct display *display, const struct baton_source *frame, display_boundary boundary,
                                void *context)
{
    const struct ramfb_config *config = ((const struct ramfb *)display)->config;
    volatile uint32_t *bytes = config->bytes;

    if (display->width == 0) {
        return DISPLAY_ERROR_MODE;
    }
    if (frame == NULL || frame->count != 1 || frame->segments[0].length != display->height * display->stride) {
        return DISPLAY_ERROR_ARGUMENT;
    }
    bytes[0] = 0; /* address, upper half */
    bytes[1] = __builtin_bswap32(frame->segments[0].address.value);
    bytes[2] = __builtin_bswap32(FOURCC_XR24);
    bytes[3] = 0; /* flags */
    bytes[4] = __builtin_bswap32(display->width);
    bytes[5] = __builtin_bswap32(display->height);
    bytes[6] = __builtin_bswap32(display->stride);
    if (!config->write(config->context, config->bytes_bus, RAMFB_CONFIG_BYTES)) {
        return DISPLAY_ERROR_DEVICE;
    }
    if (boundary != NULL) {
        boundary(context);
    }
    return DISPLAY_OK;
}

static const struct display_operations operations = {.set_mode = set_mode, .flip = flip};

void ramfb_init(struct ramfb *ramfb, const struct ramfb_config *config)
{
    ramfb->display = (struct display){.operations = &operations, .name = "ramfb"};
    ramfb->config = config;
}
