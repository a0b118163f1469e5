/* SPDX-License-Identifier: MIT */
/*
 * An IRQ without a handler ends the program with a line that says so, instead of coming again for ever.
 *
 * expect-status: 1
 * expect-output: ^unexpected IRQ: no handler is set on this CPU$
 */
#include "boot/exception.h"
#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"
#include "tests/target/support/hardware.h"

#include <stddef.h>

int main(void)
{
    const struct hardware *hw = hardware();
    unsigned i;

    exception_set_irq_handler(NULL, NULL);
    __asm__ volatile("cpsie i" ::: "memory");
    mmio_write32(hw->ring.address, hw->ring.value);
    dsb();
    for (i = 0; i < 100000000; i++) {
        __asm__ volatile("");
    }
    return 0;
}
