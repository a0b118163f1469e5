/* SPDX-License-Identifier: MIT */
/*
 * Recursion without end runs into the guard page, and is reported from another stack. What would break it: a guard page that is
 * mapped (the next CPU data would be overwritten in silence), a report on the stack that has overflowed.
 *
 * expect-status: 1
 * expect-output: ^CPU 0: data abort: translation fault, page, write to 0x[0-9a-f]{8} \(DFSR 0x00000807\)$
 * expect-output: ^stack overflow: the address is in the guard page of CPU 0's SVC stack$
 * expect-output: ^  #20 0x[0-9a-f]{8}$
 */
__attribute__((noinline, noclone)) static int down(volatile int *above)
{
    volatile int here[8];

    here[0] = *above + 1;
    return here[0] == 0 ? 0 : down(here) + here[0];
}

int main(void)
{
    volatile int start = 1;

    return down(&start) & 0;
}
