/* SPDX-License-Identifier: MIT */
/*
 * The debug build: poison where a device promised to overwrite, canaries behind a buffer's last byte.
 * What would break it: poison in a neighbour's bytes, or not brought to memory; a canary that is not looked at, is looked at where
 * the CPU sees old bytes, or is told of twice.
 */
// link: core/*.c
// define: BATON_DEBUG=1
#include "core/debug.h"
#define FIXTURE_MEMORY 65536
#define FIXTURE_LIMITS                                                                                                 \
    {                                                                                                                  \
        .pools = 2, .buffers = 6, .devices = 3, .attachments = 6, .accesses = 5, .trace = 8, .fences = 2, .chunks = 2  \
    }
#include "tests/host/support/core_fixture.h"

enum { ODD = 2 * GRANULE + 40 }; /* of the third line, 24 bytes are nobody's */

static baton_buffer odd;
static baton_attachment odd_to_dma;
static uint32_t odd_at; /* in the machine */

static bool in_machine(const void *address)
{
    return (uintptr_t)address - (uintptr_t)machine_cpu(&machine, 0) < MACHINE_BYTES;
}

/* The core's own memory is the host's; a buffer's is behind the simulated cache. */
static void copy_any(void *context, void *to, const void *from, size_t length)
{
    (void)context;
    for (size_t i = 0; i < length; i++) {
        const uint8_t *source = (const uint8_t *)from + i;
        uint8_t *target = (uint8_t *)to + i;
        const uint8_t byte = in_machine(source) ? cpu_load(&machine, machine_offset(&machine, source)) : *source;

        if (in_machine(target))
            cpu_store(&machine, machine_offset(&machine, target), byte);
        else
            *target = byte;
    }
}

static int setup_odd(void **state)
{
    const struct baton_buffer_config config = {.name = "odd", .size = ODD};
    struct baton_cpu_access access;

    setup(state);
    machine.port.copy = copy_any;
    OK(baton_create(baton, pool, &config, &odd));
    OK(baton_attach(baton, odd, dma, &odd_to_dma));
    OK(baton_begin_cpu_access(baton, odd, part(0, 1), BATON_READ, &access));
    odd_at = machine_offset(&machine, access.data);
    OK(baton_end_cpu_access(baton, &access));
    return 0;
}

static void fill_by_cpu(baton_buffer which, uint32_t at, struct baton_range range, uint8_t value)
{
    struct baton_cpu_access access;

    OK(baton_begin_cpu_access(baton, which, range, BATON_OVERWRITE, &access));
    for (uint32_t i = 0; i < range.length; i++)
        cpu_store(&machine, at + range.offset + i, value);
    OK(baton_end_cpu_access(baton, &access));
}

static uint8_t read_by_cpu(baton_buffer which, uint32_t at, uint32_t offset)
{
    struct baton_cpu_access access;
    uint8_t value;

    OK(baton_begin_cpu_access(baton, which, part(offset, 1), BATON_READ, &access));
    value = cpu_load(&machine, at + offset);
    OK(baton_end_cpu_access(baton, &access));
    return value;
}

static void check_memory(uint32_t offset, uint32_t length, uint8_t value)
{
    for (uint32_t i = offset; i < offset + length; i++)
        assert_int_equal(device_load(&machine, odd_at + i), value);
}

static void what_a_device_leaves_is_poison(void **state)
{
    struct baton_destination destination;

    (void)state;
    fill_by_cpu(odd, odd_at, part(0, ODD), 0x11);
    OK(baton_map_from_device(baton, odd_to_dma, part(0, GRANULE), BATON_OVERWRITE, &destination));
    check_memory(0, GRANULE, DEBUG_POISON); /* before the device starts */
    device_store(&machine, odd_at, 0x22);   /* all that it does */
    OK(baton_unmap_destination(baton, &destination));
    assert_int_equal(read_by_cpu(odd, odd_at, 0), 0x22);
    assert_int_equal(read_by_cpu(odd, odd_at, 1), DEBUG_POISON);
    assert_int_equal(read_by_cpu(odd, odd_at, GRANULE), 0x11);
    assert_int_equal(machine.misuses, 0);
}

