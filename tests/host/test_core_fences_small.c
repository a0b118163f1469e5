/* SPDX-License-Identifier: MIT */
/*
 * A chain over a directory that is full: where it has forgotten what an earlier stage holds (R4), a later one is refused, and no line
 * is maintained while a device stores to it.
 */
// link: core/*.c
// define: DIRECTORY_EXTENTS=2
#include "tests/host/support/chain_fixture.h"

static struct stage a, b;

static void no_maintenance_of_what_an_earlier_stage_holds(void **state)
{
    struct baton_source source;

    (void)state;
    cpu_does(BATON_READ, part(0, SIZE));
    stage_open(&a, "a", NULL);
    stage_writes(&a, to_coherent, lines(4, 2));
    stage_queue(&a);
    stage_open(&b, "b", &a);
    cpu_does(BATON_WRITE, lines(15, 1));
    device_writes(to_dma, lines(0, 1));
    stage_reads(&b, to_coherent, lines(4, 1)); /* still known to be clean */
    device_writes(to_dma, lines(7, 1));        /* now 0 to 7 are unknown */
    check_newest(1, 0, 8);
    REFUSED(BATON_ERROR_MAINTENANCE, baton_fence_map_to_device, baton, b.fence, to_coherent, lines(5, 1), &source);
    assert_string_equal(machine.last_misuse.holder, "coherent");
    stage_signals(&a, BATON_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(no_maintenance_of_what_an_earlier_stage_holds)};

    return cmocka_run_group_tests_name("fences, directory of two extents", tests, NULL, NULL);
}
