/* SPDX-License-Identifier: MIT */
/*
 * RealView PB-A8 as driver tests see it. Linked into them only: nothing else refers to it.
 */
#include "tests/target/support/hardware.h"

#include "boards/common/clock_sp804.h"
#include "boards/common/console_pl011.h"
#include "boards/common/gic.h"
#include "boards/realview-pb-a8/machine.h"

const struct hardware *hardware(void)
{
    static struct hardware pb_a8;

    pb_a8 = (struct hardware){
        .gic = &gic,
        .sp804 = &sp804,
        .uart = console_uart(),
        .uart_interrupt = PB_A8_SPI_UART,
        .free_sgi = PB_A8_SGI_FREE,
        .free_spi = PB_A8_SPI_FREE,
        .hole = PB_A8_HOLE,
    };
    return &pb_a8;
}
