/* SPDX-License-Identifier: MIT */
/*
 * Handles: whatever is ended is stale, whatever was never given out is foreign, copies do not help, and generations
 * keep an old handle from naming a new object.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

static void ends_are_counted_once(void **state)
{
    struct baton_record records[2];
    uint32_t sequence = 0, count;
    struct baton_cpu_access access, copy;
    struct baton_source source, source_copy;
    struct baton_destination destination, destination_copy;

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, part(0, 1), BATON_WRITE, &access));
    copy = access;
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(access.access.token, 0);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_end_cpu_access, baton, &access);
    assert_int_equal(machine.last_misuse.holder_call_site, 0);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_end_cpu_access, baton, &copy);
    OK(baton_trace(baton, &sequence, records, 2, &count));
    assert_int_equal(count, 2);
    assert_int_equal(machine.last_misuse.holder_call_site, records[1].call_site); /* who ended it */
    assert_int_not_equal(records[0].call_site, records[1].call_site);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_end_cpu_access_partial, baton, &copy, part(0, 1));

    OK(baton_map_to_device(baton, to_dma, part(0, 1), &source));
    source_copy = source;
    OK(baton_unmap_source(baton, &source));
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_unmap_source, baton, &source);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_unmap_source, baton, &source_copy);

    OK(baton_map_from_device(baton, to_dma, part(0, 1), BATON_WRITE, &destination));
    destination_copy = destination;
    OK(baton_unmap_destination(baton, &destination));
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_unmap_destination, baton, &destination);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_unmap_destination, baton, &destination_copy);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_unmap_destination_partial, baton, &destination_copy, part(0, 1));
}

/* The slot is in use again: the copy is still stale, and the new holder is undisturbed */
static void a_copy_does_not_end_the_next_access(void **state)
{
    struct baton_cpu_access access, copy, next;

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, part(0, 1), BATON_READ, &access));
    copy = access;
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_begin_cpu_access(baton, buffer, part(0, 1), BATON_READ, &next));
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_end_cpu_access, baton, &copy);
    assert_int_equal(machine.last_misuse.holder_call_site, 0); /* the slot tells of another */
    OK(baton_end_cpu_access(baton, &next));
}

static void other_kinds_are_foreign(void **state)
{
    struct baton_cpu_access cpu, forged_cpu;
    struct baton_source source, forged_source = {.count = 0};
    struct baton_destination destination, forged_destination = {.count = 0};
    const uint32_t tokens[] = {pool.token, buffer.token, dma.token, to_dma.token};
    struct baton_answer answer;
    struct baton_counters counters;

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 1), BATON_WRITE, &cpu));
    OK(baton_map_to_device(baton, to_dma, lines(1, 1), &source));
    OK(baton_map_from_device(baton, to_dma, lines(2, 1), BATON_WRITE, &destination));
    forged_source.access = destination.access;
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_unmap_source, baton, &forged_source);
    forged_source.access = cpu.access;
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_unmap_source, baton, &forged_source);
    forged_destination.access = source.access;
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_unmap_destination, baton, &forged_destination);
    forged_cpu.access = source.access;
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_end_cpu_access, baton, &forged_cpu);
    for (unsigned i = 0; i < 4; i++) {
        if (i != 1) {
            const baton_buffer forged = {tokens[i]};

            REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_begin_cpu_access, baton, forged, part(0, 1), BATON_READ, &cpu);
            REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_query, baton, forged, part(0, 1), &answer, NULL, 0);
        }
        if (i != 2)
            REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_device_counters, baton, (baton_device){tokens[i]}, &counters);
        if (i != 3)
            REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_map_to_device, baton, (baton_attachment){tokens[i]}, part(0, 1),
                    &source);
    }
    OK(baton_end_cpu_access(baton, &cpu));
    OK(baton_unmap_source(baton, &source));
    OK(baton_unmap_destination(baton, &destination));
}

/* No number that was not given out is taken, whatever its bits; neighbours of a live token above all */
static void forged_tokens(void **state)
{
    struct baton_cpu_access access, forged;

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, part(0, 1), BATON_READ, &access));
    forged = access;
    for (unsigned bit = 0; bit < 32; bit++) {
        forged.access.token = access.access.token ^ (1u << bit);
        assert_int_not_equal(baton_end_cpu_access(baton, &forged), BATON_OK);
    }
    for (unsigned i = 0; i < 100000; i++) {
        forged.access.token = machine_random(&machine, UINT32_MAX) << 1 | 1;
        if (forged.access.token != access.access.token)
            assert_int_not_equal(baton_end_cpu_access(baton, &forged), BATON_OK);
    }
    forged = access;
    OK(baton_end_cpu_access(baton, &access));
    forged.access.token += 1u << HANDLE_GENERATION_SHIFT; /* the next of this slot, not given out yet */
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_end_cpu_access, baton, &forged);
    forged.access.token += 1u << HANDLE_GENERATION_SHIFT; /* and the one after */
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_end_cpu_access, baton, &forged);
}

