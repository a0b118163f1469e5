/* SPDX-License-Identifier: MIT */
/*
 * Between boot/exception.c and boot/resume.c, inside boot/.
 */
#ifndef BATON_BOOT_RESUME_H
#define BATON_BOOT_RESUME_H

#include "boot/exception.h"

struct cpu_local;

/* In ABT mode. true: the frame now resumes in the abort handler, which finds the original on the interrupted stack. */
bool resume_begin(struct exception_frame *frame, struct cpu_local *local);

/* boot/exception.c: what happens to an abort that no handler resumes. Returns if the frame now resumes in an abort guard. */
void exception_unresumed(struct exception_frame *frame);

#endif
