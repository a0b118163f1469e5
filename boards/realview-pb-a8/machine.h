/* SPDX-License-Identifier: MIT */
/*
 * RealView Platform Baseboard for Cortex-A8: every address and interrupt number (DUI 0417D, chapter 4). Included by
 * boards/realview-pb-a8/ only.
 */
#ifndef BATON_BOARDS_REALVIEW_PB_A8_MACHINE_H
#define BATON_BOARDS_REALVIEW_PB_A8_MACHINE_H

/* RAM. QEMU is given 256 MiB: the lower half is the CPU's; the upper half is the bus's view of the lower one under the
 * non-coherent memory model. The same 256 MiB are seen at 0 once more, where nothing is mapped. */
#define PB_A8_RAM 0x70000000u
#define PB_A8_RAM_HALF 0x08000000u

#define PB_A8_DEVICES 0x10000000u
#define PB_A8_DEVICES_SIZE 0x00100000u
#define PB_A8_SYSTEM_CONTROLLER 0x10001000u /* SP810 */
#define PB_A8_UART 0x10009000u
#define PB_A8_TIMER 0x10011000u /* SP804 */
#define PB_A8_DISPLAY 0x10020000u
#define PB_A8_DMA 0x10030000u
#define PB_A8_GIC 0x1e000000u
#define PB_A8_GIC_SIZE 0x00100000u
#define PB_A8_GIC_CPU 0x1e000000u
#define PB_A8_GIC_DISTRIBUTOR 0x1e001000u

/* SCCTRL, where the clocks of the first two timers are chosen: TIMCLK, 1 MHz, instead of 32 kHz. */
#define PB_A8_TIMCLK (1u << 15 | 1u << 17)

/* Interrupt IDs. */
#define PB_A8_SPI_TIMER 36u
#define PB_A8_SPI_UART 44u
#define PB_A8_SPI_DISPLAY 55u
#define PB_A8_SPI_DMA 56u

/* For tests: nothing raises these two, nothing is mapped at the hole. */
#define PB_A8_SGI_FREE 2u
#define PB_A8_SPI_FREE 90u
#define PB_A8_HOLE 0x30000000u

#endif
