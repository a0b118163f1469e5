/* SPDX-License-Identifier: MIT */
/*
 * PL110 and PL111. Register names and bits: DDI 0293, chapter 3; what a PL110 has otherwise: DDI 0161, chapter 3. Called through the
 * display interface and by the board's interrupt entry; touches its registers and struct pl111.
 *
 * The task and the interrupt share LCDIMSC, pending and failed. LNBU is unmasked from the end of a flip to its boundary only, so the
 * handler finds pending as the flip has left it; errors may interrupt a flip anywhere.
 */
#include "drivers/pl111.h"

#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"

#define LCDTiming0 0x000u
#define LCDTiming1 0x004u
#define LCDTiming2 0x008u
#define LCDTiming3 0x00cu
#define LCDUPBASE 0x010u
#define LCDLPBASE 0x014u
#define FIRST 0x018u  /* LCDControl of a PL111, LCDIMSC of a PL110 */
#define SECOND 0x01cu /* the other one */
#define LCDMIS 0x024u
#define LCDICR 0x028u
#define PERIPH_ID 0xfe0u /* eight registers, a byte each: the peripheral's number, then the PrimeCell's */

#define TIMING2_IVS (1u << 11) /* the frame pulse is active low */
#define TIMING2_IHS (1u << 12)
#define TIMING2_CPL(clocks) (((clocks)-1u) << 16)
#define TIMING2_BCD (1u << 26) /* the pixel clock is CLCDCLK itself */

#define CONTROL_EN (1u << 0)
#define CONTROL_BPP_24 (5u << 1) /* in 32 bits */
#define CONTROL_BPP_565 (6u << 1)
#define CONTROL_TFT (1u << 5)
#define CONTROL_BGR (1u << 8) /* blue in the low bits: without it, red */
#define CONTROL_PWR (1u << 11)

#define INT_FUF (1u << 1)     /* a FIFO was empty when its pixel was due */
#define INT_LNBU (1u << 2)    /* LCDUPBASE was taken over */
#define INT_MBERROR (1u << 4) /* the bus has answered ERROR */
#define INT_USED (INT_FUF | INT_LNBU | INT_MBERROR)
#define INT_ALL 0x1eu

#define BASE_ALIGNMENT 8u
#define POLLS 10000000u /* of a clock that stands still: more than any delay takes */

static uint32_t get(const struct pl111 *pl111, uint32_t reg)
{
    return mmio_read32(pl111->config->base + reg);
}

static void set(const struct pl111 *pl111, uint32_t reg, uint32_t value)
{
    mmio_write32(pl111->config->base + reg, value);
}

static uint32_t control_register(const struct pl111 *pl111)
{
    return pl111->config->variant == PL111_VARIANT_PL110 ? SECOND : FIRST;
}

static uint32_t mask_register(const struct pl111 *pl111)
{
    return pl111->config->variant == PL111_VARIANT_PL110 ? FIRST : SECOND;
}

static uint32_t bytes_per_pixel(const struct pl111 *pl111)
{
    return pl111->config->format == DISPLAY_FORMAT_RGB565 ? 2 : 4;
}

static void power_delay(const struct pl111 *pl111)
{
    const struct pl111_config *config = pl111->config;

    if (config->power_delay == 0) {
        return;
    }
    const uint64_t start = config->microseconds(config->context);
    for (uint32_t polls = 0; polls < POLLS && config->microseconds(config->context) - start < config->power_delay;
         polls++) {
    }
}

/* The signals first; once they are stable, the panel's power (DDI 0293, chapter 2). */
static void switch_on(struct pl111 *pl111)
{
    const uint32_t control = CONTROL_EN | CONTROL_TFT | CONTROL_BGR |
                             (pl111->config->format == DISPLAY_FORMAT_RGB565 ? CONTROL_BPP_565 : CONTROL_BPP_24);

    set(pl111, control_register(pl111), control);
    power_delay(pl111);
    set(pl111, control_register(pl111), control | CONTROL_PWR);
    pl111->shown = true;
}

/* The other way round. */
static void switch_off(struct pl111 *pl111)
{
    const uint32_t control = get(pl111, control_register(pl111));

    if ((control & (CONTROL_EN | CONTROL_PWR)) != 0) {
        set(pl111, control_register(pl111), control & ~CONTROL_PWR);
        power_delay(pl111);
        set(pl111, control_register(pl111), control & ~(CONTROL_PWR | CONTROL_EN));
    }
    pl111->shown = false;
}

static void set_timing(const struct pl111 *pl111, const struct pl111_mode *mode)
{
    set(pl111, LCDTiming0,
        (mode->width / 16u - 1) << 2 | (mode->sync - 1u) << 8 | (mode->front_porch - 1u) << 16 |
            (mode->back_porch - 1u) << 24);
    set(pl111, LCDTiming1,
        (mode->height - 1u) | (mode->sync_lines - 1u) << 10 | (uint32_t)mode->front_porch_lines << 16 |
            (uint32_t)mode->back_porch_lines << 24);
    set(pl111, LCDTiming2,
        TIMING2_BCD | TIMING2_CPL(mode->width) | (mode->sync_negative ? TIMING2_IHS : 0) |
            (mode->sync_lines_negative ? TIMING2_IVS : 0));
    set(pl111, LCDTiming3, 0); /* no line-end signal */
    set(pl111, LCDLPBASE, 0);  /* one panel */
}

