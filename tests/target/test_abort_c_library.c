/* SPDX-License-Identifier: MIT */
/*
 * abort() of the C library ends the program with the status that a shell gives to SIGABRT, and not without a word.
 *
 * expect-status: 134
 * expect-output: ^abort\(\)$
 */
#include <stdlib.h>

int main(void)
{
    abort();
}
