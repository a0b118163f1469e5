/* SPDX-License-Identifier: MIT */
/*
 * An abort whose report cannot be printed, because the console's registers are no longer mapped: the report aborts too, and the
 * one about that. It ends all the same, with a failure status. What would break it: no bound on nested reports.
 *
 * budget: 20
 * expect-status: 1
 */
#include "boot/mmu.h"
#include "tests/target/support/hardware.h"

#include <stdio.h>

int main(void)
{
    fflush(stdout);
    if (!mmu_unmap(hardware()->console & ~(uintptr_t)(MMU_SECTION - 1), MMU_SECTION)) {
        return 3;
    }
    __asm__ volatile("str %0, [%0]" ::"r"(8) : "memory");
    return 0;
}
