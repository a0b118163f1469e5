/* SPDX-License-Identifier: MIT */
/*
 * invalidate_only_before.c with speculative fills: the CPU really reads old bytes, and no strict is needed.
 *
 * machine: virt cortex-a15 2
 * broken: seed=1,prefetch=2
 * kind: stale-cpu-read
 * function: check
 * function: master_copy
 */
#include "invalidate_only_before.c"
