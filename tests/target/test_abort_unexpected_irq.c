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

#include <stddef.h>

#define GICD_SGIR 0x08000f00u

int main(void)
{
    unsigned i;

    exception_set_irq_handler(NULL, NULL);
    __asm__ volatile("cpsie i" ::: "memory");
    mmio_write32(GICD_SGIR, 2u << 24 | 5);
    dsb();
    for (i = 0; i < 100000000; i++) {
        __asm__ volatile("");
    }
    return 0;
}
