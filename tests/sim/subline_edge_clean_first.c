/* SPDX-License-Identifier: MIT */
/*
 * subline_edge.c on a core whose invalidate by address cleans a dirty line: then it is the payload that is lost.
 *
 * machine: virt cortex-a15 2
 * options: inval=clean-first
 * kind: lost-update
 * function: check_payload
 */
#define CLEAN_FIRST
#include "subline_edge.c"
