/* SPDX-License-Identifier: MIT */
/*
 * The L2C-310 driver against a controller that keeps real lines: what a device then finds in memory, and what a CPU finds behind the
 * controller, is looked at. It is hostile where the manual lets it be (ARM DDI 0246H, 3.3): stores and cleans stay in its buffers until a
 * sync, operations by way take their time, another operation meanwhile or a setting while it is on is an error of the bus, its lines are
 * chance after reset; and each revision has its errata.
 * What would break it: a sync, a poll or a barrier that is missing, a range that is a line short or long, a workaround that is off by a
 * revision, a setting that is changed while it is on.
 *
 * link: drivers/l2c310.c
 * registers: modelled
 */
#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"
#include "drivers/l2c310.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define CACHE_ID 0x000u
#define CONTROL 0x100u
#define AUX_CONTROL 0x104u
#define TAG_LATENCY 0x108u
#define DATA_LATENCY 0x10cu
#define CACHE_SYNC 0x730u
#define UNMAPPED 0x740u
#define INVALIDATE_PA 0x770u
#define INVALIDATE_WAY 0x77cu
#define CLEAN_PA 0x7b0u
#define CLEAN_WAY 0x7bcu
#define CLEAN_INVALIDATE_PA 0x7f0u
#define CLEAN_INVALIDATE_WAY 0x7fcu
#define DEBUG_CONTROL 0xf40u
#define PREFETCH_CONTROL 0xf60u
#define AUX_16_WAYS (1u << 16)

/* RTL releases in the cache ID (3.3.1). */
#define R2P0 4u
#define R3P0 5u
#define R3P1 6u

#define BASE ((uintptr_t)0x1f002000)
#define LINES 24u
#define LINE L2C310_LINE
#define WINDOW 0x70001000u    /* lines of it are known: more than a test touches */
#define POLLS_TAKEN 7u        /* looks that an operation by way takes */
#define AUX_RESET 0x02021001u /* exclusive and zeros by whole lines left on by somebody, 8 ways */

static const struct l2c310_config config = {
    .base = BASE,
    .tag_latency = 0x111,
    .data_latency = 0x221,
    .prefetch = L2C310_PREFETCH_DATA | L2C310_PREFETCH_DOUBLE_LINEFILL | 7,
    .poll_limit = POLLS_TAKEN + 1,
};

/* One word stands for a line's bytes. */
static struct {
    bool valid, dirty;
    uint32_t value, memory, written_back; /* in the buffers on its way to memory, if it waits */
    bool waiting;
} lines[LINES];
static uint32_t window; /* of lines[0] */

static struct {
    uint32_t control, aux, tag, data, debug, prefetch, revision;
    uint32_t background, background_reg, ways_left; /* looks to go */
    uint32_t bus_errors, operations, barriers, syncs, unmapped;
    bool non_secure, stuck, never_synced;
    bool draining;             /* 753970 has struck: no merging any more */
    bool cpu_stores_meanwhile; /* a CPU stores to lines[1] in the middle of an operation by way */
    bool inner_pending;        /* what the caller has done before is not complete yet */
    bool overtook;
    bool unsettled; /* no barrier since the last change of control */
    uint32_t looks, debug_writes, way_operations;
} l2;

static void write_back(unsigned i)
{
    lines[i].waiting = true;
    lines[i].written_back = lines[i].value;
    lines[i].dirty = false;
}

static void drained(void)
{
    for (unsigned i = 0; i < LINES; i++) {
        if (lines[i].waiting) {
            lines[i].memory = lines[i].written_back;
            lines[i].waiting = false;
        }
    }
}

/* A CPU's store that misses or hits here. */
static void cpu_store(unsigned i, uint32_t value)
{
    bool on = (l2.control & 1) != 0;

    if (!on || (!lines[i].valid && (l2.debug & 1) != 0)) {
        lines[i].memory = value;
        return;
    }
    lines[i].valid = true;
    lines[i].value = value;
    lines[i].dirty = true;
    if (l2.debug == 3) { /* the errata notice asks for both */
        lines[i].memory = value;
        lines[i].waiting = false;
        lines[i].dirty = false;
    }
}

