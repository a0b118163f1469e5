/* SPDX-License-Identifier: MIT */
/*
 * Enforcement by the MMU and by faults, and policies, verb by verb: M, T and L of docs/OWNERSHIP.md. Random programs over them are in
 * test_core_enforcement_program.c. What would break each test is told with it.
 */
// link: core/*.c
#include "tests/host/support/core_fixture.h"

enum { PAGE = 1024 };

static baton_buffer guarded, automatic;
static baton_attachment guarded_to_dma, automatic_to_dma, automatic_to_coherent;
static int waiting_allowed;
static unsigned waits;
static uint32_t first_wait; /* how long the first one may take */
static int jump;
static void (*while_waiting)(void);
static struct baton_destination ends_while_waiting;

static bool may_wait(void *context)
{
    (void)context;
    assert_int_equal(machine.locked, 0); /* it masks interrupts: what it says would be about the lock */
    return waiting_allowed;
}

static void wait(void *context, uint32_t deadline)
{
    (void)context;
    assert_int_equal(machine.locked, 0);
    assert_true((int32_t)(deadline - machine.clock) > 0);
    if (waits++ == 0)
        first_wait = deadline - machine.clock;
    if (jump)
        machine.clock = deadline;
    if (while_waiting != NULL)
        while_waiting();
    if (ends_while_waiting.access.token != 0)
        OK(baton_unmap_destination(baton, &ends_while_waiting));
    machine.clock += 10;
}

static int setup_pages(void **state)
{
    struct baton_buffer_config config = {.name = "guarded", .size = PAGE + 100, .enforcement = BATON_ENFORCE_MMU};

    setup(state);
    machine_give_pages(&machine, PAGE);
    machine.port.may_wait = may_wait;
    machine.port.wait = wait;
    machine.port.frequency = 1000000;
    waiting_allowed = 1;
    waits = 0;
    jump = 0;
    while_waiting = NULL;
    ends_while_waiting.access.token = 0;
    OK(baton_create(baton, pool, &config, &guarded));
    config.name = "automatic";
    config.enforcement = BATON_ENFORCE_AUTOMATIC;
    OK(baton_create(baton, pool, &config, &automatic));
    OK(baton_attach(baton, guarded, dma, &guarded_to_dma));
    OK(baton_attach(baton, automatic, dma, &automatic_to_dma));
    OK(baton_attach(baton, automatic, coherent, &automatic_to_coherent));
    return 0;
}

#define PAGES_TEST(name) cmocka_unit_test_setup_teardown(name, setup_pages, teardown)

static enum baton_protection protection(uint32_t page)
{
    return (enum baton_protection)machine.protection[page];
}

/* The fixture's buffer has the first page: 16 lines. The guarded one follows, then the automatic one. */
enum { GUARDED = 1, AUTOMATIC = 3 };

static uintptr_t at(uint32_t page, uint32_t offset)
{
    return (uintptr_t)machine_cpu(&machine, page * PAGE + offset);
}

#define FAULT(status, address, write) FAULT_FOR(100, status, address, write)
#define FAULT_FOR(timeout, status, address, write)                                                                     \
    do {                                                                                                               \
        before_refusal();                                                                                              \
        assert_int_equal(baton_fault(baton, address, write, 0x1234, timeout), status);                                 \
        forget_refusals(memory);                                                                                       \
        assert_memory_equal(memory, snapshot, sizeof(memory));                                                         \
    } while (0)

static void told(const char *name, uint32_t offset, const char *holder, uint32_t epoch)
{
    assert_int_equal(machine.misuses, 1);
    assert_string_equal(machine.last_misuse.verb, "baton_fault");
    assert_string_equal(machine.last_misuse.buffer, name);
    assert_string_equal(machine.last_misuse.holder, holder);
    assert_int_equal(machine.last_misuse.holder_epoch, epoch);
    assert_int_equal(machine.last_misuse.call_site, 0x1234);
    assert_int_equal(machine.last_misuse.offset, offset);
    assert_int_equal(machine.last_misuse.length, 1);
}

static void destroy_automatic_now(void)
{
    OK(baton_detach(baton, &automatic_to_dma));
    OK(baton_detach(baton, &automatic_to_coherent));
    OK(baton_destroy(baton, &automatic));
}

/* M1, M2: a right that outlives its access, or one of two accesses that takes the other's along. */
static void rights_are_those_of_the_open_accesses(void **state)
{
    struct baton_cpu_access reader, writer;

    (void)state;
    assert_int_equal(protection(GUARDED), BATON_PROTECT_NONE);
    OK(baton_begin_cpu_access(baton, guarded, part(0, 64), BATON_READ, &reader));
    assert_int_equal(machine_offset(&machine, reader.data), GUARDED * PAGE);
    assert_int_equal(protection(GUARDED), BATON_PROTECT_READ);
    assert_int_equal(protection(GUARDED + 1), BATON_PROTECT_NONE);
    OK(baton_begin_cpu_access(baton, guarded, part(512, 600), BATON_WRITE, &writer));
    assert_int_equal(protection(GUARDED), BATON_PROTECT_READ_WRITE);
    assert_int_equal(protection(GUARDED + 1), BATON_PROTECT_READ_WRITE);
    OK(baton_end_cpu_access(baton, &writer));
    assert_int_equal(protection(GUARDED), BATON_PROTECT_READ);
    assert_int_equal(protection(GUARDED + 1), BATON_PROTECT_NONE);
    OK(baton_end_cpu_access(baton, &reader));
    assert_int_equal(protection(GUARDED), BATON_PROTECT_NONE);
}