static enum display_status set_mode(struct display *display, uint32_t width, uint32_t height)
{
    struct pl111 *pl111 = (struct pl111 *)display;
    const struct pl111_config *config = pl111->config;
    const struct pl111_mode *mode = pl111_mode_of(width, height);
    const bool was_shown = pl111->shown;

    if (mode == NULL) {
        return DISPLAY_ERROR_MODE;
    }
    if (pl111->pending) {
        return DISPLAY_ERROR_BUSY;
    }
    /* Timing and clock change with the controller disabled only. */
    const uint32_t mask = get(pl111, mask_register(pl111));
    set(pl111, mask_register(pl111), 0);
    switch_off(pl111);
    if (config->set_pixel_clock != NULL && !config->set_pixel_clock(config->context, mode->clock)) {
        if (was_shown) {
            switch_on(pl111);
        }
        set(pl111, mask_register(pl111), mask);
        return DISPLAY_ERROR_DEVICE;
    }
    set_timing(pl111, mode);
    set(pl111, LCDICR, INT_ALL);
    pl111->mode = mode;
    pl111->failed = false;
    display->width = width;
    display->height = height;
    display->stride = width * bytes_per_pixel(pl111);
    return DISPLAY_OK;
}

static enum display_status flip(struct display *display, const struct baton_source *frame, display_boundary boundary,
                                void *context)
{
    struct pl111 *pl111 = (struct pl111 *)display;

    if (pl111->mode == NULL) {
        return DISPLAY_ERROR_MODE;
    }
    if (frame == NULL || frame->count != 1 || frame->segments[0].length != display->height * display->stride ||
        frame->segments[0].address.value % BASE_ALIGNMENT != 0) {
        return DISPLAY_ERROR_ARGUMENT;
    }
    if (pl111->pending) {
        return DISPLAY_ERROR_BUSY;
    }
    if (pl111->failed) {
        pl111->failed = false;
        return DISPLAY_ERROR_BUS;
    }
    pl111->boundary = boundary;
    pl111->context = context;
    __atomic_store_n(&pl111->pending, true, __ATOMIC_RELEASE);
    dsb(); /* the frame is in memory */
    set(pl111, LCDUPBASE, frame->segments[0].address.value);
    /* After the base, deliberately: an LNBU of before, or of a copy just before the store, must not stand for this frame's. Of one
     * just after it nothing is left to see, and the boundary is the next one. */
    set(pl111, LCDICR, INT_LNBU);
    if (!pl111->shown) {
        switch_on(pl111);
    }
    set(pl111, mask_register(pl111), INT_USED);
    return DISPLAY_OK;
}

void pl111_interrupt(struct pl111 *pl111)
{
    const uint32_t status = get(pl111, LCDMIS);

    if (status == 0) {
        return;
    }
    dmb(); /* the status was read; then what it says about the frames */
    set(pl111, mask_register(pl111), get(pl111, mask_register(pl111)) & ~status);
    /* A bus error holds the controller until it is cleared: then it goes on at the next frame (DDI 0293, chapter 2). */
    set(pl111, LCDICR, status);
    if ((status & INT_FUF) != 0) {
        pl111->display.underflows = pl111->display.underflows + 1;
    }
    if ((status & INT_MBERROR) != 0) {
        pl111->display.bus_errors = pl111->display.bus_errors + 1;
        pl111->failed = true;
    }
    if ((status & INT_LNBU) != 0 && pl111->pending) {
        __atomic_store_n(&pl111->pending, false, __ATOMIC_RELEASE);
        if (pl111->boundary != NULL) {
            pl111->boundary(pl111->context);
        }
    }
}

/* Part number, designer (0x41, ARM) and PrimeCell identification; the revision does not matter. */
static bool identified(const struct pl111 *pl111)
{
    const uint32_t part = pl111->config->variant == PL111_VARIANT_PL111 ? 0x41111u : 0x41110u;
    static const uint8_t cell[] = {0x0d, 0xf0, 0x05, 0xb1};
    uint32_t id = 0;

    for (uint32_t i = 0; i < 3; i++) {
        id |= (get(pl111, PERIPH_ID + 4 * i) & 0xff) << 8 * i;
    }
    for (uint32_t i = 0; i < sizeof(cell); i++) {
        if ((get(pl111, PERIPH_ID + 0x10 + 4 * i) & 0xff) != cell[i]) {
            return false;
        }
    }
    return (id & 0xfffffu) == part;
}

static const struct display_operations operations = {.set_mode = set_mode, .flip = flip};

bool pl111_init(struct pl111 *pl111, const struct pl111_config *config)
{
    *pl111 = (struct pl111){
        .display = {.operations = &operations,
                    .name = config->variant == PL111_VARIANT_PL111 ? "pl111" : "pl110",
                    .format = config->format},
        .config = config,
    };
    if (!identified(pl111) || (config->format == DISPLAY_FORMAT_RGB565 && config->variant != PL111_VARIANT_PL111)) {
        return false;
    }
    set(pl111, mask_register(pl111), 0);
    switch_off(pl111);
    set(pl111, LCDICR, INT_ALL);
    return true;
}
