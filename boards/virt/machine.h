/* SPDX-License-Identifier: MIT */
/*
 * qemu-system-arm -M virt: every address and interrupt number (QEMU, hw/arm/virt.c). Included by boards/virt/ only.
 */
#ifndef BATON_BOARDS_VIRT_MACHINE_H
#define BATON_BOARDS_VIRT_MACHINE_H

/* RAM. QEMU is given 256 MiB: the lower half is the CPU's; the upper half is the bus's view of the lower one under the
 * non-coherent memory model. */
#define VIRT_RAM 0x40000000u
#define VIRT_RAM_HALF 0x08000000u

/* Devices: 0x08000000 to 0x0a000000 holds all that is used here. */
#define VIRT_DEVICES 0x08000000u
#define VIRT_DEVICES_SIZE 0x02000000u
#define VIRT_GIC_DISTRIBUTOR 0x08000000u
#define VIRT_GIC_CPU 0x08010000u
#define VIRT_UART 0x09000000u
#define VIRT_FW_CFG 0x09020000u

/* Interrupt IDs. */
#define VIRT_SGI_DOORBELL 1u /* CPU 0 to the DMA engine on CPU 1 */
#define VIRT_PPI_TIMER 27u   /* virtual timer */
#define VIRT_SPI_UART 33u
#define VIRT_SPI_ENGINE 144u /* wired to nothing: virt uses 32 to 127 and raises none above */

/* For tests: nothing raises these two, nothing is mapped at the hole, nothing answers in the part of the device window behind fw_cfg, and
 * where there is nobody, nothing is mapped either. */
#define VIRT_SGI_FREE 2u
#define VIRT_SPI_FREE 145u
#define VIRT_HOLE 0x30000000u
#define VIRT_REFUSED 0x09800000u
#define VIRT_NOBODY 0x0b000000u

#endif
