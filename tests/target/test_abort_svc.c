/* SPDX-License-Identifier: MIT */
/*
 * A supervisor call that nobody serves: reported, not taken for a semihosting call.
 *
 * expect-status: 1
 * expect-output: ^CPU 0: unexpected supervisor call$
 * expect-output: ^  #0 0x[0-9a-f]{8}$
 */
int main(void)
{
    __asm__ volatile("svc 0x17" ::: "lr", "memory");
    return 0;
}
