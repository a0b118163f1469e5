/* SPDX-License-Identifier: MIT */
/*
 * The start of a CPU by PSCI as boot/smp.h wants it. Used by tests that start CPU 1 themselves, before anybody asks for the DMA engine.
 */
#ifndef BATON_TESTS_TARGET_SUPPORT_PSCI_CPU_ON_H
#define BATON_TESTS_TARGET_SUPPORT_PSCI_CPU_ON_H

#include "boot/boot.h"
#include "drivers/psci.h"

static inline bool test_cpu_on(uint32_t mpidr, uint32_t entry)
{
    enum psci_conduit conduit = boot_entered_in_hyp() ? PSCI_CONDUIT_SMC : PSCI_CONDUIT_HVC;

    return psci_cpu_on(conduit, mpidr, entry, 0) == PSCI_OK;
}

#endif
