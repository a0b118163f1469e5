/* SPDX-License-Identifier: MIT */
/*
 * The same as test_concurrent with the CPUs taking turns, so that every run is identical: a failure can be looked at again.
 *
 * cores: 3
 * qemu-args: -smp 3 -icount shift=0,sleep=off
 */
#include "tests/target/support/concurrent.h"

int main(void)
{
    return concurrent(2000);
}
