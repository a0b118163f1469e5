/* SPDX-License-Identifier: MIT */
/*
 * The state in which main() is entered, the same whichever way the machine was started. Used by the test_boot_* programs.
 */
#ifndef BATON_TESTS_TARGET_SUPPORT_BOOT_CHECKS_H
#define BATON_TESTS_TARGET_SUPPORT_BOOT_CHECKS_H

#include "boot/registers/cp15.h"

#include <stdbool.h>

/* Results that boot_checks() gives: fewer where the core has no generic timer (ID_PFR1). */
#define BOOT_CHECKS (boot_has_timer() ? 38 : 35)

static inline bool boot_has_timer(void)
{
    return (cp15_read_ID_PFR1() >> 16 & 0xf) != 0;
}

/* Called first in main(). */
void boot_checks(void);

#endif
