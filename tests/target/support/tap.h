/* SPDX-License-Identifier: MIT */
/*
 * Test Anything Protocol for target tests, on standard output. Task context on CPU 0.
 *
 *     tap_plan(2);
 *     tap_ok(a == b, "a is b");
 *     tap_ok(...);
 *     return tap_done();
 */
#ifndef BATON_TESTS_TARGET_SUPPORT_TAP_H
#define BATON_TESTS_TARGET_SUPPORT_TAP_H

#include <stdbool.h>
#include <stdint.h>

/* How many results will come. A program that dies before has not given them, and fails. */
void tap_plan(unsigned tests);

/* Instead of a plan: the board has not what is tested. What main() returns then. */
int tap_skip(const char *why);

/* One result. Returns passed, for a tap_note() that explains. */
__attribute__((format(printf, 2, 3))) bool tap_ok(bool passed, const char *format, ...);

/* One result: the two are equal; prints both in hex if not. */
__attribute__((format(printf, 3, 4))) bool tap_equal(uint32_t is, uint32_t wanted, const char *format, ...);

/* A diagnostic line. */
__attribute__((format(printf, 1, 2))) void tap_note(const char *format, ...);

/* What main() returns: 0 if all of the plan passed, else 1. */
int tap_done(void);

#endif
