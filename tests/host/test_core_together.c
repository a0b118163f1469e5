/* SPDX-License-Identifier: MIT */
/*
 * Features together, pair by pair: what each does for itself is tested elsewhere. What would break each test is told with it. Random
 * programs over all of them are in test_core_everything.c.
 */
// link: core/*.c
#define FIXTURE_MEMORY 65536
#define FIXTURE_LIMITS                                                                                                 \
    {                                                                                                                  \
        .pools = 2, .buffers = 6, .devices = 4, .attachments = 8, .accesses = 16, .trace = 8, .fences = 4              \
    }
#include "tests/host/support/core_fixture.h"

#include <pthread.h>
#include <semaphore.h>

enum { HALF = MACHINE_BYTES / 2, PAGE = 1024 };

static baton_pool low;
static baton_device far_dma; /* reaches the low half only */
static baton_attachment far; /* of the buffer */
static uint32_t base;        /* the buffer's, in the machine */

static int set_up_both(void **state)
{
    const struct baton_pool_config low_config = {"low", machine_cpu(&machine, 0), 0x40000000, HALF};
    const struct baton_pool_config pool_config = {"pool", machine_cpu(&machine, HALF), 0x40000000 + HALF, HALF};
    struct baton_device_config config = device_config("dma", BATON_DOMAIN_MEMORY);

    (void)state;
    machine_init(&machine, GRANULE, 0x40000000, 1);
    machine_give_pages(&machine, PAGE);
    OK(baton_init(&baton, memory, sizeof(memory), &limits, &machine.port));
    OK(baton_add_pool(baton, &low_config, &low));
    OK(baton_add_pool(baton, &pool_config, &pool));
    OK(baton_add_device(baton, &config, &dma));
    config = device_config("coherent", BATON_DOMAIN_CACHE);
    OK(baton_add_device(baton, &config, &coherent));
    config = device_config("far dma", BATON_DOMAIN_MEMORY);
    config.dma_mask = 0x40000000 + HALF - 1;
    OK(baton_add_device(baton, &config, &far_dma));
    OK(baton_set_bounce_pool(baton, far_dma, low));
    base = HALF;
    return 0;
}

#define TOGETHER(name) cmocka_unit_test_setup_teardown(name, set_up_both, teardown)

/* The pool's first buffer, with every device attached. */
static void make(uint32_t size, const struct baton_policy *policy, const struct baton_enforcement *enforcement)
{
    const struct baton_buffer_config config = {
        .name = "frame", .size = size, .policy = policy, .enforcement = enforcement};

    OK(baton_create(baton, pool, &config, &buffer));
    if (policy != BATON_POLICY_COHERENT)
        OK(baton_attach(baton, buffer, dma, &to_dma));
    OK(baton_attach(baton, buffer, coherent, &to_coherent));
    OK(baton_attach(baton, buffer, far_dma, &far));
}

static void far_writes(struct baton_range range, uint8_t value)
{
    struct baton_destination destination;

    OK(baton_map_from_device(baton, far, range, BATON_OVERWRITE, &destination));
    for (uint32_t i = 0; i < range.length; i++)
        device_store(&machine, destination.segments[0].address.value - 0x40000000 + i, value);
    OK(baton_unmap_destination(baton, &destination));
}

static uint8_t far_sees(uint32_t offset)
{
    struct baton_source source;
    uint8_t seen;

    OK(baton_map_to_device(baton, far, part(offset, 1), &source));
    seen = device_load(&machine, source.segments[0].address.value - 0x40000000);
    OK(baton_unmap_source(baton, &source));
    return seen;
}

/* The bounce buffer has all bytes; then ten lines become older there, each by itself. */
static void ten_lines_behind(void)
{
    device_reads(far, part(0, 40 * GRANULE));
    for (uint32_t line = 0; line < 20; line += 2)
        cpu_does(BATON_WRITE, lines(line, 1));
}

