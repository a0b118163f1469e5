/* SPDX-License-Identifier: MIT */
/*
 * Instances, pools, imports, devices and addresses: what fits, what is refused, and that holes join.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

#include <stdlib.h>

static uint32_t offset_of(baton_buffer which)
{
    struct baton_cpu_access access;
    uint32_t offset;

    OK(baton_begin_cpu_access(baton, which, part(0, 1), BATON_READ, &access));
    offset = machine_offset(&machine, access.data);
    OK(baton_end_cpu_access(baton, &access));
    return offset;
}

static enum baton_status create(uint32_t size, baton_buffer *made)
{
    const struct baton_buffer_config config = {.name = "test", .size = size};

    return baton_create(baton, pool, &config, made);
}

static void sizes_of_an_instance(void **state)
{
    struct baton_limits l = limits;
    const size_t size = baton_size(&limits);
    struct baton *made = NULL;
    struct baton_port port = machine.port;

    (void)state;
    assert_true(size > 0 && size <= MEMORY_SIZE);
    assert_int_equal(baton_size(NULL), 0);
    for (unsigned i = 0; i < 6; i++) {
        uint16_t *field[] = {&l.pools, &l.buffers, &l.devices, &l.attachments, &l.accesses, &l.trace};

        *field[i] = 0;
        assert_int_equal(baton_size(&l), 0);
        *field[i] = 1025; /* and no power of two */
        assert_int_equal(baton_size(&l), 0);
        l = limits;
    }
    l = (struct baton_limits){
        .pools = 1024, .buffers = 1024, .devices = 1024, .attachments = 1024, .accesses = 1024, .trace = 32768};
    assert_true(baton_size(&l) > size);

    memcpy(snapshot, memory, sizeof(memory));
    assert_int_equal(baton_init(NULL, memory, size, &limits, &port), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_init(&made, NULL, size, &limits, &port), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_init(&made, memory, size - 1, &limits, &port), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_init(&made, memory + 4, size, &limits, &port), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_init(&made, memory, size, NULL, &port), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_init(&made, memory, size, &limits, NULL), BATON_ERROR_ARGUMENT);
    for (unsigned granule = 0; granule < 70000; granule += granule < 10 ? 1 : 2) {
        bool good = granule >= 4 && granule <= 4096 && (granule & (granule - 1)) == 0;

        port.granule = granule;
        if (!good)
            assert_int_equal(baton_init(&made, memory, size, &limits, &port), BATON_ERROR_ARGUMENT);
    }
    port = machine.port;
    port.publish = NULL;
    assert_int_equal(baton_init(&made, memory, size, &limits, &port), BATON_ERROR_ARGUMENT);
    port = machine.port;
    port.refresh = NULL;
    assert_int_equal(baton_init(&made, memory, size, &limits, &port), BATON_ERROR_ARGUMENT);
    port = machine.port;
    port.barrier = NULL;
    assert_int_equal(baton_init(&made, memory, size, &limits, &port), BATON_ERROR_ARGUMENT);
    port = machine.port;
    port.lock = NULL;
    assert_int_equal(baton_init(&made, memory, size, &limits, &port), BATON_ERROR_ARGUMENT);
    port = machine.port;
    port.unlock = NULL;
    assert_int_equal(baton_init(&made, memory, size, &limits, &port), BATON_ERROR_ARGUMENT);
    assert_null(made);
    assert_memory_equal(memory, snapshot, sizeof(memory));
}

/* An instance stays within the memory that baton_size() asked for (the sanitizer watches the end of the block) */
static void exactly_enough_memory(void **state)
{
    const struct baton_limits odd = {
        .pools = 1, .buffers = 3, .devices = 5, .attachments = 7, .accesses = 9, .trace = 1};
    size_t size = baton_size(&odd);
    void *block = malloc(size);
    struct baton_port port = machine.port;
    struct baton *made;
    const struct baton_pool_config pool_config = {"pool", machine_cpu(&machine, 0), 0x40000000, MACHINE_BYTES};
    const struct baton_buffer_config config = {.name = "frame", .size = 64};
    struct baton_cpu_access access[9], more;
    baton_buffer made_buffer;
    baton_pool made_pool;

    (void)state;
    port.now = NULL;
    OK(baton_init(&made, block, size, &odd, &port));
    OK(baton_add_pool(made, &pool_config, &made_pool));
    OK(baton_create(made, made_pool, &config, &made_buffer));
    for (unsigned i = 0; i < 9; i++)
        OK(baton_begin_cpu_access(made, made_buffer, part(0, 1), BATON_READ, &access[i]));
    assert_int_equal(baton_begin_cpu_access(made, made_buffer, part(0, 1), BATON_READ, &more), BATON_ERROR_NO_SLOT);
    free(block);
}

