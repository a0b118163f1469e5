/* SPDX-License-Identifier: MIT */
/* -M raspi2b: addresses (BCM2836, BCM2835 ARM Peripherals, 1.2). */
#define RAM_BASE 0x00000000u
#define DEVICES_BASE 0x3f000000u
#define DEVICES_SIZE 0x01000000u
