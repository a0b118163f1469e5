/* SPDX-License-Identifier: MIT */
/*
 * abort() of the C library ends the program with the status that a shell gives to SIGABRT.
 *
 * expect-status: 134
 */
#include <stdlib.h>

int main(void)
{
    abort();
}
