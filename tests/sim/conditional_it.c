/* SPDX-License-Identifier: MIT */
/*
 * conditional_a32.c as T32 code, with IT blocks.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * kind: discarded-store
 * function: fill
 * function: check_own
 * variants: INVALIDATES NOTHING=stale-device-read@fill+master_copy
 */
#define SYNC sync_it_block
#include "conditional_a32.c"
