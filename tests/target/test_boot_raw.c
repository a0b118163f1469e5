/* SPDX-License-Identifier: MIT */
/*
 * The state at main() again, and a line that says how the program was entered. tests/boot/test_raw_image starts the raw image of this
 * program in several ways and compares that line.
 */
#include "boot/boot.h"
#include "boot/cpu.h"
#include "tests/target/support/boot_checks.h"
#include "tests/target/support/tap.h"

int main(void)
{
    uint32_t mode = boot_report.cpsr & CPSR_MODE;

    tap_plan(BOOT_CHECKS + 1);
    boot_checks();
    tap_ok(mode == MODE_SVC || mode == MODE_HYP || mode == MODE_SYS, "entered in a mode that is provided for");
    tap_note("entered in %s mode, caches %s, IRQ %s",
             mode == MODE_HYP   ? "Hyp"
             : mode == MODE_SYS ? "SYS"
                                : "SVC",
             boot_caches_found_on() ? "on" : "off", (boot_report.cpsr & CPSR_I) != 0 ? "masked" : "on");
    return tap_done();
}
