/* SPDX-License-Identifier: MIT */
/*
 * Random programs over all features of the core at once, on one instance and the hostile machine: see support/everything.h.
 *
 * Checked: whoever holds a range lawfully sees its newest bytes, none is lost; nobody holds what another excludes; a refused call has
 * changed nothing, and had somebody in its way; a reservation whose turn has come is not refused; an access that is repeated at once
 * maintains and copies nothing; no line of a coherent buffer is ever maintained; a stray access faults; at the end everything ends, and
 * the instance holds nothing. What would break it: any rule of docs/OWNERSHIP.md that holds for a feature alone and not beside others.
 *
 * A failure prints seed and step; BATON_SEED=n runs that seed alone, BATON_SEEDS=n that many.
 */
// link: core/*.c
#include "tests/host/support/everything_program.h"

static void run_program(unsigned long long seed, unsigned steps)
{
    begin_program(seed);
    for (program.step = 1; program.step <= steps; program.step++)
        one_step();
    end_everything();
}

static void random_programs(void **state)
{
    const char *one = getenv("BATON_SEED");
    const char *count = getenv("BATON_SEEDS");
    unsigned long long last = count ? strtoull(count, NULL, 0) : 300;

    (void)state;
    if (one != NULL) {
        run_program(strtoull(one, NULL, 0), 1000);
        return;
    }
    for (unsigned long long seed = 1; seed <= last; seed++)
        run_program(seed, 1000);
    print_and_check_coverage(last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
