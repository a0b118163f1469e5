/* SPDX-License-Identifier: MIT */
/*
 * Buffers of several pieces: which holes of a pool they take, against a map of its lines; the segments of a mapping, against a walk
 * byte by byte, for all small cases; bytes through pieces against the hostile cache; imports of pieces, ragged and coherent ones.
 * What would break it: two buffers with a line in common, a hole that is lost or forgotten, room refused that there is, a segment too many,
 * too long or at the wrong place, maintenance past the end of a piece, a ragged import's neighbour that loses a byte.
 */
// link: core/*.c
#include "core/chunk.h"
#include "tests/host/support/core_fixture.h"

#include <stdlib.h>

enum { POOL_LINES = 32, BUFFERS = 10, CHUNKS = 5 };

static const struct baton_limits many = {
    .pools = 2, .buffers = BUFFERS, .devices = 2, .attachments = 2, .accesses = 5, .trace = 8, .chunks = CHUNKS};

static int set_up_chunks(void **state)
{
    const struct baton_pool_config config = {"pool", machine_cpu(&machine, 0), 0x40000000, POOL_LINES * GRANULE};
    const struct baton_device_config dma_config = device_config("dma", BATON_DOMAIN_MEMORY);
    const struct baton_device_config coherent_config = device_config("coherent", BATON_DOMAIN_CACHE);

    (void)state;
    machine_init(&machine, GRANULE, 0x40000000, 1);
    OK(baton_init(&baton, memory, sizeof(memory), &many, &machine.port));
    OK(baton_add_pool(baton, &config, &pool));
    OK(baton_add_device(baton, &dma_config, &dma));
    OK(baton_add_device(baton, &coherent_config, &coherent));
    return 0;
}

#define CHUNK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_chunks, teardown)

/* ---------------------------------------------------------------------------------------------------------------- */

static unsigned owner[POOL_LINES]; /* of each line of the pool: 0: nobody */

/* How many pieces the lines need, at most that many; 0: there is no room. The largest hole first is the fewest. */
static unsigned pieces_needed(uint32_t lines_needed, unsigned most)
{
    uint32_t holes[POOL_LINES] = {0};
    unsigned count = 0;

    for (unsigned line = 0; line < POOL_LINES; line++) {
        if (owner[line] != 0)
            count++;
        else
            holes[count]++;
    }
    for (unsigned pieces = 1; pieces <= most; pieces++) {
        unsigned best = 0;

        for (unsigned i = 0; i < POOL_LINES; i++)
            best = holes[i] > holes[best] ? i : best;
        if (holes[best] == 0)
            return 0;
        if (holes[best] >= lines_needed)
            return pieces;
        lines_needed -= holes[best];
        holes[best] = 0;
    }
    return 0;
}

/* The first hole of that many lines. */
static unsigned first_fit(uint32_t lines_needed)
{
    unsigned run = 0;

    for (unsigned line = 0; line < POOL_LINES; line++) {
        run = owner[line] == 0 ? run + 1 : 0;
        if (run == lines_needed)
            return line + 1 - run;
    }
    return POOL_LINES;
}

/* Enters the buffer's lines into the map, and checks what the core says of its pieces. */
static unsigned take_lines(baton_buffer handle, uint32_t size, unsigned name)
{
    const struct buffer *made = instance_buffer(baton, handle);
    unsigned pieces = 0;

    for (uint32_t offset = 0; offset < size; pieces++) {
        struct baton_range piece;

        OK(baton_chunk_at(baton, handle, offset, &piece));
        assert_int_equal(piece.offset, offset);
        OK(baton_chunk_at(baton, handle, offset + piece.length - 1, &piece));
        assert_int_equal(piece.offset, offset);
        for (uint32_t line = offset / GRANULE; line * GRANULE < offset + piece.length; line++) {
            uint32_t at = (chunk_physical(made, line, 6) - 0x40000000) / GRANULE;

            assert_true(at < POOL_LINES);
            assert_int_equal(owner[at], 0);
            assert_int_equal(machine_offset(&machine, chunk_cpu(made, line, 6)), at * GRANULE);
            owner[at] = name;
        }
        offset += piece.length;
        assert_true(offset == size || offset % GRANULE == 0);
    }
    return pieces;
}

