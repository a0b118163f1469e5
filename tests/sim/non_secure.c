/* SPDX-License-Identifier: MIT */
/*
 * fwcfg_missing_invalidate.c in the Non-secure world: SCTLR, TTBR0 and others have a bank of their own there; the Secure
 * TTBR0 points to other tables.
 * Broken: no invalidate.
 *
 * machine: virt,secure=on cortex-a15 1
 * flags: -DNON_SECURE
 * devices: fwcfg
 * support: fw_cfg.c
 * qemu: -fw_cfg name=opt/sim/pattern,file=$file
 * kind: stale-cpu-read
 * function: check
 */
#include "fwcfg_missing_invalidate.c"
