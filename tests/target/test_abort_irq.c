/* SPDX-License-Identifier: MIT */
/*
 * An abort in an interrupt handler that interrupts a guarded function: it is not the guarded function's, and is reported, in
 * IRQ mode.
 *
 * expect-status: 1
 * expect-output: ^CPU 0: data abort: translation fault, section, read of 0x00000020
 * expect-output: ^  cpsr 0x[0-9a-f]{8} \(IRQ, Thumb, IRQ masked\)$
 */
#include "boot/exception.h"
#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"

#include <stddef.h>

#define GICD_SGIR 0x08000f00u

static void handler(void *context)
{
    (void)*(volatile uint32_t *)context;
}

static void interrupted(void *argument)
{
    unsigned i;

    (void)argument;
    mmio_write32(GICD_SGIR, 2u << 24 | 5);
    dsb();
    for (i = 0; i < 100000000; i++) {
        __asm__ volatile("");
    }
}

int main(void)
{
    struct abort_record record;

    exception_set_irq_handler(handler, (void *)0x20);
    __asm__ volatile("cpsie i" ::: "memory");
    (void)abort_guard(interrupted, NULL, &record);
    return 0;
}
