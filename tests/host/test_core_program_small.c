/* SPDX-License-Identifier: MIT */
/*
 * Random programs, with a directory of two extents that overflows all the time and widens into unknown: more
 * maintenance, but no old byte and no lost one, even while a neighbour in the same line is written. It compiles the
 * core's files itself, since the capacity is a compile-time constant.
 */
#define DIRECTORY_EXTENTS 2
#include "core/buffer.c"
#include "core/conflict.c"
#define clear clear_cpu_access
#include "core/cpu.c"
#undef clear
#include "core/device.c"
#include "core/directory.c"
#include "core/handle.c"
#include "core/handoff.c"
#include "core/instance.c"
#define cut cut_segments
#include "core/map.c"
#undef cut
#include "core/query.c"
#include "core/refusal.c"
#include "core/rules.c"
#include "tests/host/support/core_program.h"

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
