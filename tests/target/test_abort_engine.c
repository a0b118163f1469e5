/* SPDX-License-Identifier: MIT */
/*
 * An abort of CPU 1 outside the coherence, unguarded: reported as CPU 1's, by code that shares nothing with CPU 0. Both halves of
 * RAM are in use: the bus's view lies in the upper one.
 *
 * cores: 2
 * set: bus-offset=0x08000000
 * expect-status: 1
 * expect-output: ^CPU 1: data abort: permission fault, page, write to 0x[0-9a-f]{8} \(DFSR 0x0000080f\)$
 * expect-output: ^  cpsr 0x[0-9a-f]{8} \(SVC, Thumb, IRQ masked\)$
 * expect-output: ^  #1 0x[0-9a-f]{8}$
 */
#include "boot/image.h"
#include "boot/registers/barrier.h"
#include "boot/smp.h"

#include <stddef.h>

__attribute__((noinline, noclone)) static void on_engine(void *argument)
{
    *(volatile uint32_t *)argument = 0;
}

int main(void)
{
    unsigned polls;

    if (!smp_start(1, on_engine, __text_start, &mmu_tables_engine)) {
        return 3;
    }
    for (polls = 0; polls < 1000000000; polls++) {
        wfe();
    }
    return 2;
}