static void holes_join(void **state)
{
    baton_buffer a, b, c;

    (void)state; /* 8192 bytes; the fixture's buffer has the first 1024 */
    OK(create(1000, &a));
    OK(create(1, &b));
    OK(create(6144 - 64, &c));
    assert_int_equal(offset_of(a), 1024);
    assert_int_equal(offset_of(b), 2048);
    assert_int_equal(offset_of(c), 2112);
    before_refusal();
    baton_buffer d = {5};
    assert_int_equal(create(1, &d), BATON_ERROR_NO_MEMORY);
    after_refusal("baton_create", BATON_ERROR_NO_MEMORY);
    assert_int_equal(d.token, 5);
    OK(baton_destroy(baton, &a));
    assert_int_equal(create(1025, &d), BATON_ERROR_NO_MEMORY); /* 1024 bytes before b, none behind it */
    OK(baton_destroy(baton, &b));
    OK(create(1025, &d)); /* together they are 1088 */
    assert_int_equal(offset_of(d), 1024);
    OK(baton_destroy(baton, &d));
    OK(baton_destroy(baton, &c));
    OK(create(8192 - 1024, &d));
    assert_int_equal(offset_of(d), 1024);
    assert_int_equal(create(1, &a), BATON_ERROR_NO_MEMORY);
}

/* The first hole that fits, from the bottom */
static void first_fit(void **state)
{
    baton_buffer a, b, c;

    (void)state;
    OK(create(64, &a));
    OK(create(128, &b));
    OK(create(64, &c));
    OK(baton_destroy(baton, &a));
    OK(create(128, &a));
    assert_int_equal(offset_of(a), 1024 + 256);
    OK(baton_destroy(baton, &c));
    OK(create(64, &c));
    assert_int_equal(offset_of(c), 1024);
}

static void pool_errors(void **state)
{
    const struct baton_buffer_config good = {.name = "x", .size = 1};
    struct baton_buffer_config config = good;
    const struct baton_pool_config pool_good = {"p", machine_cpu(&machine, 0), 0x80000000u, 4096};
    struct baton_pool_config bad = pool_good;
    baton_buffer made[3], out = {1};
    baton_pool pool_out = {1};

    (void)state;
    assert_int_equal(baton_create(NULL, pool, &good, &out), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_add_pool(NULL, &pool_good, &pool_out), BATON_ERROR_ARGUMENT);
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_create, baton, (baton_pool){buffer.token}, &good, &out);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_create, baton, (baton_pool){0}, &good, &out);
    REFUSED(BATON_ERROR_ARGUMENT, baton_create, baton, pool, NULL, &out);
    REFUSED(BATON_ERROR_ARGUMENT, baton_create, baton, pool, &good, NULL);
    config.size = 0;
    REFUSED(BATON_ERROR_ARGUMENT, baton_create, baton, pool, &config, &out);
    config = good;
    config.name = NULL;
    REFUSED(BATON_ERROR_ARGUMENT, baton_create, baton, pool, &config, &out);
    config = good;
    for (uint32_t size = UINT32_MAX; size > 0xffff0000u; size -= 4095) {
        config.size = size;
        REFUSED(BATON_ERROR_NO_MEMORY, baton_create, baton, pool, &config, &out);
    }
    for (unsigned i = 0; i < 3; i++)
        OK(create(1, &made[i]));
    REFUSED(BATON_ERROR_NO_SLOT, baton_create, baton, pool, &good, &out);
    assert_int_equal(out.token, 1);

    REFUSED(BATON_ERROR_ARGUMENT, baton_add_pool, baton, NULL, &pool_out);
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_pool, baton, &pool_good, NULL);
    bad.name = NULL;
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_pool, baton, &bad, &pool_out);
    bad = pool_good;
    bad.cpu = NULL;
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_pool, baton, &bad, &pool_out);
    bad = pool_good;
    bad.size = 0;
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_pool, baton, &bad, &pool_out);
    bad.size = 4097;
    REFUSED(BATON_ERROR_ALIGNMENT, baton_add_pool, baton, &bad, &pool_out);
    bad = pool_good;
    bad.physical += 32;
    REFUSED(BATON_ERROR_ALIGNMENT, baton_add_pool, baton, &bad, &pool_out);
    bad = pool_good;
    bad.cpu = machine_cpu(&machine, 4);
    REFUSED(BATON_ERROR_ALIGNMENT, baton_add_pool, baton, &bad, &pool_out);
    bad = pool_good;
    bad.physical = 0xffffffc0u;
    bad.size = 128;
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_pool, baton, &bad, &pool_out);
    bad = pool_good;
    bad.cpu = (void *)(UINTPTR_MAX - 63);
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_pool, baton, &bad, &pool_out);
    bad = pool_good;
    bad.physical = 0x40000000u - 64;
    bad.size = 128; /* runs into the other pool */
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_pool, baton, &bad, &pool_out);
    bad.size = 64;
    OK(baton_add_pool(baton, &bad, &pool_out));
    pool_out.token = 1;
    REFUSED(BATON_ERROR_NO_SLOT, baton_add_pool, baton, &pool_good, &pool_out);
    assert_int_equal(pool_out.token, 1);
}