/* L4, B2: bytes that come home while the mapping changes are stored through the old, cacheable mapping, and published. */
static void policy_changes_keep_what_a_bounce_buffer_has(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    make(SIZE, BATON_POLICY_WRITE_COMBINED, NULL);
    for (unsigned i = 0; i < 4; i++) {
        far_writes(lines(3, 2), (uint8_t)(0x50 + i));
        OK(baton_set_policy(baton, buffer, i & 1 ? BATON_POLICY_WRITE_COMBINED : BATON_POLICY_CACHED));
        OK(baton_begin_cpu_access(baton, buffer, lines(3, 2), BATON_READ, &access));
        for (uint32_t j = 0; j < 2 * GRANULE; j++)
            assert_int_equal(cpu_load(&machine, base + 3 * GRANULE + j), 0x50 + i);
        OK(baton_end_cpu_access(baton, &access));
    }
}

/* R15, L6, R4: a directory of a coherent buffer that keeps single lines overflows into unknown, and is maintained. */
static void a_coherent_buffer_is_never_maintained(void **state)
{
    (void)state;
    make(40 * GRANULE, BATON_POLICY_COHERENT, NULL);
    forget_maintenance();
    for (unsigned round = 0; round < 2; round++) {
        for (uint32_t line = 0; line < 40; line += 2) {
            cpu_does(BATON_WRITE, lines(line, 1));
            device_writes(to_coherent, lines(line, 1));
        }
        for (uint32_t line = 0; line < 40; line++)
            cpu_does(BATON_READ, lines(line, 1));
        check_maintained(part(0, 0), part(0, 0));
        if (round == 0) { /* a change to it is not different */
            OK(baton_set_policy(baton, buffer, BATON_POLICY_CACHED));
            device_reads(to_coherent, part(0, SIZE));
            OK(baton_set_policy(baton, buffer, BATON_POLICY_COHERENT));
            forget_maintenance();
        }
    }
}

/* B5, M: a buffer that is padded to pages has lines without bytes; to copy them would be to copy 4 GiB. */
static void padding_is_never_copied(void **state)
{
    const uint32_t size = 2 * PAGE + GRANULE - 12; /* 33 lines with bytes, 48 in all */
    struct baton_cpu_access writers[5];
    struct baton_destination destination;
    struct baton_attachment_state told;

    (void)state;
    make(size, BATON_POLICY_CACHED, BATON_ENFORCE_MMU);
    OK(baton_query_attachment(baton, far, &told));
    assert_int_equal(told.behind, 33 * GRANULE);
    device_reads(far, part(0, size));
    OK(baton_query_attachment(baton, far, &told));
    assert_int_equal(told.copied, size);
    assert_int_equal(told.behind, 0);
    cpu_does(BATON_WRITE, lines(31, 1));
    for (uint32_t i = 0; i < 5; i++) /* so many that the difference has to be emptied (B7) */
        OK(baton_begin_cpu_access(baton, buffer, lines(2 * i, 1), BATON_WRITE, &writers[i]));
    OK(baton_map_from_device(baton, far, part(20 * GRANULE + 1, 10), BATON_WRITE, &destination));
    OK(baton_query_attachment(baton, far, &told));
    assert_int_equal(told.copied, size + GRANULE);
    OK(baton_unmap_destination(baton, &destination));
    for (uint32_t i = 0; i < 5; i++)
        OK(baton_end_cpu_access(baton, &writers[i]));
}

static unsigned announced;

static void count_announcement(void *context, const struct baton_announcement *what)
{
    (void)context;
    (void)what;
    announced++;
}

static struct baton_cpu_access others[3];
static unsigned others_begun;

/* Somebody else writes other lines, from within an announcement: as another CPU would. */
static void others_write(void *context, const struct baton_announcement *what)
{
    struct baton *instance = context;
    static bool inside;

    (void)what;
    if (inside || what->verb != BATON_VERB_RELEASE || others_begun == 3)
        return;
    inside = true;
    others_begun += baton_begin_cpu_access(instance, buffer, lines(21 + others_begun, 1), BATON_WRITE,
                                           &others[others_begun]) == BATON_OK;
    inside = false;
}

