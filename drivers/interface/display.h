/* SPDX-License-Identifier: MIT */
/*
 * What a scan-out display is to its users, whichever driver is behind it.
 */
#ifndef BATON_DRIVERS_INTERFACE_DISPLAY_H
#define BATON_DRIVERS_INTERFACE_DISPLAY_H

#include "core/baton.h"

enum display_status {
    DISPLAY_OK = 0,
    DISPLAY_ERROR_ARGUMENT, /* a null pointer, or a frame that is not one contiguous segment of height * stride bytes */
    DISPLAY_ERROR_MODE,     /* the size is not one that the display can show */
    DISPLAY_ERROR_BUSY,     /* the flip before has not reached its frame boundary */
    DISPLAY_ERROR_DEVICE,   /* the device refused or did not answer */
    DISPLAY_ERROR_BUS, /* a bus error while a frame shown before was read; told once, the next flip is tried again */
};

const char *display_status_text(enum display_status status);

/* The display has left the frame before: called at the frame boundary after each successful flip, from interrupt context or
 * from within display_flip() where the hardware swaps at once. */
typedef void (*display_boundary)(void *context);

/* A pixel in memory, little-endian. */
enum display_format {
    DISPLAY_FORMAT_XRGB8888 = 0, /* four bytes: B, G, R, unused */
    DISPLAY_FORMAT_RGB565,       /* two: blue in the low five bits, green, red in the high five */
};

struct display;

struct display_operations {
    enum display_status (*set_mode)(struct display *display, uint32_t width, uint32_t height);
    enum display_status (*flip)(struct display *display, const struct baton_source *frame, display_boundary boundary,
                                void *context);
};

/* Frames one behind the other, each of height * stride bytes, in memory that the display has chosen. */
struct display_frames {
    void *cpu;         /* the CPU's cacheable mapping of the first one */
    uint32_t physical; /* and its physical address */
    uint32_t count;
};

struct display {
    const struct display_operations *operations;
    const char *name;
    enum display_format format;
    uint32_t width, height; /* pixels; 0 before set_mode */
    uint32_t stride;        /* bytes from a row to the next */
    /* The only memory that can be shown, from set_mode() on: its user makes its frames of it (baton_import()). count 0: any memory that
     * the device reaches. */
    struct display_frames frames;
    /* How often the scan-out went wrong, where the hardware tells. Counted in interrupt context. */
    volatile uint32_t underflows; /* memory was too slow: part of a frame was shown wrong */
    volatile uint32_t bus_errors; /* memory refused: see DISPLAY_ERROR_BUS */
};

/* Chooses the size; nothing is shown until the first flip. */
BATON_MUST_CHECK static inline enum display_status display_set_mode(struct display *display, uint32_t width,
                                                                    uint32_t height)
{
    return display->operations->set_mode(display, width, height);
}

/* Shows a mapped frame from the next frame boundary on. The frame stays mapped while it is shown; when boundary is called the
 * frame shown before is no longer read and may be unmapped. */
BATON_MUST_CHECK static inline enum display_status
display_flip(struct display *display, const struct baton_source *frame, display_boundary boundary, void *context)
{
    return display->operations->flip(display, frame, boundary, context);
}

#endif
