/* SPDX-License-Identifier: MIT */
/*
 * Bits of SCTLR (ARM ARM DDI 0406C, B4.1.130) and HSCTLR (B4.1.80), for C and assembly. M, C and I are alike in both.
 */
#ifndef BATON_BOOT_SCTLR_H
#define BATON_BOOT_SCTLR_H

#define SCTLR_M (1 << 0)    /* MMU */
#define SCTLR_A (1 << 1)    /* alignment check */
#define SCTLR_C (1 << 2)    /* data and unified caches */
#define SCTLR_Z (1 << 11)   /* branch prediction */
#define SCTLR_I (1 << 12)   /* instruction cache */
#define SCTLR_V (1 << 13)   /* high vectors */
#define SCTLR_EE (1 << 25)  /* exceptions are taken big-endian */
#define SCTLR_TRE (1 << 28) /* TEX remap */
#define SCTLR_AFE (1 << 29) /* access flag */
#define SCTLR_TE (1 << 30)  /* exceptions are taken in Thumb state */

/* All of that off; the bits that read as one. */
#define SCTLR_OFF 0x00c50078
#define HSCTLR_OFF 0x30c50878

#endif
