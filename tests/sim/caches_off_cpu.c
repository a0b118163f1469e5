/* SPDX-License-Identifier: MIT */
/*
 * A second CPU starts with MMU and caches off and reads its parameters, as boot code does.
 * Broken: the first CPU has not cleaned them. The load is at the CPU's own address: accused, never altered.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: stale-device-read
 * function: set_parameters
 * function: second_cpu
 * data: any
 */
#include "support/maintain.h"

static struct {
    volatile uint32_t magic, number;
} parameters ALIGNED;

NOINLINE static void set_parameters(void)
{
    parameters.magic = 0x600dcafe; /* accused */
    parameters.number = 42;        /* accused: or this, the line's last store */
}

NOINLINE static void second_cpu(void)
{
    const uint32_t result = parameters.magic;
    *(volatile uint32_t *)bus(outside) = result;
    __asm__ volatile("dsb\n\tsev" ::: "memory");
}

int main(void)
{
    set_parameters();
    expect_address(&parameters);
#ifndef BROKEN
    clean_inline(&parameters, sizeof parameters);
#endif
    cpu_start(1, enter_bare, second_cpu);
    for (uint32_t i = 0; i < POLLS && *(volatile uint32_t *)outside == 0; i++)
        __asm__ volatile("wfe" ::: "memory");
    return *(volatile uint32_t *)outside == 0x600dcafe ? 0 : 1;
}
