/* SPDX-License-Identifier: MIT */
/*
 * Semihosting (Arm, "Semihosting for AArch32 and AArch64"): the call that ends a program with a status, its command line, files of the
 * host. Called by boot/newlib.c and by boards; any context. Whoever answers sees memory as the calling CPU does, caches included.
 */
#ifndef BATON_BOOT_SEMIHOSTING_H
#define BATON_BOOT_SEMIHOSTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ends the program if a debugger or emulator takes semihosting calls. Returns if nobody does: the call is an SVC then, which
 * boot/exception.c recognizes by its address and lets go on. */
void semihosting_exit(int status);

enum semihosting_answer { SEMIHOSTING_OK, SEMIHOSTING_REFUSED, SEMIHOSTING_NOBODY };

/* The program's name and its arguments, ended. REFUSED: they do not fit. NOBODY: nobody takes semihosting calls; none of those
 * below may be made then. */
enum semihosting_answer semihosting_command_line(char *text, size_t size);

/* A file to be read; its length in bytes. Negative: the host cannot. */
int32_t semihosting_open(const char *path);
int32_t semihosting_length(int32_t file);

/* Copies bytes of a file. false: it has fewer, or the host could not. */
bool semihosting_read(int32_t file, uint32_t offset, void *to, uint32_t length);

/* One call: operation in r0, parameter in r1. Returns what the host put in r0, or the operation number itself if nobody took it. */
uint32_t semihosting_call(uint32_t operation, uintptr_t parameter);

/* Inside boot/: an SVC that returns to this address is a semihosting call that nobody took. */
bool semihosting_refused(uint32_t return_address);

#endif