/* M4: another acquire's end that takes away the mapping through which lines of the same page are maintained. */
static void map_while_maintained(struct machine *of, void *context)
{
    struct baton_cpu_access access;

    (void)context;
    of->meanwhile = NULL;
    OK(baton_begin_cpu_access(baton, guarded, part(64, 64), BATON_WRITE, &access));
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(protection(GUARDED), BATON_PROTECT_READ);
}

static void maintenance_keeps_its_mapping(void **state)
{
    struct baton_source source;

    (void)state;
    machine.meanwhile = map_while_maintained;
    OK(baton_map_to_device(baton, guarded_to_dma, part(0, 64), &source));
    assert_null(machine.meanwhile);
    assert_int_equal(protection(GUARDED), BATON_PROTECT_NONE);
    OK(baton_unmap_source(baton, &source));
    assert_string_equal(machine.trouble, "");
}

/* M6: a fault of another CPU while the page is being opened, which is no reason to let it in. */
static void stray_while_maintained(struct machine *of, void *context)
{
    (void)context;
    of->meanwhile = NULL;
    assert_int_equal(baton_fault(baton, at(GUARDED, 70), true, 0x1234, 100), BATON_ERROR_BUSY);
    told("guarded", 70, "cpu", 0);
}

static void not_open_before_it_is_granted(void **state)
{
    struct baton_cpu_access writer;

    (void)state;
    machine.misuses = 0;
    machine.meanwhile = stray_while_maintained;
    OK(baton_begin_cpu_access(baton, guarded, part(0, 128), BATON_WRITE, &writer));
    assert_null(machine.meanwhile);
    OK(baton_end_cpu_access(baton, &writer));
}

/* M5: a report that names the wrong holder, byte or epoch. */
static void stray_accesses_are_told(void **state)
{
    struct baton_destination destination;
    struct baton_cpu_access reader;

    (void)state;
    FAULT(BATON_ERROR_BUSY, at(GUARDED, 7), false);
    told("guarded", 7, "", 0);
    OK(baton_map_from_device(baton, guarded_to_dma, part(128, 64), BATON_OVERWRITE, &destination));
    OK(baton_begin_cpu_access(baton, guarded, part(0, 64), BATON_READ, &reader));
    FAULT(BATON_ERROR_BUSY, at(GUARDED, 5), true);
    told("guarded", 5, "cpu", 2);
    FAULT(BATON_ERROR_BUSY, at(GUARDED, 130), true);
    told("guarded", 130, "dma", 1);
    FAULT(BATON_ERROR_BUSY, at(GUARDED + 1, 101), false); /* the padding */
    told("guarded", PAGE + 101, "", 0);
    FAULT(BATON_ERROR_RANGE, at(0, 5), false); /* another buffer, which nothing guards */
    assert_int_equal(machine.misuses, 0);
    FAULT(BATON_ERROR_RANGE, at(AUTOMATIC + 2, 0), false);
    FAULT(BATON_ERROR_RANGE, 0, false);
    struct baton_buffer_config config = {.name = "unchecked", .size = 64, .enforcement = BATON_ENFORCE_NONE};
    OK(baton_create(baton, pool, &config, &buffer));
    FAULT(BATON_ERROR_RANGE, at(AUTOMATIC + 2, 0), false);
    assert_int_equal(baton_fault(NULL, 0, false, 0, 0), BATON_ERROR_ARGUMENT);
    /* M6: the page was being changed at that moment; what is open is open. */
    machine.protection[GUARDED] = BATON_PROTECT_NONE;
    FAULT(BATON_OK, at(GUARDED, 5), false);
    assert_int_equal(protection(GUARDED), BATON_PROTECT_READ);
    OK(baton_end_cpu_access(baton, &reader));
    OK(baton_unmap_destination(baton, &destination));
}

/* The record of an end, at the place in the ring that an acquire with maintenance had. Breaks if it tells of that again. */
static void an_end_tells_of_no_work(void **state)
{
    struct baton_cpu_access reader, other;
    struct baton_record records[8];
    uint32_t sequence = 0, count;

    (void)state;
    for (unsigned half = 0; half < 2;
         half++) { /* of the ring: in both the third record is of an acquire that refreshes */
        device_writes(guarded_to_dma, part(0, 64));
        OK(baton_begin_cpu_access(baton, guarded, part(0, 64), BATON_READ, &reader));
        OK(baton_end_cpu_access(baton, &reader));
    }
    OK(baton_begin_cpu_access(baton, buffer, part(0, 64), BATON_READ, &other));
    OK(baton_begin_cpu_access(baton, guarded, part(0, 64), BATON_READ, &reader));
    OK(baton_end_cpu_access(baton, &reader));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(sequence, 8 + 3);
    assert_int_equal(records[7].verb, BATON_VERB_RELEASE);
    assert_int_equal(records[7].actions | records[7].refreshed, 0);
    assert_int_equal(records[3].actions, BATON_ACTION_REFRESH); /* what was there, four places on */
    OK(baton_end_cpu_access(baton, &other));
}

