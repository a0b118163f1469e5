/* SPDX-License-Identifier: MIT */
/*
 * The bounds that linker/image.ld gives. Addresses only: the symbols have no content. Everything is page-aligned.
 */
#ifndef BATON_BOOT_IMAGE_H
#define BATON_BOOT_IMAGE_H

extern unsigned char __image_start[], __image_end[]; /* all of the image, stacks and tables included */
extern unsigned char __text_start[], __text_end[];
extern unsigned char __rodata_start[], __rodata_end[];
extern unsigned char __data_start[], __data_end[]; /* .data and .bss */
extern unsigned char __tables_start[], __tables_end[];
extern unsigned char __uncached_start[], __uncached_end[];
extern unsigned char __heap_start[], __heap_end[]; /* malloc's */
extern unsigned char __pool_start[], __pool_end[]; /* free RAM for buffers; 1 MiB aligned */

/* What was linked in for a board with nobody beside it (boards/common/host_linked.h); then a word of zeros. */
extern const unsigned char __linked[];

/* Unwind table (boot/unwind.c), and constructors. */
extern const unsigned char __exidx_start[], __exidx_end[];
extern void (*const __init_array_start[])(void);
extern void (*const __init_array_end[])(void);

#endif