static uint32_t cpu_load(unsigned i)
{
    if ((l2.control & 1) == 0) {
        return lines[i].memory;
    }
    if (!lines[i].valid) {
        lines[i].valid = true;
        lines[i].value = lines[i].waiting ? lines[i].written_back : lines[i].memory;
    }
    return lines[i].value;
}

static void operate(unsigned i, bool clean, bool invalidate)
{
    bool both = clean && invalidate;

    if (clean && lines[i].valid && lines[i].dirty) {
        write_back(i);
    } else if (both && l2.revision < R2P0) {
        return; /* 588369 */
    }
    if (invalidate) {
        lines[i].valid = false;
        lines[i].dirty = false;
    }
}

static void way_operation_ends(void)
{
    uint32_t reg = l2.background_reg;

    for (unsigned i = 0; i < LINES; i++) {
        bool clean = reg != INVALIDATE_WAY, invalidate = reg != CLEAN_WAY;
        if (i == 1 && l2.cpu_stores_meanwhile && reg == CLEAN_INVALIDATE_WAY) {
            operate(i, true, false);
            cpu_store(i, 0x5107e);
            /* 727915: between the two the store was there, and is dropped. Others notice, and write it back as well. */
            if (l2.revision >= R3P1) {
                operate(i, true, false);
            }
            operate(i, false, true);
        } else {
            operate(i, clean, invalidate);
            if (i == 1 && l2.cpu_stores_meanwhile && reg == CLEAN_WAY) {
                cpu_store(i, 0x5107e);
            }
        }
    }
}

uint32_t model_read(uintptr_t address, unsigned bytes)
{
    uint32_t reg = (uint32_t)(address - BASE);

    assert_true(address >= BASE && reg < 0x1000 && reg % 4 == 0 && bytes == 4);
    l2.looks += reg >= 0x700;
    switch (reg) {
    case CACHE_ID:
        return 0x41000cc0u | l2.revision;
    case CONTROL:
        return l2.control;
    case AUX_CONTROL:
        return l2.aux;
    case CACHE_SYNC:
        return l2.background != 0 || l2.never_synced;
    case INVALIDATE_WAY:
    case CLEAN_WAY:
    case CLEAN_INVALIDATE_WAY:
        if (l2.background != 0 && !l2.stuck && --l2.background == 0) {
            way_operation_ends();
            l2.ways_left = 0;
        }
        /* The ways go out one after the other. */
        return reg == l2.background_reg && l2.background != 0
                   ? l2.ways_left & (l2.ways_left << (POLLS_TAKEN - l2.background))
                   : 0;
    default:
        fail_msg("read of 0x%x", reg);
    }
    return 0;
}

static void setting(uint32_t *reg, uint32_t value)
{
    if ((l2.control & 1) != 0 || l2.background != 0) {
        l2.bus_errors++;
    } else if (!l2.non_secure) {
        *reg = value;
    }
}

static void by_line(uint32_t address, bool clean, bool invalidate)
{
    uint32_t i = (address - window) / LINE;

    assert_true(address % LINE == 0 && i < LINES);
    l2.operations++;
    operate(i, clean, invalidate);
    if (i == 1 && !invalidate && l2.cpu_stores_meanwhile) {
        cpu_store(i, 0x5107e);
    }
}

