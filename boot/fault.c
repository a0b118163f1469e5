/* SPDX-License-Identifier: MIT */
/*
 * Names of fault statuses. Pure.
 */
#include "boot/fault.h"

#include <stddef.h>

static const char *const names[32] = {
    [FAULT_ALIGNMENT] = "alignment fault",
    [FAULT_DEBUG_EVENT] = "debug event",
    [FAULT_ACCESS_FLAG_SECTION] = "access flag fault, section",
    [FAULT_INSTRUCTION_CACHE_MAINTENANCE] = "fault on instruction cache maintenance",
    [FAULT_TRANSLATION_SECTION] = "translation fault, section",
    [FAULT_ACCESS_FLAG_PAGE] = "access flag fault, page",
    [FAULT_TRANSLATION_PAGE] = "translation fault, page",
    [FAULT_EXTERNAL] = "external abort",
    [FAULT_DOMAIN_SECTION] = "domain fault, section",
    [FAULT_DOMAIN_PAGE] = "domain fault, page",
    [FAULT_EXTERNAL_WALK_LEVEL1] = "external abort on translation table walk, first level",
    [FAULT_PERMISSION_SECTION] = "permission fault, section",
    [FAULT_EXTERNAL_WALK_LEVEL2] = "external abort on translation table walk, second level",
    [FAULT_PERMISSION_PAGE] = "permission fault, page",
    [FAULT_TLB_CONFLICT] = "TLB conflict abort",
    [FAULT_LOCKDOWN] = "lockdown fault",
    [FAULT_ASYNCHRONOUS_EXTERNAL] = "asynchronous external abort",
    [FAULT_ASYNCHRONOUS_PARITY] = "asynchronous parity error",
    [FAULT_PARITY] = "parity error",
    [FAULT_COPROCESSOR] = "coprocessor abort",
    [FAULT_PARITY_WALK_LEVEL1] = "parity error on translation table walk, first level",
    [FAULT_PARITY_WALK_LEVEL2] = "parity error on translation table walk, second level",
};

const char *fault_text(uint32_t fsr)
{
    const char *name = names[fault_status(fsr)];

    return name != NULL ? name : "reserved fault status";
}
