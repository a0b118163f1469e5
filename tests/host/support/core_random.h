/* SPDX-License-Identifier: MIT */
/*
 * Random programs of core_program.h. Included by one test for each capacity of the directory.
 */
#include "tests/host/support/core_program.h"

enum { STEPS = 1000, PROGRAMS = 400 };

static void end_program(void)
{
}

static void check_met(unsigned long long programs)
{
    print_message("# %llu programs: refused busy %u, false sharing %u, in transit %u; maintained %u, partial ends %u\n",
                  programs, program.refusals[BATON_ERROR_BUSY], program.refusals[BATON_ERROR_FALSE_SHARING],
                  program.refusals[BATON_ERROR_IN_TRANSIT], program.maintained, program.partials);
    assert_true(program.refusals[BATON_ERROR_BUSY] > 100 && program.refusals[BATON_ERROR_FALSE_SHARING] > 100 &&
                program.refusals[BATON_ERROR_IN_TRANSIT] > 100 && program.partials > 100);
    assert_true(!program.exact || (program.maintained > 100 && program.shared_lines > 100));
}

#include "tests/host/support/random_programs.h"