static void imports(void **state)
{
    const struct baton_import_config good = {
        .name = "import", .cpu = machine_cpu(&machine, 4096), .physical = 0x50000000, .size = 256};
    struct baton_import_config bad = good;
    baton_buffer made, second, out = {1};

    (void)state;
    bad.size = 200; /* zephyr#108716, nuttx#4878: the edge line has a neighbour */
    REFUSED(BATON_ERROR_ALIGNMENT, baton_import, baton, &bad, &out);
    bad = good;
    bad.physical += 4;
    REFUSED(BATON_ERROR_ALIGNMENT, baton_import, baton, &bad, &out);
    bad = good;
    bad.cpu = machine_cpu(&machine, 4100);
    REFUSED(BATON_ERROR_ALIGNMENT, baton_import, baton, &bad, &out);
    bad = good;
    bad.size = 0;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &bad, &out);
    bad = good;
    bad.cpu = NULL;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &bad, &out);
    bad = good;
    bad.name = NULL;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &bad, &out);
    bad = good;
    bad.policy = BATON_POLICY_WRITE_COMBINED;
    REFUSED(BATON_ERROR_POLICY, baton_import, baton, &bad, &out);
    bad = good;
    bad.physical = 0xffffff80u;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &bad, &out);
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, NULL, &out);
    assert_int_equal(baton_import(NULL, &good, &out), BATON_ERROR_ARGUMENT);
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &good, NULL);
    bad = good;
    bad.physical = 0x40000000u + MACHINE_BYTES - 64;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &bad, &out); /* it is the pool's */
    assert_int_equal(out.token, 1);

    OK(baton_import(baton, &good, &made));
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &good, &out); /* twice */
    bad = good;
    bad.physical += 256;
    OK(baton_import(baton, &bad, &second));
    bad.physical += 256;
    bad.cpu = machine_cpu(&machine, 4096 + 512);
    OK(baton_import(baton, &bad, &out));
    REFUSED(BATON_ERROR_NO_SLOT, baton_import, baton,
            &(struct baton_import_config){
                .name = "more", .cpu = machine_cpu(&machine, 0), .physical = 0x60000000, .size = 64},
            &made);
    OK(baton_destroy(baton, &second));
    OK(baton_destroy(baton, &made));
    OK(baton_destroy(baton, &out));
    OK(baton_import(baton, &good, &made)); /* it was given back */
}

