/* SPDX-License-Identifier: MIT */
/*
 * Device register accesses: one load or store each, of exactly that width, never merged, split or reordered by the compiler.
 *
 * Order: accesses to Device memory arrive in program order at one device (ARM ARM DDI 0406C, A3.8.2). Against Normal
 * memory (a buffer, a descriptor in the uncached section) there is none: whoever rings a doorbell puts a dsb() before it,
 * and whoever acts on a status puts a dmb() after its read (boot/registers/barrier.h). Included by boot/, drivers/ and boards/.
 */
#ifndef BATON_BOOT_REGISTERS_MMIO_H
#define BATON_BOOT_REGISTERS_MMIO_H

#include <stdint.h>

static inline uint32_t mmio_read32(uintptr_t address)
{
    return *(volatile uint32_t *)address;
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}

static inline uint16_t mmio_read16(uintptr_t address)
{
    return *(volatile uint16_t *)address;
}

static inline void mmio_write16(uintptr_t address, uint16_t value)
{
    *(volatile uint16_t *)address = value;
}

static inline uint8_t mmio_read8(uintptr_t address)
{
    return *(volatile uint8_t *)address;
}

static inline void mmio_write8(uintptr_t address, uint8_t value)
{
    *(volatile uint8_t *)address = value;
}

#endif
