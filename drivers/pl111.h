/* SPDX-License-Identifier: MIT */
/*
 * PrimeCell colour LCD controllers PL110 (ARM DDI 0161) and PL111 (DDI 0293), on a TFT panel or a video DAC. Implements
 * drivers/interface/display.h; its interrupt entry is for the board.
 *
 * The frame boundary. LCDUPBASE is a proposal: at each vertical synchronization the controller copies it to its own address, and sets the
 * next-base-update interrupt (LNBU) with it. So the boundary of a flip is the first LNBU after the store to LCDUPBASE: the controller
 * has begun to read the new frame, and reads nothing of the one before any more. The vertical-compare interrupt comes at a
 * chosen place of the frame and says nothing of the address: it is not used. (QEMU takes a new LCDUPBASE at once and sets LNBU sixty
 * times a second of its virtual time.)
 *
 * If the interrupt never comes nothing here waits for it: the flip stays pending, the next one is refused (BUSY), and it is the caller
 * whose time is up.
 */
#ifndef BATON_DRIVERS_PL111_H
#define BATON_DRIVERS_PL111_H

#include "drivers/interface/display.h"

/* LCDControl and LCDIMSC have changed places between the two. */
enum pl111_variant {
    PL111_VARIANT_PL111,
    PL111_VARIANT_PL110,
    PL111_VARIANT_PL110_VERSATILE, /* a PL110 by its identification, with the PL111's order of registers */
};

/* A mode: pixels and lines of the parts of a row and of a frame, in the order in which they are sent after the active ones. */
struct pl111_mode {
    uint16_t width, front_porch, sync, back_porch;                    /* pixels */
    uint16_t height, front_porch_lines, sync_lines, back_porch_lines; /* lines */
    uint32_t clock;                                                   /* pixels a second */
    bool sync_negative, sync_lines_negative;                          /* polarity of the pulses */
};

/* The mode of that size, or NULL. */
const struct pl111_mode *pl111_mode_of(uint32_t width, uint32_t height);

struct pl111_config {
    uintptr_t base;
    enum pl111_variant variant;
    enum display_format format; /* RGB565 on a PL111 only: a PL110 knows 5:5:5 */
    /* Makes CLCDCLK the pixel clock, hertz; false: it cannot, and the clock is as it was. Called with the controller disabled. NULL: the
     * clock is what it is, and the panel takes it. */
    bool (*set_pixel_clock)(void *context, uint32_t clock);
    /* Microseconds between the signals and the panel's power, in this order on the way up and in the other on the way down (DDI 0293,
     * chapter 2: powering up and powering down): the panel's own figure, 20000 for many; 0 for a video DAC. */
    uint32_t power_delay;
    uint64_t (*microseconds)(void *context);
    void *context;
};

struct pl111 {
    struct display display; /* the interface; first, so that operations find the rest */
    const struct pl111_config *config;
    const struct pl111_mode *mode;
    display_boundary boundary;
    void *context;         /* of the boundary */
    volatile bool pending; /* a flip whose boundary has not come */
    volatile bool failed;  /* a bus error that no flip has told of */
    bool shown;            /* signals and power are on */
};

/* Interrupts off, the panel off (a boot loader may have left it on), no mode. False: what answers there is not the variant, or it
 * has no such format. */
BATON_MUST_CHECK bool pl111_init(struct pl111 *pl111, const struct pl111_config *config);

/* The handler of the controller's (combined) interrupt: calls the boundary, counts errors. An error is counted once between two
 * flips: a bus that is too slow for one frame is too slow for the next, and would give no rest. */
void pl111_interrupt(struct pl111 *pl111);

#endif