/* P1, B7: a part that changes hands is counted as the writer that it was and is to be; between the two nobody takes its room. */
static void a_part_finds_room_in_the_difference(void **state)
{
    struct baton_destination destination;
    struct baton_cpu_access access;

    for (unsigned crowd = 0; crowd < 2; crowd++) {
        for (uint32_t behind = 0; behind < 12; behind++) {
            for (unsigned direction = BATON_READ; direction <= BATON_OVERWRITE; direction++) {
                enum baton_status status;

                set_up_both(state);
                make(40 * GRANULE, BATON_POLICY_CACHED, NULL);
                device_reads(far, part(0, 40 * GRANULE));
                for (uint32_t line = 0; line < behind; line++)
                    cpu_does(BATON_WRITE, lines(2 * line, 1));
                others_begun = 0;
                OK(baton_map_from_device(baton, far, lines(24, 16), BATON_WRITE, &destination));
                if (crowd)
                    OK(baton_subscribe(baton, to_dma, others_write, baton));
                status = baton_sync_destination_for_cpu(baton, &destination, lines(30, 1),
                                                        (enum baton_direction)direction, &access);
                if (status == BATON_OK) {
                    assert_non_null(access.data);
                    OK(baton_sync_for_device(baton, &access));
                }
                OK(baton_unmap_destination(baton, &destination));
                OK(baton_subscribe(baton, to_dma, NULL, NULL));
                while (others_begun > 0)
                    OK(baton_end_cpu_access(baton, &others[--others_begun]));
                OK(baton_detach(baton, &far));
                assert_string_equal(machine.trouble, "");
            }
        }
    }
}

/* W4, B7: a claim whose own place is counted against it is refused. */
static void a_claim_finds_room_in_the_difference(void **state)
{
    struct baton_destination destination;
    struct baton_cpu_access access;
    baton_reservation reservation;

    (void)state;
    make(40 * GRANULE, BATON_POLICY_CACHED, NULL);
    ten_lines_behind();
    OK(baton_begin_cpu_access(baton, buffer, lines(24, 1), BATON_WRITE, &access));
    OK(baton_reserve_mapping(baton, far, lines(24, 16), BATON_WRITE, NULL, NULL, &reservation));
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_claim_destination(baton, &reservation, &destination));
    OK(baton_unmap_destination(baton, &destination));
}

/* W4, B7: nor is one refused for the sake of who came later, had room beside it, and split an extent when it copied: it is counted
 * twice, by what it may yet do and by what it did. */
static void a_claim_does_not_lose_its_room(void **state)
{
    struct baton_destination direct, bounced;
    struct baton_cpu_access access;
    baton_reservation reservation;

    (void)state;
    make(40 * GRANULE, BATON_POLICY_CACHED, NULL);
    device_reads(far, part(0, 40 * GRANULE));
    for (uint32_t line = 0; line < 10; line += 2)
        cpu_does(BATON_WRITE, lines(line, 1));
    cpu_does(BATON_WRITE, lines(20, 10));
    OK(baton_map_from_device(baton, to_dma, lines(0, 1), BATON_WRITE, &direct)); /* no copy makes room there */
    OK(baton_reserve_cpu_access(baton, buffer, lines(38, 1), BATON_WRITE, NULL, NULL, &reservation));
    OK(baton_map_from_device(baton, far, part(24 * GRANULE + 1, 5), BATON_WRITE, &bounced));
    OK(baton_claim_cpu_access(baton, &reservation, &access));
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_unmap_destination(baton, &bounced));
    OK(baton_unmap_destination(baton, &direct));
    OK(baton_detach(baton, &far));
}

