/* SPDX-License-Identifier: MIT */
/*
 * Fault status registers in words, short-descriptor format (ARM ARM DDI 0406C, B3.13.3, table B3-23). Pure; any context.
 */
#ifndef BATON_BOOT_FAULT_H
#define BATON_BOOT_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum fault_status {
    FAULT_ALIGNMENT = 0x01,
    FAULT_DEBUG_EVENT = 0x02,
    FAULT_ACCESS_FLAG_SECTION = 0x03,
    FAULT_INSTRUCTION_CACHE_MAINTENANCE = 0x04,
    FAULT_TRANSLATION_SECTION = 0x05,
    FAULT_ACCESS_FLAG_PAGE = 0x06,
    FAULT_TRANSLATION_PAGE = 0x07,
    FAULT_EXTERNAL = 0x08,
    FAULT_DOMAIN_SECTION = 0x09,
    FAULT_DOMAIN_PAGE = 0x0b,
    FAULT_EXTERNAL_WALK_LEVEL1 = 0x0c,
    FAULT_PERMISSION_SECTION = 0x0d,
    FAULT_EXTERNAL_WALK_LEVEL2 = 0x0e,
    FAULT_PERMISSION_PAGE = 0x0f,
    FAULT_TLB_CONFLICT = 0x10,
    FAULT_LOCKDOWN = 0x14,
    FAULT_ASYNCHRONOUS_EXTERNAL = 0x16,
    FAULT_ASYNCHRONOUS_PARITY = 0x18,
    FAULT_PARITY = 0x19,
    FAULT_COPROCESSOR = 0x1a,
    FAULT_PARITY_WALK_LEVEL1 = 0x1c,
    FAULT_PARITY_WALK_LEVEL2 = 0x1e,
};

/* FS[4:0] of DFSR or IFSR. */
static inline enum fault_status fault_status(uint32_t fsr)
{
    return (enum fault_status)((fsr & 0xf) | (fsr >> 6 & 0x10));
}

/* DFSR.WnR: the access was a write, or a cache maintenance operation. Meaningless in IFSR. */
static inline bool fault_is_write(uint32_t dfsr)
{
    return (dfsr & (1u << 11)) != 0;
}

/* DFAR does not tell the address of an asynchronous abort. */
static inline bool fault_is_asynchronous(uint32_t fsr)
{
    return fault_status(fsr) == FAULT_ASYNCHRONOUS_EXTERNAL || fault_status(fsr) == FAULT_ASYNCHRONOUS_PARITY;
}

/* A short English text, static, never NULL. */
const char *fault_text(uint32_t fsr);

#endif
