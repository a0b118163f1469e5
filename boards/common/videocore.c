/* SPDX-License-Identifier: MIT */
/*
 * A Raspberry Pi's firmware, framebuffer and DMA channels. Called by boards/common/platform.c in task context; the channels' interrupts,
 * in interrupt context.
 */
#include "boards/common/videocore.h"

#include "boards/common/board.h"
#include "boot/mmu.h"
#include "drivers/bcm2835_mailbox_framebuffer.h"

#define ANSWER_TIME 1000000u /* microseconds, of the firmware: it may have to set a mode up */
#define DRAIN_TIME 1000u     /* microseconds, of writes on the bus */
#define FRAMES 3u            /* shown, on its way out, and written to */
#define WIDTH_MAX 1920u
#define HEIGHT_MAX 1200u

/* Seen by the firmware too. */
static volatile uint32_t words[BCM2835_MAILBOX_WORDS] __attribute__((section(".uncached"), aligned(64)));

struct bcm2835_dma bcm2835_dma;

static uint64_t microseconds(void *context)
{
    (void)context;
    return board.clock->microseconds();
}

struct bcm2835_mailbox *videocore_mailbox(void)
{
    static struct bcm2835_mailbox_config config = {
        .words = words,
        .microseconds = microseconds,
        .timeout = ANSWER_TIME,
    };
    static struct bcm2835_mailbox mailbox = {.config = &config};

    config.base = board_videocore.mailbox;
    config.words_bus.value = board_bus_address(words) + board_videocore.bus_offset;
    return &mailbox;
}

/* By whole sections: what else lies in them is the VideoCore's, and the CPU does not touch it. */
static bool map(void *context, uint32_t physical, uint32_t size)
{
    const uint32_t start = physical & ~(MMU_SECTION - 1);

    (void)context;
    return mmu_map(start, start, (physical - start + size + MMU_SECTION - 1) & ~(MMU_SECTION - 1), MMU_DATA);
}

void display_videocore(struct platform *platform)
{
    static struct bcm2835_framebuffer_config config = {
        .frames = FRAMES,
        .width_max = WIDTH_MAX,
        .height_max = HEIGHT_MAX,
        .map = map,
    };
    static struct bcm2835_framebuffer framebuffer;

    config.mailbox = videocore_mailbox();
    config.alias = board_videocore.bus_offset;
    config.bus_view = board_bus_offset;
    bcm2835_framebuffer_init(&framebuffer, &config);
    platform->display = &framebuffer.display;
    platform->display_device = (struct baton_device_config){
        .name = framebuffer.display.name,
        .domain = BATON_DOMAIN_MEMORY,
        .dma_mask = 0xffffffff,
        .bus_offset = board_videocore.bus_offset,
        .alignment = 4,
        .segment_count = 1,
    };
}

static void interrupt(void *context, uint32_t id)
{
    (void)id;
    bcm2835_dma_interrupt(&bcm2835_dma, (unsigned)(uintptr_t)context);
}

void dma_videocore(struct platform *platform)
{
    static struct bcm2835_dma_config config = {.microseconds = microseconds, .timeout = DRAIN_TIME};
    struct bcm2835_property channels = {.tag = BCM2835_TAG_DMA_CHANNELS, .values = &config.channels, .count = 1};
    const enum bcm2835_mailbox_status status = bcm2835_mailbox_call(videocore_mailbox(), &channels, 1);

    if (status != BCM2835_MAILBOX_OK) {
        board_give_up("firmware", bcm2835_mailbox_status_text(status));
    }
    config.base = board_videocore.dma;
    if (!bcm2835_dma_init(&bcm2835_dma, &config)) {
        board_give_up("DMA controller", "the firmware leaves no full channel, or one does not stop");
    }
    for (unsigned i = 0; i < bcm2835_dma.controller.channels; i++) {
        board_handle(board_videocore.dma_interrupts + bcm2835_dma.channels[i].number, interrupt, (void *)(uintptr_t)i);
    }
    platform->dma = &bcm2835_dma.controller;
    platform->dma_device = (struct baton_device_config){
        .name = bcm2835_dma.controller.name,
        .domain = BATON_DOMAIN_MEMORY,
        .dma_mask = 0xffffffff,
        .bus_offset = board_videocore.bus_offset,
        .alignment = 4,
    };
}
