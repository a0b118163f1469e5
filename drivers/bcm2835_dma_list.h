/* SPDX-License-Identifier: MIT */
/*
 * Control blocks of the BCM2835 DMA controller (BCM2835 ARM Peripherals, section 4.2.1), as a format of drivers/interface/dma_list.h. Pure
 * C, no register.
 *
 * Words only: addresses, strides and row lengths are multiples of 4 (ALIGNMENT). The manual does not say what becomes of other lengths,
 * and QEMU's model never ends on one. A rectangle whose rows do not touch is one block in 2D mode, which the full channels have (0 to
 * 6; the lite ones have it not); one that has no place in the fields of that mode is a block a row.
 */
#ifndef BATON_DRIVERS_BCM2835_DMA_LIST_H
#define BATON_DRIVERS_BCM2835_DMA_LIST_H

#include "drivers/interface/dma_list.h"

/* One block, as the controller reads it: little-endian words, 32-byte aligned. */
struct bcm2835_dma_block {
    uint32_t information; /* TI */
    uint32_t source;      /* bus address */
    uint32_t destination; /* bus address */
    uint32_t length;      /* bytes; in 2D mode rows - 1 above bit 16, and bytes of a row */
    uint32_t
        stride; /* 2D mode: added behind each row but the last, 16 bits with a sign; the destination's above bit 16 */
    uint32_t next; /* bus address of the next block; 0: this is the last */
    uint32_t reserved[2];
};
_Static_assert(sizeof(struct bcm2835_dma_block) == 32, "a block is eight words");

/* TI (section 4.2.1.2). */
#define BCM2835_DMA_TI_INTEN (1u << 0)
#define BCM2835_DMA_TI_TDMODE (1u << 1)
#define BCM2835_DMA_TI_DEST_INC (1u << 4)
#define BCM2835_DMA_TI_SRC_INC (1u << 8)
#define BCM2835_DMA_TI_BURST_LENGTH(words) ((uint32_t)(words) << 12)

/* The manual says that YLENGTH rows are moved; it is one more (and QEMU's model agrees). */
#define BCM2835_DMA_ROWS_MAX 0x4000u
#define BCM2835_DMA_ROW_BYTES_MAX 0xfffcu
#define BCM2835_DMA_LENGTH_MAX 0x3ffffffcu /* without 2D mode */
#define BCM2835_DMA_STRIDE_MAX 0x7fffu

extern const struct dma_list_format bcm2835_dma_list_format;

#endif
