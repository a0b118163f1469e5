/* SPDX-License-Identifier: MIT */
/*
 * Random programs over all features of the core at once, on one instance and the hostile machine: see support/everything.h.
 *
 * Checked: whoever holds a range lawfully sees its newest bytes, none is lost; nobody holds what another excludes; a refused call has
 * changed nothing, and had somebody in its way; a reservation whose turn has come is not refused; an access that is repeated at once
 * maintains and copies nothing; no line of a coherent buffer is ever maintained; a stray access faults; at the end everything ends, and
 * the instance holds nothing. What would break it: any rule of docs/OWNERSHIP.md that holds for a feature alone and not beside others.
 *
 * A failure is shrunk and printed: random_programs.h.
 */
// link: core/*.c
#include "tests/host/support/everything_program.h"

enum { STEPS = 1000, PROGRAMS = 300 };

static void end_program(void)
{
    end_everything();
}

static void check_met(unsigned long long programs)
{
    print_and_check_coverage(programs);
}

#include "tests/host/support/random_programs.h"

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
