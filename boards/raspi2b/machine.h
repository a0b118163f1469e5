/* SPDX-License-Identifier: MIT */
/*
 * Raspberry Pi 2 Model B, BCM2836: every address and interrupt number (BCM2835 ARM Peripherals, whose 0x7e000000 is at 0x3f000000 here;
 * BCM2836 ARM-local peripherals, QA7). Included by boards/raspi2b/ only.
 */
#ifndef BATON_BOARDS_RASPI2B_MACHINE_H
#define BATON_BOARDS_RASPI2B_MACHINE_H

/* RAM: 1 GiB, with the peripherals over its last 16 MiB, and the VideoCore's part below them. The bus's view, under the non-coherent
 * memory model, of the lower half is the upper one, up to the peripherals. */
#define RASPI2B_RAM_HALF 0x1f800000u

#define RASPI2B_PERIPHERALS 0x3f000000u
#define RASPI2B_PERIPHERALS_SIZE 0x01000000u
#define RASPI2B_DMA 0x3f007000u
#define RASPI2B_INTERRUPTS 0x3f00b200u
#define RASPI2B_MAILBOX 0x3f00b880u
#define RASPI2B_UART 0x3f201000u
#define RASPI2B_LOCAL 0x40000000u
#define RASPI2B_LOCAL_SIZE 0x00001000u

/* What the VideoCore and the DMA controller take: the view of memory that its L2 cache has no part in. */
#define RASPI2B_BUS 0xc0000000u

/* Interrupt IDs (drivers/bcm2836_interrupts.h). */
#define RASPI2B_IRQ_DMA0 16u
#define RASPI2B_IRQ_UART 57u

/* For tests: nothing is mapped there. */
#define RASPI2B_HOLE 0x50000000u

#endif
