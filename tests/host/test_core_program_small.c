/* SPDX-License-Identifier: MIT */
/*
 * Random programs, with a directory of two extents that overflows all the time and widens into unknown: more
 * maintenance, but no old byte and no lost one, even while a neighbour in the same line is written.
 */
// link: core/*.c
// define: DIRECTORY_EXTENTS=2
#include "tests/host/support/core_random.h"

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
