/* SPDX-License-Identifier: MIT */
/*
 * Started in Secure SVC mode on a machine with both security states. What would break it: a register that only
 * Non-secure code may touch.
 *
 * boards: virt
 * qemu-args: -machine secure=on
 */
#include "boot/boot.h"
#include "boot/cpu.h"
#include "tests/target/support/boot_checks.h"
#include "tests/target/support/tap.h"

int main(void)
{
    tap_plan(BOOT_CHECKS + 1);
    boot_checks();
    tap_equal(boot_report.cpsr & CPSR_MODE, MODE_SVC, "entered in SVC mode");
    return tap_done();
}