static void random_pools(void **state)
{
    unsigned in_pieces = 0, no_memory = 0, no_slot = 0;

    for (unsigned seed = 1; seed <= 300; seed++) {
        baton_buffer buffers[BUFFERS] = {{0}};
        unsigned used = 0, chunks = 0, chunks_of[BUFFERS] = {0};

        set_up_chunks(state);
        machine.random = seed * 2654435769u + 1;
        memset(owner, 0, sizeof(owner));
        for (unsigned step = 0; step < 120; step++) {
            unsigned i = machine_random(&machine, BUFFERS);

            if (buffers[i].token != 0) {
                OK(baton_destroy(baton, &buffers[i]));
                used--;
                chunks -= chunks_of[i];
                for (unsigned line = 0; line < POOL_LINES; line++)
                    owner[line] = owner[line] == i + 1 ? 0 : owner[line];
                continue;
            }

            const struct baton_buffer_config config = {.name = "buffer",
                                                       .size = 1 + machine_random(&machine, 12 * GRANULE),
                                                       .chunks = machine_random(&machine, 6)};
            const uint32_t needed = (config.size + GRANULE - 1) / GRANULE;
            const unsigned pieces = pieces_needed(needed, config.chunks ? config.chunks : 1);

            if (pieces == 0) {
                REFUSED(BATON_ERROR_NO_MEMORY, baton_create, baton, pool, &config, &buffers[i]);
                no_memory++;
                continue;
            }
            if (pieces > 1 && chunks + pieces > CHUNKS) {
                REFUSED(BATON_ERROR_NO_SLOT, baton_create, baton, pool, &config, &buffers[i]);
                no_slot++;
                continue;
            }

            const unsigned first = first_fit(needed);
            enum baton_status status = baton_create(baton, pool, &config, &buffers[i]);

            if (status == BATON_ERROR_NO_SLOT) { /* enough are left, but not side by side */
                assert_true(pieces > 1 && chunks > 0);
                continue;
            }
            OK(status);
            chunks_of[i] = pieces > 1 ? pieces : 0;
            chunks += chunks_of[i];
            used++;
            assert_int_equal(take_lines(buffers[i], config.size, i + 1), pieces);
            if (pieces == 1)
                assert_int_equal(owner[first], i + 1);
            in_pieces += pieces > 1;
        }
        for (unsigned i = 0; i < BUFFERS; i++) {
            if (buffers[i].token != 0)
                OK(baton_destroy(baton, &buffers[i]));
        }

        const struct baton_buffer_config all = {.name = "all", .size = POOL_LINES * GRANULE}; /* nothing was lost */

        OK(baton_create(baton, pool, &all, &buffers[0]));
    }
    print_message("# in pieces %u, no memory %u, no slot %u\n", in_pieces, no_memory, no_slot);
    assert_true(in_pieces > 300 && no_memory > 300 && no_slot > 30);
}

/* ---------------------------------------------------------------------------------------------------------------- */

enum { SMALL = 4, PIECES = 3 }; /* a granule of four bytes */

/* What the bytes of the range are on the bus, cut where one does not follow the other, or the device takes no more. */
static unsigned walk(const struct baton_chunk *pieces, struct baton_range range, uint32_t longest,
                     struct baton_segment *segments)
{
    unsigned count = 0;
    uint32_t next = 0;

    for (uint32_t i = range.offset; i < range.offset + range.length; i++) {
        uint32_t offset = i, piece = 0, address;

        while (offset >= pieces[piece].size)
            offset -= pieces[piece++].size;
        address = pieces[piece].physical + offset + 0x1000;
        if (count == 0 || address != next || (longest != 0 && segments[count - 1].length == longest))
            segments[count++] = (struct baton_segment){{address}, 0};
        segments[count - 1].length++;
        next = address + 1;
    }
    return count;
}

