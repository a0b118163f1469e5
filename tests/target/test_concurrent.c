/* SPDX-License-Identifier: MIT */
/*
 * Two coherent CPUs, an interrupt handler and the DMA engine use one instance at once, really in parallel.
 * What would break it: a lock that is no lock between CPUs, a grant beside a conflicting one, a directory committed for lines of
 * another's access, a CPU that finds old bytes in its cache after the other's refresh.
 *
 * cores: 3
 * qemu-args: -smp 3
 * noise: 1/20
 */
#include "tests/target/support/concurrent.h"

int main(void)
{
    return concurrent(20000);
}
