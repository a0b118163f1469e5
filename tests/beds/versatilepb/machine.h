/* SPDX-License-Identifier: MIT */
/*
 * Versatile Platform Baseboard for ARM926EJ-S, in QEMU with a CPU that it never had: addresses and interrupt numbers (DUI 0225D,
 * chapter 4). Included by tests/beds/versatilepb/ only.
 */
#ifndef BATON_TESTS_BEDS_VERSATILEPB_MACHINE_H
#define BATON_TESTS_BEDS_VERSATILEPB_MACHINE_H

/* RAM at 0, of which the first MiB is left out: a null pointer faults. The lower half of 256 MiB is the CPU's, the upper half the
 * bus's view of it under the non-coherent memory model. */
#define VERSATILE_RAM_HALF 0x08000000u

#define VERSATILE_DEVICES 0x10100000u
#define VERSATILE_DEVICES_SIZE 0x00100000u
#define VERSATILE_DMA 0x10130000u
#define VERSATILE_VIC 0x10140000u
#define VERSATILE_TIMER 0x101e2000u /* SP804 */
#define VERSATILE_UART 0x101f1000u

/* Inputs of the interrupt controller. */
#define VERSATILE_VIC_TIMER 4u
#define VERSATILE_VIC_DMA 17u

#endif
