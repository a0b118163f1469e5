/* SPDX-License-Identifier: MIT */
/*
 * A board as applications see it (apps/platform.h), put together of its parts. Task context on CPU 0.
 */
#include "apps/platform.h"

#include "boards/common/board.h"
#include "boards/common/port.h"
#include "boot/cpu.h"
#include "boot/image.h"

#include <stdio.h>
#include <string.h>

#define SETTLED_POLLS                                                                                                  \
    100000000u /* looks at the console; a minute or so, in which the host has long taken its picture */

static struct platform made;

static bool clip_read(struct input *input, uint32_t offset, const struct baton_destination *to, uint32_t length)
{
    (void)input;
    return board.host->read(offset, to, length);
}

static void screen_settled(bool ok)
{
    const char *hold = board_setting("hold");

    if (hold == NULL || strcmp(hold, "1") != 0) {
        return;
    }
    /* What came before is no answer. */
    while (board.console->read() >= 0) {
    }
    printf("baton: screen settled%s\n", ok ? "" : " after a failure");
    fflush(stdout);
    for (uint32_t polls = 0; polls < SETTLED_POLLS && board.console->read() < 0; polls++) {
    }
}

static void init_input(void)
{
    static struct input clip = {.read = clip_read};

    if (board.host->open("clip", &clip.size)) {
        clip.name = board_setting("clip-name");
        if (clip.name == NULL) {
            clip.name = "clip";
        }
        made.input = &clip;
        made.input_device = board.host->device;
    }
}

const struct platform *platform(void)
{
    static struct baton_port port;
    static struct port_lock lock;

    if (made.board != NULL) {
        return &made;
    }
    port_init(&port, &lock);
    port_init_protection(&port);
    made = (struct platform){
        .board = board.name,
        .port = &port,
        .memory = {.name = "pool",
                   .cpu = __pool_start,
                   .physical = (uint32_t)(uintptr_t)__pool_start,
                   .size = (uint32_t)(__pool_end - __pool_start)},
        .setting = board_setting,
        .microseconds = board.clock->microseconds,
        .sleep_until = board_sleep_until,
        .screen_settled = screen_settled,
    };
    init_input();
    if (board.display != NULL) {
        board.display(&made);
    }
    if (board.dma != NULL) {
        board.dma(&made);
    }
    cpu_irq_restore(0);
    return &made;
}