void model_write(uintptr_t address, uint32_t value, unsigned bytes)
{
    uint32_t reg = (uint32_t)(address - BASE);

    assert_true(address >= BASE && reg < 0x1000 && reg % 4 == 0 && bytes == 4);
    if (reg >= 0x700 && reg < 0x800 && l2.background != 0) {
        l2.bus_errors++;
        return;
    }
    l2.overtook |= l2.inner_pending && reg >= 0x700 && reg < 0x800;
    switch (reg) {
    case CONTROL:
        l2.unsettled = true;
        if (!l2.non_secure) {
            l2.control = value;
        }
        break;
    case AUX_CONTROL:
        setting(&l2.aux, value);
        break;
    case TAG_LATENCY:
        setting(&l2.tag, value);
        break;
    case DATA_LATENCY:
        setting(&l2.data, value);
        break;
    case PREFETCH_CONTROL:
        assert_true(l2.revision >= R2P0);
        setting(&l2.prefetch, value);
        break;
    case DEBUG_CONTROL:
        l2.debug = value;
        l2.debug_writes++;
        break;
    case CACHE_SYNC:
        l2.draining |= l2.revision == R3P0;
        l2.syncs++;
        drained();
        break;
    case UNMAPPED:
        l2.unmapped++;
        if (l2.revision == R3P0) { /* elsewhere nothing is promised */
            l2.syncs++;
            drained();
        }
        break;
    case INVALIDATE_PA:
        by_line(value, false, true);
        break;
    case CLEAN_PA:
        by_line(value, true, false);
        break;
    case CLEAN_INVALIDATE_PA:
        by_line(value, true, true);
        break;
    case INVALIDATE_WAY:
    case CLEAN_WAY:
    case CLEAN_INVALIDATE_WAY:
        assert_int_equal(value, (l2.aux & AUX_16_WAYS) != 0 ? 0xffff : 0xff);
        l2.background = POLLS_TAKEN;
        l2.way_operations++;
        l2.background_reg = reg;
        l2.ways_left = value;
        break;
    default:
        fail_msg("write of 0x%x", reg);
    }
}

void model_barrier(enum model_barrier barrier)
{
    assert_int_equal(barrier, MODEL_DSB);
    l2.barriers++;
    l2.inner_pending = false;
    l2.unsettled = false;
}

/* As it comes out of reset: each line is chance, some of them valid and dirty. */
static void power_on(uint32_t revision)
{
    memset(&l2, 0, sizeof(l2));
    memset(lines, 0, sizeof(lines));
    l2.revision = revision;
    l2.aux = AUX_RESET;
    window = WINDOW;
    for (unsigned i = 0; i < LINES; i++) {
        lines[i].memory = i;
        lines[i].valid = i % 3 != 0;
        lines[i].dirty = i % 3 == 1;
        lines[i].value = 0xbad00000u | i;
    }
}

static void on(uint32_t revision)
{
    power_on(revision);
    assert_int_equal(l2c310_enable(&config), L2C310_OK);
    assert_int_equal(l2.bus_errors, 0);
    l2.barriers = 0;
    l2.syncs = 0;
    l2.way_operations = 0;
}

static const uint32_t revisions[] = {0, 2, 4, 5, 6, 7, 8, 9};
#define FOR_REVISIONS(r)                                                                                               \
    for (const uint32_t *r = revisions; r < revisions + sizeof(revisions) / sizeof(revisions[0]); r++)

/* The range goes through, in one way or another; all errata stay away. */
typedef enum l2c310_status (*range_operation)(const struct l2c310_config *, uint32_t, uint32_t);

static void check_sound(void)
{
    assert_int_equal(l2.bus_errors, 0);
    assert_int_equal(l2.debug, 0);
    assert_false(l2.draining);
    assert_false(l2.overtook);
    assert_false(l2.unsettled);
}

static void test_probe(void **state)
{
    uint32_t revision = 99;

    (void)state;
    FOR_REVISIONS(r)
    {
        power_on(*r);
        assert_int_equal(l2c310_probe(&config, &revision), L2C310_OK);
        assert_int_equal(revision, *r);
        assert_int_equal(l2c310_probe(&config, NULL), L2C310_OK);
        assert_false(l2c310_is_on(&config));
    }
    power_on(0x100); /* another part number: an L2C-220 or nothing */
    revision = 99;
    assert_int_equal(l2c310_probe(&config, &revision), L2C310_ERROR_ABSENT);
    assert_int_equal(revision, 99);
    assert_int_equal(l2c310_enable(&config), L2C310_ERROR_ABSENT);
    assert_int_equal(l2.control, 0);
    assert_int_equal(l2.aux, AUX_RESET);
}