/* R13: a pool's memory keeps no dirty line; an importer gets back what is equal in cache and memory */
static void ends_of_buffers(void **state)
{
    const struct baton_import_config config = {
        .name = "import", .cpu = machine_cpu(&machine, 4096), .physical = 0x50000000, .size = 4 * GRANULE};
    baton_attachment attachment;
    struct baton_counters before, after;
    baton_buffer made, a;

    (void)state;
    OK(create(4 * GRANULE, &a));
    buffer = a;
    cpu_does(BATON_OVERWRITE, part(0, GRANULE));
    forget_maintenance();
    OK(baton_cpu_counters(baton, &before));
    OK(baton_destroy(baton, &a));
    check_maintained(part(1024, GRANULE), part(0, 0));
    OK(baton_cpu_counters(baton, &after));
    assert_int_equal(after.published - before.published, 1);
    assert_int_equal(after.refreshed - before.refreshed, 0);

    OK(baton_import(baton, &config, &made));
    buffer = made;
    OK(baton_attach(baton, buffer, dma, &attachment));
    cpu_does(BATON_OVERWRITE, part(0, GRANULE));
    device_writes(attachment, part(GRANULE, GRANULE));
    cpu_does(BATON_READ, part(2 * GRANULE, GRANULE));
    OK(baton_detach(baton, &attachment));
    forget_maintenance();
    OK(baton_destroy(baton, &made)); /* lines dirty, stale, clean, unknown */
    for (uint32_t line = 0; line < 4; line++) {
        assert_int_equal(machine.published[4096 / GRANULE + line], line == 0 || line == 3);
        assert_int_equal(machine.refreshed[4096 / GRANULE + line], line == 1 || line == 3);
    }
}

/* While the dirty lines of an ending buffer are published nobody finds it, and its memory is not given away */
static void look_at_the_end(struct machine *at, void *context)
{
    struct baton_cpu_access access;
    baton_buffer copy = *(const baton_buffer *)context;

    at->meanwhile = NULL;
    assert_int_equal(baton_begin_cpu_access(baton, copy, part(0, 1), BATON_READ, &access), BATON_ERROR_STALE_HANDLE);
    assert_int_equal(baton_destroy(baton, &copy), BATON_ERROR_STALE_HANDLE);
    assert_int_equal(create(MACHINE_BYTES - 1024, &copy), BATON_ERROR_NO_MEMORY);
}

static void ending_in_transit(void **state)
{
    baton_buffer a, handle;

    (void)state;
    OK(create(GRANULE, &a));
    buffer = a;
    cpu_does(BATON_OVERWRITE, part(0, GRANULE));
    handle = a;
    machine.meanwhile = look_at_the_end;
    machine.meanwhile_context = &handle;
    OK(baton_destroy(baton, &a));
    OK(create(MACHINE_BYTES - 1024, &a));
}

static void device_errors(void **state)
{
    const struct baton_device_config good = device_config("d", BATON_DOMAIN_MEMORY);
    struct baton_device_config bad = good;
    baton_device out = {1}, third;
    baton_attachment attachment, attachment_out = {1};

    (void)state;
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_device, baton, NULL, &out);
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_device, baton, &good, NULL);
    bad.name = NULL;
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_device, baton, &bad, &out);
    bad = good;
    bad.domain = (enum baton_domain)2;
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_device, baton, &bad, &out);
    bad = good;
    bad.alignment = 0;
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_device, baton, &bad, &out);
    bad.alignment = 12;
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_device, baton, &bad, &out);
    bad.alignment = 16;
    bad.segment_length = 15;
    REFUSED(BATON_ERROR_ARGUMENT, baton_add_device, baton, &bad, &out);
    OK(baton_add_device(baton, &good, &third));
    REFUSED(BATON_ERROR_NO_SLOT, baton_add_device, baton, &good, &out);
    assert_int_equal(out.token, 1);

    REFUSED(BATON_ERROR_ARGUMENT, baton_attach, baton, buffer, third, NULL);
    REFUSED(BATON_ERROR_FOREIGN_HANDLE, baton_attach, baton, buffer, (baton_device){buffer.token}, &attachment_out);
    for (unsigned i = 0; i < 4; i++)
        OK(baton_attach(baton, buffer, third, &attachment)); /* as often as there is room: six */
    REFUSED(BATON_ERROR_NO_SLOT, baton_attach, baton, buffer, third, &attachment_out);
    assert_int_equal(attachment_out.token, 1);
    REFUSED(BATON_ERROR_ARGUMENT, baton_detach, baton, NULL);
    REFUSED(BATON_ERROR_ARGUMENT, baton_destroy, baton, NULL);
    assert_int_equal(baton_attach(NULL, buffer, third, &attachment), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_detach(NULL, &attachment), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_destroy(NULL, &buffer), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_add_device(NULL, &good, &out), BATON_ERROR_ARGUMENT);
}

