/* SPDX-License-Identifier: MIT */
/*
 * A call with no room left on the stack: the callee's first instruction, the push, aborts before there is a frame, and the backtrace
 * still has the caller. What would break it: unwinding what was never pushed.
 *
 * expect-status: 1
 * expect-output: ^stack overflow: the address is in the guard page of CPU 0's SVC stack$
 * expect-output: ^  #1 0x[0-9a-f]{8}$
 */
#include "boot/stack.h"

void victim(void);

__attribute__((noinline, noclone)) void victim(void)
{
    __asm__ volatile("" ::: "r4", "r5", "r6", "lr", "memory");
}

int main(void)
{
    __asm__ volatile("mov sp, %0\n\tbl victim" ::"r"(stacks[0] + 2 * STACK_PAGE) : "lr", "memory");
    return 0;
}