/* M3: a buffer whose lines are maintained at its end without a mapping, or whose pages stay unmapped. */
static void destroyed_pages_are_the_pools(void **state)
{
    struct baton_cpu_access writer;

    (void)state;
    OK(baton_begin_cpu_access(baton, guarded, part(0, 64), BATON_WRITE, &writer));
    OK(baton_end_cpu_access(baton, &writer));
    OK(baton_detach(baton, &guarded_to_dma));
    OK(baton_destroy(baton, &guarded));
    assert_int_equal(protection(GUARDED), BATON_PROTECT_READ_WRITE);
    assert_int_equal(protection(GUARDED + 1), BATON_PROTECT_READ_WRITE);
    assert_int_equal(baton_fault(baton, at(GUARDED, 0), false, 0, 0), BATON_ERROR_RANGE);
}

/* A buffer that shares a page with another, or one that the port cannot map. */
static void pages_of_their_own(void **state)
{
    struct baton_buffer_config config = {.name = "next", .size = 64, .enforcement = BATON_ENFORCE_MMU};
    struct baton_import_config import = {.name = "import",
                                         .cpu = machine_cpu(&machine, 0),
                                         .physical = 0x80000000,
                                         .size = PAGE,
                                         .enforcement = BATON_ENFORCE_MMU};
    bool (*prepare)(void *, uintptr_t, size_t) = machine.port.prepare;
    void (*protect)(void *, uintptr_t, enum baton_protection) = machine.port.protect;
    struct baton_cpu_access access;
    baton_buffer next = {0};

    (void)state;
    destroy_automatic_now();
    config.enforcement = NULL;
    OK(baton_create(baton, pool, &config, &automatic)); /* one line behind the guarded one's two pages */
    config.enforcement = BATON_ENFORCE_MMU;
    OK(baton_create(baton, pool, &config, &next));
    OK(baton_begin_cpu_access(baton, next, part(0, 1), BATON_READ, &access));
    assert_int_equal(machine_offset(&machine, access.data), (AUTOMATIC + 1) * PAGE);
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_destroy(baton, &next));
    config.size = 4 * PAGE + 1; /* there are four pages and 15 lines */
    REFUSED(BATON_ERROR_NO_MEMORY, baton_create, baton, pool, &config, &next);
    config.size = 4 * PAGE;
    OK(baton_create(baton, pool, &config, &next));
    OK(baton_destroy(baton, &next));
    config.size = PAGE;
    machine.prepare_fails = 1;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &next);
    machine.prepare_fails = 0;
    machine.port.protect = NULL;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &next);
    config.policy = BATON_POLICY_WRITE_COMBINED;
    config.enforcement = NULL;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &next);
    machine.port.protect = protect;
    machine.port.prepare = NULL;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &next);
    machine.port.prepare = prepare;
    machine.port.page = 0;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &next);
    machine.port.page = PAGE;
    config.policy = BATON_POLICY_CACHED;
    config.enforcement = BATON_ENFORCE_AUTOMATIC;
    machine.port.wait = NULL;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &next);
    machine.port.wait = wait;
    config.chunks = 2;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &next);
    config.chunks = 0;
    config.policy = BATON_POLICY_WRITE_COMBINED;
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, pool, &config, &next);
    REFUSED(BATON_ERROR_POLICY, baton_import, baton, &import, &next);
}

static void loads_only(struct machine *of, void *context)
{
    (void)context;
    of->meanwhile = NULL;
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_READ);
}

/* T3, T5: a store between the two halves of a settle, or after the publish, that nobody notes. */
static void nobody_stores_while_lines_are_maintained(void **state)
{
    struct baton_source source;

    (void)state;
    machine.meanwhile = loads_only;
    OK(baton_fault(baton, at(AUTOMATIC, 3), true, 0x1234, 0)); /* settles */
    assert_null(machine.meanwhile);
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_READ_WRITE);
    machine.meanwhile = loads_only;
    OK(baton_map_to_display(baton, automatic_to_dma, part(0, 64), &source));
    assert_null(machine.meanwhile);
    OK(baton_unmap_source(baton, &source));
    /* The last page: its padding is not looked at. */
    OK(baton_fault(baton, at(AUTOMATIC + 1, 0), false, 0x1234, 0));
    OK(baton_map_to_device(baton, automatic_to_dma, part(PAGE, 64), &source));
    assert_int_equal(protection(AUTOMATIC + 1), BATON_PROTECT_READ);
    OK(baton_unmap_source(baton, &source));
}