static unsigned long segments_of(const struct baton_chunk *pieces, const struct baton_device_config *config)
{
    struct baton_import_config import = {.name = "import", .chunks = pieces, .chunk_count = PIECES};
    uint32_t size = pieces[0].size + pieces[1].size + pieces[2].size;
    unsigned long cases = 0;
    bool aligned = true;

    machine_init(&machine, SMALL, 0x40000000, 1);
    OK(baton_init(&baton, memory, sizeof(memory), &many, &machine.port));
    OK(baton_add_device(baton, config, &dma));
    OK(baton_import(baton, &import, &buffer));
    for (unsigned i = 0, offset = 0; i < PIECES; offset += pieces[i++].size)
        aligned = aligned && ((pieces[i].physical | offset) & (config->alignment - 1)) == 0;
    if (!aligned) {
        assert_int_equal(baton_attach(baton, buffer, dma, &to_dma), BATON_ERROR_ALIGNMENT);
        return 0;
    }
    OK(baton_attach(baton, buffer, dma, &to_dma));
    for (uint32_t start = 0; start < size; start++) {
        for (uint32_t end = start + 1; end <= size; end++, cases++) {
            const struct baton_range range = part(start, end - start);
            struct baton_segment expected[32];
            unsigned count = walk(pieces, range, config->segment_length & ~(config->alignment - 1), expected);
            unsigned most = config->segment_count ? config->segment_count : BATON_SEGMENTS;
            struct baton_source source;
            enum baton_status status = baton_map_to_device(baton, to_dma, range, &source);

            if (((start | end) & (config->alignment - 1)) != 0) {
                assert_int_equal(status, BATON_ERROR_ALIGNMENT);
                continue;
            }
            if (count > most) {
                assert_int_equal(status, BATON_ERROR_SEGMENTS);
                continue;
            }
            OK(status);
            assert_int_equal(source.count, count);
            assert_int_equal(source.length, range.length);
            for (unsigned i = 0; i < count; i++) {
                assert_int_equal(source.segments[i].address.value, expected[i].address.value);
                assert_int_equal(source.segments[i].length, expected[i].length);
            }
            OK(baton_unmap_source(baton, &source));
        }
    }
    return cases;
}

/* All sizes and orders of three small pieces, side by side on the bus or not, and all that a device may ask for. */
static void all_segments(void **state)
{
    static const unsigned char orders[6][PIECES] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const uint32_t lengths[] = {0, 1, 3, 4, 5, 8, 9, 16};
    unsigned long cases = 0;

    (void)state;
    for (unsigned kind = 0; kind < 6 * 8 * 4; kind++) {
        struct baton_chunk pieces[PIECES];
        uint32_t address = 0;

        for (unsigned i = 0; i < PIECES; i++) {
            struct baton_chunk *piece = &pieces[orders[kind % 6][i]];

            *piece = (struct baton_chunk){machine_cpu(&machine, address), 0x40000000 + address,
                                          (kind / 6 >> i & 1 ? 2 : 1) * SMALL};
            address += piece->size + (kind / 48 >> i & 1 ? SMALL : 0);
        }
        for (uint32_t alignment = 1; alignment <= 8; alignment *= 2) {
            for (unsigned length = 0; length < sizeof(lengths) / sizeof(lengths[0]); length++) {
                struct baton_device_config config = device_config("dma", BATON_DOMAIN_MEMORY);

                if (lengths[length] != 0 && lengths[length] < alignment)
                    continue;
                config.alignment = alignment;
                config.segment_length = lengths[length];
                config.segment_count = (kind + length) % 5;
                config.bus_offset = 0x1000;
                cases += segments_of(pieces, &config);
            }
        }
    }
    print_message("# %lu mappings\n", cases);
    assert_true(cases > 100000);
}

/* ---------------------------------------------------------------------------------------------------------------- */

/* A buffer of pieces whose order is not that of their addresses. */
static void fragmented(uint32_t size, unsigned pieces)
{
    struct baton_buffer_config config = {.name = "gap", .size = GRANULE};
    baton_buffer gaps[8];

    for (unsigned i = 0; i < 8; i++) { /* holes of 1, 2, 3 ... lines */
        struct baton_buffer_config hole = {.name = "hole", .size = (i % 4 + 1) * GRANULE};
        baton_buffer filled;

        OK(baton_create(baton, pool, &hole, &filled));
        if (i < 4)
            OK(baton_create(baton, pool, &config, &gaps[i]));
        gaps[i < 4 ? i + 4 : 0] = i < 4 ? filled : gaps[0];
        if (i >= 4)
            OK(baton_destroy(baton, &filled));
    }
    for (unsigned i = 4; i < 8; i++)
        OK(baton_destroy(baton, &gaps[i]));
    config = (struct baton_buffer_config){.name = "rest", .size = 18 * GRANULE};
    OK(baton_create(baton, pool, &config, &gaps[7]));
    config = (struct baton_buffer_config){.name = "frame", .size = size, .chunks = 4};
    OK(baton_create(baton, pool, &config, &buffer));
    assert_int_equal(instance_buffer(baton, buffer)->chunk_count, pieces);
}

