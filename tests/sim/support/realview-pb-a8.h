/* SPDX-License-Identifier: MIT */
/* -M realview-pb-a8: addresses (RealView Platform Baseboard for Cortex-A8, DUI 0417D, 4.1). */
#define RAM_BASE 0x70000000u
#define DEVICES_BASE 0x10000000u
#define DEVICES_SIZE 0x10000000u
#define PL081 0x10030000u
#define PL111 0x10020000u
#define SHAREABLE 0u /* the Cortex-A8 does not cache it */