/* A hole that ends before the next page begins, taken for a large one. */
static void holes_without_a_page(void **state)
{
    struct baton_buffer_config config = {.name = "small", .size = 64};
    baton_buffer small[3];

    (void)state;
    OK(baton_detach(baton, &guarded_to_dma));
    OK(baton_destroy(baton, &guarded));
    destroy_automatic_now();
    for (unsigned i = 0; i < 3; i++)
        OK(baton_create(baton, pool, &config, &small[i]));
    OK(baton_destroy(baton, &small[1]));
    config.enforcement = BATON_ENFORCE_MMU;
    OK(baton_create(baton, pool, &config, &small[1]));
    for (const struct buffer *made = instance_pool(baton, pool)->buffers; made->next != NULL; made = made->next)
        assert_true(made->physical < made->next->physical);
}

/* T1 to T5: a page that opens too far, stays open too long, or whose stores nobody notes. */
static void touches_open_pages(void **state)
{
    struct baton_destination destination;
    struct baton_source source;
    struct baton_answer answer;
    void *pointer;

    (void)state;
    OK(baton_automatic_pointer(baton, automatic, &pointer));
    assert_int_equal(machine_offset(&machine, pointer), AUTOMATIC * PAGE);
    OK(baton_fault(baton, at(AUTOMATIC, 3), false, 0x1234, 0));
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_READ);
    assert_int_equal(protection(AUTOMATIC + 1), BATON_PROTECT_NONE);
    OK(baton_fault(baton, at(AUTOMATIC, 3), true, 0x1234, 0));
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_READ_WRITE);
    OK(baton_query(baton, automatic, part(0, PAGE + 100), &answer, NULL, 0));
    assert_int_equal(answer.newest_in_cache, PAGE);
    assert_int_equal(answer.holders, 0);

    forget_maintenance();
    OK(baton_map_to_device(baton, automatic_to_dma, part(64, 64), &source));
    check_maintained(part(AUTOMATIC * PAGE + 64, 64), part(0, 0));
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_READ);
    OK(baton_unmap_source(baton, &source));
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_READ); /* its lines are not all dirty any more */

    OK(baton_map_to_display(baton, automatic_to_dma, part(0, PAGE), &source));
    OK(baton_fault(baton, at(AUTOMATIC, 0), true, 0x1234, 0)); /* T5: it may be drawn in while it is shown */
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_READ_WRITE);
    OK(baton_unmap_source(baton, &source));

    OK(baton_map_to_device(baton, automatic_to_coherent, part(0, 64), &source));
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_READ); /* no line is published, and yet */
    OK(baton_unmap_source(baton, &source));
    OK(baton_map_from_device(baton, automatic_to_dma, part(0, 64), BATON_WRITE, &destination));
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_NONE);
    OK(baton_unmap_destination(baton, &destination));
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_NONE);
    forget_maintenance();
    OK(baton_fault(baton, at(AUTOMATIC, 100), false, 0x1234, 0));
    check_maintained(part(0, 0), part(AUTOMATIC * PAGE, 64));
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_READ);
}

/* T6: a touch that waits where it may not, for ever, or not at all; or that changes something before it gives up. */
static void touches_wait(void **state)
{
    struct baton_destination destination;
    struct baton_record records[8];
    uint32_t sequence = 0, count;

    (void)state;
    OK(baton_map_from_device(baton, automatic_to_dma, part(0, 64), BATON_WRITE, &destination));
    FAULT(BATON_ERROR_TIMEOUT, at(AUTOMATIC, 800), false);
    told("automatic", 800, "dma", 1);
    assert_true(waits > 2 && waits < 12);
    waits = 0;
    before_refusal();
    assert_int_equal(baton_fault(baton, at(AUTOMATIC, 800), false, 0x1234, 0), BATON_ERROR_TIMEOUT);
    assert_int_equal(waits, 0);
    waiting_allowed = 0;
    assert_int_equal(baton_fault(baton, at(AUTOMATIC, 800), false, 0x1234, 0), BATON_ERROR_TIMEOUT); /* a try */
    FAULT(BATON_ERROR_CONTEXT, at(AUTOMATIC, 800), false);
    FAULT(BATON_ERROR_CONTEXT, at(AUTOMATIC + 1, 0), true); /* nobody holds it; and yet: always, not only sometimes */
    waiting_allowed = 1;
    assert_int_equal(waits, 0);
    FAULT(BATON_ERROR_BUSY, at(AUTOMATIC + 1, 100), false); /* T8: the padding */

    ends_while_waiting = destination;
    OK(baton_trace(baton, &sequence, records, 8, &count)); /* what there is so far */
    OK(baton_fault(baton, at(AUTOMATIC, 800), true, 0x1234, 100));
    assert_int_equal(waits, 1);
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_READ_WRITE);
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 3); /* the device's release, the touch's acquire and release */
    const struct baton_record *acquire = &records[1], *release = &records[2];
    assert_int_equal(acquire->verb, BATON_VERB_ACQUIRE);
    assert_int_equal(acquire->call_site, 0x1234);
    assert_int_equal(acquire->direction, BATON_WRITE);
    assert_int_equal(acquire->range.offset, 0);
    assert_int_equal(acquire->range.length, PAGE);
    assert_int_equal(release->verb, BATON_VERB_RELEASE);
}

static void destroy_automatic(void)
{
    OK(baton_unmap_destination(baton, &ends_while_waiting));
    destroy_automatic_now();
}

static struct baton_cpu_access taken[5];

