/* SPDX-License-Identifier: MIT */
/*
 * EXPLAIN says what the acquire would do, and does nothing.
 * What would break it: a plan of its own that differs from the acquire's, a line that is named twice or not at all, a change of
 * any byte of the instance.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

#include <stdio.h>

enum { LINES_MAX = 8 };

static char said[LINES_MAX][160];
static unsigned count;

static void take_line(void *context, const char *line)
{
    assert_ptr_equal(context, said);
    assert_true(count < LINES_MAX);
    strncpy(said[count++], line, sizeof(said[0]) - 1);
}

#define SAYS(call, ...)                                                                                                \
    do {                                                                                                               \
        static const char *const expected[] = {__VA_ARGS__};                                                           \
        memset(said, 0, sizeof(said));                                                                                 \
        count = 0;                                                                                                     \
        memcpy(snapshot, memory, sizeof(memory));                                                                      \
        assert_int_equal(call, BATON_OK);                                                                              \
        for (unsigned i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)                                          \
            assert_string_equal(said[i], expected[i]);                                                                 \
        assert_int_equal(count, sizeof(expected) / sizeof(expected[0]));                                               \
        assert_memory_equal(snapshot, memory, sizeof(memory));                                                         \
        assert_string_equal(machine.trouble, "");                                                                      \
    } while (0)

static enum baton_status cpu(struct baton_range range, enum baton_direction direction)
{
    return baton_explain_cpu_access(baton, buffer, range, direction, take_line, said);
}

static enum baton_status device(baton_attachment attachment, struct baton_range range, enum baton_direction direction)
{
    return baton_explain_mapping(baton, attachment, range, direction, take_line, said);
}

static void write_by_cpu(struct baton_range range)
{
    struct baton_cpu_access access;

    OK(baton_begin_cpu_access(baton, buffer, range, BATON_WRITE, &access));
    OK(baton_end_cpu_access(baton, &access));
}

static void read_by_device(struct baton_range range)
{
    struct baton_source source;

    OK(baton_map_to_device(baton, to_dma, range, &source));
    OK(baton_unmap_source(baton, &source));
}

static void write_by_device(struct baton_range range)
{
    struct baton_destination destination;

    OK(baton_map_from_device(baton, to_dma, range, BATON_OVERWRITE, &destination));
    OK(baton_unmap_destination(baton, &destination));
}

static void every_state_and_domain(void **state)
{
    (void)state;
    SAYS(cpu(lines(0, 2), BATON_READ), "cpu reading \"frame\", bytes 0 to 127, in CACHE: granted",
         "  settle 2 lines, bytes 0 to 127: one side is newer, nobody knows which (R3)");
    read_by_device(lines(0, LINES)); /* all clean */
    SAYS(cpu(lines(1, 1), BATON_READ), "cpu reading \"frame\", bytes 64 to 127, in CACHE: granted",
         "  barrier: the read of the device's status comes before (R9)",
         "  nothing for 1 line, bytes 64 to 127: the same in cache and memory");
    write_by_cpu(lines(2, 2));
    SAYS(device(to_dma, lines(1, 4), BATON_READ), "dma reading \"frame\", bytes 64 to 319, in MEMORY: granted",
         "  publish 2 lines, bytes 128 to 255: the newest bytes are in the cache (R2)",
         "  nothing for 1 line, bytes 64 to 127: the same in cache and memory",
         "  nothing for 1 line, bytes 256 to 319: the same in cache and memory",
         "  no barrier: the publish ends in one (R8)");
    SAYS(device(to_coherent, lines(2, 2), BATON_READ),
         "coherent reading \"frame\", bytes 128 to 255, in CACHE: granted",
         "  barrier: the stores so far come before the doorbell (R8)",
         "  nothing for 2 lines, bytes 128 to 255: the newest bytes are in the cache, where it acts");
    write_by_device(lines(4, 4));
    SAYS(device(to_dma, lines(4, 4), BATON_READ), "dma reading \"frame\", bytes 256 to 511, in MEMORY: granted",
         "  barrier: the stores so far come before the doorbell (R8)",
         "  nothing for 4 lines, bytes 256 to 511: the newest bytes are in memory, where it acts");
    SAYS(cpu(part(4 * GRANULE + 8, 3 * GRANULE), BATON_OVERWRITE),
         "cpu overwriting \"frame\", bytes 264 to 455, in CACHE: granted",
         "  refresh 1 line, bytes 256 to 319: the newest bytes are in memory (R1)",
         "  refresh 1 line, bytes 448 to 511: the newest bytes are in memory (R1)",
         "  nothing for 2 lines, bytes 320 to 447: every byte is overwritten, nobody will see the old ones (R5)");
}

static void who_is_in_the_way(void **state)
{
    struct baton_destination destination;

    (void)state;
    OK(baton_map_from_device(baton, to_dma, lines(2, 3), BATON_WRITE, &destination));
    SAYS(cpu(lines(0, 4), BATON_READ),
         "cpu reading \"frame\", bytes 0 to 255, in CACHE: refused: busy: another access holds these bytes",
         "  in the way: dma writing bytes 128 to 319 since epoch 1");
    OK(baton_unmap_destination(baton, &destination));
}

