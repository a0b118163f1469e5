/* SPDX-License-Identifier: MIT */
/*
 * RealView PB-A8 as driver tests see it. Linked into them only: nothing else refers to it.
 */
#include "tests/target/support/hardware.h"

#include "boards/common/clock_sp804.h"
#include "boards/common/console_pl011.h"
#include "boards/common/display_pl111.h"
#include "boards/common/dma_pl080.h"
#include "boards/common/gic.h"
#include "boards/realview-pb-a8/machine.h"

const struct hardware *hardware(void)
{
    static struct hardware pb_a8;

    gicv2_enable(&board_gic, PB_A8_SGI_FREE);
    pb_a8 = (struct hardware){
        .gic = &gic,
        .sp804 = &sp804,
        .console = PB_A8_UART,
        .uart = console_uart(),
        .uart_interrupt = PB_A8_SPI_UART,
        .pl080 = &pl080,
        .pl111 = &pl111,
        .free_sgi = PB_A8_SGI_FREE,
        .free_spi = PB_A8_SPI_FREE,
        .hole = PB_A8_HOLE,
        .bus_view = PB_A8_RAM_HALF,
        .ring = {PB_A8_GIC_DISTRIBUTOR + GICV2_SGIR, GICV2_SGIR_SELF | PB_A8_SGI_FREE, gic_quiet},
    };
    return &pb_a8;
}