/* Lines that others have bytes in, what is not promised, and what is behind the end. */
static void what_is_not_promised_is_not_poisoned(void **state)
{
    struct baton_destination destination;

    (void)state;
    fill_by_cpu(odd, odd_at, part(0, ODD), 0x33);
    OK(baton_map_from_device(baton, odd_to_dma, part(8, 2 * GRANULE - 8), BATON_OVERWRITE, &destination));
    check_memory(0, GRANULE, 0x33);
    check_memory(GRANULE, GRANULE, DEBUG_POISON);
    OK(baton_unmap_destination_partial(baton, &destination, part(8, 0)));

    fill_by_cpu(odd, odd_at, part(0, ODD), 0x44);
    OK(baton_map_from_device(baton, odd_to_dma, part(0, ODD), BATON_WRITE, &destination));
    check_memory(0, ODD, 0x44);
    OK(baton_unmap_destination(baton, &destination));

    OK(baton_map_from_device(baton, odd_to_dma, part(0, ODD), BATON_OVERWRITE, &destination));
    check_memory(0, ODD, DEBUG_POISON);
    check_memory(ODD, 3 * GRANULE - ODD, DEBUG_CANARY);
    OK(baton_unmap_destination(baton, &destination));
    assert_int_equal(machine.misuses, 0);
}

/* A device that writes the whole buffer, and the byte behind it. */
static void overrun(void)
{
    struct baton_destination destination;

    OK(baton_map_from_device(baton, odd_to_dma, part(0, ODD), BATON_WRITE, &destination));
    for (uint32_t i = 0; i <= ODD; i++)
        device_store(&machine, odd_at + i, 0x55);
    OK(baton_unmap_destination(baton, &destination));
}

static void check_told(void)
{
    assert_int_equal(machine.misuses, 1);
    assert_string_equal(machine.last_misuse.verb, "canary");
    assert_string_equal(machine.last_misuse.buffer, "odd");
    assert_true(machine.last_misuse.call_site != 0);
}

static void an_overrun_is_told_once(void **state)
{
    (void)state;
    overrun();
    (void)read_by_cpu(odd, odd_at, 0); /* does not see the last line */
    assert_int_equal(machine.misuses, 0);
    (void)read_by_cpu(odd, odd_at, ODD - 1);
    check_told();
    (void)read_by_cpu(odd, odd_at, ODD - 1);
    OK(baton_detach(baton, &odd_to_dma));
    OK(baton_destroy(baton, &odd));
    check_told();
}

static void an_overrun_is_told_at_the_end(void **state)
{
    (void)state;
    overrun();
    OK(baton_detach(baton, &odd_to_dma));
    OK(baton_destroy(baton, &odd));
    check_told();
}

/* An overwriting CPU does not have the last line refreshed: what it sees behind the end proves nothing. */
static void no_false_alarm(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 200; i++) {
        struct baton_destination destination;

        machine_noise(&machine, 20);
        fill_by_cpu(odd, odd_at, part(0, ODD), (uint8_t)i);
        machine_noise(&machine, 20);
        OK(baton_map_from_device(baton, odd_to_dma, part(0, ODD), i % 2 ? BATON_OVERWRITE : BATON_WRITE, &destination));
        machine_noise(&machine, 20);
        device_store(&machine, odd_at + ODD - 1, (uint8_t)i);
        if (i % 3)
            OK(baton_unmap_destination(baton, &destination));
        else
            OK(baton_unmap_destination_partial(baton, &destination, part(0, 0)));
        assert_int_equal(i % 3 && read_by_cpu(odd, odd_at, ODD - 1) != (uint8_t)i, 0);
    }
    OK(baton_detach(baton, &odd_to_dma));
    OK(baton_destroy(baton, &odd));
    assert_int_equal(machine.misuses, 0);
}

/* Pages that are mapped for nobody have a canary all the same; an import has none: what is behind it is not the pool's. */
static void where_canaries_are(void **state)
{
    enum { PAGE = 1024 };
    const struct baton_buffer_config guarded_config = {
        .name = "guarded", .size = PAGE - 8, .enforcement = BATON_ENFORCE_MMU};
    const struct baton_buffer_config combined_config = {
        .name = "combined", .size = PAGE, .policy = BATON_POLICY_WRITE_COMBINED};
    const struct baton_import_config import_config = {
        .name = "import", .cpu = machine_cpu(&machine, 0), .physical = 0x10000000, .size = GRANULE};
    struct baton_destination destination;
    struct baton_cpu_access access;
    baton_attachment to_combined;
    baton_buffer made;

    (void)state;
    machine_give_pages(&machine, PAGE);
    OK(baton_create(baton, pool, &guarded_config, &made));
    OK(baton_begin_cpu_access(baton, made, part(PAGE - 16, 8), BATON_OVERWRITE, &access));
    cpu_store(&machine, machine_offset(&machine, access.data) + 8, 0); /* the byte behind the end */
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(machine.misuses, 0);
    OK(baton_begin_cpu_access(baton, made, part(0, PAGE - 8), BATON_READ, &access));
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(machine.misuses, 1);
    OK(baton_destroy(baton, &made));
    assert_int_equal(machine.misuses, 1);

    OK(baton_import(baton, &import_config, &made));
    OK(baton_destroy(baton, &made));

    /* Poison goes where the CPU acts; a promise of no whole line is none. */
    OK(baton_create(baton, pool, &combined_config, &made));
    OK(baton_attach(baton, made, dma, &to_combined));
    OK(baton_map_from_device(baton, to_combined, part(8, 8), BATON_OVERWRITE, &destination));
    OK(baton_unmap_destination_partial(baton, &destination, part(8, 0)));
    OK(baton_map_from_device(baton, to_combined, part(0, PAGE), BATON_OVERWRITE, &destination));
    OK(baton_unmap_destination_partial(baton, &destination, part(0, 0)));
    OK(baton_begin_cpu_access(baton, made, part(0, 1), BATON_READ, &access));
    assert_int_equal(device_load(&machine, machine_offset(&machine, access.data)), DEBUG_POISON);
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(machine.misuses, 1);
}

