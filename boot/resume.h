/* SPDX-License-Identifier: MIT */
/*
 * Between boot/exception.c and boot/resume.c, inside boot/.
 */
#ifndef BATON_BOOT_RESUME_H
#define BATON_BOOT_RESUME_H

#include "boot/exception.h"

/* boot/exception.c: what happens to an abort that no handler resumes. Returns if the frame now resumes in an abort guard. */
void exception_unresumed(struct exception_frame *frame);

#endif
