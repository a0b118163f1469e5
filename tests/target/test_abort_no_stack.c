/* SPDX-License-Identifier: MIT */
/*
 * An abort when the abort stack itself is not mapped: it ends, from the emergency stack. What would break it: an entry that
 * stores to its stack before it has counted.
 *
 * budget: 20
 * expect-status: 1
 * expect-output: ^abort inside an abort report$
 */
#include "boot/mmu.h"
#include "boot/stack.h"

int main(void)
{
    if (!mmu_unmap((uintptr_t)stacks[0] + STACK_ABT_TOP - STACK_ABT_SIZE, STACK_ABT_SIZE)) {
        return 3;
    }
    __asm__ volatile("str %0, [%0]" ::"r"(8) : "memory");
    return 0;
}