/* B7: but one that found no room when its turn came, as that could be made, makes it when it is claimed. */
static void a_claim_makes_its_room(void **state)
{
    struct baton_attachment_state told;
    struct baton_destination destination;
    baton_reservation reservation;

    (void)state;
    make(40 * GRANULE, BATON_POLICY_CACHED, NULL);
    ten_lines_behind();
    for (uint32_t line = 20; line < 28; line += 2)
        cpu_does(BATON_WRITE, lines(line, 1));
    OK(baton_reserve_mapping(baton, far, part(30 * GRANULE + 1, 5), BATON_WRITE, NULL, NULL, &reservation));
    OK(baton_query_attachment(baton, far, &told));
    assert_int_equal(told.behind, 14 * GRANULE);
    OK(baton_claim_destination(baton, &reservation, &destination));
    OK(baton_query_attachment(baton, far, &told));
    assert_in_range(told.behind, 0, (DIRECTORY_EXTENTS - 6) * GRANULE);
    OK(baton_unmap_destination(baton, &destination));
}

static baton_reservation crowded_claim;
static struct baton_destination claimed;
static enum baton_status claims[3]; /* how the claims on the way ended */
static unsigned claim_count;

static void claim_on_the_way(void *context, const struct baton_announcement *what)
{
    static bool inside;

    (void)what;
    if (inside || claim_count == 3 || claimed.access.token != 0)
        return;
    inside = true; /* as another CPU would */
    claims[claim_count++] = baton_claim_destination(context, &crowded_claim, &claimed);
    inside = false;
}

/* W4, B7: nor is a turn that finds no room given while a part is lent, since its claim would be refused when the part goes back. Breaks
 * if it is. */
static void no_turn_without_room_beside_a_part(void **state)
{
    struct baton_destination destination;
    struct baton_cpu_access access;

    (void)state;
    make(40 * GRANULE, BATON_POLICY_CACHED, NULL);
    device_reads(far, part(0, 40 * GRANULE));
    OK(baton_map_from_device(baton, to_dma, lines(34, 6), BATON_WRITE, &destination));
    OK(baton_sync_destination_for_cpu(baton, &destination, lines(36, 1), BATON_WRITE, &access));
    for (uint32_t line = 0; line < 10; line += 2)
        cpu_does(BATON_WRITE, lines(line, 1));
    claimed.access.token = 0;
    claim_count = 0;
    OK(baton_reserve_mapping(baton, far, part(20 * GRANULE + 1, 5), BATON_WRITE, NULL, NULL, &crowded_claim));
    assert_int_equal(baton_claim_destination(baton, &crowded_claim, &claimed), BATON_ERROR_PENDING);
    OK(baton_subscribe(baton, to_dma, claim_on_the_way, baton));
    OK(baton_sync_for_device(baton, &access));
    assert_true(claim_count != 0);
    for (unsigned i = 0; i < claim_count; i++)
        assert_int_equal(claims[i], BATON_ERROR_PENDING);
    OK(baton_subscribe(baton, to_dma, NULL, NULL));
    OK(baton_claim_destination(baton, &crowded_claim, &claimed)); /* the part is back */
    OK(baton_unmap_destination(baton, &claimed));
    OK(baton_unmap_destination(baton, &destination));
}

/* B6, B7: what a bounce buffer has, and a snooping device is about to overwrite, is not copied home over its stores to make room for a
 * part of its mapping elsewhere. */
static void room_for_a_part_takes_nothing_of_the_rest(void **state)
{
    struct baton_destination destination;
    struct baton_cpu_access access;

    (void)state;
    make(40 * GRANULE, BATON_POLICY_CACHED, NULL);
    ten_lines_behind();
    far_writes(lines(30, 1), 0x11);
    OK(baton_map_from_device(baton, to_coherent, lines(24, 16), BATON_OVERWRITE, &destination));
    for (uint32_t i = 24 * GRANULE; i < 40 * GRANULE; i++)
        snoop_store(&machine, base + i, 0x22);
    assert_int_equal(baton_sync_destination_for_cpu(baton, &destination, lines(26, 1), BATON_READ, &access),
                     BATON_ERROR_NO_SLOT);
    assert_int_equal(snoop_load(&machine, base + 30 * GRANULE), 0x22);
    OK(baton_unmap_destination(baton, &destination));
    assert_int_equal(far_sees(30 * GRANULE), 0x22);
}

