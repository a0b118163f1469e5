/* SPDX-License-Identifier: MIT */
/*
 * What users of other systems report, each as a test with the report's name: repository and number of the thread, or list and
 * month. The core runs on the hostile machine. What is the hardware's is in tests/target/test_cache_range.c (edges of the operations),
 * tests/target/test_port.c (barriers, the granule) and tests/boot/test_setway_users (who uses set and way).
 *
 * What would break them: what the report says. Bytes are compared, and lines are counted.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

#define NOTHING part(0, 0)

static struct baton_destination destination;
static struct baton_source source;
static struct baton_cpu_access cpu;

/* A speculative fetch of every line that is not cached: what a core may do at any moment. */
static void prefetch(void)
{
    for (uint32_t offset = 0; offset < machine.lines * GRANULE; offset += GRANULE)
        (void)cpu_load(&machine, offset);
}

/* An eviction of every line. */
static void evict(void)
{
    for (uint32_t line = 0; line < machine.lines; line++) {
        if (machine.valid[line] && machine.dirty[line])
            memcpy(&machine.memory[line * GRANULE], &machine.cache[line * GRANULE], GRANULE);
        machine.valid[line] = machine.dirty[line] = 0;
    }
}

static void stores(struct baton_range range, uint8_t value)
{
    OK(baton_begin_cpu_access(baton, buffer, range, BATON_WRITE, &cpu));
    for (uint32_t i = 0; i < range.length; i++)
        cpu_store(&machine, range.offset + i, value);
    OK(baton_end_cpu_access(baton, &cpu));
}

static void loads(struct baton_range range, uint8_t value)
{
    OK(baton_begin_cpu_access(baton, buffer, range, BATON_READ, &cpu));
    for (uint32_t i = 0; i < range.length; i++)
        assert_int_equal(cpu_load(&machine, range.offset + i), value);
    OK(baton_end_cpu_access(baton, &cpu));
}

static void dma_writes(struct baton_range range, uint8_t value)
{
    OK(baton_map_from_device(baton, to_dma, range, BATON_OVERWRITE, &destination));
    for (uint32_t i = 0; i < range.length; i++)
        device_store(&machine, range.offset + i, value);
    OK(baton_unmap_destination(baton, &destination));
}

static void dma_reads(struct baton_range range, uint8_t value)
{
    OK(baton_map_to_device(baton, to_dma, range, &source));
    for (uint32_t i = 0; i < range.length; i++)
        assert_int_equal(device_load(&machine, range.offset + i), value);
    OK(baton_unmap_source(baton, &source));
}

/* apache/nuttx#19506: reads from an SD card are corrupt in windows of exactly a cache line, as the driver invalidates only before the
 * DMA. openmv/openmv#1610: before, after or both? */
static void nuttx_19506_invalidate_only_before_the_dma(void **state)
{
    (void)state;
    stores(part(0, SIZE), 1);
    OK(baton_map_from_device(baton, to_dma, part(0, SIZE), BATON_OVERWRITE, &destination));
    prefetch();
    for (uint32_t i = 0; i < SIZE; i++)
        device_store(&machine, i, 2);
    OK(baton_unmap_destination(baton, &destination));
    forget_maintenance();
    loads(part(0, SIZE), 2);
    check_maintained(NOTHING, lines(0, LINES));
}

/* zephyrproject-rtos/zephyr#105366: speculative prefetches, "overlooked" and "extremely hard to debug": after the device's write, before and
 * after its interrupt, and while another CPU access of the same buffer is open. */
static void zephyr_105366_speculative_prefetch(void **state)
{
    struct baton_cpu_access other;

    (void)state;
    dma_writes(part(0, SIZE), 3);
    prefetch();
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 1), BATON_READ, &other));
    dma_writes(lines(2, 6), 4);
    prefetch();
    loads(lines(2, 6), 4);
    loads(lines(8, 8), 3);
    OK(baton_end_cpu_access(baton, &other));
}

/* openmv/openmv#1610, as a table: what is done before the device starts, and what after it. */
static void openmv_1610_before_after_or_both(void **state)
{
    (void)state;
    stores(part(0, SIZE), 5);
    forget_maintenance();
    OK(baton_map_to_device(baton, to_dma, lines(0, 8), &source)); /* it reads, the CPU has written: before */
    check_maintained(lines(0, 8), NOTHING);
    OK(baton_unmap_source(baton, &source));
    loads(lines(0, 8), 5);
    check_maintained(NOTHING, NOTHING);
    OK(baton_map_from_device(baton, to_dma, lines(0, 8), BATON_OVERWRITE,
                             &destination)); /* it writes what is clean: after */
    check_maintained(NOTHING, NOTHING);
    OK(baton_unmap_destination(baton, &destination));
    cpu_does(BATON_READ, lines(0, 8));
    check_maintained(NOTHING, lines(0, 8));
    OK(baton_map_from_device(baton, to_dma, lines(8, 8), BATON_OVERWRITE, &destination)); /* what is dirty: both */
    check_maintained(lines(8, 8), NOTHING);
    OK(baton_unmap_destination(baton, &destination));
    cpu_does(BATON_READ, lines(8, 8));
    check_maintained(NOTHING, lines(8, 8));
}

