/* SPDX-License-Identifier: MIT */
/*
 * RealView PBX-A9 as driver tests see it. Linked into them only: nothing else refers to it.
 */
#include "tests/target/support/hardware.h"

#include "boards/common/clock_sp804.h"
#include "boards/common/console_pl011.h"
#include "boards/common/display_pl111.h"
#include "boards/common/dma_pl080.h"
#include "boards/common/gic.h"
#include "boards/realview-pbx-a9/machine.h"

const struct hardware *hardware(void)
{
    static struct hardware pbx_a9;

    gicv2_enable(&board_gic, PBX_A9_SGI_FREE);
    pbx_a9 = (struct hardware){
        .gic = &gic,
        .sp804 = &sp804,
        .console = PBX_A9_UART,
        .uart = console_uart(),
        .uart_interrupt = PBX_A9_SPI_UART,
        .pl080 = &pl080,
        .pl111 = &pl111,
        .free_sgi = PBX_A9_SGI_FREE,
        .free_spi = PBX_A9_SPI_FREE,
        .hole = PBX_A9_HOLE,
        .bus_view = PBX_A9_RAM_HALF,
        .ring = {PBX_A9_GIC_DISTRIBUTOR + GICV2_SGIR, GICV2_SGIR_SELF | PBX_A9_SGI_FREE, gic_quiet},
    };
    return &pbx_a9;
}