static uint32_t where(uint32_t offset)
{
    const struct buffer *made = instance_buffer(baton, buffer);

    return chunk_physical(made, offset / GRANULE, 6) - 0x40000000 + offset % GRANULE;
}

static void bytes_through_pieces(void **state)
{
    enum { BYTES = 10 * GRANULE - 7 };
    uint8_t newest[BYTES], known[BYTES] = {0};

    (void)state;
    fragmented(BYTES, 4);
    OK(baton_attach(baton, buffer, dma, &to_dma));
    for (unsigned step = 0; step < 20000; step++) {
        struct baton_range range = part(machine_random(&machine, BYTES), 0), piece;
        const enum baton_direction direction = (enum baton_direction)machine_random(&machine, 3);
        const bool device = machine_random(&machine, 2) != 0;
        struct baton_destination destination;
        struct baton_cpu_access access;
        struct baton_source source;

        range.length = 1 + machine_random(&machine, BYTES - range.offset);
        OK(baton_chunk_at(baton, buffer, range.offset, &piece));
        if (!device && range.offset + range.length > piece.offset + piece.length) {
            assert_int_equal(baton_begin_cpu_access(baton, buffer, range, direction, &access), BATON_ERROR_SEGMENTS);
            range.length = piece.offset + piece.length - range.offset;
        }
        if (!device) {
            OK(baton_begin_cpu_access(baton, buffer, range, direction, &access));
            assert_int_equal(machine_offset(&machine, access.data), where(range.offset));
        } else if (direction == BATON_READ) {
            OK(baton_map_to_device(baton, to_dma, range, &source));
            assert_int_equal(source.segments[0].address.value, 0x40000000 + where(range.offset));
        } else {
            OK(baton_map_from_device(baton, to_dma, range, direction, &destination));
        }
        for (uint32_t i = range.offset; i < range.offset + range.length; i++) {
            if (direction == BATON_OVERWRITE) {
                newest[i] = (uint8_t)machine_random(&machine, 256);
                known[i] = 1;
                device ? device_store(&machine, where(i), newest[i]) : cpu_store(&machine, where(i), newest[i]);
            } else if (known[i]) {
                assert_int_equal(device ? device_load(&machine, where(i)) : cpu_load(&machine, where(i)), newest[i]);
            }
            machine_noise(&machine, machine_random(&machine, 8) == 0);
        }
        if (!device)
            OK(baton_end_cpu_access(baton, &access));
        else if (direction == BATON_READ)
            OK(baton_unmap_source(baton, &source));
        else
            OK(baton_unmap_destination(baton, &destination));
    }
}

