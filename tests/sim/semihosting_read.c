/* SPDX-License-Identifier: MIT */
/*
 * A file is read by semihosting into a cached buffer: the debugger's access is one of the calling CPU.
 * Broken: no clean before a bus master reads the buffer.
 *
 * machine: virt cortex-a15 2
 * kind: stale-device-read
 * function: semihost
 * function: master_copy
 */
#include "support/maintain.h"

#define SIZE 512u
static uint8_t buffer[SIZE] ALIGNED;

NOINLINE static int read_file(void)
{
    static const char name[] = "pattern.bin";
    const uint32_t open[3] = {(uint32_t)(uintptr_t)name, 1, sizeof name - 1};
    const int file = semihost(0x01, open);
    const uint32_t read[3] = {(uint32_t)file, (uint32_t)(uintptr_t)buffer, SIZE};
    return file > 0 ? semihost(0x06, read) : -1;
}

int main(void)
{
    master_start();
    if (read_file() != 0)
        finish(4);
    expect_address(buffer);
#ifndef BROKEN
    clean_loop(buffer, buffer + SIZE);
#endif
    master_copy_start(bus(outside), bus(buffer), SIZE);
    master_wait();
    return outside_check(SIZE);
}
