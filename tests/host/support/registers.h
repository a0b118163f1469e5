/* SPDX-License-Identifier: MIT */
/*
 * A driver on the host: its register accesses and barriers go to the test, which plays the device. Included before the driver's
 * source, in place of boot/registers/mmio.h and barrier.h, whose instructions the host has not.
 */
#ifndef BATON_TESTS_HOST_SUPPORT_REGISTERS_H
#define BATON_TESTS_HOST_SUPPORT_REGISTERS_H

#define BATON_BOOT_REGISTERS_MMIO_H
#define BATON_BOOT_REGISTERS_BARRIER_H

#include <stdint.h>

/* The test's. */
static uint32_t register_read(uintptr_t address);
static void register_write(uintptr_t address, uint32_t value);
static void register_barrier(void);

static inline uint32_t mmio_read32(uintptr_t address)
{
    return register_read(address);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
    register_write(address, value);
}

static inline void dsb(void)
{
    register_barrier();
}

#endif