/* One pointer covers two pieces only where the CPU's mapping goes on. */
static void import_pieces(void **state)
{
    struct baton_chunk pieces[] = {{machine_cpu(&machine, 4096), 0x50000000, 2 * GRANULE},
                                   {machine_cpu(&machine, 4096 + 2 * GRANULE), 0x50001000, GRANULE},
                                   {machine_cpu(&machine, 4096 + 4 * GRANULE), 0x50001000 + GRANULE, GRANULE}};
    struct baton_import_config config = {.name = "import", .chunks = pieces, .chunk_count = 3};
    struct baton_cpu_access access;
    struct baton_source source;
    struct baton_range piece;
    baton_buffer out = {7};

    (void)state;
    OK(baton_import(baton, &config, &buffer));
    OK(baton_attach(baton, buffer, dma, &to_dma));
    OK(baton_begin_cpu_access(baton, buffer, part(8, 3 * GRANULE - 8), BATON_READ, &access));
    OK(baton_end_cpu_access(baton, &access));
    REFUSED(BATON_ERROR_SEGMENTS, baton_begin_cpu_access, baton, buffer, lines(0, 4), BATON_READ, &access);
    OK(baton_map_to_device(baton, to_dma, lines(0, 4), &source));
    assert_int_equal(source.count, 2); /* the last two are one on the bus */
    OK(baton_unmap_source(baton, &source));
    OK(baton_chunk_at(baton, buffer, 3 * GRANULE + 1, &piece));
    assert_int_equal(piece.offset, 3 * GRANULE);
    assert_int_equal(piece.length, GRANULE);
    REFUSED(BATON_ERROR_RANGE, baton_chunk_at, baton, buffer, 4 * GRANULE, &piece);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_chunk_at, baton, (baton_buffer){0}, 0, &piece);
    REFUSED(BATON_ERROR_ARGUMENT, baton_chunk_at, baton, buffer, 0, NULL);
    assert_int_equal(baton_chunk_at(NULL, buffer, 0, &piece), BATON_ERROR_ARGUMENT);

    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &config, &out); /* twice */
    config.chunk_count = 1;
    pieces[0].physical = 0x50001000 + GRANULE; /* a later piece of the other */
    pieces[0].size = GRANULE;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &config, &out);
    OK(baton_detach(baton, &to_dma));
    OK(baton_destroy(baton, &buffer));
    OK(baton_import(baton, &config, &out)); /* it was given back */
    OK(baton_destroy(baton, &out));
    out.token = 7;

    config.chunk_count = 3;
    pieces[0] = (struct baton_chunk){machine_cpu(&machine, 4096), 0x50001000, 2 * GRANULE};
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &config, &out); /* with each other */
    pieces[0].physical = 0x40000000 + GRANULE;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &config, &out); /* with the pool */
    pieces[0] = (struct baton_chunk){machine_cpu(&machine, 4096), 0x50000000, GRANULE - 1};
    REFUSED(BATON_ERROR_ALIGNMENT, baton_import, baton, &config, &out);
    config.ragged = true;
    REFUSED(BATON_ERROR_ALIGNMENT, baton_import, baton, &config, &out); /* in one piece only */
    config.ragged = false;
    pieces[0].size = GRANULE;
    config.size = 1;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &config, &out);
    config.size = 0;
    config.chunk_count = 0;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &config, &out);
    config.chunk_count = CHUNKS + 1;
    REFUSED(BATON_ERROR_NO_SLOT, baton_import, baton, &config, &out);
    config.chunk_count = 3;
    config.policy = BATON_POLICY_WRITE_COMBINED;
    REFUSED(BATON_ERROR_POLICY, baton_import, baton, &config, &out);
    assert_int_equal(out.token, 7);
}

/* Pieces of whole pages. Breaks if one takes what a hole has beyond its last whole page. */
static void pieces_of_whole_pages(void **state)
{
    const uint32_t sizes[] = {6, 6, 4, 16}; /* lines; all of the pool */
    struct baton_buffer_config config = {.name = "before"};
    const struct buffer *made;
    baton_buffer before[4];

    (void)state;
    machine_give_pages(&machine, 4 * GRANULE);
    for (unsigned i = 0; i < 4; i++) {
        config.size = sizes[i] * GRANULE;
        OK(baton_create(baton, pool, &config, &before[i]));
    }
    OK(baton_destroy(baton, &before[0]));
    OK(baton_destroy(baton, &before[2]));
    config = (struct baton_buffer_config){
        .name = "frame", .size = 8 * GRANULE, .chunks = 2, .enforcement = BATON_ENFORCE_MMU};
    OK(baton_create(baton, pool, &config, &buffer));
    made = instance_buffer(baton, buffer);
    assert_int_equal(made->chunk_count, 2);
    assert_int_equal(made->chunks[0].lines.end, 4);
    assert_int_equal(made->chunks[1].physical, 0x40000000 + 12 * GRANULE);
}

/* M5, M6: a fault in the second piece. Breaks if it is taken for one in the first, which nobody has open. */
static void faults_in_pieces(void **state)
{
    enum { PAGE = 4 * GRANULE };
    struct baton_buffer_config config = {.name = "frame", .size = PAGE, .enforcement = BATON_ENFORCE_MMU};
    struct baton_cpu_access access;
    baton_buffer single[3], rest;

    (void)state;
    machine_give_pages(&machine, PAGE);
    for (unsigned i = 0; i < 3; i++)
        OK(baton_create(baton, pool, &config, &single[i]));
    config.size = 5 * PAGE;
    OK(baton_create(baton, pool, &config, &rest));
    OK(baton_destroy(baton, &single[0]));
    OK(baton_destroy(baton, &single[2]));
    config.size = 2 * PAGE;
    config.chunks = 2;
    OK(baton_create(baton, pool, &config, &buffer)); /* the pool's first page, and its third */
    OK(baton_begin_cpu_access(baton, buffer, part(PAGE, PAGE), BATON_READ, &access));
    assert_int_equal(machine_offset(&machine, access.data), 2 * PAGE);
    assert_int_equal(baton_fault(baton, (uintptr_t)machine_cpu(&machine, 2 * PAGE + 9), false, 1, 0), BATON_OK);
    assert_int_equal(baton_fault(baton, (uintptr_t)machine_cpu(&machine, 9), false, 1, 0), BATON_ERROR_BUSY);
    assert_int_equal(machine.last_misuse.offset, 9);
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(baton_fault(baton, (uintptr_t)machine_cpu(&machine, 2 * PAGE + 9), false, 1, 0), BATON_ERROR_BUSY);
    assert_int_equal(machine.last_misuse.offset, PAGE + 9);
}