static void take_all_slots(void)
{
    if (ends_while_waiting.access.token == 0)
        return;
    OK(baton_unmap_destination(baton, &ends_while_waiting));
    for (unsigned i = 0; i < 5; i++)
        OK(baton_begin_cpu_access(baton, guarded, part(0, 1), BATON_READ, &taken[i]));
}

/* T6: a touch that goes on with a buffer that has ended meanwhile, or that blames who has let go. */
static void things_change_while_a_touch_waits(void **state)
{
    (void)state;
    OK(baton_map_from_device(baton, automatic_to_dma, part(0, 64), BATON_WRITE, &ends_while_waiting));
    while_waiting = take_all_slots;
    assert_int_equal(baton_fault(baton, at(AUTOMATIC, 0), false, 0x1234, 100), BATON_ERROR_TIMEOUT);
    told("automatic", 0, "", 0);
    for (unsigned i = 0; i < 5; i++)
        OK(baton_end_cpu_access(baton, &taken[i]));
    OK(baton_map_from_device(baton, automatic_to_dma, part(0, 64), BATON_WRITE, &ends_while_waiting));
    while_waiting = destroy_automatic;
    assert_int_equal(baton_fault(baton, at(AUTOMATIC, 0), false, 0x1234, 100), BATON_ERROR_RANGE);
}

/* R9: a touch that needs no maintenance, and leaves out the barrier after a device. */
static void a_touch_has_its_barrier(void **state)
{
    struct baton_destination destination;

    (void)state;
    OK(baton_fault(baton, at(AUTOMATIC, 0), false, 0x1234, 0));
    OK(baton_map_from_device(baton, automatic_to_dma, part(PAGE, 64), BATON_WRITE, &destination));
    OK(baton_unmap_destination(baton, &destination));
    forget_maintenance();
    OK(baton_fault(baton, at(AUTOMATIC, 0), true, 0x1234, 0));
    check_barriers(0, 1);
    check_maintained(part(0, 0), part(0, 0));
}

/* The clock's units: a timeout that is off by more than a division would round, or that overflows. */
static void timeouts_are_in_microseconds(void **state)
{
    static const struct {
        uint32_t frequency, timeout;
    } cases[] = {
        {1000000, 1000},       {62500000, 1000},   {24000000, 2500000}, {1000000000, 4000000}, {1, 1},
        {1000, 1000000},       {62500000, 999999}, {UINT32_MAX, 1},     {UINT32_MAX, 1000},    {62500000, UINT32_MAX},
        {1000000, 2000000000}, {19200000, 17}};
    struct baton_destination destination;

    (void)state;
    jump = 1;
    OK(baton_map_from_device(baton, automatic_to_dma, part(0, 64), BATON_WRITE, &destination));
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const uint64_t ticks = (uint64_t)cases[i].frequency * cases[i].timeout / 1000000;

        machine.port.frequency = cases[i].frequency;
        waits = 0;
        if (ticks > INT32_MAX) {
            FAULT_FOR(cases[i].timeout, BATON_ERROR_ARGUMENT, at(AUTOMATIC, 0), false);
            continue;
        }
        assert_int_equal(baton_fault(baton, at(AUTOMATIC, 0), false, 1, cases[i].timeout), BATON_ERROR_TIMEOUT);
        assert_true(waits == 0 ? ticks <= 4 : first_wait + 8 >= ticks && first_wait <= ticks + 8);
    }
    OK(baton_unmap_destination(baton, &destination));
}

/* Calls that an automatic buffer has not, and a pointer that others have not. */
static void automatic_has_no_calls(void **state)
{
    struct baton_cpu_access access;
    void *pointer;

    (void)state;
    REFUSED(BATON_ERROR_POLICY, baton_begin_cpu_access, baton, automatic, part(0, 1), BATON_READ, &access);
    REFUSED(BATON_ERROR_POLICY, baton_automatic_pointer, baton, guarded, &pointer);
    REFUSED(BATON_ERROR_POLICY, baton_automatic_pointer, baton, buffer, &pointer);
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_automatic_pointer, baton, (baton_buffer){0}, &pointer);
    REFUSED(BATON_ERROR_ARGUMENT, baton_automatic_pointer, baton, automatic, NULL);
    assert_int_equal(baton_automatic_pointer(NULL, automatic, &pointer), BATON_ERROR_ARGUMENT);
}

static void change(const struct baton_policy *policy, uint32_t published, uint32_t refreshed)
{
    struct baton_counters before, after;

    OK(baton_cpu_counters(baton, &before));
    OK(baton_set_policy(baton, buffer, policy));
    OK(baton_cpu_counters(baton, &after));
    assert_int_equal(after.published - before.published, published);
    assert_int_equal(after.refreshed - before.refreshed, refreshed);
}

