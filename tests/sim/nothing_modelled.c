/* SPDX-License-Identifier: MIT */
/*
 * An image that never turns its caches on: there is nothing to model, and the run must not pass as a success.
 *
 * machine: virt cortex-a15 1
 * only: nothing
 */
#include "support/image.h"

void mmu_on(uint32_t *table)
{
    (void)table;
}

int main(void)
{
    return 0;
}
