/* SPDX-License-Identifier: MIT */
/*
 * Raspberry Pi 2 as driver tests see it. Linked into them only: nothing else refers to it.
 */
#include "tests/target/support/hardware.h"

#include "boards/common/clock_generic.h"
#include "boards/common/console_pl011.h"
#include "boards/raspi2b/machine.h"

const struct hardware *hardware(void)
{
    static struct hardware raspi2b;

    raspi2b = (struct hardware){
        .timer = &generic_timer,
        .uart = console_uart(),
        .uart_interrupt = RASPI2B_IRQ_UART,
        .hole = RASPI2B_HOLE,
    };
    return &raspi2b;
}
