/* SPDX-License-Identifier: MIT */
/*
 * Defects found in the sources of other systems, each as a test: what they do there does not happen here. Those of the operations
 * themselves (edge lines, ranges that end at or wrap 4 GiB or cross 0x80000000, barriers) are in tests/target/test_cache_range.c.
 *
 * What would break them: the defect. Bytes are compared, and lines are counted.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

#define NOTHING part(0, 0)

static struct baton_destination destination;
static struct baton_source source;
static struct baton_cpu_access cpu;

/* LK, OP-TEE: an invalidate of length zero drops a line. */
static void zero_length_is_refused(void **state)
{
    (void)state;
    REFUSED(BATON_ERROR_RANGE, baton_begin_cpu_access, baton, buffer, part(8, 0), BATON_READ, &cpu);
    REFUSED(BATON_ERROR_RANGE, baton_map_to_device, baton, to_dma, part(8, 0), &source);
    REFUSED(BATON_ERROR_RANGE, baton_map_from_device, baton, to_dma, part(8, 0), BATON_WRITE, &destination);
}

/* Nearly all: a range that wraps does nothing, silently. */
static void wrapping_range_is_refused(void **state)
{
    (void)state;
    REFUSED(BATON_ERROR_RANGE, baton_begin_cpu_access, baton, buffer, part(64, UINT32_MAX), BATON_READ, &cpu);
    REFUSED(BATON_ERROR_RANGE, baton_map_to_device, baton, to_dma, part(UINT32_MAX - 63, 64), &source);
    REFUSED(BATON_ERROR_RANGE, baton_map_from_device, baton, to_dma, part(SIZE - 1, 2), BATON_WRITE, &destination);
}

/* Nearly all: so does one that ends at 4 GiB; Xilinx: one that crosses 0x80000000 does nothing. Memory that does either is a pool
 * like any, maintained to its last line. */
static void memory_at_the_top_and_across_the_middle(void **state)
{
    static const uint32_t places[] = {0u - MACHINE_BYTES, 0x80000000u - MACHINE_BYTES / 2};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        const struct baton_pool_config pool_config = {"pool", machine_cpu(&machine, 0), places[i], MACHINE_BYTES};
        const struct baton_buffer_config all = {.name = "all", .size = MACHINE_BYTES};
        const struct baton_device_config dma_config = device_config("dma", BATON_DOMAIN_MEMORY);

        machine_init(&machine, GRANULE, places[i], 1);
        OK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port));
        OK(baton_add_pool(baton, &pool_config, &pool));
        OK(baton_create(baton, pool, &all, &buffer));
        OK(baton_add_device(baton, &dma_config, &dma));
        OK(baton_attach(baton, buffer, dma, &to_dma));
        cpu_does(BATON_OVERWRITE, part(0, MACHINE_BYTES));
        OK(baton_map_to_device(baton, to_dma, part(0, MACHINE_BYTES), &source));
        assert_int_equal(source.count, 1);
        assert_int_equal(source.segments[0].address.value, places[i]);
        assert_int_equal(source.segments[0].length, MACHINE_BYTES);
        check_maintained(part(0, MACHINE_BYTES), NOTHING);
        OK(baton_unmap_source(baton, &source));
    }
}

/* LK, OP-TEE, TF-A, CMSIS: an invalidate that is not aligned throws a neighbour's dirty bytes away; U-Boot warns and does nothing. Memory
 * whose ends are shared is refused, unless the importer says so; then a device that does not snoop never gets at it directly. */
static void ragged_import_is_refused(void **state)
{
    struct baton_import_config ragged = {
        .name = "ragged", .cpu = machine_cpu(&machine, 4096 + 4), .physical = 0x40000000 + 4096 + 4, .size = 100};
    const struct baton_pool_config rest = {"rest", machine_cpu(&machine, 0), 0x40000000, 4096};
    const struct baton_device_config dma_config = device_config("dma", BATON_DOMAIN_MEMORY);
    baton_buffer imported;

    (void)state;
    machine_init(&machine, GRANULE, 0x40000000, 1);
    OK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port));
    OK(baton_add_pool(baton, &rest, &pool));
    OK(baton_add_device(baton, &dma_config, &dma));
    REFUSED(BATON_ERROR_ALIGNMENT, baton_import, baton, &ragged, &imported);
    ragged.ragged = true;
    OK(baton_import(baton, &ragged, &imported));
    REFUSED(BATON_ERROR_ALIGNMENT, baton_attach, baton, imported, dma, &to_dma);
}

/* Circle, sDDF: clean and invalidate after the DMA, so that a stray dirty line overwrites what the device wrote. The refresh after a
 * device's write never writes back. (That the stray store is lost is its own fault: it was made while the device held the line.) */
