/* SPDX-License-Identifier: MIT */
/* -M vexpress-a15: addresses (CoreTile Express A15x2, DUI 0604E, 3.2). */
#define RAM_BASE 0x80000000u
#define DEVICES_BASE 0x1c000000u
#define DEVICES_SIZE 0x14000000u
