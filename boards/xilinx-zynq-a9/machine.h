/* SPDX-License-Identifier: MIT */
/*
 * Zynq-7000: every address and interrupt number (UG585, chapters 4 and 7, appendix B). Included by boards/xilinx-zynq-a9/ only.
 */
#ifndef BATON_BOARDS_XILINX_ZYNQ_A9_MACHINE_H
#define BATON_BOARDS_XILINX_ZYNQ_A9_MACHINE_H

/* RAM at 0, of which the first MiB is left out: part of it may be on-chip memory (4.1). The lower half of 256 MiB is the CPU's, the upper
 * half the bus's view of it under the non-coherent memory model. */
#define ZYNQ_RAM_HALF 0x08000000u

#define ZYNQ_PERIPHERALS 0xe0000000u
#define ZYNQ_PERIPHERALS_SIZE 0x00100000u
#define ZYNQ_UART0 0xe0000000u
#define ZYNQ_PRIVATE 0xf8f00000u /* of the Cortex-A9 MPCore, and the L2C-310 behind */
#define ZYNQ_PRIVATE_SIZE 0x00100000u
#define ZYNQ_GIC_CPU 0xf8f00100u
#define ZYNQ_TIMER 0xf8f00200u
#define ZYNQ_GIC_DISTRIBUTOR 0xf8f01000u
#define ZYNQ_L2C310 0xf8f02000u
#define ZYNQ_CPU1_START 0xfffffff0u /* on-chip memory: where the boot ROM's code on CPU 1 looks (6.1.10) */

/* PERIPHCLK, CPU_3x2x: half of the CPUs' clock. This is QEMU's; a board whose CPUs run at 667 MHz has 333333343 Hz. */
#define ZYNQ_CPU_3X2X 100000000u

/* Interrupt IDs. The last two are of the programmable logic, which is taken to be empty. */
#define ZYNQ_SGI_DOORBELL 1u /* CPU 0 to the DMA engine on CPU 1 */
#define ZYNQ_PPI_TIMER 27u
#define ZYNQ_SPI_ENGINE 90u

/* For tests: nothing raises these two, nothing is mapped at the hole. */
#define ZYNQ_SGI_FREE 2u
#define ZYNQ_SPI_FREE 91u
#define ZYNQ_HOLE 0x30000000u

#endif
