/* SPDX-License-Identifier: MIT */
/*
 * A PL110 or PL111 as a board's display. Called by boards/common/platform.c; its interrupt, in interrupt context.
 */
#include "boards/common/display_pl111.h"

#include "boards/common/board.h"

struct pl111 pl111;

static void interrupt(void *context, uint32_t id)
{
    (void)id;
    pl111_interrupt(context);
}

void display_pl111(struct platform *platform)
{
    if (!pl111_init(&pl111, &board_pl111.controller)) {
        board_give_up("display", "no PL110 or PL111 of that kind answers");
    }
    board_handle(board_pl111.interrupt, interrupt, &pl111);
    platform->display = &pl111.display;
    platform->display_device = (struct baton_device_config){
        .name = pl111.display.name,
        .domain = BATON_DOMAIN_MEMORY,
        .dma_mask = 0xffffffff,
        .alignment = 8, /* LCDUPBASE takes double words (DDI 0293, 3.2.5) */
        .segment_count = 1,
    };
}
