/* SPDX-License-Identifier: MIT */
/*
 * The PL111 of a board: its registers after a mode and flips, the frames it refuses, and the boundary, which comes by interrupt, once for
 * each flip. What the screen shows is for the pipeline's pictures to prove; what the driver does at each moment of a frame, and with
 * errors, which no emulator makes, is for tests/host/test_driver_pl111.c.
 * What would break it: an interrupt of the wrong number, a register of the other variant, a flip before the one before has arrived.
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include "boot/cpu.h"
#include "boot/registers/mmio.h"
#include "drivers/pl111.h"

#define FRAMES 3u
#define FRAME (640u * 480 * 4)
#define PATIENCE 5000000u /* microseconds: a hang, on any host */
#define LCDTiming0 0x00u
#define LCDTiming1 0x04u
#define LCDUPBASE 0x10u
#define LCDControl 0x18u
#define LCDIMSC 0x1cu
#define LNBU (1u << 2)

static const struct platform *board;
static struct rig_buffer frames[FRAMES];
static struct baton_source shown[FRAMES];
static volatile unsigned boundaries;
static volatile uint32_t mode;

static void boundary(void *context)
{
    boundaries = boundaries + (context == &boundaries ? 1 : 100);
    mode = cpu_read_cpsr() & CPSR_MODE;
}

static enum display_status flip(unsigned frame)
{
    return display_flip(board->display, &shown[frame], boundary, (void *)(uintptr_t)&boundaries);
}

static bool wait_for(unsigned count)
{
    const uint64_t end = board->microseconds() + PATIENCE;

    while (boundaries < count && board->microseconds() < end) {
        board->sleep_until(end);
    }
    return boundaries == count;
}

static uint32_t reg(uint32_t offset)
{
    return mmio_read32(hardware()->pl111->config->base + offset);
}

static void refusals(void)
{
    struct baton_source wrong = shown[0];

    tap_equal(flip(0), DISPLAY_ERROR_MODE, "a flip before there is a mode");
    tap_ok(display_set_mode(board->display, 641, 480) == DISPLAY_ERROR_MODE &&
               display_set_mode(board->display, 1600, 1200) == DISPLAY_ERROR_MODE,
           "sizes that it has not");
    tap_ok(display_set_mode(board->display, 640, 480) == DISPLAY_OK && board->display->stride == 2560, "640x480");
    wrong.segments[0].address.value += 4;
    tap_equal(display_flip(board->display, &wrong, boundary, NULL), DISPLAY_ERROR_ARGUMENT,
              "a frame that is not aligned to double words");
    tap_ok((reg(LCDTiming0) >> 2 & 0x3f) == 39 && (reg(LCDTiming1) & 0x3ff) == 479 && (reg(LCDControl) & 0x801) == 0,
           "timings, and nothing on");
}

static void flips(void)
{
    unsigned right = 0, alone = 0, masked = 0;

    for (unsigned i = 0; i < FRAMES; i++) {
        const uint32_t state = cpu_irq_save();

        /* The interrupt is held back: it is pending for as long as we like. */
        right += flip(i) == DISPLAY_OK && reg(LCDUPBASE) == shown[i].segments[0].address.value && boundaries == i;
        alone += flip((i + 1) % FRAMES) == DISPLAY_ERROR_BUSY &&
                 display_set_mode(board->display, 800, 600) == DISPLAY_ERROR_BUSY &&
                 reg(LCDUPBASE) == shown[i].segments[0].address.value;
        cpu_irq_restore(state);
        right += wait_for(i + 1) && mode == MODE_IRQ;
        masked += (reg(LCDIMSC) & LNBU) == 0;
    }
    tap_equal(right, 2 * FRAMES, "each flip gives its frame at once, and its boundary in an interrupt");
    tap_equal(alone, FRAMES, "until then no other, and no other mode");
    tap_equal(masked, FRAMES, "no interrupts for frames that nobody waits for");
    tap_equal(reg(LCDControl) & 0x92f, 0x92b, "enabled, powered, 24 bits of a TFT, blue in the low ones");
    tap_ok(board->display->underflows == 0 && board->display->bus_errors == 0, "no errors");
}

int main(void)
{
    board = rig_open();
    if (hardware()->pl111 == NULL) {
        return tap_skip("no PL111");
    }
    for (unsigned i = 0; i < FRAMES; i++) {
        struct rig_transfer transfer;

        frames[i] = rig_buffer("frame", FRAME);
        rig_fill(&frames[i], i);
        rig_map(&transfer, &frames[i], NULL, NULL);
        shown[i] = transfer.source;
    }
    tap_plan(5 + 5);
    refusals();
    flips();
    return tap_done();
}