static void stray_dirty_line_does_not_overwrite_the_device(void **state)
{
    (void)state;
    cpu_does(BATON_OVERWRITE, part(0, SIZE));
    OK(baton_map_from_device(baton, to_dma, part(0, SIZE), BATON_OVERWRITE, &destination));
    cpu_store(&machine, 5 * GRANULE + 1, 0x11);
    for (uint32_t i = 0; i < SIZE; i++)
        device_store(&machine, i, 0x22);
    OK(baton_unmap_destination(baton, &destination));
    forget_maintenance();
    OK(baton_begin_cpu_access(baton, buffer, part(0, SIZE), BATON_READ, &cpu));
    for (uint32_t i = 0; i < SIZE; i++)
        assert_int_equal(cpu_load(&machine, i), 0x22);
    OK(baton_end_cpu_access(baton, &cpu));
    check_maintained(NOTHING, lines(0, LINES));
}

/* libmetal cleans for one direction only. */
static void dirty_lines_are_published_for_every_direction(void **state)
{
    (void)state;
    cpu_does(BATON_OVERWRITE, part(0, SIZE));
    OK(baton_map_to_device(baton, to_dma, lines(0, 2), &source));
    check_maintained(lines(0, 2), NOTHING);
    OK(baton_unmap_source(baton, &source));
    OK(baton_map_from_device(baton, to_dma, lines(2, 2), BATON_WRITE, &destination));
    check_maintained(lines(2, 2), NOTHING);
    OK(baton_unmap_destination(baton, &destination));
    OK(baton_map_from_device(baton, to_dma, lines(4, 2), BATON_OVERWRITE, &destination));
    check_maintained(lines(4, 2), NOTHING);
    OK(baton_unmap_destination(baton, &destination));
}

/* NuttX: a DSB only before the loop; CMSIS: none after it; sDDF ends in a DMB. That the operations end in a DSB test_cache_range shows;
 * where there is no operation there is a barrier all the same. */
static void barrier_without_an_operation(void **state)
{
    (void)state;
    cpu_does(BATON_READ, part(0, SIZE));
    forget_maintenance();
    OK(baton_map_to_device(baton, to_dma, part(0, SIZE), &source));
    check_barriers(1, 0);
    OK(baton_unmap_source(baton, &source));
    OK(baton_begin_cpu_access(baton, buffer, part(0, SIZE), BATON_WRITE, &cpu));
    check_barriers(0, 1);
    OK(baton_end_cpu_access(baton, &cpu));
    check_maintained(NOTHING, NOTHING);
}

/* Linux dma-buf: a double begin passes, and an end that does not fit. */
static void double_begin_and_mismatched_end_are_refused(void **state)
{
    struct baton_cpu_access second, reader;
    struct baton_destination of_source = {0};

    (void)state;
    OK(baton_begin_cpu_access(baton, buffer, part(0, SIZE), BATON_WRITE, &cpu));
    REFUSED(BATON_ERROR_BUSY, baton_begin_cpu_access, baton, buffer, part(0, SIZE), BATON_WRITE, &second);
    assert_string_equal(machine.last_misuse.holder, "cpu");
    second = cpu;
    OK(baton_end_cpu_access(baton, &cpu));
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_end_cpu_access, baton, &cpu);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_end_cpu_access, baton, &second);
    OK(baton_begin_cpu_access(baton, buffer, part(0, SIZE), BATON_READ, &reader));
    REFUSED(BATON_ERROR_DIRECTION, baton_end_cpu_access_partial, baton, &reader,
            part(0, 4)); /* a reader wrote nothing */
    OK(baton_end_cpu_access(baton, &reader));
    OK(baton_map_to_device(baton, to_dma, part(0, SIZE), &source));
    of_source.access = source.access;
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_unmap_destination, baton, &of_source);
    OK(baton_unmap_source(baton, &source));
}

/* Linux dma-buf: where a hook is missing the maintenance is skipped, silently. */
static void missing_hook_is_refused(void **state)
{
    static _Alignas(8) char other[sizeof(memory)];
    struct baton *instance;
    struct baton_port port;

    (void)state;
#define WITHOUT(hook)                                                                                                  \
    port = machine.port;                                                                                               \
    port.hook = NULL;                                                                                                  \
    assert_int_equal(baton_init(&instance, other, sizeof(other), &limits, &port), BATON_ERROR_ARGUMENT)
    WITHOUT(publish);
    WITHOUT(refresh);
    WITHOUT(barrier);
    WITHOUT(lock);
    WITHOUT(unlock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(zero_length_is_refused),
        TEST(wrapping_range_is_refused),
        TEST(memory_at_the_top_and_across_the_middle),
        TEST(ragged_import_is_refused),
        TEST(stray_dirty_line_does_not_overwrite_the_device),
        TEST(dirty_lines_are_published_for_every_direction),
        TEST(barrier_without_an_operation),
        TEST(double_begin_and_mismatched_end_are_refused),
        TEST(missing_hook_is_refused),
    };

    return cmocka_run_group_tests_name("peer defects", tests, NULL, NULL);
}
