/* SPDX-License-Identifier: MIT */
/*
 * An abort in an interrupt handler that interrupts a guarded function: it is not the guarded function's, and is
 * reported, in IRQ mode, with the address that was interrupted (tests/boot/test_addresses asks addr2line for it).
 *
 * expect-status: 1
 * expect-output: ^CPU 0: data abort: translation fault, (section|page), read of 0x00000020
 * expect-output: ^  cpsr 0x[0-9a-f]{8} \(IRQ, Thumb, IRQ masked\)$
 * expect-output: ^  interrupted at 0x[0-9a-f]{8}$
 */
#include "boot/exception.h"
#include "tests/target/support/hardware.h"

#include <stddef.h>
#include <stdint.h>

static volatile uint32_t *doorbell;
static uint32_t ring;

static void handler(void *context)
{
    (void)*(volatile uint32_t *)context;
}

static void interrupted(void *argument)
{
    unsigned i;

    (void)argument;
    *doorbell = ring; /* no inline function: the address is to be in this one */
    for (i = 0; i < 100000000; i++) {
        __asm__ volatile("");
    }
}

int main(void)
{
    struct abort_record record;

    doorbell = (volatile uint32_t *)hardware()->ring.address;
    ring = hardware()->ring.value;
    exception_set_irq_handler(handler, (void *)0x20);
    __asm__ volatile("cpsie i" ::: "memory");
    (void)abort_guard(interrupted, NULL, &record);
    return 0;
}