/* W4, B7: nor is it kept off by one who came later and has all lines in transit for the sake of room. */
static void who_needs_room_gives_way_to_a_reservation(void **state)
{
    struct baton_cpu_access access;
    struct baton_destination destination;
    baton_reservation reservation;

    (void)state;
    make(40 * GRANULE, BATON_POLICY_CACHED, NULL);
    ten_lines_behind();
    cpu_does(BATON_WRITE, lines(20, 1));
    OK(baton_reserve_cpu_access(baton, buffer, lines(38, 1), BATON_READ, NULL, NULL, &reservation));
    assert_int_equal(baton_map_from_device(baton, far, part(24 * GRANULE + 1, 5), BATON_WRITE, &destination),
                     BATON_ERROR_IN_TRANSIT);
    OK(baton_claim_cpu_access(baton, &reservation, &access));
    OK(baton_end_cpu_access(baton, &access));
    OK(baton_map_from_device(baton, far, part(24 * GRANULE + 1, 5), BATON_WRITE, &destination));
    OK(baton_unmap_destination(baton, &destination));
}

/* The CPU's loads and stores in an automatic buffer: a fault where the mapping does not allow them. */
static uint8_t touch_load(uint32_t offset)
{
    if (!machine_may_load(&machine, base + offset))
        OK(baton_fault(baton, (uintptr_t)machine_cpu(&machine, base + offset), false, 1, 0));
    return cpu_load(&machine, base + offset);
}

static void touch_store(uint32_t offset, uint8_t value)
{
    if (!machine_may_store(&machine, base + offset))
        OK(baton_fault(baton, (uintptr_t)machine_cpu(&machine, base + offset), true, 1, 0));
    cpu_store(&machine, base + offset, value);
}

/* T2, B2: the buffer's directory does not tell that a bounce buffer has newer bytes: the page stays closed for that. */
static void a_page_stays_closed_while_a_bounce_buffer_is_ahead(void **state)
{
    (void)state;
    make(PAGE, BATON_POLICY_CACHED, BATON_ENFORCE_AUTOMATIC);
    touch_store(0, 1);
    touch_store(3 * GRANULE, 2);
    far_writes(lines(3, 1), 0x77);
    device_reads(to_coherent, lines(0, 1)); /* looks at the mapping of the page */
    assert_int_equal(touch_load(3 * GRANULE), 0x77);
    far_writes(lines(3, 1), 0x78);
    device_reads(to_dma, lines(0, 1));
    assert_int_equal(touch_load(3 * GRANULE), 0x78);
}

/* T2, B8: nor that a store makes a bounce buffer's bytes old. */
static void a_page_is_not_written_unnoticed_by_a_bounce_buffer(void **state)
{
    (void)state;
    make(PAGE, BATON_POLICY_CACHED, BATON_ENFORCE_AUTOMATIC);
    touch_store(0, 1);
    touch_store(5 * GRANULE, 2);
    assert_int_equal(far_sees(5 * GRANULE), 2);
    device_reads(far, part(0, PAGE));
    device_writes(to_coherent, lines(0, 1)); /* closes the page; all its lines are dirty */
    (void)touch_load(0);
    touch_store(5 * GRANULE, 3);
    assert_int_equal(far_sees(5 * GRANULE), 3);
}

/* T1, B10: the CPU that copies home opens the page, but is no touch: lines that another device has made stale stay closed. */
static void a_detach_leaves_no_page_open(void **state)
{
    (void)state;
    make(PAGE, BATON_POLICY_CACHED, BATON_ENFORCE_AUTOMATIC);
    touch_store(0, 1);
    touch_store(5 * GRANULE, 2);
    far_writes(lines(3, 1), 0x77);
    device_writes(to_dma, lines(5, 1));
    device_store(&machine, base + 5 * GRANULE, 3);
    OK(baton_detach(baton, &far));
    assert_int_equal(touch_load(5 * GRANULE), 3);
    assert_int_equal(touch_load(3 * GRANULE), 0x77);
}

