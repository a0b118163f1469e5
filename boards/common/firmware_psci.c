/* SPDX-License-Identifier: MIT */
/*
 * PSCI firmware below a board. The calls are guarded: where there is no firmware, the instruction is undefined (entered in Secure
 * state on a machine with Hyp mode, HVC is, and QEMU offers no PSCI at all). Any context; no state.
 */
#include "boards/common/firmware_psci.h"

#include "boot/boot.h"
#include "boot/exception.h"
#include "drivers/psci.h"

#include <stdio.h>

struct cpu_on {
    uint32_t mpidr, entry;
    enum psci_status status;
};

static enum psci_conduit conduit(void)
{
    return boot_entered_in_hyp() ? PSCI_CONDUIT_SMC : PSCI_CONDUIT_HVC;
}

static void call_cpu_on(void *argument)
{
    struct cpu_on *call = argument;

    call->status = psci_cpu_on(conduit(), call->mpidr, call->entry, 0);
}

bool psci_start_cpu(uint32_t mpidr, uint32_t entry)
{
    struct cpu_on call = {.mpidr = mpidr, .entry = entry, .status = PSCI_ERROR_NOT_SUPPORTED};
    struct abort_record record;

    if (!abort_guard(call_cpu_on, &call, &record)) {
        call.status = PSCI_ERROR_NOT_SUPPORTED;
    }
    if (call.status != PSCI_OK) {
        printf("PSCI: CPU 0x%lx: %s\n", (unsigned long)mpidr, psci_status_text(call.status));
    }
    return call.status == PSCI_OK;
}

static void call_system_off(void *argument)
{
    (void)argument;
    psci_system_off(conduit());
}

void psci_power_off(void)
{
    struct abort_record record;

    (void)abort_guard(call_system_off, NULL, &record);
}
