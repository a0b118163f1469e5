/* SPDX-License-Identifier: MIT */
/*
 * Random programs, with a directory that is exact.
 */
// link: core/*.c
#include "tests/host/support/core_random.h"

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