/* L1 to L5: maintenance that is left out, or done where none is needed; a mapping that does not follow. */
static void policies_change(void **state)
{
    const struct baton_buffer_config config = {.name = "changing", .size = SIZE, .policy = BATON_POLICY_WRITE_COMBINED};
    static const struct baton_range nothing;
    struct baton_destination failed;
    struct baton_source source;

    (void)state;
    OK(baton_detach(baton, &to_coherent));
    OK(baton_detach(baton, &to_dma));
    OK(baton_destroy(baton, &buffer));
    OK(baton_create(baton, pool, &config, &buffer));
    OK(baton_attach(baton, buffer, dma, &to_dma));
    assert_int_equal(protection(0), BATON_PROTECT_WRITE_COMBINED);
    change(BATON_POLICY_CACHED, 0, 0);
    change(BATON_POLICY_CACHED, 0, 0); /* the same: nothing happens */
    cpu_does(BATON_OVERWRITE, lines(0, 8));
    device_writes(to_dma, lines(8, 4));
    OK(baton_map_from_device(baton, to_dma, lines(12, 4), BATON_WRITE, &failed));
    OK(baton_unmap_destination_partial(baton, &failed, nothing)); /* 8 dirty, 4 stale, 4 unknown */
    change(BATON_POLICY_WRITE_COMBINED, 8 + 4, 4 + 2 * LINES);
    assert_int_equal(protection(0), BATON_PROTECT_WRITE_COMBINED);
    check_newest(0, 4, 0);
    cpu_does(BATON_WRITE, lines(0, 1));
    check_newest(0, 5, 0);
    forget_maintenance();
    OK(baton_map_to_device(baton, to_dma, lines(0, LINES), &source));
    check_maintained(part(0, 0), part(0, 0));
    REFUSED(BATON_ERROR_HELD, baton_set_policy, baton, buffer, BATON_POLICY_CACHED);
    OK(baton_unmap_source(baton, &source));
    change(BATON_POLICY_CACHED, 0, 0);
    assert_int_equal(protection(0), BATON_PROTECT_READ_WRITE);
    check_newest(0, 5, 0);
    REFUSED(BATON_ERROR_POLICY, baton_set_policy, baton, buffer, BATON_POLICY_COHERENT); /* the dma does not snoop */
    OK(baton_detach(baton, &to_dma));
    OK(baton_attach(baton, buffer, coherent, &to_coherent));
    change(BATON_POLICY_COHERENT, 0, 5);
    check_newest(LINES, 0, 0);
    change(BATON_POLICY_CACHED, 0, 0);
    cpu_does(BATON_WRITE, lines(3, 1));
    change(BATON_POLICY_WRITE_COMBINED, LINES, 2 * LINES);
    cpu_does(BATON_WRITE, lines(4, 1));
    change(BATON_POLICY_COHERENT, 0, 1); /* and back, straight */
    assert_int_equal(protection(0), BATON_PROTECT_READ_WRITE);
    check_newest(LINES, 0, 0);
    OK(baton_detach(baton, &to_coherent));
    change(BATON_POLICY_WRITE_COMBINED, LINES, 2 * LINES);
    OK(baton_destroy(baton, &buffer));
    assert_int_equal(protection(0), BATON_PROTECT_READ_WRITE); /* L7 */
}

static void policies_are_refused(void **state)
{
    struct baton_buffer_config config = {.name = "small", .size = 64, .policy = BATON_POLICY_COHERENT};
    struct baton_cpu_access access[5];
    baton_buffer small;

    (void)state;
    REFUSED(BATON_ERROR_STALE_HANDLE, baton_set_policy, baton, (baton_buffer){0}, BATON_POLICY_CACHED);
    assert_int_equal(baton_set_policy(NULL, buffer, BATON_POLICY_CACHED), BATON_ERROR_ARGUMENT);
    REFUSED(BATON_ERROR_POLICY, baton_set_policy, baton, automatic, BATON_POLICY_WRITE_COMBINED); /* T8 */
    REFUSED(BATON_ERROR_POLICY, baton_set_policy, baton, buffer, BATON_POLICY_WRITE_COMBINED);    /* L3 */
    OK(baton_detach(baton, &to_dma));
    /* With no access left, neither a change nor a buffer that needs one. */
    for (unsigned i = 0; i < 5; i++)
        OK(baton_begin_cpu_access(baton, guarded, part(0, 1), BATON_READ, &access[i]));
    REFUSED(BATON_ERROR_NO_SLOT, baton_set_policy, baton, buffer, BATON_POLICY_COHERENT);
    for (unsigned i = 0; i < 5; i++) {
        OK(baton_end_cpu_access(baton, &access[i]));
        OK(baton_begin_cpu_access(baton, buffer, part(0, 1), BATON_READ, &access[i]));
    }
    REFUSED(BATON_ERROR_NO_SLOT, baton_set_policy, baton, guarded, BATON_POLICY_WRITE_COMBINED);
    REFUSED(BATON_ERROR_NO_SLOT, baton_create, baton, pool, &config, &small);
    for (unsigned i = 0; i < 5; i++)
        OK(baton_end_cpu_access(baton, &access[i]));
    OK(baton_create(baton, pool, &config, &small));
    OK(baton_destroy(baton, &small));
    config.policy = BATON_POLICY_CACHED;
    struct baton_import_config import = {
        .name = "import", .cpu = machine_cpu(&machine, 0), .physical = 0x80000000, .size = PAGE};
    OK(baton_import(baton, &import, &small));
    REFUSED(BATON_ERROR_POLICY, baton_set_policy, baton, small, BATON_POLICY_COHERENT);
}

