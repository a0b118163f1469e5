/* SPDX-License-Identifier: MIT */
/*
 * The directory with room for three extents only, so that it overflows all the time: it loses precision, never truth.
 * It compiles the core's file itself, since the capacity is a compile-time constant.
 */
#define DIRECTORY_EXTENTS 3
#include "core/directory.c"
#include "tests/host/support/directory_checks.h"

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(directory_agrees_with_an_array)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
