/* SPDX-License-Identifier: MIT */
/*
 * The state in which main() is entered, the same whichever way the machine was started. Used by the test_boot_* programs.
 */
#ifndef BATON_TESTS_TARGET_SUPPORT_BOOT_CHECKS_H
#define BATON_TESTS_TARGET_SUPPORT_BOOT_CHECKS_H

/* Results that boot_checks() gives. */
#define BOOT_CHECKS 38

/* Called first in main(). */
void boot_checks(void);

#endif
