/* SPDX-License-Identifier: MIT */
/*
 * A fault inside the C library, whose functions have no unwind tables: the report guesses the caller from lr, and says
 * that it is a guess. tests/boot/test_addresses takes the address to addr2line.
 *
 * expect-status: 1
 * expect-output: ^CPU 0: data abort: translation fault, (section|page), write to 0x00000008
 * expect-output: ^  #1 0x[0-9a-f]{8} \(a guess, from lr: #0 has no unwind table\)$
 */
#include <string.h>

static void *volatile nowhere = (void *)8;

int main(void)
{
    memset(nowhere, 1, 8);
    return 0;
}