static void test_enable(void **state)
{
    (void)state;
    FOR_REVISIONS(r)
    {
        power_on(*r);
        l2.inner_pending = true;
        assert_int_equal(l2c310_enable(&config), L2C310_OK);
        assert_int_equal(l2.control, 1);
        assert_true(l2c310_is_on(&config));
        assert_int_equal(l2.bus_errors, 0);
        assert_int_equal(l2.aux, (AUX_RESET & ~(1u << 12 | 1u)) | 1u << 22 | 1u << 28);
        assert_int_equal(l2.tag, 0x111);
        assert_int_equal(l2.data, 0x221);
        assert_true(l2.syncs != 0);
        check_sound();
        /* 752271: r3p0 to r3p1-50rel0. */
        assert_int_equal(l2.prefetch, *r < 4 ? 0 : (*r >= 5 && *r <= 7 ? 1u << 28 | 7 : 1u << 30 | 1u << 28 | 7));
        for (unsigned i = 0; i < LINES; i++) {
            assert_int_equal(cpu_load(i), i); /* not what the lines held by chance */
            assert_int_equal(lines[i].memory, i);
        }
    }
}

static void test_enable_refused(void **state)
{
    struct l2c310_config other = config;

    (void)state;
    for (uint32_t offset = 0; offset < 32; offset++) {
        bool there_is = offset <= 7 || offset == 15 || offset == 31;

        power_on(8);
        other.prefetch = offset;
        assert_int_equal(l2c310_enable(&other), there_is ? L2C310_OK : L2C310_ERROR_CONFIG);
        assert_int_equal(l2.control, there_is);
        assert_int_equal(l2.prefetch, there_is ? offset : 0);
        assert_true(there_is || l2.aux == AUX_RESET);
    }
    on(8);
    assert_int_equal(l2c310_enable(&config), L2C310_ERROR_ON);
    assert_int_equal(l2.bus_errors, 0);

    power_on(8);
    l2.non_secure = true;
    assert_int_equal(l2c310_enable(&config), L2C310_ERROR_REFUSED);
    assert_int_equal(l2.control, 0);

    power_on(8);
    l2.non_secure =
        true; /* whose owner has left the settings as they should be: it cannot be switched on from here all the same */
    l2.aux = 1u << 22;
    assert_int_equal(l2c310_enable(&config), L2C310_ERROR_REFUSED);

    power_on(8);
    l2.stuck = true;
    assert_int_equal(l2c310_enable(&config), L2C310_ERROR_TIMEOUT);
    assert_int_equal(l2.control, 0);
    assert_int_equal(l2.bus_errors, 0);
}

/* 16 ways: the mask is that of all of them. */
static void test_sixteen_ways(void **state)
{
    (void)state;
    power_on(8);
    l2.aux |= AUX_16_WAYS;
    assert_int_equal(l2c310_enable(&config), L2C310_OK);
    cpu_store(3, 33);
    assert_int_equal(l2c310_clean_all(&config), L2C310_OK);
    assert_int_equal(lines[3].memory, 33);
}

/* Every start and length over some lines, at the window and at the top of the address space. */
static void each_range(uint32_t revision, range_operation operation, bool ragged, bool cleans, bool invalidates)
{
    static const uint32_t windows[] = {WINDOW, 0u - LINES * LINE, 0x80000000u - 8 * LINE};

    for (unsigned w = 0; w < 3; w++) {
        for (uint32_t start = 0; start < 3 * LINE; start += 4) {
            for (uint32_t length = 0; length <= 4 * LINE; length += 4) {
                uint32_t at = windows[w] + (LINES - 8) * LINE + start;
                bool refused = !ragged && ((start | length) % LINE) != 0;

                on(revision);
                window = windows[w];
                for (unsigned i = 0; i < LINES; i++) {
                    cpu_store(i, 1000 + i);
                }
                l2.inner_pending = length != 0 && !refused;
                assert_int_equal(operation(&config, at, length), refused ? L2C310_ERROR_RANGE : L2C310_OK);
                check_sound();
                for (unsigned i = 0; i < LINES; i++) {
                    uint32_t line = windows[w] + i * LINE;
                    bool within = !refused && length != 0 && line + (LINE - 1) >= at && line <= at + (length - 1);

                    assert_int_equal(lines[i].memory, within && cleans ? 1000 + i : i);
                    assert_int_equal(lines[i].valid, !(within && invalidates));
                    assert_int_equal(cpu_load(i), within && invalidates && !cleans ? i : 1000 + i);
                }
                assert_int_equal(l2.barriers, refused || length == 0 ? 0 : 2);
                /* Its mode is one for all: only where it must be. */
                assert_true(l2.debug_writes == 0 || (revision < R2P0 && cleans && invalidates));
            }
        }
    }
}