/* M1, M4: what a bounce buffer has of newer bytes comes home through the CPU's mapping, which nobody has open. Breaks if it is not
 * opened for that, or stays so. */
static void bounced_bytes_come_home(void **state)
{
    const struct baton_buffer_config config = {.name = "bounced", .size = 2 * PAGE, .enforcement = BATON_ENFORCE_MMU};
    struct baton_device_config picky_config = device_config("picky", BATON_DOMAIN_MEMORY);
    baton_attachment attached;
    baton_buffer odd;
    baton_device picky;

    (void)state;
    destroy_automatic_now();
    picky_config.alignment = 2 * PAGE;
    OK(baton_add_device(baton, &picky_config, &picky));
    OK(baton_set_bounce_pool(baton, picky, pool));
    OK(baton_create(baton, pool, &config, &odd)); /* at an odd page */
    OK(baton_attach(baton, odd, picky, &attached));
    device_writes(attached, part(0, 2 * PAGE));
    OK(baton_detach(baton, &attached));
    assert_int_equal(machine.copied[AUTOMATIC * PAGE / GRANULE], GRANULE);
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_NONE);
    assert_int_equal(protection(AUTOMATIC + 1), BATON_PROTECT_NONE);
    OK(baton_destroy(baton, &odd));
}

/* B7: a write for which the difference has no room brings home lines of other pages. Breaks if those are not mapped meanwhile. */
static void crowded_bytes_come_home(void **state)
{
    const struct baton_buffer_config config = {.name = "bounced", .size = 2 * PAGE, .enforcement = BATON_ENFORCE_MMU};
    struct baton_device_config picky_config = device_config("picky", BATON_DOMAIN_MEMORY);
    struct baton_cpu_access access;
    baton_attachment attached;
    baton_buffer odd;
    baton_device picky;

    (void)state;
    destroy_automatic_now();
    picky_config.alignment = 2 * PAGE;
    OK(baton_add_device(baton, &picky_config, &picky));
    OK(baton_set_bounce_pool(baton, picky, pool));
    OK(baton_create(baton, pool, &config, &odd));
    OK(baton_attach(baton, odd, picky, &attached));
    device_writes(attached, part(0, 2 * PAGE));
    for (uint32_t line = 1; line <= 15; line += 2) { /* with the last one the first page comes home */
        OK(baton_begin_cpu_access(baton, odd, lines(line + PAGE / GRANULE, 1), BATON_OVERWRITE, &access));
        OK(baton_end_cpu_access(baton, &access));
    }
    assert_int_equal(machine.copied[AUTOMATIC * PAGE / GRANULE], GRANULE);
    assert_int_equal(protection(AUTOMATIC), BATON_PROTECT_NONE);
}

/* M5. Breaks if nobody is told who holds other lines of the page. */
static void holder_of_other_lines(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    OK(baton_begin_cpu_access(baton, guarded, lines(2, 1), BATON_READ, &access));
    FAULT(BATON_ERROR_BUSY, at(GUARDED, 0), true);
    told("guarded", 0, "cpu", 1);
    OK(baton_end_cpu_access(baton, &access));
}

/* W3. Breaks if a reservation opens its pages. */
static void reserved_pages_stay_closed(void **state)
{
    struct baton_cpu_access access;
    baton_reservation reservation;

    (void)state;
    OK(baton_reserve_cpu_access(baton, guarded, lines(0, 1), BATON_WRITE, NULL, NULL, &reservation));
    OK(baton_begin_cpu_access(baton, guarded, lines(2, 1), BATON_READ, &access));
    assert_int_equal(protection(GUARDED), BATON_PROTECT_READ);
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(protection(GUARDED), BATON_PROTECT_NONE);
    OK(baton_cancel(baton, &reservation));
}

static enum baton_status while_ending;
static unsigned unlocks_before;

static void acquire_while_ending(struct machine *what)
{
    struct baton_cpu_access access;

    if (unlocks_before-- != 0)
        return;
    what->interrupt = NULL;
    while_ending = baton_begin_cpu_access(baton, guarded, lines(0, 1), BATON_WRITE, &access);
}

/* M1; and a release has no record of work. Breaks if lines are given to a writer while their mapping is taken away. */
static void ending_is_held(void **state)
{
    struct baton_cpu_access access;
    struct baton_record records[8];
    uint32_t sequence = 0, count;

    (void)state;
    OK(baton_begin_cpu_access(baton, guarded, lines(0, 1), BATON_READ, &access));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    machine.interrupt = acquire_while_ending;
    unlocks_before = 1; /* the short way has looked */
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(while_ending, BATON_ERROR_BUSY);
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(count, 1);
    assert_int_equal(records[0].actions, 0);
}

static void read_while_ending(struct machine *what)
{
    struct baton_cpu_access access;

    what->interrupt = NULL;
    while_ending = baton_begin_cpu_access(baton, guarded, lines(1, 1), BATON_READ, &access);
}

/* P1: a part whose mapping is taken away on the way back to its device. Breaks if a reader gets in between: it would be in the device's
 * way. */
