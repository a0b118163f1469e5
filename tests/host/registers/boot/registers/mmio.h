/* SPDX-License-Identifier: MIT */
/*
 * Stands for boot/registers/mmio.h in a host test with "registers: modelled": each access of the driver goes to the test's model of the
 * device, which decides what a read returns, what a write does, and whether an interrupt comes between this access and the next.
 */
#ifndef BATON_BOOT_REGISTERS_MMIO_H
#define BATON_BOOT_REGISTERS_MMIO_H

#include <stdint.h>

/* Defined by the test. bytes: the width of the access, 1, 2 or 4. */
uint32_t model_read(uintptr_t address, unsigned bytes);
void model_write(uintptr_t address, uint32_t value, unsigned bytes);

static inline uint32_t mmio_read32(uintptr_t address)
{
    return model_read(address, 4);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
    model_write(address, value, 4);
}

static inline uint16_t mmio_read16(uintptr_t address)
{
    return (uint16_t)model_read(address, 2);
}

static inline void mmio_write16(uintptr_t address, uint16_t value)
{
    model_write(address, value, 2);
}

static inline uint8_t mmio_read8(uintptr_t address)
{
    return (uint8_t)model_read(address, 1);
}

static inline void mmio_write8(uintptr_t address, uint8_t value)
{
    model_write(address, value, 1);
}

#endif
