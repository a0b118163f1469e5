/* SPDX-License-Identifier: MIT */
/*
 * Quarantine of a plain mapping (docs/OWNERSHIP.md, Q1 to Q4). What would break it: bytes that somebody gets while a failed device may
 * still write them, or that nobody ever gets again.
 */
// link: core/*.c
#include "tests/host/support/chain_fixture.h"

static void keeps_everybody_off(void **state)
{
    struct baton_destination destination, other;
    struct baton_cpu_access access;
    struct baton_holder holder;
    struct baton_answer answer;
    struct baton_source source;

    (void)state;
    cpu_does(BATON_WRITE, part(0, SIZE));
    OK(baton_map_from_device(baton, to_dma, lines(4, 4), BATON_WRITE, &destination));
    forget_maintenance();
    machine.in_interrupt++; /* a watchdog's */
    OK(baton_quarantine(baton, &destination));
    OK(baton_quarantine(baton, &destination));
    machine.in_interrupt--;
    OK(baton_query(baton, buffer, lines(5, 1), &answer, &holder, 1));
    assert_int_equal(answer.holders, 1);
    assert_int_equal(holder.hold, BATON_HOLD_QUARANTINED);
    assert_string_equal(holder.name, "dma");
    REFUSED(BATON_ERROR_QUARANTINED, baton_begin_cpu_access, baton, buffer, lines(7, 2), BATON_READ, &access);
    REFUSED(BATON_ERROR_QUARANTINED, baton_begin_cpu_access, baton, buffer, lines(7, 1), BATON_OVERWRITE, &access);
    REFUSED(BATON_ERROR_QUARANTINED, baton_map_to_device, baton, to_coherent, lines(0, 5), &source);
    REFUSED(BATON_ERROR_QUARANTINED, baton_map_from_device, baton, to_dma, lines(4, 1), BATON_OVERWRITE, &other);
    REFUSED(BATON_ERROR_QUARANTINED, baton_unmap_destination, baton, &destination); /* it is not done */
    REFUSED(BATON_ERROR_HELD, baton_detach, baton, &to_dma);
    assert_string_equal(machine.last_misuse.holder, "dma");
    cpu_does(BATON_WRITE, lines(0, 4)); /* the rest of the buffer is nobody's business */
    cpu_does(BATON_WRITE, lines(8, 8));

    machine.in_interrupt++;
    OK(baton_unmap_destination_partial(baton, &destination, lines(4, 1)));
    machine.in_interrupt--;
    check_newest(12, 1, 3);
    cpu_does(BATON_READ, part(0, SIZE));
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_quarantine, baton, &destination);
    REFUSED(BATON_ERROR_ARGUMENT, baton_quarantine, baton, NULL);
    assert_int_equal(baton_quarantine(NULL, &destination), BATON_ERROR_ARGUMENT);
}

/* Once it is over the short ways are open again: the buffer is not special any more. */
static void leaves_no_trace(void **state)
{
    struct baton_destination destination, quarantined;
    struct baton_source source;

    (void)state;
    OK(baton_map_from_device(baton, to_dma, lines(0, 1), BATON_WRITE, &quarantined));
    OK(baton_map_from_device(baton, to_dma, lines(1, 1), BATON_WRITE, &destination));
    OK(baton_map_to_device(baton, to_dma, lines(2, 1), &source));
    OK(baton_quarantine(baton, &quarantined));
    OK(baton_unmap_source(baton, &source)); /* others end as ever, */
    OK(baton_unmap_destination(baton, &destination));
    assert_int_equal(((struct buffer *)baton->buffers.objects)[0].special, SPECIAL_ACCESSES);
    OK(baton_unmap_destination_partial(baton, &quarantined, part(0, 0)));
    assert_int_equal(((struct buffer *)baton->buffers.objects)[0].special, 0);
}

/* A stage before or behind it has no way past it either. */
static void chains_are_kept_off(void **state)
{
    struct baton_destination destination;
    struct baton_source source;
    static struct stage stage;

    (void)state;
    OK(baton_map_from_device(baton, to_dma, lines(0, 1), BATON_WRITE, &destination));
    OK(baton_quarantine(baton, &destination));
    stage_open(&stage, "stage", NULL);
    REFUSED(BATON_ERROR_QUARANTINED, baton_fence_map_to_device, baton, stage.fence, to_dma, lines(0, 1), &source);
    OK(baton_unmap_destination_partial(baton, &destination, part(0, 0)));
    stage_reads(&stage, to_dma, lines(0, 1));
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_everybody_off),
        TEST(leaves_no_trace),
        TEST(chains_are_kept_off),
    };

    return cmocka_run_group_tests_name("quarantine", tests, NULL, NULL);
}
