/* SPDX-License-Identifier: MIT */
/*
 * Started in Hyp mode: everything is as when started in SVC mode, and nothing that SVC mode uses still traps to Hyp. What would
 * break it: a trap left on (HCPTR, HSTR, HDCR, CNTHCTL), the virtual counter's offset, a drop that is forgotten.
 *
 * qemu-args: -machine virtualization=on
 */
#include "boot/boot.h"
#include "boot/cpu.h"
#include "boot/exception.h"
#include "drivers/psci.h"
#include "tests/target/support/boot_checks.h"
#include "tests/target/support/tap.h"

static void read_physical_counter(void *argument)
{
    *(uint64_t *)argument = cp15_read_CNTPCT();
}

static void read_physical_timer(void *argument)
{
    *(uint32_t *)argument = cp15_read_CNTP_CTL();
}

static void call_hyp(void *argument)
{
    *(uint32_t *)argument = psci_version(PSCI_CONDUIT_HVC);
}

int main(void)
{
    struct abort_record record;
    uint64_t physical = 0, virtual;
    uint32_t control = 0, answer = 0;

    tap_plan(BOOT_CHECKS + 8);
    boot_checks();
    tap_equal(boot_report.cpsr & CPSR_MODE, MODE_HYP, "entered in Hyp mode");
    tap_ok(boot_entered_in_hyp(), "so PSCI is by SMC");
    tap_ok(!boot_caches_found_on(), "caches found off");
    tap_ok(psci_version(PSCI_CONDUIT_SMC) >= 0x00000002, "and answers");
    tap_ok(abort_guard(read_physical_counter, &physical, &record), "the physical counter is open");
    virtual = cp15_read_CNTVCT();
    tap_ok(virtual >= physical && virtual - physical < 1000000000u, "the virtual counter has no offset");
    tap_ok(abort_guard(read_physical_timer, &control, &record), "the physical timer is open");
    (void)abort_guard(call_hyp, &answer, &record);
    tap_equal(answer, 0xffffffff, "a call to Hyp mode, where nobody serves, comes back as not supported");
    return tap_done();
}
