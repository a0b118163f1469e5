/* SPDX-License-Identifier: MIT */
/*
 * Random programs over direct and bounced attachments with differences that are soon full: what has to be made equal first, and who is
 * refused (B7).
 * What would break it: a difference that overflows into "unknown" (its lines are never copied again), lines made equal that somebody
 * writes at that moment, a copy of lines that another acquire has in transit.
 */
// link: core/*.c
// define: DIRECTORY_EXTENTS=8
#include "tests/host/support/bounce_program.h"

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
