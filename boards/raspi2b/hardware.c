/* SPDX-License-Identifier: MIT */
/*
 * Raspberry Pi 2 as driver tests see it. Linked into them only: nothing else refers to it.
 */
#include "tests/target/support/hardware.h"

#include "boards/common/clock_generic.h"
#include "boards/common/console_pl011.h"
#include "boards/raspi2b/machine.h"
#include "boot/registers/mmio.h"

/* The local controller's first mailbox, of the first core: an interrupt for as long as a bit of it is set (QA7, 4.8). */
#define MAILBOXES_CONTROL (RASPI2B_LOCAL + 0x50u)
#define MAILBOX_SET (RASPI2B_LOCAL + 0x80u)
#define MAILBOX_CLEAR (RASPI2B_LOCAL + 0xc0u)

static void quiet(void)
{
    mmio_write32(MAILBOX_CLEAR, 0xffffffff);
}

const struct hardware *hardware(void)
{
    static struct hardware raspi2b;

    mmio_write32(MAILBOXES_CONTROL, 1);
    raspi2b = (struct hardware){
        .timer = &generic_timer,
        .console = RASPI2B_UART,
        .uart = console_uart(),
        .uart_interrupt = RASPI2B_IRQ_UART,
        .bus_view = RASPI2B_RAM_HALF,
        .ring = {MAILBOX_SET, 1, quiet},
        .hole = RASPI2B_HOLE,
    };
    return &raspi2b;
}
