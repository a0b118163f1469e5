/* SPDX-License-Identifier: MIT */
/*
 * Started in SVC mode, caches off. What would break it: anything of boot/ that is left out before main().
 */
#include "boot/boot.h"
#include "boot/cpu.h"
#include "tests/target/support/boot_checks.h"
#include "tests/target/support/tap.h"

int main(void)
{
    tap_plan(BOOT_CHECKS + 3);
    boot_checks();
    tap_equal(boot_report.cpsr & CPSR_MODE, MODE_SVC, "entered in SVC mode");
    tap_ok(!boot_entered_in_hyp(), "so PSCI is by HVC");
    tap_ok(!boot_caches_found_on(), "caches found off");
    return tap_done();
}
