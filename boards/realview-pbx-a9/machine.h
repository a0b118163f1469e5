/* SPDX-License-Identifier: MIT */
/*
 * RealView Platform Baseboard Explore for Cortex-A9: every address and interrupt number (DUI 0440, chapter 4). Included by
 * boards/realview-pbx-a9/ only.
 */
#ifndef BATON_BOARDS_REALVIEW_PBX_A9_MACHINE_H
#define BATON_BOARDS_REALVIEW_PBX_A9_MACHINE_H

/* RAM. QEMU is given 256 MiB: the lower half is the CPU's; the upper half is the bus's view of the lower one under the
 * non-coherent memory model. The same 256 MiB are seen at 0 once more, where nothing is mapped. */
#define PBX_A9_RAM 0x70000000u
#define PBX_A9_RAM_HALF 0x08000000u

#define PBX_A9_DEVICES 0x10000000u
#define PBX_A9_DEVICES_SIZE 0x00100000u
#define PBX_A9_FLAGS_SET 0x10000030u
#define PBX_A9_SYSTEM_CONTROLLER 0x10001000u /* SP810 */
#define PBX_A9_UART 0x10009000u
#define PBX_A9_TIMER 0x10011000u /* SP804 */
#define PBX_A9_DISPLAY 0x10020000u
#define PBX_A9_DMA 0x10030000u
#define PBX_A9_PRIVATE 0x1f000000u /* of the Cortex-A9 MPCore, and the L2C-310 behind */
#define PBX_A9_PRIVATE_SIZE 0x00100000u
#define PBX_A9_GIC_CPU 0x1f000100u
#define PBX_A9_GIC_DISTRIBUTOR 0x1f001000u
#define PBX_A9_L2C310 0x1f002000u

/* SCCTRL, where the clocks of the first two timers are chosen: TIMCLK, 1 MHz, instead of 32 kHz. */
#define PBX_A9_TIMCLK (1u << 15 | 1u << 17)

/* Interrupt IDs. */
#define PBX_A9_SPI_TIMER 36u
#define PBX_A9_SPI_UART 44u
#define PBX_A9_SPI_DISPLAY 55u
#define PBX_A9_SPI_DMA 56u

/* For tests: nothing raises these two, nothing is mapped at the hole. */
#define PBX_A9_SGI_FREE 2u
#define PBX_A9_SPI_FREE 90u
#define PBX_A9_HOLE 0x30000000u

#endif
