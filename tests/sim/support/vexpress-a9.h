/* SPDX-License-Identifier: MIT */
/* -M vexpress-a9: addresses (CoreTile Express A9x4, DUI 0448I, 4.1). */
#define RAM_BASE 0x60000000u
#define DEVICES_BASE 0x10000000u
#define DEVICES_SIZE 0x10000000u
#define L2C310 0x1e00a000u