/* A buffer that is padded to pages: the canary is behind its last byte, and not behind its pages. */
static void the_canary_is_before_the_padding(void **state)
{
    enum { PAGE = 1024, BYTES = GRANULE + 10 };
    const struct baton_buffer_config config = {.name = "padded", .size = BYTES, .enforcement = BATON_ENFORCE_MMU};
    struct baton_cpu_access access;
    baton_buffer padded;
    uint32_t at;

    (void)state;
    machine_give_pages(&machine, PAGE);
    OK(baton_create(baton, pool, &config, &padded));
    at = instance_buffer(baton, padded)->physical - 0x40000000;
    for (uint32_t i = BYTES; i < 2 * GRANULE; i++)
        assert_int_equal(snoop_load(&machine, at + i), DEBUG_CANARY);
    OK(baton_begin_cpu_access(baton, padded, part(0, BYTES), BATON_WRITE, &access));
    cpu_store(&machine, at + BYTES, 0);
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_destroy(baton, &padded));
    assert_int_equal(machine.misuses, 1);
}

/* L7: at the end of a write-combined buffer the CPU looks through the cache, where a device that snoops has left what was there before
 * another one wrote behind the end. */
static void the_end_of_a_combined_buffer(void **state)
{
    enum { PAGE = 1024, BYTES = PAGE - 8 };
    const struct baton_buffer_config config = {
        .name = "combined", .size = BYTES, .policy = BATON_POLICY_WRITE_COMBINED};
    struct baton_destination destination;
    struct baton_source source;
    baton_attachment direct, snooping;
    baton_buffer combined;
    uint32_t at;

    (void)state;
    machine_give_pages(&machine, PAGE);
    OK(baton_create(baton, pool, &config, &combined));
    at = instance_buffer(baton, combined)->physical - 0x40000000;
    OK(baton_attach(baton, combined, dma, &direct));
    OK(baton_attach(baton, combined, coherent, &snooping));
    OK(baton_map_to_device(baton, snooping, part(0, BYTES), &source));
    (void)snoop_load(&machine, at + BYTES - 1);
    OK(baton_unmap_source(baton, &source));
    OK(baton_map_from_device(baton, direct, part(0, BYTES), BATON_WRITE, &destination));
    device_store(&machine, at + BYTES, 0);
    OK(baton_unmap_destination(baton, &destination));
    OK(baton_detach(baton, &direct));
    OK(baton_detach(baton, &snooping));
    OK(baton_destroy(baton, &combined));
    assert_int_equal(machine.misuses, 1);
}

/* Poison in each piece of a buffer, and in nobody's memory between them. */
static void poison_stays_within_the_pieces(void **state)
{
    struct baton_buffer_config config = {.name = "piece", .size = 2 * GRANULE};
    struct baton_destination destination;
    baton_attachment attached;
    baton_buffer single[3], rest;
    uint32_t at[3];

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        OK(baton_create(baton, pool, &config, &single[i]));
        at[i] = instance_buffer(baton, single[i])->physical - 0x40000000;
    }
    config.size = (uint32_t)MACHINE_BYTES - at[2] - 2 * GRANULE;
    OK(baton_create(baton, pool, &config, &rest));
    fill_by_cpu(single[1], at[1], part(0, 2 * GRANULE), 0x11);
    OK(baton_destroy(baton, &single[0]));
    OK(baton_destroy(baton, &single[2]));
    config.size = 4 * GRANULE;
    config.chunks = 2;
    OK(baton_create(baton, pool, &config, &single[0]));
    OK(baton_attach(baton, single[0], dma, &attached));
    OK(baton_map_from_device(baton, attached, part(0, 4 * GRANULE), BATON_OVERWRITE, &destination));
    assert_int_equal(destination.count, 2);
    for (uint32_t i = 0; i < 2 * GRANULE; i++) {
        assert_int_equal(device_load(&machine, at[0] + i), DEBUG_POISON);
        assert_int_equal(device_load(&machine, at[2] + i), DEBUG_POISON);
    }
    OK(baton_unmap_destination(baton, &destination));
    for (uint32_t i = 0; i < 2 * GRANULE; i++)
        assert_int_equal(read_by_cpu(single[1], at[1], i), 0x11);
}

