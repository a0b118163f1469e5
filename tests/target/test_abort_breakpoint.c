/* SPDX-License-Identifier: MIT */
/*
 * A breakpoint instruction with no debugger: reported with its own address, though IFAR does not hold it. A guard
 * catches it with the same.
 *
 * expect-status: 1
 * expect-output: ^the guard: at the breakpoint$
 * expect-output: ^CPU 0: prefetch abort: debug event, execution at 0x[0-9a-f]{8} \(IFSR 0x00000002\)$
 */
#include "boot/exception.h"

#include <stdio.h>

__attribute__((noinline, noclone)) static void breakpoint(void *argument)
{
    (void)argument;
    __asm__ volatile("bkpt #1");
}

int main(void)
{
    struct abort_record record;

    if (!abort_guard(breakpoint, NULL, &record) && record.address == record.pc) {
        printf("the guard: at the breakpoint\n");
    }
    breakpoint(NULL);
    return 0;
}