/* L, ENFORCE_NONE: what enforces nothing has no rights to say, where the mapping changes for the policy's sake. */
static void pages_of_a_buffer_that_enforces_nothing(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    make(SIZE, BATON_POLICY_WRITE_COMBINED, BATON_ENFORCE_NONE);
    far_writes(lines(3, 2), 0x66);
    OK(baton_set_policy(baton, buffer, BATON_POLICY_CACHED));
    OK(baton_set_policy(baton, buffer, BATON_POLICY_WRITE_COMBINED));
    OK(baton_begin_cpu_access(baton, buffer, lines(3, 2), BATON_READ, &access));
    assert_int_equal(cpu_load(&machine, base + 4 * GRANULE), 0x66);
    OK(baton_end_cpu_access(baton, &access));
}

static unsigned unlocks_until;

static void reads_meanwhile(struct machine *machine_)
{
    if (unlocks_until-- != 0)
        return;
    machine_->interrupt = NULL;
    device_reads(to_coherent, lines(0, 1));
}

/* M4: who has been maintained needs no mapping any more. Another acquire that ends between its pages' last change and its grant would
 * leave them mapped for it, for good. */
static void no_page_stays_mapped_for_who_is_done(void **state)
{
    struct baton_source source;

    for (unsigned at = 0; at < 16; at++) {
        set_up_both(state);
        make(2 * PAGE, BATON_POLICY_CACHED, BATON_ENFORCE_MMU);
        OK(baton_detach(baton, &far));
        unlocks_until = at;
        machine.interrupt = reads_meanwhile;
        OK(baton_map_to_device(baton, to_dma, lines(15, 2), &source));
        machine.interrupt = NULL;
        OK(baton_unmap_source(baton, &source));
        assert_int_equal(machine.protection[HALF / PAGE], BATON_PROTECT_NONE);
        assert_int_equal(machine.protection[HALF / PAGE + 1], BATON_PROTECT_NONE);
        assert_string_equal(machine.trouble, "");
    }
}

static baton_reservation claimed_meanwhile;

static bool asking;

static void claims_meanwhile(struct machine *machine_)
{
    struct baton_cpu_access access;
    struct baton_holder holders[2];
    struct baton_answer answer;
    bool ends = false;

    if (asking)
        return;
    asking = true;
    OK(baton_query(baton, buffer, lines(0, 2), &answer, holders, 2));
    asking = false;
    for (uint32_t i = 0; i < answer.holders; i++)
        ends |= holders[i].hold == BATON_HOLD_ENDING;
    if (!ends)
        return;
    machine_->interrupt = NULL;
    OK(baton_claim_cpu_access(baton, &claimed_meanwhile, &access));
    OK(baton_end_cpu_access(baton, &access));
}

/* W4, M: a reader that was there when the turn came, and whose pages are just being closed, is in no claim's way. */
static void who_ends_is_in_no_claims_way(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    make(PAGE, BATON_POLICY_CACHED, BATON_ENFORCE_MMU);
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 2), BATON_READ, &access));
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 2), BATON_READ, NULL, NULL, &claimed_meanwhile));
    machine.interrupt = claims_meanwhile;
    OK(baton_end_cpu_access(baton, &access));
    assert_null(machine.interrupt);
}

/* P3: of a display, too, two parts must not share a line that the device sees elsewhere: each would keep the other from going back. */
static void parts_of_a_display_can_go_back(void **state)
{
    struct baton_cpu_access first, second;
    struct baton_source source;

    (void)state;
    make(SIZE, BATON_POLICY_CACHED, NULL);
    OK(baton_map_to_display(baton, to_dma, lines(0, 4), &source));
    OK(baton_sync_source_for_cpu(baton, &source, part(0, 8), BATON_WRITE, &first));
    REFUSED(BATON_ERROR_FALSE_SHARING, baton_sync_source_for_cpu, baton, &source, part(8, 8), BATON_WRITE, &second);
    OK(baton_sync_for_device(baton, &first));
    OK(baton_unmap_source(baton, &source));
    OK(baton_map_to_display(baton, to_coherent, lines(0, 4), &source));
    OK(baton_sync_source_for_cpu(baton, &source, part(0, 8), BATON_WRITE, &first));
    OK(baton_sync_source_for_cpu(baton, &source, part(8, 8), BATON_WRITE, &second));
    OK(baton_sync_for_device(baton, &first));
    OK(baton_sync_for_device(baton, &second));
    OK(baton_unmap_source(baton, &source));
}

