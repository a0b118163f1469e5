/* SPDX-License-Identifier: MIT */
/*
 * QEMU virt as driver tests see it. Linked into them only: nothing else refers to it.
 */
#include "tests/target/support/hardware.h"

#include "boards/common/clock_generic.h"
#include "boards/common/console_pl011.h"
#include "boards/common/engine.h"
#include "boards/common/gic.h"
#include "boards/common/host_fw_cfg.h"
#include "boards/virt/machine.h"

const struct hardware *hardware(void)
{
    static struct hardware virt;

    gicv2_enable(&board_gic, VIRT_SGI_FREE);
    virt = (struct hardware){
        .gic = &gic,
        .timer = &generic_timer,
        .fw_cfg = &host_fw_cfg_device,
        .console = VIRT_UART,
        .uart = console_uart(),
        .uart_interrupt = VIRT_SPI_UART,
        .engine = engine_start(),
        .free_sgi = VIRT_SGI_FREE,
        .free_spi = VIRT_SPI_FREE,
        .hole = VIRT_HOLE,
        .refused = VIRT_REFUSED,
        .nobody = VIRT_NOBODY,
        .bus_view = VIRT_RAM_HALF,
        .psci = true,
        .ring = {VIRT_GIC_DISTRIBUTOR + GICV2_SGIR, GICV2_SGIR_SELF | VIRT_SGI_FREE, gic_quiet},
    };
    return &virt;
}
