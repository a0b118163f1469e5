/* SPDX-License-Identifier: MIT */
/*
 * PSCI: power state coordination by the firmware below us (ARM DEN 0022). Starts CPUs and ends the machine.
 * boot/ knows how it was entered; the board hands that on as the conduit. Touches no memory of its own.
 */
#ifndef BATON_DRIVERS_PSCI_H
#define BATON_DRIVERS_PSCI_H

#include "core/baton.h"

/* The instruction that reaches the firmware. On QEMU: HVC when the machine starts in SVC mode, SMC when in HYP mode. */
enum psci_conduit { PSCI_CONDUIT_HVC, PSCI_CONDUIT_SMC };

/* The return codes of PSCI (DEN 0022, section 5). */
enum psci_status {
    PSCI_OK = 0,
    PSCI_ERROR_NOT_SUPPORTED = -1,
    PSCI_ERROR_INVALID_PARAMETERS = -2,
    PSCI_ERROR_DENIED = -3,
    PSCI_ERROR_ALREADY_ON = -4,
    PSCI_ERROR_ON_PENDING = -5,
    PSCI_ERROR_INTERNAL_FAILURE = -6,
    PSCI_ERROR_NOT_PRESENT = -7,
    PSCI_ERROR_DISABLED = -8,
    PSCI_ERROR_INVALID_ADDRESS = -9,
};

/* A short English text, static, never NULL, also for a code that is none of the above. */
const char *psci_status_text(enum psci_status status);

/* The firmware's version: major in bits 31:16, minor in bits 15:0. */
uint32_t psci_version(enum psci_conduit conduit);

/* Starts the CPU whose MPIDR affinity fields are mpidr at the physical address entry (bit 0 set: in Thumb state), MMU and
 * caches off, context in its r0. What it will read before its caches are on has been cleaned to memory before.
 * INVALID_PARAMETERS (QEMU) or NOT_PRESENT: there is no such CPU. */
BATON_MUST_CHECK enum psci_status psci_cpu_on(enum psci_conduit conduit, uint32_t mpidr, uint32_t entry,
                                              uint32_t context);

/* Powers the machine off. Returns only if the firmware refused. */
void psci_system_off(enum psci_conduit conduit);

#endif