/* microchip atmel-software-package#123: no maintenance before a device writes, so a dirty line is evicted on top of it. */
static void atmel_123_dirty_before_the_dma(void **state)
{
    (void)state;
    stores(part(0, SIZE), 6);
    OK(baton_map_from_device(baton, to_dma, part(0, SIZE), BATON_OVERWRITE, &destination));
    for (uint32_t i = 0; i < SIZE; i++)
        device_store(&machine, i, 7);
    evict();
    OK(baton_unmap_destination(baton, &destination));
    loads(part(0, SIZE), 7);
}

/* apache/nuttx#4878: how to invalidate a partial last line? The buffer is padded: nobody else has bytes in it. */
static void nuttx_4878_partial_last_line(void **state)
{
    const struct baton_buffer_config odd = {.name = "odd", .size = 3 * GRANULE + 7};
    const struct baton_buffer_config next = {.name = "next", .size = 5};
    baton_attachment odd_to_dma;
    baton_buffer first, second;
    uint32_t at, neighbour;

    (void)state;
    OK(baton_create(baton, pool, &odd, &first));
    OK(baton_create(baton, pool, &next, &second));
    OK(baton_attach(baton, first, dma, &odd_to_dma));
    OK(baton_begin_cpu_access(baton, second, part(0, 5), BATON_OVERWRITE, &cpu));
    neighbour = machine_offset(&machine, cpu.data);
    for (uint32_t i = 0; i < 5; i++)
        cpu_store(&machine, neighbour + i, 8);
    OK(baton_end_cpu_access(baton, &cpu));

    OK(baton_map_from_device(baton, odd_to_dma, part(0, odd.size), BATON_OVERWRITE, &destination));
    at = destination.segments[0].address.value - machine.physical;
    assert_int_equal(neighbour - at, 4 * GRANULE);
    prefetch();
    for (uint32_t i = 0; i < odd.size; i++)
        device_store(&machine, at + i, 9);
    OK(baton_unmap_destination(baton, &destination));
    OK(baton_begin_cpu_access(baton, first, part(0, odd.size), BATON_READ, &cpu));
    for (uint32_t i = 0; i < odd.size; i++)
        assert_int_equal(cpu_load(&machine, at + i), 9);
    OK(baton_end_cpu_access(baton, &cpu));
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(cpu_load(&machine, neighbour + i), 8);
}

/* Xilinx/embeddedsw#103: the last line is not invalidated; atmel-software-package#121: one line too many is. Every small range, at every
 * place of its lines: all of its lines and no other, and what the CPU wrote around it stays. */
static void xilinx_103_atmel_121_first_and_last_line(void **state)
{
    (void)state;
    for (uint32_t offset = GRANULE; offset < 2 * GRANULE; offset++) {
        for (uint32_t length = 1; length <= 2 * GRANULE + 1; length += length < 4 ? 1 : 31) {
            const uint32_t first = offset / GRANULE, end = (offset + length + GRANULE - 1) / GRANULE;

            stores(part(0, SIZE), 1);
            OK(baton_map_from_device(baton, to_dma, part(offset, length), BATON_OVERWRITE, &destination));
            forget_maintenance();
            prefetch();
            for (uint32_t i = 0; i < length; i++)
                device_store(&machine, offset + i, 2);
            OK(baton_unmap_destination(baton, &destination));
            loads(part(offset, length), 2);
            check_maintained(NOTHING, lines(first, end - first));
            loads(part(0, offset), 1);
            loads(part(offset + length, SIZE - offset - length), 1);
        }
    }
}

/* zephyr#108716: an unaligned invalidate drops a neighbour's bytes. lvgl/lvgl#10107: an unaligned sync is refused, so a framebuffer
 * cannot be drawn in bands. Bands that end within lines are granted and whole; only at the same time two domains may not be in one line. */
