/* SPDX-License-Identifier: MIT */
/*
 * Zynq-7000 as driver tests see it. Linked into them only: nothing else refers to it.
 */
#include "tests/target/support/hardware.h"

#include "boards/common/clock_a9.h"
#include "boards/common/engine.h"
#include "boards/common/gic.h"
#include "boards/xilinx-zynq-a9/machine.h"

const struct hardware *hardware(void)
{
    static struct hardware zynq;

    gicv2_enable(&board_gic, ZYNQ_SGI_FREE);
    zynq = (struct hardware){
        .gic = &gic,
        .a9_timer = &a9_timer,
        .console = ZYNQ_UART0,
        .engine = engine_start(),
        .free_sgi = ZYNQ_SGI_FREE,
        .free_spi = ZYNQ_SPI_FREE,
        .hole = ZYNQ_HOLE,
        .bus_view = ZYNQ_RAM_HALF,
        .ring = {ZYNQ_GIC_DISTRIBUTOR + GICV2_SGIR, GICV2_SGIR_SELF | ZYNQ_SGI_FREE, gic_quiet},
    };
    return &zynq;
}