static void test_clean_range(void **state)
{
    (void)state;
    FOR_REVISIONS(r)
    {
        each_range(*r, l2c310_clean_range, true, true, false);
    }
}

static void test_invalidate_range(void **state)
{
    (void)state;
    FOR_REVISIONS(r)
    {
        each_range(*r, l2c310_invalidate_range, false, false, true);
    }
}

static void test_clean_invalidate_range(void **state)
{
    (void)state;
    FOR_REVISIONS(r)
    {
        each_range(*r, l2c310_clean_invalidate_range, true, true, true);
    }
}

/* The lines were clean already, which is what 588369 is about. */
static void test_clean_lines(void **state)
{
    (void)state;
    FOR_REVISIONS(r)
    {
        on(*r);
        (void)cpu_load(2);
        lines[2].memory = 0xde71ce;
        assert_int_equal(l2c310_clean_invalidate_range(&config, WINDOW + 2 * LINE, LINE), L2C310_OK);
        assert_int_equal(cpu_load(2), 0xde71ce);
        check_sound();

        lines[2].memory = 0xde72ce;
        assert_int_equal(l2c310_clean_invalidate_all(&config), L2C310_OK);
        assert_int_equal(cpu_load(2), 0xde72ce);
        check_sound();
    }
}

static void test_wrapping(void **state)
{
    static const range_operation operations[] = {l2c310_clean_range, l2c310_invalidate_range,
                                                 l2c310_clean_invalidate_range};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        on(8);
        assert_int_equal(operations[i](&config, 0xffffffe0u, 64), L2C310_ERROR_RANGE);
        assert_int_equal(operations[i](&config, 0x80000000u, 0x80000020u), L2C310_ERROR_RANGE);
        assert_int_equal(l2.operations + l2.syncs + l2.bus_errors, 0);
    }
    cpu_store(4, 44); /* but one byte does not */
    assert_int_equal(l2c310_clean_range(&config, WINDOW + 4 * LINE + 31, 1), L2C310_OK);
    assert_int_equal(lines[4].memory, 44);
    assert_int_equal(l2.operations, 1);
}

/* Before it is on its lines are chance: a clean would write them to memory. */
static void test_off(void **state)
{
    (void)state;
    FOR_REVISIONS(r)
    {
        power_on(*r);
        l2.inner_pending = true;
        assert_int_equal(l2c310_clean_range(&config, WINDOW, LINES * LINE), L2C310_OK);
        assert_false(l2.inner_pending); /* what came before is complete all the same */
        l2.inner_pending = true;
        assert_int_equal(l2c310_sync(&config), L2C310_OK);
        assert_false(l2.inner_pending);
        assert_int_equal(l2c310_invalidate_range(&config, WINDOW, LINES * LINE), L2C310_OK);
        assert_int_equal(l2c310_clean_invalidate_range(&config, WINDOW, LINES * LINE), L2C310_OK);
        assert_int_equal(l2c310_clean_all(&config), L2C310_OK);
        assert_int_equal(l2c310_clean_invalidate_all(&config), L2C310_OK);
        assert_int_equal(l2c310_disable(&config), L2C310_OK);
        assert_int_equal(l2.operations + l2.syncs + l2.unmapped + l2.bus_errors + l2.debug, 0);
        for (unsigned i = 0; i < LINES; i++) {
            assert_int_equal(lines[i].memory, i);
        }
    }
}

static void test_sync(void **state)
{
    (void)state;
    FOR_REVISIONS(r)
    {
        on(*r);
        lines[5].waiting = true; /* a non-cacheable store, in the store buffer */
        lines[5].written_back = 55;
        l2.inner_pending = true;
        assert_int_equal(l2c310_sync(&config), L2C310_OK);
        assert_int_equal(lines[5].memory, 55);
        assert_int_equal(l2.barriers, 2);
        check_sound();
        l2.never_synced = true;
        l2.looks = 0;
        assert_int_equal(l2c310_sync(&config), L2C310_ERROR_TIMEOUT);
        assert_int_equal(l2.looks, config.poll_limit);
        assert_int_equal(l2c310_clean_range(&config, WINDOW, LINE), L2C310_ERROR_TIMEOUT);
    }
}

