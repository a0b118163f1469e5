/* SPDX-License-Identifier: MIT */
/*
 * PSCI calls by the SMC calling convention (ARM DEN 0028): function in r0, arguments in r1-r3, result in r0. Called by boards.
 */
#include "drivers/psci.h"

/* SMC32 function numbers (DEN 0022, section 5). */
#define PSCI_VERSION 0x84000000u
#define PSCI_CPU_ON 0x84000003u
#define PSCI_SYSTEM_OFF 0x84000008u

static uint32_t call(enum psci_conduit conduit, uint32_t function, uint32_t a, uint32_t b, uint32_t c)
{
    register uint32_t r0 __asm__("r0") = function;
    register uint32_t r1 __asm__("r1") = a;
    register uint32_t r2 __asm__("r2") = b;
    register uint32_t r3 __asm__("r3") = c;

    /* r1-r3 and r12 may be changed: early firmware keeps to the procedure call standard only. */
    if (conduit == PSCI_CONDUIT_SMC) {
        __asm__ volatile(".arch_extension sec\n\tsmc #0"
                         : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                         :
                         : "r12", "lr", "memory", "cc");
    } else {
        __asm__ volatile(".arch_extension virt\n\thvc #0"
                         : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                         :
                         : "r12", "lr", "memory", "cc");
    }
    return r0;
}

const char *psci_status_text(enum psci_status status)
{
    switch (status) {
    case PSCI_OK:
        return "success";
    case PSCI_ERROR_NOT_SUPPORTED:
        return "not supported by the firmware";
    case PSCI_ERROR_INVALID_PARAMETERS:
        return "invalid parameters: there is no such CPU";
    case PSCI_ERROR_DENIED:
        return "denied";
    case PSCI_ERROR_ALREADY_ON:
        return "the CPU is on already";
    case PSCI_ERROR_ON_PENDING:
        return "the CPU is being started already";
    case PSCI_ERROR_INTERNAL_FAILURE:
        return "internal failure of the firmware";
    case PSCI_ERROR_NOT_PRESENT:
        return "there is no such CPU";
    case PSCI_ERROR_DISABLED:
        return "the CPU is disabled";
    case PSCI_ERROR_INVALID_ADDRESS:
        return "invalid entry address";
    }
    return "a code that PSCI does not define";
}

uint32_t psci_version(enum psci_conduit conduit)
{
    return call(conduit, PSCI_VERSION, 0, 0, 0);
}

enum psci_status psci_cpu_on(enum psci_conduit conduit, uint32_t mpidr, uint32_t entry, uint32_t context)
{
    return (enum psci_status)(int32_t)call(conduit, PSCI_CPU_ON, mpidr, entry, context);
}

void psci_system_off(enum psci_conduit conduit)
{
    call(conduit, PSCI_SYSTEM_OFF, 0, 0, 0);
}
