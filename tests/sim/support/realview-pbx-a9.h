/* SPDX-License-Identifier: MIT */
/* -M realview-pbx-a9: addresses (RealView Platform Baseboard Explore for Cortex-A9, DUI 0440, 4.1). */
#define RAM_BASE 0x70000000u
#define DEVICES_BASE 0x10000000u
#define DEVICES_SIZE 0x10000000u
#define PL081 0x10030000u
#define PL111 0x10020000u
#define L2C310 0x1f002000u