static void test_whole(void **state)
{
    (void)state;
    FOR_REVISIONS(r)
    {
        for (unsigned both = 0; both < 2; both++) {
            on(*r);
            for (unsigned i = 0; i < LINES; i++) {
                cpu_store(i, 2000 + i);
            }
            l2.inner_pending = true;
            assert_int_equal((both ? l2c310_clean_invalidate_all : l2c310_clean_all)(&config), L2C310_OK);
            check_sound();
            for (unsigned i = 0; i < LINES; i++) {
                assert_int_equal(lines[i].memory, 2000 + i);
                assert_int_equal(lines[i].valid, !both);
            }
            assert_int_equal(l2.way_operations, both && *r < 4 ? 2 : 1);
            assert_int_equal(l2.debug_writes, both && *r < 6 ? 2 : 0);
        }
    }
}

/* 727915, and what the way round 588369 must not bring: a store between the clean and the invalidate is lost. */
static void test_store_meanwhile(void **state)
{
    (void)state;
    FOR_REVISIONS(r)
    {
        on(*r);
        cpu_store(1, 1);
        l2.cpu_stores_meanwhile = true;
        assert_int_equal(l2c310_clean_invalidate_all(&config), L2C310_OK);
        check_sound();
        assert_int_equal(lines[1].memory, 0x5107e);

        on(*r);
        cpu_store(1, 1);
        l2.cpu_stores_meanwhile = *r < R2P0; /* by two operations there */
        assert_int_equal(l2c310_clean_invalidate_range(&config, WINDOW, 2 * LINE), L2C310_OK);
        check_sound();
        assert_int_equal(lines[1].memory, *r < R2P0 ? 0x5107e : 1);
    }
}

static void test_disable(void **state)
{
    (void)state;
    FOR_REVISIONS(r)
    {
        on(*r);
        for (unsigned i = 0; i < LINES; i++) {
            cpu_store(i, 3000 + i);
        }
        assert_int_equal(l2c310_disable(&config), L2C310_OK);
        check_sound();
        assert_int_equal(l2.control, 0);
        for (unsigned i = 0; i < LINES; i++) {
            assert_int_equal(lines[i].memory, 3000 + i);
        }
        assert_int_equal(l2c310_enable(&config), L2C310_OK); /* and on again */
    }
    on(8);
    l2.stuck = true;
    assert_int_equal(l2c310_disable(&config), L2C310_ERROR_TIMEOUT);
    assert_int_equal(l2.control, 1);
    on(4);
    l2.stuck = true;
    assert_int_equal(l2c310_clean_invalidate_all(&config), L2C310_ERROR_TIMEOUT);
    assert_int_equal(l2.debug, 0); /* not left in the workaround's mode */
    on(0);
    l2.stuck = true;
    assert_int_equal(l2c310_clean_invalidate_all(&config), L2C310_ERROR_TIMEOUT);
    assert_int_equal(l2.bus_errors, 0); /* the second operation was not begun */
    on(8);
    l2.non_secure = true;
    assert_int_equal(l2c310_disable(&config), L2C310_ERROR_REFUSED);
}

static void test_texts(void **state)
{
    (void)state;
    for (unsigned i = L2C310_OK; i <= L2C310_ERROR_TIMEOUT; i++) {
        for (unsigned j = L2C310_OK; j < i; j++) {
            assert_string_not_equal(l2c310_status_text((enum l2c310_status)i),
                                    l2c310_status_text((enum l2c310_status)j));
        }
    }
    assert_string_equal(l2c310_status_text((enum l2c310_status)(L2C310_ERROR_TIMEOUT + 1)), "no status of this driver");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_probe),
        cmocka_unit_test(test_enable),
        cmocka_unit_test(test_enable_refused),
        cmocka_unit_test(test_sixteen_ways),
        cmocka_unit_test(test_clean_range),
        cmocka_unit_test(test_invalidate_range),
        cmocka_unit_test(test_clean_invalidate_range),
        cmocka_unit_test(test_clean_lines),
        cmocka_unit_test(test_wrapping),
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_sync),
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_store_meanwhile),
        cmocka_unit_test(test_disable),
        cmocka_unit_test(test_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