/* ---------------------------------------------------------------------------------------------------------------- */

/* Two imports that have one byte in common, the last of one and the first of the other. */
static void one_byte_in_common(void **state)
{
    struct baton_import_config config = {.name = "first",
                                         .cpu = machine_cpu(&machine, 4096),
                                         .physical = 0x50000000,
                                         .size = GRANULE + 1,
                                         .ragged = true};
    baton_buffer first, second;

    (void)state;
    OK(baton_import(baton, &config, &first));
    config.cpu = machine_cpu(&machine, 4096 + GRANULE);
    config.physical += GRANULE;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &config, &second);
    OK(baton_destroy(baton, &first));
    OK(baton_import(baton, &config, &second));
    config.cpu = machine_cpu(&machine, 4096);
    config.physical -= GRANULE;
    REFUSED(BATON_ERROR_ARGUMENT, baton_import, baton, &config, &first);
    OK(baton_destroy(baton, &second));
}

static baton_attachment ragged_attachment(baton_device device, enum baton_bounce_reason reason)
{
    struct baton_attachment_state told;
    baton_attachment made;

    OK(baton_attach(baton, buffer, device, &made));
    OK(baton_query_attachment(baton, made, &told));
    assert_int_equal(told.reason, reason);
    return made;
}

/* zephyr#108716, nuttx#4878: neighbours in the lines at the ends are used through the cache all the time, and lose nothing. */
static void ragged(void **state)
{
    enum { START = 4096 + 20, BYTES = 3 * GRANULE + 9 };
    const struct baton_import_config config = {.name = "ragged",
                                               .cpu = machine_cpu(&machine, START),
                                               .physical = 0x50000000 + 20,
                                               .size = BYTES,
                                               .ragged = true};
    struct baton_import_config bad = config;
    uint8_t newest[BYTES + 2 * GRANULE];
    baton_attachment far, near;
    baton_buffer out;

    (void)state;
    bad.ragged = false;
    REFUSED(BATON_ERROR_ALIGNMENT, baton_import, baton, &bad, &out);
    bad = config;
    bad.physical++; /* its lines are not the memory's */
    REFUSED(BATON_ERROR_ALIGNMENT, baton_import, baton, &bad, &out);
    OK(baton_import(baton, &config, &buffer));
    REFUSED(BATON_ERROR_ALIGNMENT, baton_attach, baton, buffer, dma, &far);
    OK(baton_set_bounce_pool(baton, dma, pool));
    far = ragged_attachment(dma, BATON_BOUNCE_RAGGED);
    near = ragged_attachment(coherent, BATON_DIRECT);
    const struct buffer *bounce = instance_attachment(baton, far)->bounce;
    const uint32_t bounce_at = bounce->physical - 0x40000000;

    for (uint32_t i = 0; i < sizeof(newest); i++) /* the neighbours, and what it has when it is imported */
        cpu_store(&machine, START - GRANULE + i, newest[i] = (uint8_t)i);
    for (unsigned step = 0; step < 20000; step++) {
        struct baton_range range = part(machine_random(&machine, BYTES), 0), done = part(0, 0);
        const unsigned who = machine_random(&machine, 3); /* the CPU, a device that snoops, one that does not */
        enum baton_direction direction = (enum baton_direction)machine_random(&machine, 3);
        const bool partial = direction != BATON_READ && machine_random(&machine, 3) == 0;
        struct baton_destination destination;
        struct baton_cpu_access access;
        struct baton_source source;
        uint32_t written;

        range.length = 1 + machine_random(&machine, BYTES - range.offset);
        written = partial ? machine_random(&machine, range.length + 1) : range.length;
        if (partial)
            direction = BATON_WRITE; /* so that the rest is as it was */
        done = part(range.offset, written);
        if (who == 0)
            OK(baton_begin_cpu_access(baton, buffer, range, direction, &access));
        else if (direction == BATON_READ)
            OK(baton_map_to_device(baton, who == 1 ? near : far, range, &source));
        else
            OK(baton_map_from_device(baton, who == 1 ? near : far, range, direction, &destination));
        if (who == 0)
            assert_int_equal(machine_offset(&machine, access.data), START + range.offset);
        for (uint32_t i = range.offset; i < range.offset + range.length; i++) {
            uint8_t *byte = &newest[GRANULE + i];

            if (direction == BATON_READ)
                assert_int_equal(who < 2 ? cpu_load(&machine, START + i) : device_load(&machine, bounce_at + i), *byte);
            else if (i < range.offset + written) {
                *byte = (uint8_t)machine_random(&machine, 256);
                who < 2 ? cpu_store(&machine, START + i, *byte) : device_store(&machine, bounce_at + i, *byte);
            }
        }
        if (who == 0)
            OK(partial ? baton_end_cpu_access_partial(baton, &access, done) : baton_end_cpu_access(baton, &access));
        else if (direction == BATON_READ)
            OK(baton_unmap_source(baton, &source));
        else
            OK(partial ? baton_unmap_destination_partial(baton, &destination, done)
                       : baton_unmap_destination(baton, &destination));
        machine_noise(&machine, 4);
        written = machine_random(&machine, 2) ? machine_random(&machine, GRANULE)
                                              : GRANULE + BYTES + machine_random(&machine, GRANULE);
        assert_int_equal(cpu_load(&machine, START - GRANULE + written), newest[written]); /* a neighbour */
        cpu_store(&machine, START - GRANULE + written, newest[written] = (uint8_t)machine_random(&machine, 256));
    }
    for (uint32_t line = 4096 / GRANULE; line < machine.lines; line++)
        assert_int_equal(machine.published[line] + machine.refreshed[line], 0); /* never, so far */
    OK(baton_detach(baton, &far));
    OK(baton_detach(baton, &near));
    OK(baton_destroy(baton, &buffer));
    for (uint32_t line = 4096 / GRANULE; line < machine.lines;
         line++) { /* whoever has the memory next finds it there */
        assert_int_equal(machine.published[line], line * GRANULE + GRANULE > START && line * GRANULE < START + BYTES);
        assert_int_equal(machine.refreshed[line], 0);
    }
    for (uint32_t i = 0; i < BYTES; i++)
        assert_int_equal(device_load(&machine, START + i), newest[GRANULE + i]);
}

