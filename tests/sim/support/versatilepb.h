/* SPDX-License-Identifier: MIT */
/* -M versatilepb: addresses (Versatile Application Baseboard, DUI 0225D, 4.1). */
#define RAM_BASE 0x00000000u
#define DEVICES_BASE 0x10000000u
#define DEVICES_SIZE 0x10000000u
#define PL081 0x10130000u /* a PL080, of which the PL081 is a part */
#define SHAREABLE 0u      /* the Cortex-A8 does not cache it */