/* A buffer of 4 lines at physical, a device with mask and offsets: attach says what, and maps to where */
static void check_reach(uint32_t physical, uint32_t port_offset, uint32_t device_offset, uint32_t mask,
                        enum baton_status expected, uint32_t bus)
{
    const struct baton_import_config config = {
        .name = "import", .cpu = machine_cpu(&machine, 4096), .physical = physical, .size = 4 * GRANULE};
    struct baton_device_config device = device_config("far", BATON_DOMAIN_MEMORY);
    struct baton_source source;
    baton_attachment attachment;
    baton_buffer made;
    baton_device far;

    setup(NULL);
    machine.port.bus_offset = port_offset;
    device.bus_offset = device_offset;
    device.dma_mask = mask;
    OK(baton_import(baton, &config, &made));
    OK(baton_add_device(baton, &device, &far));
    if (expected != BATON_OK) {
        REFUSED(expected, baton_attach, baton, made, far, &attachment);
        return;
    }
    OK(baton_attach(baton, made, far, &attachment));
    OK(baton_map_to_device(baton, attachment, part(4 * GRANULE - 1, 1), &source));
    assert_int_equal(source.segments[0].address.value, bus + 4 * GRANULE - 1);
    OK(baton_unmap_source(baton, &source));
}

static void addresses(void **state)
{
    const uint32_t size = 4 * GRANULE;

    (void)state;
    check_reach(0xffffff00u, 0, 0, UINT32_MAX, BATON_OK, 0xffffff00u); /* the last byte is the last address */
    check_reach(0xffffff00u, 0, 0, UINT32_MAX - 1, BATON_ERROR_UNREACHABLE, 0);
    check_reach(0xffffff00u, 64, 0, UINT32_MAX, BATON_ERROR_UNREACHABLE, 0);
    check_reach(0xffffff00u, 0, 0xffffff00u, UINT32_MAX, BATON_ERROR_UNREACHABLE, 0); /* wraps to a low address */
    check_reach(0x80000000u, 0x80000000u, 0, UINT32_MAX, BATON_ERROR_UNREACHABLE, 0);
    check_reach(0x80000000u, 0x40000000u, 0x40000000u, UINT32_MAX, BATON_ERROR_UNREACHABLE, 0);
    check_reach(0x50000000u, 0x08000000u, 0x20000000u, UINT32_MAX, BATON_OK, 0x78000000u);
    check_reach(0x50000000u, 0, 0, 0x50000000u + size - 1, BATON_OK, 0x50000000u);
    check_reach(0x50000000u, 0, 0, 0x50000000u + size - 2, BATON_ERROR_UNREACHABLE, 0);
    check_reach(0x50000000u, 0, 0, 0, BATON_ERROR_UNREACHABLE, 0);
}

/* What counts is the buffer as the user sees it, not its padding */
static void padding_needs_no_reach(void **state)
{
    struct baton_device_config device = device_config("near", BATON_DOMAIN_MEMORY);
    baton_attachment attachment;
    baton_device near;
    baton_buffer made;

    (void)state;
    device.dma_mask = 0x40000000u + 1024 + 9;
    OK(create(10, &made));
    OK(baton_add_device(baton, &device, &near));
    OK(baton_attach(baton, made, near, &attachment));
}

static void alignment_of_a_buffer(void **state)
{
    struct baton_device_config device = device_config("burst", BATON_DOMAIN_MEMORY);
    baton_attachment attachment;
    baton_device burst;
    baton_buffer made;

    (void)state;
    OK(create(GRANULE, &made)); /* at 0x40000400 */
    device.alignment = 0x800;
    OK(baton_add_device(baton, &device, &burst));
    OK(baton_attach(baton, buffer, burst, &attachment));
    REFUSED(BATON_ERROR_ALIGNMENT, baton_attach, baton, made, burst, &attachment);
}

static void texts(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= BATON_ERROR_NO_SLOT; i++) {
        assert_true(strlen(baton_status_text((enum baton_status)i)) > 1);
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(baton_status_text((enum baton_status)i), baton_status_text((enum baton_status)j));
    }
    assert_string_equal(baton_status_text((enum baton_status)200), "unknown status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sizes_of_an_instance),
        TEST(exactly_enough_memory),
        TEST(holes_join),
        TEST(first_fit),
        TEST(pool_errors),
        TEST(imports),
        TEST(ends_of_buffers),
        TEST(ending_in_transit),
        TEST(device_errors),
        TEST(addresses),
        TEST(padding_needs_no_reach),
        TEST(alignment_of_a_buffer),
        TEST(texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