/* R16: a stage that will overwrite what an earlier one reads: until then the bytes are as they are. */
static void no_poison_in_a_chain(void **state)
{
    struct baton_fence_config config = {.name = "stage"};
    struct baton_destination destination;
    struct baton_source source;
    baton_fence first, second;

    (void)state;
    fill_by_cpu(odd, odd_at, part(0, ODD), 0x11);
    OK(baton_fence_open(baton, &config, &first));
    OK(baton_fence_map_to_device(baton, first, odd_to_dma, part(0, ODD), &source));
    OK(baton_fence_queue(baton, first));
    config.after = first;
    OK(baton_fence_open(baton, &config, &second));
    OK(baton_fence_map_from_device(baton, second, odd_to_dma, part(0, ODD), BATON_OVERWRITE, &destination));
    check_memory(0, ODD, 0x11);
    OK(baton_fence_cancel(baton, second));
    OK(baton_fence_signal(baton, first, BATON_OK));
    OK(baton_fence_close(baton, &second));
    OK(baton_fence_close(baton, &first));
    assert_int_equal(read_by_cpu(odd, odd_at, GRANULE), 0x11);
}

/* Breaks if only the first bytes of a long canary are looked at. */
static void a_late_overrun_is_told(void **state)
{
    const struct baton_buffer_config config = {.name = "short", .size = 4};
    struct baton_cpu_access access;
    baton_buffer brief;
    uint32_t at;

    (void)state;
    OK(baton_create(baton, pool, &config, &brief));
    OK(baton_begin_cpu_access(baton, brief, part(0, 4), BATON_WRITE, &access));
    at = machine_offset(&machine, access.data);
    cpu_store(&machine, at + GRANULE - 1, 7);
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_begin_cpu_access(baton, brief, part(0, 4), BATON_READ, &access));
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(machine.misuses, 1);
}

/* Breaks if the CPU, which sees what it overwrites, finds poison there. */
static void the_cpu_is_not_poisoned(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    fill_by_cpu(odd, odd_at, part(0, ODD), 9);
    OK(baton_begin_cpu_access(baton, odd, part(0, 2 * GRANULE), BATON_OVERWRITE, &access));
    assert_int_equal(cpu_load(&machine, odd_at), 9);
    OK(baton_end_cpu_access(baton, &access));
}

/* Breaks if what lies behind a ragged import is taken for its canary. */
static void neighbours_are_no_canary(void **state)
{
    const struct baton_import_config config = {.name = "ragged",
                                               .cpu = (char *)machine_cpu(&machine, 0) + 8,
                                               .physical = 0x50000008,
                                               .size = 100,
                                               .policy = BATON_POLICY_COHERENT,
                                               .ragged = true};
    struct baton_cpu_access access;
    baton_buffer ragged;

    (void)state;
    OK(baton_import(baton, &config, &ragged));
    OK(baton_begin_cpu_access(baton, ragged, part(0, 100), BATON_READ, &access));
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(machine.misuses, 0);
}

int main(void)
{
#define TEST_ODD(name) cmocka_unit_test_setup_teardown(name, setup_odd, teardown)
    const struct CMUnitTest tests[] = {
        TEST_ODD(what_a_device_leaves_is_poison),
        TEST_ODD(what_is_not_promised_is_not_poisoned),
        TEST_ODD(an_overrun_is_told_once),
        TEST_ODD(an_overrun_is_told_at_the_end),
        TEST_ODD(no_false_alarm),
        TEST_ODD(a_late_overrun_is_told),
        TEST_ODD(the_cpu_is_not_poisoned),
        TEST_ODD(neighbours_are_no_canary),
        TEST_ODD(where_canaries_are),
        TEST_ODD(the_canary_is_before_the_padding),
        TEST_ODD(the_end_of_a_combined_buffer),
        TEST_ODD(poison_stays_within_the_pieces),
        TEST_ODD(no_poison_in_a_chain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