/* A neighbour that failed leaves the line unknown (R12); the one who still holds a part of it has made it valid. */
static void shared_edges(void **state)
{
    struct baton_destination holder, failed;

    (void)state;
    read_by_device(lines(0, LINES));
    OK(baton_map_from_device(baton, to_dma, part(0, 32), BATON_WRITE, &holder));
    OK(baton_map_from_device(baton, to_dma, part(32, 32), BATON_WRITE, &failed));
    OK(baton_unmap_destination_partial(baton, &failed, part(32, 0)));
    SAYS(device(to_dma, part(32, 96), BATON_READ), "dma reading \"frame\", bytes 32 to 127, in MEMORY: granted",
         "  barrier: the stores so far come before the doorbell (R8)",
         "  nothing for 1 line, bytes 0 to 63: another access of its domain has made the line valid (R6)",
         "  nothing for 1 line, bytes 64 to 127: the same in cache and memory");
    OK(baton_unmap_destination(baton, &holder));
}

static void refusals(void **state)
{
    const unsigned before = machine.misuses;

    (void)state;
    assert_int_equal(cpu(part(0, 0), BATON_READ), BATON_ERROR_RANGE);
    assert_int_equal(cpu(lines(0, 1), (enum baton_direction)3), BATON_ERROR_ARGUMENT);
    assert_int_equal(device(to_dma, lines(0, LINES + 1), BATON_READ), BATON_ERROR_RANGE);
    assert_int_equal(device(to_dma, lines(0, 1), (enum baton_direction)3), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_explain_cpu_access(NULL, buffer, lines(0, 1), BATON_READ, take_line, said),
                     BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_explain_cpu_access(baton, buffer, lines(0, 1), BATON_READ, NULL, said),
                     BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_explain_mapping(baton, to_dma, lines(0, 1), BATON_READ, NULL, said), BATON_ERROR_ARGUMENT);
    assert_int_equal(baton_explain_cpu_access(baton, (baton_buffer){0}, lines(0, 1), BATON_READ, take_line, said),
                     BATON_ERROR_STALE_HANDLE);
    assert_int_equal(
        baton_explain_mapping(baton, (baton_attachment){buffer.token}, lines(0, 1), BATON_READ, take_line, said),
        BATON_ERROR_FOREIGN_HANDLE);
    assert_int_equal(machine.misuses, before + 8); /* without an instance there is nobody to tell */
}

/* Breaks if a bounce buffer, or what it is ahead or behind, is not said, or is said of another. */
static void bounce_and_ragged(void **state)
{
    struct baton_buffer_config config = {.name = "shared", .size = 4 * GRANULE, .policy = BATON_POLICY_COHERENT};
    struct baton_destination destination;
    struct baton_cpu_access access;
    baton_attachment bounced;
    const struct baton_import_config import = {.name = "ragged",
                                               .cpu = (char *)machine_cpu(&machine, 0) + 8,
                                               .physical = 0x50000008,
                                               .size = 100,
                                               .ragged = true};
    baton_buffer shared, ragged;

    (void)state;
    OK(baton_set_bounce_pool(baton, dma, pool));
    OK(baton_create(baton, pool, &config, &shared));
    OK(baton_attach(baton, shared, dma, &bounced));
    SAYS(device(bounced, lines(0, 2), BATON_READ),
         "dma reading \"shared\", bytes 0 to 127, in MEMORY through a bounce buffer: granted",
         "  copy 2 lines, bytes 0 to 127: older in the bounce buffer (B3)",
         "  settle 2 lines, bytes 0 to 127: one side is newer, nobody knows which (R3)",
         "  no barrier: the publish ends in one (R8)");
    OK(baton_map_from_device(baton, bounced, lines(1, 1), BATON_OVERWRITE, &destination));
    OK(baton_unmap_destination(baton, &destination));
    SAYS(device(bounced, lines(0, 2), BATON_READ),
         "dma reading \"shared\", bytes 0 to 127, in MEMORY through a bounce buffer: granted",
         "  copy 1 line, bytes 0 to 63: older in the bounce buffer (B3)",
         "  settle 1 line, bytes 0 to 63: one side is newer, nobody knows which (R3)",
         "  nothing for 1 line, bytes 64 to 127: the newest bytes are in memory, where it acts",
         "  no barrier: the publish ends in one (R8)");
    SAYS(baton_explain_cpu_access(baton, shared, lines(0, 2), BATON_READ, take_line, said),
         "cpu reading \"shared\", bytes 0 to 127, in CACHE: granted",
         "  copy 1 line home from a bounce buffer, which has the newest bytes (B2)",
         "  barrier: the read of the device's status comes before (R9)",
         "  nothing for 2 lines, bytes 0 to 127: the newest bytes are in the cache, where it acts");
    OK(baton_begin_cpu_access(baton, shared, lines(0, 2), BATON_READ, &access));
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_import(baton, &import, &ragged));
    SAYS(baton_explain_cpu_access(baton, ragged, part(0, 100), BATON_READ, take_line, said),
         "cpu reading \"ragged\", bytes 0 to 99, in CACHE: granted",
         "  nothing for 2 lines, bytes 0 to 127: a ragged import is in the cache for everybody (R15)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_state_and_domain), TEST(who_is_in_the_way), TEST(shared_edges), TEST(refusals),
        TEST(bounce_and_ragged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
