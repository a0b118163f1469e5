/* SPDX-License-Identifier: MIT */
/*
 * PSCI: the firmware answers by the conduit that boot/ found, and its refusals come back as what they are.
 * What would break it: the wrong conduit (an undefined instruction), an answer that is not taken as signed.
 */
#include "tests/target/support/tap.h"

#include "apps/platform.h"
#include "boot/boot.h"
#include "boot/image.h"
#include "drivers/psci.h"
#include "tests/target/support/hardware.h"

#include <string.h>

int main(void)
{
    if (!hardware()->psci) {
        return tap_skip("no PSCI firmware");
    }
    enum psci_conduit conduit = boot_entered_in_hyp() ? PSCI_CONDUIT_SMC : PSCI_CONDUIT_HVC;
    uint32_t version = psci_version(conduit);

    platform(); /* CPU 1 runs */
    tap_plan(4);
    tap_ok(version >= 2 && version < 0x00100000, "version %lu.%lu", (unsigned long)(version >> 16),
           (unsigned long)(version & 0xffff));
    enum psci_status status = psci_cpu_on(conduit, 7, (uint32_t)(uintptr_t)__image_start, 0);
    tap_ok(status == PSCI_ERROR_INVALID_PARAMETERS || status == PSCI_ERROR_NOT_PRESENT, "a CPU that is not there: %s",
           psci_status_text(status));
    status = psci_cpu_on(conduit, 1, (uint32_t)(uintptr_t)__image_start, 0);
    tap_ok(status == PSCI_ERROR_ALREADY_ON, "a CPU that runs: %s", psci_status_text(status));
    tap_ok(strlen(psci_status_text((enum psci_status) - 77)) != 0, "a code that PSCI has not: %s",
           psci_status_text((enum psci_status) - 77));
    return tap_done();
}
