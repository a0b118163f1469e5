/* SPDX-License-Identifier: MIT */
/*
 * RealView PBX-A9 as driver tests see it. Linked into them only: nothing else refers to it.
 */
#include "tests/target/support/hardware.h"

#include "boards/common/clock_sp804.h"
#include "boards/common/console_pl011.h"
#include "boards/common/gic.h"
#include "boards/realview-pbx-a9/machine.h"

const struct hardware *hardware(void)
{
    static struct hardware pbx_a9;

    pbx_a9 = (struct hardware){
        .gic = &gic,
        .sp804 = &sp804,
        .uart = console_uart(),
        .uart_interrupt = PBX_A9_SPI_UART,
        .free_sgi = PBX_A9_SGI_FREE,
        .free_spi = PBX_A9_SPI_FREE,
        .hole = PBX_A9_HOLE,
    };
    return &pbx_a9;
}
