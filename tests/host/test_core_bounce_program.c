/* SPDX-License-Identifier: MIT */
/*
 * Random programs over direct and bounced attachments, where all is exact.
 * What would break it: a line that is not copied, copied twice or from the wrong side, a copy that is not maintained as the rules say,
 * a write that leaves a bounce buffer thinking it has the newest bytes, a failed write that takes others' bytes along.
 */
// link: core/*.c
#include "tests/host/support/bounce_program.h"

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
