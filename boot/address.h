/* SPDX-License-Identifier: MIT */
/*
 * Assembly alone: an address or constant into a register without a load, for code that must not read memory.
 */
#ifndef BATON_BOOT_ADDRESS_H
#define BATON_BOOT_ADDRESS_H

    .macro address register, value:vararg
    movw    \register, #:lower16:\value
    movt    \register, #:upper16:\value
    .endm

#endif
