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

/* Another CPU's handoffs while the announcement of b's mapping is under way: the directory loses what it said of line 4. */
static void others_meanwhile(void *context, const struct baton_announcement *what)
{
    bool *once = context;

    if (what->verb != BATON_VERB_ACQUIRE || *once)
        return;
    *once = true;
    device_writes(to_dma, lines(7, 1)); /* now 0 to 7 are unknown */
    check_newest(1, 0, 8);
}

/* The same, but the directory loses it between b's check and b's maintenance. Breaks if b maintains by what the directory says then: a
 * settle of line 4 would take stores away that the device of a makes between its halves. */
static void nor_if_it_is_forgotten_meanwhile(void **state)
{
    bool once = false;

    (void)state;
    cpu_does(BATON_READ, part(0, SIZE));
    stage_open(&a, "a", NULL);
    stage_writes(&a, to_coherent, lines(4, 2));
    stage_queue(&a);
    stage_open(&b, "b", &a);
    cpu_does(BATON_WRITE, lines(15, 1));
    device_writes(to_dma, lines(0, 1));
    OK(baton_subscribe(baton, to_coherent, others_meanwhile, &once));
    memset(machine.published, 0, sizeof(machine.published));
    memset(machine.refreshed, 0, sizeof(machine.refreshed));
    stage_reads(&b, to_coherent, lines(3, 4));
    assert_true(once);
    for (uint32_t line = 3; line < 7; line++) {
        const unsigned settled = line == 4 || line == 5 ? 0 : 1;

        assert_int_equal(machine.published[line], settled);
        assert_int_equal(machine.refreshed[line], settled);
    }
    OK(baton_subscribe(baton, to_coherent, NULL, NULL));
    stage_queue(&b);
    stage_signals(&a, BATON_OK);
    check_started(&b, 1, BATON_OK);
    stage_signals(&b, BATON_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(no_maintenance_of_what_an_earlier_stage_holds),
                                       TEST(nor_if_it_is_forgotten_meanwhile)};

    return cmocka_run_group_tests_name("fences, directory of two extents", tests, NULL, NULL);
}
