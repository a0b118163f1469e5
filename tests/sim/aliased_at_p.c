/* SPDX-License-Identifier: MIT */
/*
 * aliased_mapping.c with the second mapping at the CPU's own addresses: a load there cannot be altered, only accused.
 *
 * machine: virt cortex-a15 1
 * variants: READ=stale-device-read@fill+check WRITE=stale-cpu-read@fill+check
 * data: any
 */
#include "support/image.h"

void adjust_map(void)
{
    map_sections(table_cached, RAM_BASE + ALIAS, RAM_BASE, 0x08000000, NON_CACHEABLE);
}
#include "aliased_mapping.c"