/* M1, B7: an access that needs room has all lines in transit, and opens its own pages. */
static void who_needs_room_opens_its_own_pages(void **state)
{
    struct baton_cpu_access writers[5], access;

    (void)state;
    make(2 * PAGE + GRANULE, BATON_POLICY_CACHED, BATON_ENFORCE_MMU);
    device_reads(far, part(0, 2 * PAGE + GRANULE));
    for (uint32_t i = 0; i < 7; i++)
        cpu_does(BATON_WRITE, lines(2 * i, 1));
    for (uint32_t i = 0; i < 5; i++)
        OK(baton_begin_cpu_access(baton, buffer, lines(17 + 2 * i, 1), BATON_WRITE, &writers[i]));
    OK(baton_begin_cpu_access(baton, buffer, lines(32, 1), BATON_WRITE, &access));
    assert_int_equal(machine.protection[HALF / PAGE], BATON_PROTECT_NONE);
    assert_int_equal(machine.protection[HALF / PAGE + 2], BATON_PROTECT_READ_WRITE);
    OK(baton_end_cpu_access(baton, &access));
    for (uint32_t i = 0; i < 5; i++)
        OK(baton_end_cpu_access(baton, &writers[i]));
}

static unsigned told_ready;

static void count_ready(void *context)
{
    (void)context;
    told_ready++;
}

static void leaves_and_destroys(void *context)
{
    (void)context;
    told_ready++;
    assert_int_equal(baton_destroy(baton, &buffer), BATON_ERROR_HELD);
}

/* W5: who calls the ready functions of a buffer looks at it once more: nobody destroys it, and takes its slot, meanwhile. */
static void no_buffer_ends_while_its_ready_functions_run(void **state)
{
    const struct baton_buffer_config config = {.name = "frame", .size = SIZE};
    struct baton_cpu_access access;
    baton_reservation reservation;

    (void)state;
    told_ready = 0;
    OK(baton_create(baton, pool, &config, &buffer));
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 1), BATON_WRITE, &access));
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 1), BATON_WRITE, leaves_and_destroys, NULL, &reservation));
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(told_ready, 1);
    OK(baton_cancel(baton, &reservation));

    told_ready = 0;
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 1), BATON_WRITE, count_ready, NULL, &reservation));
    assert_int_equal(told_ready, 1);
    OK(baton_cancel(baton, &reservation));
    OK(baton_destroy(baton, &buffer));
}

static void cancels_and_destroys(void *context)
{
    told_ready++;
    OK(baton_cancel(baton, context));
    assert_int_equal(baton_destroy(baton, &buffer), BATON_ERROR_HELD);
}

static void nor_when_nobody_is_left_in_it(void **state)
{
    const struct baton_buffer_config config = {.name = "frame", .size = SIZE};
    baton_reservation reservation;

    (void)state;
    told_ready = 0;
    OK(baton_create(baton, pool, &config, &buffer));
    OK(baton_reserve_cpu_access(baton, buffer, lines(0, 1), BATON_WRITE, cancels_and_destroys, &reservation,
                                &reservation));
    assert_int_equal(told_ready, 1);
    OK(baton_destroy(baton, &buffer));
}

/* Another CPU, which takes turns with this one. */
static sem_t its_turn, my_turn;
static struct baton_cpu_access its_access;

static void it_announces(void *context, const struct baton_announcement *what)
{
    (void)context;
    if (what->verb != BATON_VERB_RELEASE)
        return;
    sem_post(&my_turn);
    sem_wait(&its_turn);
}

static void *it_releases(void *context)
{
    (void)context;
    sem_wait(&its_turn);
    return baton_end_cpu_access(baton, &its_access) == BATON_OK ? context : NULL;
}