static void nobody_gets_between(void **state)
{
    struct baton_source source;
    struct baton_cpu_access access;

    (void)state;
    OK(baton_map_to_device(baton, guarded_to_dma, lines(0, 4), &source));
    OK(baton_sync_source_for_cpu(baton, &source, lines(1, 1), BATON_READ, &access));
    machine.interrupt = read_while_ending;
    OK(baton_sync_for_device(baton, &access));
    assert_int_equal(while_ending, BATON_ERROR_IN_TRANSIT);
    OK(baton_unmap_source(baton, &source));
}

/* T1, T6: what a touch of the last page leaves in the trace, and one that times out in the counters. */
static void touches_are_noted(void **state)
{
    struct baton_destination destination;
    struct baton_counters before, after;
    struct baton_record records[8];
    uint32_t sequence = 0, count;

    (void)state;
    OK(baton_trace(baton, &sequence, records, 8, &count));
    OK(baton_fault(baton, at(AUTOMATIC, PAGE), false, 0x1234, 100));
    OK(baton_trace(baton, &sequence, records, 8, &count));
    assert_int_equal(records[0].range.length, 100);
    OK(baton_map_from_device(baton, automatic_to_dma, part(0, 64), BATON_WRITE, &destination));
    OK(baton_cpu_counters(baton, &before));
    jump = 1;
    assert_int_equal(baton_fault(baton, at(AUTOMATIC, 0), false, 0x1234, 100), BATON_ERROR_TIMEOUT);
    OK(baton_cpu_counters(baton, &after));
    assert_int_equal(after.refusals, before.refusals + 1);
    OK(baton_unmap_destination(baton, &destination));
}

static baton_buffer copied_beside;

static void open_beside(struct machine *what, void *context)
{
    struct baton_cpu_access access;

    (void)context;
    what->meanwhile = NULL;
    OK(baton_begin_cpu_access(baton, copied_beside, lines(5, 1), BATON_READ, &access));
    OK(baton_end_cpu_access(baton, &access));
}

/* M4. Breaks if another acquire takes the right away by which bytes are copied home. */
static void copied_beside_others(void **state)
{
    const struct baton_buffer_config config = {.name = "bounced", .size = 2 * PAGE, .enforcement = BATON_ENFORCE_MMU};
    struct baton_device_config picky_config = device_config("picky", BATON_DOMAIN_MEMORY);
    struct baton_cpu_access access;
    baton_attachment attached;
    baton_device picky;

    (void)state;
    destroy_automatic_now();
    picky_config.alignment = 2 * PAGE;
    OK(baton_add_device(baton, &picky_config, &picky));
    OK(baton_set_bounce_pool(baton, picky, pool));
    OK(baton_create(baton, pool, &config, &copied_beside));
    OK(baton_attach(baton, copied_beside, picky, &attached));
    device_writes(attached, part(0, 2 * PAGE));
    machine.meanwhile = open_beside;
    OK(baton_begin_cpu_access(baton, copied_beside, lines(0, 1), BATON_READ, &access));
    assert_int_equal(machine.copied[AUTOMATIC * PAGE / GRANULE], GRANULE);
    OK(baton_end_cpu_access(baton, &access));
}

/* Breaks if a buffer gets pages that begin elsewhere for the CPU than in memory. */
static void pages_that_do_not_agree(void **state)
{
    const struct baton_pool_config odd_config = {"odd", machine_cpu(&machine, 0), 0x50000000 + PAGE / 2, 2 * PAGE};
    const struct baton_buffer_config config = {.name = "odd", .size = 8, .enforcement = BATON_ENFORCE_MMU};
    baton_buffer out;
    baton_pool odd;

    (void)state;
    OK(baton_add_pool(baton, &odd_config, &odd));
    REFUSED(BATON_ERROR_POLICY, baton_create, baton, odd, &config, &out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAGES_TEST(rights_are_those_of_the_open_accesses),
        PAGES_TEST(maintenance_keeps_its_mapping),
        PAGES_TEST(not_open_before_it_is_granted),
        PAGES_TEST(nobody_stores_while_lines_are_maintained),
        PAGES_TEST(stray_accesses_are_told),
        PAGES_TEST(an_end_tells_of_no_work),
        PAGES_TEST(destroyed_pages_are_the_pools),
        PAGES_TEST(pages_of_their_own),
        PAGES_TEST(touches_open_pages),
        PAGES_TEST(touches_wait),
        PAGES_TEST(things_change_while_a_touch_waits),
        PAGES_TEST(a_touch_has_its_barrier),
        PAGES_TEST(holes_without_a_page),
        PAGES_TEST(timeouts_are_in_microseconds),
        PAGES_TEST(automatic_has_no_calls),
        PAGES_TEST(policies_change),
        PAGES_TEST(policies_are_refused),
        PAGES_TEST(bounced_bytes_come_home),
        PAGES_TEST(crowded_bytes_come_home),
        PAGES_TEST(holder_of_other_lines),
        PAGES_TEST(reserved_pages_stay_closed),
        PAGES_TEST(ending_is_held),
        PAGES_TEST(nobody_gets_between),
        PAGES_TEST(touches_are_noted),
        PAGES_TEST(copied_beside_others),
        PAGES_TEST(pages_that_do_not_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
