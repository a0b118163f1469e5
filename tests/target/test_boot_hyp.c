/* SPDX-License-Identifier: MIT */
/*
 * Started in Hyp mode: everything is as when started in SVC mode, and nothing that SVC mode uses still traps to Hyp. What would
 * break it: a trap left on (HCPTR, HSTR, HDCR, CNTHCTL), the virtual counter's offset, a drop that is forgotten.
 *
 * boards: virt
 * qemu-args: -machine virtualization=on
 */
#include "boot/boot.h"
#include "boot/cpu.h"
#include "boot/exception.h"
#include "drivers/psci.h"
#include "tests/target/support/boot_checks.h"
#include "tests/target/support/tap.h"

static void call_hyp(void *argument)
{
    *(uint32_t *)argument = psci_version(PSCI_CONDUIT_HVC);
}

int main(void)
{
    struct abort_record record;
    uint32_t answer = 0;

    tap_plan(BOOT_CHECKS + 5);
    boot_checks();
    tap_equal(boot_report.cpsr & CPSR_MODE, MODE_HYP, "entered in Hyp mode");
    tap_ok(boot_entered_in_hyp(), "so PSCI is by SMC");
    tap_ok(!boot_caches_found_on(), "caches found off");
    tap_ok(psci_version(PSCI_CONDUIT_SMC) >= 0x00000002, "and answers");
    (void)abort_guard(call_hyp, &answer, &record);
    tap_equal(answer, 0xffffffff, "a call to Hyp mode, where nobody serves, comes back as not supported");
    return tap_done();
}