static void another_instance_is_foreign(void **state)
{
    static _Alignas(8) char other_memory[MEMORY_SIZE];
    const struct baton_pool_config pool_config = {"pool", machine_cpu(&machine, 0), 0x40000000, MACHINE_BYTES};
    const struct baton_buffer_config buffer_config = {.name = "frame", .size = SIZE};
    struct baton_cpu_access access, other_access;
    baton_buffer other_buffer;
    baton_pool other_pool;
    struct baton *other;

    (void)state;
    OK(baton_init(&other, other_memory, sizeof(other_memory), &limits, &machine.port));
    OK(baton_add_pool(other, &pool_config, &other_pool));
    OK(baton_create(other, other_pool, &buffer_config, &other_buffer));
    assert_int_not_equal(other_buffer.token, buffer.token);
    OK(baton_begin_cpu_access(other, other_buffer, part(0, 1), BATON_READ, &other_access));
    /* One in 16 pairs of salts agrees in the mark; the handle is refused all the same, as a stale one. */
    before_refusal();
    assert_in_range(baton_begin_cpu_access(baton, other_buffer, part(0, 1), BATON_READ, &access),
                    BATON_ERROR_STALE_HANDLE, BATON_ERROR_FOREIGN_HANDLE);
    assert_in_range(baton_end_cpu_access(baton, &other_access), BATON_ERROR_STALE_HANDLE, BATON_ERROR_FOREIGN_HANDLE);
    forget_refusals(memory);
    assert_memory_equal(memory, snapshot, sizeof(memory));
    OK(baton_end_cpu_access(other, &other_access));
}

/* Made again in the same memory at another time: the old handles are none of the new instance's */
static void an_instance_made_again(void **state)
{
    baton_buffer old = buffer;
    struct baton_cpu_access access;
    enum baton_status status;

    machine.clock = 1000;
    setup(state);
    machine.clock = 77;
    OK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port));
    status = baton_begin_cpu_access(baton, old, part(0, 1), BATON_READ, &access);
    assert_in_range(status, BATON_ERROR_STALE_HANDLE, BATON_ERROR_FOREIGN_HANDLE);
}

static void stale_objects(void **state)
{
    baton_attachment attachment = to_dma, copy = to_dma;
    baton_buffer gone = buffer;
    struct baton_source source;
    struct baton_cpu_access access;
    struct baton_answer answer;

    (void)state;
    OK(baton_detach(baton, &attachment));
    assert_int_equal(attachment.token, 0);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_map_to_device, baton, copy, part(0, 1), &source);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_detach, baton, &copy);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_detach, baton, &attachment);
    OK(baton_detach(baton, &to_coherent));
    OK(baton_destroy(baton, &buffer));
    assert_int_equal(buffer.token, 0);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_destroy, baton, &gone);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_destroy, baton, &buffer);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_begin_cpu_access, baton, gone, part(0, 1), BATON_READ, &access);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_query, baton, gone, part(0, 1), &answer, NULL, 0);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_attach, baton, gone, dma, &attachment);
}

static void held_and_attached(void **state)
{
    struct baton_cpu_access access;
    struct baton_source source;

    (void)state;
    OK(baton_map_to_device(baton, to_dma, part(0, 1), &source));
    REFUSED(BATON_ERROR_HELD, baton_detach, baton, &to_dma);
    assert_string_equal(machine.last_misuse.holder, "dma");
    REFUSED(BATON_ERROR_HELD, baton_destroy, baton, &buffer);
    OK(baton_unmap_source(baton, &source));
    REFUSED(BATON_ERROR_ATTACHED, baton_destroy, baton, &buffer);
    OK(baton_begin_cpu_access(baton, buffer, part(0, 1), BATON_READ, &access));
    OK(baton_detach(baton, &to_dma)); /* only the CPU holds it */
    OK(baton_detach(baton, &to_coherent));
    REFUSED(BATON_ERROR_HELD, baton_destroy, baton, &buffer);
    assert_string_equal(machine.last_misuse.holder, "cpu");
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_destroy(baton, &buffer));
}

/* Through all generations of a slot and beyond: the handle of a moment ago is always stale */
static void generations_wrap(void **state)
{
    struct baton_cpu_access access, copy;

    (void)state;
    cpu_does(BATON_READ, part(0, SIZE));
    machine.port.misuse = NULL; /* nobody is told, nothing breaks */
    for (unsigned i = 0; i < 40000; i++) {
        OK(baton_begin_cpu_access(baton, buffer, part(0, 1), BATON_READ, &access));
        assert_int_not_equal(access.access.token, 0);
        copy = access;
        OK(baton_end_cpu_access(baton, &access));
        assert_int_equal(baton_end_cpu_access(baton, &copy), BATON_ERROR_STALE_HANDLE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ends_are_counted_once),
        TEST(a_copy_does_not_end_the_next_access),
        TEST(other_kinds_are_foreign),
        TEST(forged_tokens),
        TEST(another_instance_is_foreign),
        TEST(an_instance_made_again),
        TEST(stale_objects),
        TEST(held_and_attached),
        TEST(generations_wrap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