static void let_it_begin(struct machine *machine_)
{
    machine_->asleep = NULL;
    sem_post(&its_turn);
    sem_wait(&my_turn);
}

/* W5: whose turn is found to have come by one who waited, before the one who made way has said so, is told by the former. */
static void who_waits_tells_whom_it_finds(void **state)
{
    struct baton_cpu_access access;
    baton_reservation reservation;
    pthread_t other;
    void *result;

    (void)state;
    make(SIZE, BATON_POLICY_CACHED, NULL);
    told_ready = 0;
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 2), BATON_WRITE, &its_access));
    OK(baton_reserve_cpu_access(baton, buffer, lines(1, 1), BATON_READ, count_ready, NULL, &reservation));
    OK(baton_subscribe(baton, to_dma, it_announces, NULL));
    assert_int_equal(sem_init(&its_turn, 0, 0) | sem_init(&my_turn, 0, 0), 0);
    assert_int_equal(pthread_create(&other, NULL, it_releases, &its_access), 0);
    machine.asleep = let_it_begin;
    OK(baton_wait_cpu_access(baton, buffer, lines(0, 1), BATON_READ, 1000, &access));
    sem_post(&its_turn);
    assert_int_equal(pthread_join(other, &result), 0);
    assert_ptr_equal(result, &its_access);
    assert_int_equal(told_ready, 1);
    OK(baton_subscribe(baton, to_dma, NULL, NULL));
    OK(baton_cancel(baton, &reservation));
    OK(baton_end_cpu_access(baton, &access));
}

static void detach_meanwhile(struct machine *machine_)
{
    if (instance_buffer(baton, buffer)->accesses != NULL)
        return; /* it has not ended yet */
    machine_->interrupt = NULL;
    assert_int_equal(baton_detach(baton, &to_dma), BATON_ERROR_IN_TRANSIT);
}

/* A4: between the end of an access and its announcement, on another CPU: who is about to be told stays, and so does the buffer. */
static void who_is_about_to_be_told_stays(void **state)
{
    struct baton_cpu_access access;

    (void)state;
    make(SIZE, BATON_POLICY_CACHED, NULL);
    OK(baton_subscribe(baton, to_dma, count_announcement, NULL));
    OK(baton_begin_cpu_access(baton, buffer, lines(0, 1), BATON_WRITE, &access));
    announced = 0;
    machine.interrupt = detach_meanwhile;
    OK(baton_end_cpu_access(baton, &access));
    assert_int_equal(announced, 1);
    OK(baton_detach(baton, &to_dma));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOGETHER(policy_changes_keep_what_a_bounce_buffer_has),
        TOGETHER(a_coherent_buffer_is_never_maintained),
        TOGETHER(padding_is_never_copied),
        TOGETHER(a_part_finds_room_in_the_difference),
        TOGETHER(a_claim_finds_room_in_the_difference),
        TOGETHER(a_claim_does_not_lose_its_room),
        TOGETHER(a_claim_makes_its_room),
        TOGETHER(no_turn_without_room_beside_a_part),
        TOGETHER(room_for_a_part_takes_nothing_of_the_rest),
        TOGETHER(who_needs_room_gives_way_to_a_reservation),
        TOGETHER(a_page_stays_closed_while_a_bounce_buffer_is_ahead),
        TOGETHER(a_page_is_not_written_unnoticed_by_a_bounce_buffer),
        TOGETHER(a_detach_leaves_no_page_open),
        TOGETHER(pages_of_a_buffer_that_enforces_nothing),
        TOGETHER(no_page_stays_mapped_for_who_is_done),
        TOGETHER(who_ends_is_in_no_claims_way),
        TOGETHER(parts_of_a_display_can_go_back),
        TOGETHER(who_needs_room_opens_its_own_pages),
        TOGETHER(no_buffer_ends_while_its_ready_functions_run),
        TOGETHER(nor_when_nobody_is_left_in_it),
        TOGETHER(who_waits_tells_whom_it_finds),
        TOGETHER(who_is_about_to_be_told_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
