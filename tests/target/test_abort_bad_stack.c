/* SPDX-License-Identifier: MIT */
/*
 * An abort with a stack pointer that leads nowhere: the report is whole, and the backtrace stops instead of aborting.
 *
 * expect-status: 1
 * expect-output: ^CPU 0: data abort: translation fault, (section|page), write to 0x0000
 * expect-output: ^  r12 0x[0-9a-f]{8}  sp  0x00001000  lr
 * expect-output: ^  #0 0x[0-9a-f]{8}$
 */
int main(void)
{
    __asm__ volatile("mov r0, #0x1000\n\tmov sp, r0\n\tnop\n\tpush {r0, r1}" ::: "r0", "memory");
    return 0;
}