static void zephyr_108716_lvgl_10107_unaligned_bands(void **state)
{
    const uint32_t band = GRANULE * 5 / 2; /* ends in the middle of a line */

    (void)state;
    stores(part(0, SIZE), 1);
    for (uint32_t offset = 0; offset + band <= SIZE; offset += band)
        dma_writes(part(offset, band), (uint8_t)(10 + offset / band));
    for (uint32_t offset = 0; offset + band <= SIZE; offset += band)
        loads(part(offset, band), (uint8_t)(10 + offset / band));
    loads(part(SIZE / band * band, SIZE % band), 1);
    for (uint32_t offset = 0; offset + band <= SIZE; offset += band) {
        stores(part(offset, band), (uint8_t)(20 + offset / band));
        dma_reads(part(offset, band), (uint8_t)(20 + offset / band));
    }
    OK(baton_map_from_device(baton, to_dma, part(0, band), BATON_OVERWRITE, &destination));
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_begin_cpu_access, baton, buffer, part(band, 1), BATON_WRITE, &cpu);
    OK(baton_unmap_destination(baton, &destination));
}

/* zephyr#36471, #101685: who owns the maintenance, driver or caller? Neither: the acquire does it, once, and however often a
 * driver unmaps, nothing is done twice. */
static void zephyr_36471_101685_who_owns_the_maintenance(void **state)
{
    struct baton_source again;

    (void)state;
    stores(part(0, SIZE), 1);
    forget_maintenance();
    OK(baton_map_to_device(baton, to_dma, part(0, SIZE), &source));
    again = source;
    check_maintained(lines(0, LINES), NOTHING);
    OK(baton_unmap_source(baton, &source));
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_unmap_source, baton, &again);
    dma_reads(part(0, SIZE), 1);
    check_maintained(NOTHING, NOTHING);
}

/* zephyr#97513: the line size is read as half of what it is. The core works by the port's granule whatever it is (the port reads it:
 * tests/target/test_port.c), and neighbouring buffers never share one. */
static void zephyr_97513_line_size(void **state)
{
    const struct baton_buffer_config small = {.name = "small", .size = 1};

    for (uint32_t granule = 16; granule <= 256; granule *= 2) {
        const struct baton_pool_config pool_config = {"pool", machine_cpu(&machine, 0), 0x40000000, MACHINE_BYTES};
        const struct baton_device_config dma_config = device_config("dma", BATON_DOMAIN_MEMORY);
        baton_attachment attachments[2];
        uint32_t places[2];

        machine_init(&machine, granule, 0x40000000, granule);
        OK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port));
        OK(baton_add_pool(baton, &pool_config, &pool));
        OK(baton_add_device(baton, &dma_config, &dma));
        for (unsigned i = 0; i < 2; i++) {
            baton_buffer made;

            OK(baton_create(baton, pool, &small, &made));
            OK(baton_attach(baton, made, dma, &attachments[i]));
            OK(baton_map_to_device(baton, attachments[i], part(0, 1), &source));
            places[i] = source.segments[0].address.value;
            OK(baton_unmap_source(baton, &source));
        }
        assert_int_equal(places[1] - places[0], granule);
        assert_int_equal(machine.published[0] + machine.published[1], 2); /* settled: one line each */
        assert_int_equal(machine.published[2], 0);
        assert_string_equal(machine.trouble, ""); /* no operation that is not aligned to it */
    }
    (void)state;
}

/* ikwzm/udmabuf#129: to sync the whole buffer is right but slow, a part stale. A part costs its lines, and the rest is right later. */
static void udmabuf_129_partial_sync(void **state)
{
    (void)state;
    stores(part(0, SIZE), 1);
    dma_writes(part(0, SIZE), 2);
    forget_maintenance();
    loads(part(GRANULE + 1, GRANULE), 2);
    check_maintained(NOTHING, lines(1, 2));
    stores(part(GRANULE + 1, 3), 3);
    forget_maintenance();
    dma_reads(part(GRANULE + 1, 3), 3);
    check_maintained(lines(1, 1), NOTHING);
    prefetch();
    loads(lines(3, LINES - 3), 2);
    loads(lines(0, 1), 2);
}

/* udmabuf#136, #16: uncached is too slow, cached is stale, and the direction is confusing. Cached: the second and all later reads cost
 * nothing, and none is stale. A direction says what the access itself does; tests/misuse/ shows that a device's two cannot be confused. */
static void udmabuf_136_16_cached_and_right(void **state)
{
    (void)state;
    dma_writes(part(0, SIZE), 1);
    loads(part(0, SIZE), 1);
    forget_maintenance();
    for (unsigned i = 0; i < 8; i++)
        loads(part(0, SIZE), 1);
    check_maintained(NOTHING, NOTHING);
    check_barriers(0, 0);
    REFUSED(BATON_ERROR_DIRECTION, baton_map_from_device, baton, to_dma, part(0, SIZE), BATON_READ, &destination);
}

