/* SPDX-License-Identifier: MIT */
/* -M virt: addresses (hw/arm/virt.c of QEMU: the memory map is documented in docs/system/arm/virt). */
#define RAM_BASE 0x40000000u
#define DEVICES_BASE 0x08000000u
#define DEVICES_SIZE 0x08000000u
#define GICD 0x08000000u
#define GICC 0x08010000u
#define FW_CFG 0x09020000u
#define UART 0x09000000u
