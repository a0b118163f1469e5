/* SPDX-License-Identifier: MIT */
/*
 * Test Anything Protocol for target tests.
 */
#include "tests/target/support/tap.h"

#include <stdarg.h>
#include <stdio.h>

static unsigned planned, run, failed;

void tap_plan(unsigned tests)
{
    planned = tests;
    printf("1..%u\n", tests);
}

static void result(bool passed, const char *format, va_list arguments)
{
    run++;
    failed += !passed;
    printf("%s %u - ", passed ? "ok" : "not ok", run);
    vprintf(format, arguments);
    printf("\n");
}

int tap_skip(const char *why)
{
    printf("1..0 # SKIP %s\n", why);
    return 0;
}

bool tap_ok(bool passed, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    result(passed, format, arguments);
    va_end(arguments);
    return passed;
}

bool tap_equal(uint32_t is, uint32_t wanted, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    result(is == wanted, format, arguments);
    va_end(arguments);
    if (is != wanted) {
        tap_note("is 0x%08lx, wanted 0x%08lx", (unsigned long)is, (unsigned long)wanted);
    }
    return is == wanted;
}

void tap_note(const char *format, ...)
{
    va_list arguments;

    printf("# ");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

int tap_done(void)
{
    if (run != planned) {
        tap_note("%u results, %u planned", run, planned);
    }
    if (failed != 0) {
        tap_note("%u of %u failed", failed, run);
    }
    fflush(stdout);
    return run == planned && failed == 0 ? 0 : 1;
}