/* rust-embedded/aarch32#47, au-ts/sddf#753: QEMU models no caches, and what is missing is invisible there. It is visible on this
 * machine, as it is under sim/ (tests/sim/): without its operations the same program sees old bytes. */
static void nothing_done(void *context, uintptr_t address, size_t length)
{
    (void)context;
    (void)address;
    (void)length;
}

static void aarch32_47_sddf_753_invisible_without_caches(void **state)
{
    unsigned old = 0;

    (void)state;
    stores(part(0, SIZE), 1);
    dma_reads(part(0, SIZE), 1);
    machine.port.publish = nothing_done;
    stores(part(0, SIZE), 2);
    OK(baton_map_to_device(baton, to_dma, part(0, SIZE), &source));
    for (uint32_t i = 0; i < SIZE; i++)
        old += device_load(&machine, i) == 1;
    OK(baton_unmap_source(baton, &source));
    assert_int_equal(old, SIZE);
}

/* Linux, linux-arm-kernel 2011-02 (Russell King): "no way to safely avoid the double-invalidate". The directory knows that no line is dirty
 * before the DMA: each line is invalidated once, after it. */
static void king_2011_02_double_invalidate(void **state)
{
    (void)state;
    dma_writes(part(0, SIZE), 1);
    loads(part(0, SIZE), 1);
    for (unsigned frame = 0; frame < 3; frame++) {
        forget_maintenance();
        OK(baton_map_from_device(baton, to_dma, part(0, SIZE), BATON_OVERWRITE, &destination));
        prefetch();
        for (uint32_t i = 0; i < SIZE; i++)
            device_store(&machine, i, (uint8_t)(2 + frame));
        OK(baton_unmap_destination(baton, &destination));
        loads(part(0, SIZE), (uint8_t)(2 + frame));
        check_maintained(NOTHING, lines(0, LINES)); /* once each */
    }
}

/* Linux 2019-07: asks for CPU-owned, device-owned and un-owned states, and which mapping owns. */
static void linux_2019_07_who_owns(void **state)
{
    struct baton_holder holders[2];
    struct baton_answer answer;
    struct baton_source second;

    (void)state;
    OK(baton_query(baton, buffer, part(0, SIZE), &answer, holders, 2));
    assert_int_equal(answer.holders, 0); /* un-owned */
    OK(baton_begin_cpu_access(baton, buffer, part(0, 8), BATON_WRITE, &cpu));
    OK(baton_query(baton, buffer, part(0, SIZE), &answer, holders, 2));
    assert_int_equal(answer.holders, 1);
    assert_string_equal(holders[0].name, "cpu");
    assert_int_equal(holders[0].direction, BATON_WRITE);
    OK(baton_end_cpu_access(baton, &cpu));
    OK(baton_map_to_device(baton, to_dma, part(0, SIZE), &source));
    OK(baton_map_to_device(baton, to_dma, part(8, 8), &second)); /* the same device: which of its mappings? */
    OK(baton_query(baton, buffer, part(8, 1), &answer, holders, 2));
    assert_int_equal(answer.holders, 2);
    assert_string_equal(holders[0].name, "dma");
    assert_string_equal(holders[1].name, "dma");
    assert_int_not_equal(holders[0].epoch, holders[1].epoch);
    assert_int_not_equal(holders[0].call_site, holders[1].call_site);
    assert_int_equal(holders[0].range.length + holders[1].range.length, SIZE + 8);
    OK(baton_unmap_source(baton, &source));
    OK(baton_query(baton, buffer, part(0, 1), &answer, holders, 2));
    assert_int_equal(answer.holders, 1); /* of its line: the other one's */
    assert_int_equal(holders[0].range.offset, 8);
    OK(baton_unmap_source(baton, &second));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nuttx_19506_invalidate_only_before_the_dma),
        TEST(zephyr_105366_speculative_prefetch),
        TEST(openmv_1610_before_after_or_both),
        TEST(atmel_123_dirty_before_the_dma),
        TEST(nuttx_4878_partial_last_line),
        TEST(xilinx_103_atmel_121_first_and_last_line),
        TEST(zephyr_108716_lvgl_10107_unaligned_bands),
        TEST(zephyr_36471_101685_who_owns_the_maintenance),
        TEST(zephyr_97513_line_size),
        TEST(udmabuf_129_partial_sync),
        TEST(udmabuf_136_16_cached_and_right),
        TEST(aarch32_47_sddf_753_invisible_without_caches),
        TEST(king_2011_02_double_invalidate),
        TEST(linux_2019_07_who_owns),
    };

    return cmocka_run_group_tests_name("user reports", tests, NULL, NULL);
}
