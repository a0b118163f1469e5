/* SPDX-License-Identifier: MIT */
/*
 * A stack pointer deep in the guard page: the backtrace finds nothing that it may read, and stops.
 *
 * expect-status: 1
 * expect-output: ^CPU 0: data abort: translation fault, page, write to 0x[0-9a-f]{5}7f8
 * expect-output: ^stack overflow: the address is in the guard page of CPU 0's SVC stack$
 * expect-output: ^  #0 0x[0-9a-f]{8}$
 */
#include "boot/stack.h"

int main(void)
{
    /* main's frame would be looked for here. */
    __asm__ volatile("mov sp, %0\n\tpush {r0, r1}" ::"r"(stacks[0] + STACK_PAGE + 0x800) : "memory");
    return 0;
}
