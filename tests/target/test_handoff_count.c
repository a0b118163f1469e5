/* SPDX-License-Identifier: MIT */
/*
 * What a handoff costs in instructions, trace and checks on, with nothing to maintain: the promise of DESIGN.md section 8.
 * One instruction is one cycle here, exactly.
 * What would break it: a longer short way, or a release whose cost grows with the size.
 *
 * qemu-args: -icount shift=0,sleep=off
 */
#include "tests/target/support/tap.h"

#include "apps/platform.h"
#include "boot/pmu.h"
#include "core/baton.h"

#include <stdlib.h>

#define PAIR_MOST 240u   /* a CPU's acquire and its release */
#define DEVICE_MOST 300u /* a device's, with the barrier that it takes */
#define NOW 2u           /* instructions of a clock, its context's load included */
#define BARRIER 4u       /* the same of a barrier: a choice, a DSB */

#define RELEASE_MOST 100u /* the end of a device's access */

#define SMALL 4096u
#define FRAME (800u * 600u * 4u)

static const struct baton_limits limits = {
    .pools = 1, .buffers = 2, .devices = 1, .attachments = 2, .accesses = 8, .trace = 64};
static struct baton *baton;

struct subject {
    const char *what;
    uint32_t size;
    baton_buffer buffer;
    baton_attachment attachment;
};

static void must(enum baton_status status)
{
    if (status != BATON_OK) {
        tap_note("%s", baton_status_text(status));
        exit(1);
    }
}

static struct baton_range all(const struct subject *subject)
{
    return (struct baton_range){0, subject->size};
}

/*
 * Each count is of what the two calls do between their entry and their return. What the caller does to make them (arguments, the
 * branch, reading the counter) is its own, and is measured with functions of the same shape that do nothing.
 */
struct calls {
    enum baton_status (*begin)(struct baton *, baton_buffer, struct baton_range, enum baton_direction,
                               struct baton_cpu_access *);
    enum baton_status (*end)(struct baton *, struct baton_cpu_access *);
    enum baton_status (*map_to)(struct baton *, baton_attachment, struct baton_range, struct baton_source *);
    enum baton_status (*unmap_source)(struct baton *, struct baton_source *);
    enum baton_status (*map_from)(struct baton *, baton_attachment, struct baton_range, enum baton_direction,
                                  struct baton_destination *);
    enum baton_status (*unmap_destination)(struct baton *, struct baton_destination *);
};

static const struct calls real = {baton_begin_cpu_access, baton_end_cpu_access,  baton_map_to_device,
                                  baton_unmap_source,     baton_map_from_device, baton_unmap_destination};

/* One instruction: the return, which counts as the caller's. */
__attribute__((naked)) static void nothing(void)
{
    __asm__("bx lr");
}

struct cost {
    uint32_t whole, release;
};

/* status of the second call in *status, if it is a real one. */
__attribute__((noinline)) static struct cost cpu_calls(const struct calls *calls, const struct subject *subject,
                                                       enum baton_direction direction, enum baton_status *status)
{
    struct baton_cpu_access access;
    enum baton_status begun, ended;
    uint32_t start = pmu_cycles(), middle;

    begun = calls->begin(baton, subject->buffer, all(subject), direction, &access);
    middle = pmu_cycles();
    ended = calls->end(baton, &access);
    *status = begun != BATON_OK ? begun : ended;
    return (struct cost){pmu_cycles() - start, pmu_cycles() - middle};
}

__attribute__((noinline)) static struct cost source_calls(const struct calls *calls, const struct subject *subject,
                                                          enum baton_direction direction, enum baton_status *status)
{
    struct baton_source source;
    enum baton_status begun, ended;
    uint32_t start = pmu_cycles(), middle;

    (void)direction;
    begun = calls->map_to(baton, subject->attachment, all(subject), &source);
    middle = pmu_cycles();
    ended = calls->unmap_source(baton, &source);
    *status = begun != BATON_OK ? begun : ended;
    return (struct cost){pmu_cycles() - start, pmu_cycles() - middle};
}

__attribute__((noinline)) static struct cost destination_calls(const struct calls *calls, const struct subject *subject,
                                                               enum baton_direction direction,
                                                               enum baton_status *status)
{
    struct baton_destination destination;
    enum baton_status begun, ended;
    uint32_t start = pmu_cycles(), middle;

    begun = calls->map_from(baton, subject->attachment, all(subject), direction, &destination);
    middle = pmu_cycles();
    ended = calls->unmap_destination(baton, &destination);
    *status = begun != BATON_OK ? begun : ended;
    return (struct cost){pmu_cycles() - start, pmu_cycles() - middle};
}

typedef struct cost (*measurement)(const struct calls *calls, const struct subject *subject,
                                   enum baton_direction direction, enum baton_status *status);