/* Barriers only, from the first access on, whatever ends partially or fails; dirty lines do not stay behind. */
static void coherent_buffers(void **state)
{
    struct baton_buffer_config config = {.name = "shared", .size = 4 * GRANULE, .policy = BATON_POLICY_COHERENT};
    struct baton_destination destination;
    struct baton_cpu_access access;

    (void)state;
    OK(baton_create(baton, pool, &config, &buffer));
    OK(baton_attach(baton, buffer, coherent, &to_coherent));
    forget_maintenance(); /* settled once, when it was made */
    cpu_does(BATON_READ, lines(0, 4));
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 2), BATON_OVERWRITE, &access));
    OK(baton_end_cpu_access_partial(baton, &access, lines(0, 1)));
    OK(baton_map_from_device(baton, to_coherent, lines(1, 3), BATON_OVERWRITE, &destination));
    OK(baton_unmap_destination_partial(baton, &destination, lines(1, 1)));
    device_reads(to_coherent, lines(0, 4));
    cpu_does(BATON_READ, lines(0, 4));
    check_maintained(part(0, 0), part(0, 0));
    OK(baton_detach(baton, &to_coherent));
    OK(baton_destroy(baton, &buffer));
    check_maintained(lines(0, 4), part(0, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHUNK_TEST(random_pools),          cmocka_unit_test(all_segments),
        CHUNK_TEST(bytes_through_pieces),  CHUNK_TEST(import_pieces),
        CHUNK_TEST(pieces_of_whole_pages), CHUNK_TEST(faults_in_pieces),
        CHUNK_TEST(one_byte_in_common),    CHUNK_TEST(ragged),
        CHUNK_TEST(coherent_buffers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
