/* SPDX-License-Identifier: MIT */
/*
 * The semihosting call that ends a program with a status (Arm, "Semihosting for AArch32 and AArch64", SYS_EXIT_EXTENDED).
 * Called by boot/newlib.c and by boards; any context.
 */
#ifndef BATON_BOOT_SEMIHOSTING_H
#define BATON_BOOT_SEMIHOSTING_H

#include <stdbool.h>
#include <stdint.h>

/* Ends the program if a debugger or emulator takes semihosting calls. Returns if nobody does: the call is an SVC then, which
 * boot/exception.c recognizes by its address and lets go on. */
void semihosting_exit(int status);

/* One call: operation in r0, parameter in r1. Returns what the host put in r0, or the operation number itself if nobody took it. */
uint32_t semihosting_call(uint32_t operation, uintptr_t parameter);

/* Inside boot/: an SVC that returns to this address is a semihosting call that nobody took. */
bool semihosting_refused(uint32_t return_address);

#endif
