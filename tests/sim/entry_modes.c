/* SPDX-License-Identifier: MIT */
/*
 * fwcfg_missing_invalidate.c entered in HYP mode, and in Secure SVC.
 * Broken: no invalidate.
 *
 * machine: virt,virtualization=on cortex-a15 1
 * machine: virt,secure=on cortex-a15 1
 * devices: fwcfg
 * support: fw_cfg.c
 * qemu: -fw_cfg name=opt/sim/pattern,file=$file
 * kind: stale-cpu-read
 * function: check
 */
#include "fwcfg_missing_invalidate.c"
