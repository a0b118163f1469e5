/* SPDX-License-Identifier: MIT */
/*
 * An undefined instruction: reported at its own address, with a backtrace.
 *
 * expect-status: 1
 * expect-output: ^CPU 0: undefined instruction$
 * expect-output: ^  #1 0x[0-9a-f]{8}$
 */
__attribute__((noinline, noclone)) static int undefined(int value)
{
    __asm__ volatile("udf #1");
    return value;
}

int main(void)
{
    return undefined(0) & 0;
}
