/* SPDX-License-Identifier: MIT */
/*
 * QEMU virt as driver tests see it. Linked into them only: nothing else refers to it.
 */
#include "tests/target/support/hardware.h"

#include "boards/virt/board.h"
#include "boards/virt/machine.h"

const struct hardware *hardware(void)
{
    static struct hardware virt;

    virt = (struct hardware){
        .gic = &virt_gic,
        .timer = &virt_timer,
        .fw_cfg = &virt_fw_cfg,
        .uart = &virt_uart,
        .uart_interrupt = VIRT_SPI_UART,
        .engine = virt_engine(),
        .free_sgi = VIRT_SGI_FREE,
        .free_spi = VIRT_SPI_FREE,
        .hole = VIRT_HOLE,
        .refused = VIRT_REFUSED,
    };
    return &virt;
}
