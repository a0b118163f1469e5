/* SPDX-License-Identifier: MIT */
/*
 * What the core's verb tests share: an instance on the machine, a pool, a buffer of 16 lines of 64 bytes, a MEMORY
 * device and a CACHE device attached to it; and a way to see that a refused call has changed nothing.
 */
#ifndef BATON_TESTS_HOST_SUPPORT_CORE_FIXTURE_H
#define BATON_TESTS_HOST_SUPPORT_CORE_FIXTURE_H

#include "core/baton.h"
#include "core/instance.h"
#include "tests/host/support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

/* A test that needs more says so before it includes this. */
#ifndef FIXTURE_MEMORY
#define FIXTURE_MEMORY 32768
#define FIXTURE_LIMITS                                                                                                 \
    {                                                                                                                  \
        .pools = 2, .buffers = 4, .devices = 3, .attachments = 6, .accesses = 5, .trace = 8                            \
    }
#endif

enum { GRANULE = 64, LINES = 16, SIZE = GRANULE * LINES, MEMORY_SIZE = FIXTURE_MEMORY };

static struct machine machine;
static struct baton *baton;
static _Alignas(8) char memory[MEMORY_SIZE], snapshot[MEMORY_SIZE];
static baton_pool pool;
static baton_buffer buffer;
static baton_device dma, coherent;
static baton_attachment to_dma, to_coherent;

static const struct baton_limits limits = FIXTURE_LIMITS;

static inline struct baton_range part(uint32_t offset, uint32_t length)
{
    return (struct baton_range){offset, length};
}

static inline struct baton_range lines(uint32_t first, uint32_t count)
{
    return part(first * GRANULE, count * GRANULE);
}

static inline struct baton_device_config device_config(const char *name, enum baton_domain domain)
{
    return (struct baton_device_config){.name = name, .domain = domain, .dma_mask = UINT32_MAX, .alignment = 1};
}

#define OK(call) assert_int_equal(call, BATON_OK)

static inline int setup(void **state)
{
    const struct baton_pool_config pool_config = {"pool", machine_cpu(&machine, 0), 0x40000000, MACHINE_BYTES};
    const struct baton_buffer_config buffer_config = {.name = "frame", .size = SIZE};
    const struct baton_device_config dma_config = device_config("dma", BATON_DOMAIN_MEMORY);
    const struct baton_device_config coherent_config = device_config("coherent", BATON_DOMAIN_CACHE);

    (void)state;
    machine_init(&machine, GRANULE, 0x40000000, 1);
    OK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port));
    OK(baton_add_pool(baton, &pool_config, &pool));
    OK(baton_create(baton, pool, &buffer_config, &buffer));
    OK(baton_add_device(baton, &dma_config, &dma));
    OK(baton_add_device(baton, &coherent_config, &coherent));
    OK(baton_attach(baton, buffer, dma, &to_dma));
    OK(baton_attach(baton, buffer, coherent, &to_coherent));
    return 0;
}

/* The machine has seen nothing that it must not see. */
static inline int teardown(void **state)
{
    (void)state;
    assert_string_equal(machine.trouble, "");
    assert_int_equal(machine.locked, 0);
    return 0;
}

static inline void cpu_does(enum baton_direction direction, struct baton_range range)
{
    struct baton_cpu_access access;

    OK(baton_begin_cpu_access(baton, buffer, range, direction, &access));
    OK(baton_end_cpu_access(baton, &access));
}

static inline void device_writes(baton_attachment attachment, struct baton_range range)
{
    struct baton_destination destination;

    OK(baton_map_from_device(baton, attachment, range, BATON_OVERWRITE, &destination));
    OK(baton_unmap_destination(baton, &destination));
}

static inline void device_reads(baton_attachment attachment, struct baton_range range)
{
    struct baton_source source;

    OK(baton_map_to_device(baton, attachment, range, &source));
    OK(baton_unmap_source(baton, &source));
}

static inline void forget_maintenance(void)
{
    memset(machine.published, 0, sizeof(machine.published));
    memset(machine.refreshed, 0, sizeof(machine.refreshed));
    machine.barriers[0] = machine.barriers[1] = 0;
}

/* Exactly these lines of the buffer were published, and those refreshed, once each, since forget_maintenance(). */
static inline void check_maintained(struct baton_range published, struct baton_range refreshed)
{
    for (uint32_t line = 0; line < machine.lines; line++) {
        assert_int_equal(machine.published[line], line * GRANULE - published.offset < published.length);
        assert_int_equal(machine.refreshed[line], line * GRANULE - refreshed.offset < refreshed.length);
    }
    forget_maintenance();
}

static inline void check_barriers(unsigned before_device, unsigned after_device)
{
    assert_int_equal(machine.barriers[BATON_BARRIER_BEFORE_DEVICE], before_device);
    assert_int_equal(machine.barriers[BATON_BARRIER_AFTER_DEVICE], after_device);
    machine.barriers[0] = machine.barriers[1] = 0;
}

/* Where the newest bytes of the buffer are, in lines. */
static inline void check_newest(uint32_t cache, uint32_t memory_, uint32_t unknown)
{
    struct baton_answer answer;

    OK(baton_query(baton, buffer, part(0, SIZE), &answer, NULL, 0));
    assert_int_equal(answer.newest_in_cache, cache * GRANULE);
    assert_int_equal(answer.newest_in_memory, memory_ * GRANULE);
    assert_int_equal(answer.newest_unknown, unknown * GRANULE);
}

/* Sets every count of refusals in an image of an instance to zero. */
static inline void forget_refusals(char *image)
{
    struct baton *copy = (struct baton *)(void *)image;
    char *devices = image + ((char *)baton->devices.objects - memory);

    copy->cpu.refusals = 0;
    for (uint32_t i = 0; i < baton->devices.limit; i++)
        ((struct device *)(void *)devices)[i].counters.refusals = 0;
}

/* Before and after a call that is refused: the instance is, byte by byte, as it was, the count of refusals apart. */
static inline void before_refusal(void)
{
    machine.misuses = 0;
    forget_maintenance();
    forget_refusals(memory);
    memcpy(snapshot, memory, sizeof(memory));
}

static inline void after_refusal(const char *verb, enum baton_status status)
{
    forget_refusals(memory);
    assert_memory_equal(memory, snapshot, sizeof(memory));
    check_maintained(part(0, 0), part(0, 0));
    assert_int_equal(machine.misuses, status == BATON_ERROR_IN_TRANSIT ? 0 : 1);
    if (machine.misuses) {
        assert_string_equal(machine.last_misuse.verb, verb);
        assert_string_equal(machine.last_misuse.reason, baton_status_text(status));
        assert_true(machine.last_misuse.call_site != 0);
    }
}

/* verb(...) is refused with that status, changes nothing, and is reported. */
#define REFUSED(status, verb, ...)                                                                                     \
    do {                                                                                                               \
        before_refusal();                                                                                              \
        assert_int_equal(verb(__VA_ARGS__), status);                                                                   \
        after_refusal(#verb, status);                                                                                  \
    } while (0)

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