static struct cost pair(measurement kind, const struct subject *subject, enum baton_direction direction)
{
    static struct calls empty;
    enum baton_status status;
    struct cost own, cost;

    for (unsigned i = 0; i < sizeof(empty) / sizeof(void (*)(void)); i++)
        ((void (**)(void))(void *)&empty)[i] = nothing;
    own = kind(&empty, subject, direction, &status);
    cost = kind(&real, subject, direction, &status);
    must(status);
    return (struct cost){cost.whole - own.whole, cost.release - own.release};
}

/* The promise is the core's, over a port whose clock is a register of the CPU's and whose barrier is a DSB. What a board's clock takes
 * beyond (each half of a handoff is traced with the time), and what its barrier does (one that reaches through an outer cache), is told,
 * and added. */
struct beyond {
    uint32_t now, barrier;
};

static struct beyond beyond;

static struct beyond beyond_of(const struct baton_port *port)
{
    uint32_t (*volatile now)(void *) = port->now;
    void (*volatile barrier)(void *, enum baton_barrier) = port->barrier;
    void (*volatile empty)(void) = nothing;
    uint32_t start = pmu_cycles();

    empty();
    uint32_t own = pmu_cycles() - start;
    start = pmu_cycles();
    (void)now(port->context);
    uint32_t clock = pmu_cycles() - start - own;
    start = pmu_cycles();
    barrier(port->context, BATON_BARRIER_BEFORE_DEVICE);
    uint32_t before = pmu_cycles() - start - own;
    struct beyond more = {clock > NOW ? clock - NOW : 0, before > BARRIER ? before - BARRIER : 0};
    tap_note("the board's clock takes %lu instructions more, its barrier %lu", (unsigned long)more.now,
             (unsigned long)more.barrier);
    return more;
}

static void check(const struct subject *subject, const char *what, uint32_t is, uint32_t most)
{
    if (most == DEVICE_MOST) {
        most += beyond.barrier;
    }
    most += beyond.now * (most == RELEASE_MOST ? 1 : 2);
    tap_ok(is <= most, "%s, %s: %lu instructions, at most %lu", subject->what, what, (unsigned long)is,
           (unsigned long)most);
}

/* A pair before each one that counts brings the lines into the state that it is to find. */
static void count(const struct subject *subject)
{
    (void)pair(source_calls, subject, BATON_READ);
    check(subject, "a device reads what is clean", pair(source_calls, subject, BATON_READ).whole, DEVICE_MOST);
    (void)pair(cpu_calls, subject, BATON_READ); /* issues the barrier after the device */
    check(subject, "the CPU reads what is clean", pair(cpu_calls, subject, BATON_READ).whole, PAIR_MOST);
    check(subject, "the CPU writes what is clean", pair(cpu_calls, subject, BATON_WRITE).whole, PAIR_MOST);
    check(subject, "the CPU writes what is dirty", pair(cpu_calls, subject, BATON_WRITE).whole, PAIR_MOST);
    check(subject, "the CPU reads what is dirty", pair(cpu_calls, subject, BATON_READ).whole, PAIR_MOST);
    (void)pair(source_calls, subject, BATON_READ); /* publishes */
    check(subject, "a device overwrites what is clean", pair(destination_calls, subject, BATON_OVERWRITE).whole,
          DEVICE_MOST);
    check(subject, "a device writes what is stale", pair(destination_calls, subject, BATON_WRITE).whole, DEVICE_MOST);
    check(subject, "a device reads what is stale", pair(source_calls, subject, BATON_READ).whole, DEVICE_MOST);
    check(subject, "the end of a device's write", pair(destination_calls, subject, BATON_WRITE).release, RELEASE_MOST);
    check(subject, "the end of a device's read", pair(source_calls, subject, BATON_READ).release, RELEASE_MOST);
}

int main(void)
{
    const struct platform *board = platform();
    struct subject subjects[] = {{.what = "4 KiB", .size = SMALL}, {.what = "1.92 MB", .size = FRAME}};
    size_t size = baton_size(&limits);
    baton_device device;
    baton_pool pool;

    tap_plan(20);
    beyond = beyond_of(board->port);
    must(baton_init(&baton, malloc(size), size, &limits, board->port));
    must(baton_add_pool(baton, &board->memory, &pool));
    must(baton_add_device(baton, &board->dma_device, &device));
    for (unsigned i = 0; i < 2; i++) {
        const struct baton_buffer_config config = {.name = subjects[i].what, .size = subjects[i].size};

        must(baton_create(baton, pool, &config, &subjects[i].buffer));
        must(baton_attach(baton, subjects[i].buffer, device, &subjects[i].attachment));
        count(&subjects[i]);
    }
    return tap_done();
}
