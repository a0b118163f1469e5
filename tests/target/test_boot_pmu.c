/* SPDX-License-Identifier: MIT */
/*
 * The cycle counter counts each instruction once when the emulator gives each the same time: what the project's figures rest
 * on. What would break it: PMCR.D, a filter, a counter that is off.
 *
 * qemu-args: -icount shift=0,sleep=off
 */
#include "boot/pmu.h"
#include "tests/target/support/tap.h"

/* turns * 2 instructions between two reads. */
__attribute__((noinline)) static uint32_t count(uint32_t turns)
{
    uint32_t before = cp15_read_PMCCNTR();

    __asm__ volatile("1: subs %0, %0, #1\n\tbne 1b" : "+r"(turns)::"cc");
    return cp15_read_PMCCNTR() - before;
}

int main(void)
{
    uint32_t base = count(1);

    tap_plan(3);
    tap_ok(base >= 3 && base <= 6, "two instructions, and reading: %lu", (unsigned long)base);
    tap_equal(count(1001) - base, 2000, "a thousand turns of two instructions");
    tap_equal(count(1000001) - base, 2000000, "a million turns");
    return tap_done();
}
