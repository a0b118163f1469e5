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

static bool clip_read(struct input *input, uint32_t offset, const struct baton_destination *to, uint32_t length)
{
    (void)input;
    return board_host()->read(offset, to, length);
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

static void init_input(struct platform *platform)
{
    static struct input clip = {.name = "clip", .read = clip_read};
    const char *name = board_setting("clip-name");

    if (board_host()->open("clip", &clip.size)) {
        if (name != NULL) {
            clip.name = name;
        }
        platform->input = &clip;
        platform->input_device = board_host()->device;
    }
}

const struct platform *platform(void)
{
    static struct platform made = {
        .memory = {.name = "pool", .cpu = __pool_start},
        .setting = board_setting,
        .sleep_until = board_sleep_until,
        .screen_settled = screen_settled,
    };

    if (made.board != NULL) {
        return &made;
    }
    made.board = board.name;
    made.port = port_init();
    made.memory.physical = (uint32_t)(uintptr_t)__pool_start;
    made.memory.size = (uint32_t)(__pool_end - __pool_start);
    made.microseconds = board.clock->microseconds;
    init_input(&made);
    if (board.display != NULL) {
        board.display(&made);
    }
    if (board.dma != NULL) {
        board.dma(&made);
    }
    cpu_irq_restore(0);
    return &made;
}
