/* SPDX-License-Identifier: MIT */
/* -M raspi2b: addresses (BCM2836, BCM2835 ARM Peripherals, 1.2). */
#define RAM_BASE 0x00000000u
#define DEVICES_BASE 0x3f000000u
#define DEVICES_SIZE 0x01000000u
#define DMA 0x3f007000u
#define MAILBOX 0x3f00b880u
/* Devices see RAM four times; this is the view that no cache of the VideoCore has a part in. */
#define UNCACHED_VIEW 0xc0000000u
