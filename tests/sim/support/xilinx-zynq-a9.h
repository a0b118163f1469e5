/* SPDX-License-Identifier: MIT */
/* -M xilinx-zynq-a9: addresses (Zynq-7000 TRM, UG585, 4.1). */
#define RAM_BASE 0x00000000u
#define DEVICES_BASE 0xe0000000u
#define DEVICES_SIZE 0x1ff00000u
#define L2C310 0xf8f02000u
