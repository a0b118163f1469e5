/* SPDX-License-Identifier: MIT */
/*
 * Random programs of stages, signals, cancels and CPU accesses against the hostile cache: nobody reads an old byte, no byte is lost, no two
 * run over the same bytes, a refusal has a reason, each stage that is queued is told once, and nothing is maintained in an interrupt
 * handler. A failing program prints its seed; BATON_SEED=n runs that one alone.
 */
// link: core/*.c
#include "tests/host/support/chain_fixture.h"

#include <stdio.h>
#include <stdlib.h>

enum { PROGRAM_STAGES = 8, HOLDS = 14, PROGRAM_STEPS = 1500, CPU = -1 };

/* What somebody has been granted. */
struct grant {
    bool used;
    int stage; /* or CPU */
    struct baton_range range;
    enum baton_direction direction;
    enum baton_domain domain;
    struct baton_cpu_access access;
};

struct program_stage {
    bool used, queued, started, done, quarantined;
    int after;
    unsigned told;
    enum baton_status told_what;
    baton_fence fence;
    enum baton_domain domain;
};

static struct program_stage program_stages[PROGRAM_STAGES];
static struct grant grants[HOLDS];
static uint8_t shadow[SIZE];
static unsigned long long seed;
static unsigned step, depth, base, seen[BATON_ERROR_MAINTENANCE + 1], starts_of_others;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\nBATON_SEED=%llu, step %u, machine: %s\n", __FILE__, __LINE__, #condition,      \
                    seed, step, machine.trouble);                                                                      \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

static uint32_t any(uint32_t bound)
{
    return machine_random(&machine, bound);
}

static struct baton_range any_range(void)
{
    const uint32_t offset = any(SIZE);
    const uint32_t most = SIZE - offset < 120 ? SIZE - offset : 120;
    struct baton_range range = {offset, 1 + any(most)};

    if (any(2) != 0) { /* by lines */
        range.length += range.offset % GRANULE + GRANULE - 1;
        range.offset -= range.offset % GRANULE;
        range.length -= range.length % GRANULE;
        if (range.offset + range.length > SIZE)
            range.length = SIZE - range.offset;
    }
    return range;
}

static bool bytes_meet(struct baton_range one, struct baton_range two)
{
    return one.offset < two.offset + two.length && two.offset < one.offset + one.length;
}

static bool lines_meet_(struct baton_range one, struct baton_range two)
{
    return one.offset / GRANULE <= (two.offset + two.length - 1) / GRANULE &&
           two.offset / GRANULE <= (one.offset + one.length - 1) / GRANULE;
}

static bool comes_before(int earlier, int stage)
{
    while (stage != CPU && earlier != CPU && (stage = program_stages[stage].after) != CPU) {
        if (stage == earlier)
            return true;
    }
    return false;
}

static uint8_t load(enum baton_domain domain, uint32_t offset)
{
    return domain == BATON_DOMAIN_CACHE ? cpu_load(&machine, base + offset) : device_load(&machine, base + offset);
}

static void store(enum baton_domain domain, uint32_t offset)
{
    shadow[offset] = (uint8_t)any(256);
    if (domain == BATON_DOMAIN_CACHE)
        cpu_store(&machine, base + offset, shadow[offset]);
    else
        device_store(&machine, base + offset, shadow[offset]);
}

static bool runs(const struct grant *grant)
{
    return grant->used &&
           (grant->stage == CPU || (program_stages[grant->stage].started &&
                                    (!program_stages[grant->stage].done || program_stages[grant->stage].quarantined)));
}

static void touch(struct grant *grant)
{
    for (unsigned i = 0; i < 4; i++) {
        const uint32_t offset = grant->range.offset + any(grant->range.length);

        if (grant->direction != BATON_OVERWRITE)
            CHECK(load(grant->domain, offset) == shadow[offset]);
        if (grant->direction != BATON_READ)
            store(grant->domain, grant->range.offset + any(grant->range.length));
    }
}

/* Before it ends well. */
static void write_all(const struct grant *grant)
{
    for (uint32_t i = 0; grant->direction == BATON_OVERWRITE && i < grant->range.length; i++)
        store(grant->domain, grant->range.offset + i);
}

/* Grants of stages that are over are no more. */
static void forget(void)
{
    for (unsigned i = 0; i < HOLDS; i++) {
        struct grant *grant = &grants[i];

        if (grant->used && grant->stage != CPU && !program_stages[grant->stage].quarantined &&
            baton_fence_status(baton, program_stages[grant->stage].fence) != BATON_ERROR_PENDING)
            grant->used = false;
    }
}

/* Nobody who runs is beside somebody else who runs on the same bytes, one of them writing. */
static void check_exclusive(void)
{
    for (unsigned i = 0; i < HOLDS; i++) {
        for (unsigned j = 0; j < i; j++) {
            if (runs(&grants[i]) && runs(&grants[j]) && bytes_meet(grants[i].range, grants[j].range))
                CHECK(grants[i].direction == BATON_READ && grants[j].direction == BATON_READ);
        }
    }
}

static void program_start(void *context, enum baton_status status)
{
    struct program_stage *stage = context;

    CHECK(machine.locked == 0);
    stage->told++;
    stage->told_what = status;
    stage->started = status == BATON_OK;
    if (stage->after != CPU && status == BATON_OK)
        CHECK(program_stages[stage->after].done &&
              baton_fence_status(baton, program_stages[stage->after].fence) == BATON_OK);
    starts_of_others += depth;
    if (status != BATON_OK)
        stage->done = true;
}

static void signal_one(struct program_stage *stage)
{
    const unsigned what = any(8);
    const enum baton_status status = what == 0 ? BATON_ERROR_TIMEOUT : what == 1 ? BATON_ERROR_DEVICE : BATON_OK;

    if (!stage->started || stage->done)
        return;
    for (unsigned i = 0; i < HOLDS; i++) {
        if (grants[i].used && grants[i].stage == stage - program_stages && status == BATON_OK)
            write_all(&grants[i]);
    }
    stage->done = true;
    stage->quarantined = status == BATON_ERROR_TIMEOUT;
    machine.in_interrupt++;
    CHECK(baton_fence_signal(baton, stage->fence, status) == BATON_OK);
    machine.in_interrupt--;
    seen[status]++;
    forget();
}

static void end_quarantine(struct program_stage *stage)
{
    if (!stage->quarantined)
        return;
    stage->quarantined = false;
    machine.in_interrupt++;
    CHECK(baton_fence_halted(baton, stage->fence) == BATON_OK);
    machine.in_interrupt--;
    forget();
}

static void cancel_one(struct program_stage *stage)
{
    const bool possible =
        !stage->started && !stage->done && baton_fence_status(baton, stage->fence) == BATON_ERROR_PENDING;
    const enum baton_status status = baton_fence_cancel(baton, stage->fence);

    CHECK(status == (possible ? BATON_OK : BATON_ERROR_HELD));
    if (status == BATON_OK) {
        seen[BATON_ERROR_CANCELLED]++;
        CHECK(baton_fence_status(baton, stage->fence) == BATON_ERROR_CANCELLED);
        stage->done = true;
    }
    forget();
}

static void close_one(struct program_stage *stage)
{
    const int index = (int)(stage - program_stages);
    const enum baton_status was = baton_fence_status(baton, stage->fence);
    const bool possible = !stage->quarantined && (!stage->queued || was != BATON_ERROR_PENDING);

    CHECK(baton_fence_close(baton, &stage->fence) == (possible ? BATON_OK : BATON_ERROR_HELD));
    if (!possible)
        return;
    CHECK(stage->told == stage->queued);
    if (stage->queued && was != BATON_OK && !stage->started)
        CHECK(stage->told_what == was);
    stage->used = false;
    for (unsigned i = 0; i < HOLDS; i++) {
        if (grants[i].stage == index)
            grants[i].used = false;
    }
    for (unsigned i = 0; i < PROGRAM_STAGES; i++) {
        if (program_stages[i].after == index)
            program_stages[i].after = CPU;
    }
}

static void open_one(struct program_stage *stage)
{
    struct baton_fence_config config = {.name = "stage", .start = program_start, .context = stage};
    struct program_stage made = {.used = true, .after = (int)any(PROGRAM_STAGES + 2) - 2};

    for (unsigned i = 0; i < 8 && made.after >= 0 && !program_stages[made.after].queued; i++)
        made.after = (int)any(PROGRAM_STAGES);
    if (made.after < 0 || !program_stages[made.after].used || !program_stages[made.after].queued)
        made.after = CPU;
    else
        config.after = program_stages[made.after].fence;
    CHECK(baton_fence_open(baton, &config, &made.fence) == BATON_OK);
    made.domain = any(4) ? BATON_DOMAIN_MEMORY : BATON_DOMAIN_CACHE;
    *stage = made;
}

/* Is that refusal right? */
static bool has_reason(const struct grant *wanted, enum baton_status status)
{
    for (unsigned i = 0; i < HOLDS; i++) {
        const struct grant *other = &grants[i];
        const bool one_writes = wanted->direction != BATON_READ || other->direction != BATON_READ;
        const bool quarantined = other->stage != CPU && program_stages[other->stage].quarantined;

        if (!other->used || other == wanted || !lines_meet_(wanted->range, other->range))
            continue;
        if (comes_before(other->stage, wanted->stage)) {
            if (status == BATON_ERROR_MAINTENANCE && other->direction != BATON_READ && other->domain != wanted->domain)
                return true;
            continue;
        }
        if (one_writes && status == (quarantined ? BATON_ERROR_QUARANTINED : BATON_ERROR_BUSY) &&
            bytes_meet(wanted->range, other->range))
            return true;
        if (one_writes && status == BATON_ERROR_FALSE_SHARING && other->domain != wanted->domain)
            return true;
    }
    return status == BATON_ERROR_IN_TRANSIT && depth > 0;
}

/* A line in which an earlier stage writes, and which has become unknown meanwhile, by the failure of a neighbour in it (R12). */
static bool meets_an_unknown_line(const struct grant *wanted)
{
    struct baton_answer answer;

    for (unsigned i = 0; i < HOLDS; i++) {
        const struct grant *other = &grants[i];

        if (other->used && other != wanted && other->direction != BATON_READ &&
            comes_before(other->stage, wanted->stage) && lines_meet_(wanted->range, other->range)) {
            CHECK(baton_query(baton, buffer, other->range, &answer, NULL, 0) == BATON_OK);
            if (answer.newest_unknown != 0)
                return true;
        }
    }
    return false;
}

static bool must_be_refused(const struct grant *wanted)
{
    return has_reason(wanted, BATON_ERROR_BUSY) || has_reason(wanted, BATON_ERROR_QUARANTINED) ||
           has_reason(wanted, BATON_ERROR_FALSE_SHARING) || has_reason(wanted, BATON_ERROR_MAINTENANCE);
}

static void begin(struct grant *grant, int stage)
{
    enum baton_status status, before = BATON_OK;
    struct baton_destination destination;
    struct baton_source source;
    bool refused;

    *grant = (struct grant){.stage = stage, .range = any_range(), .direction = (enum baton_direction)any(3)};
    if (stage == CPU) {
        refused = must_be_refused(grant);
        status = baton_begin_cpu_access(baton, buffer, grant->range, grant->direction, &grant->access);
    } else {
        struct program_stage *const who = &program_stages[stage];
        const baton_attachment attachment = who->domain == BATON_DOMAIN_MEMORY ? to_dma : to_coherent;

        grant->domain = who->domain;
        refused = must_be_refused(grant);
        before = baton_fence_status(baton, who->fence);
        status = grant->direction == BATON_READ
                     ? baton_fence_map_to_device(baton, who->fence, attachment, grant->range, &source)
                     : baton_fence_map_from_device(baton, who->fence, attachment, grant->range, grant->direction,
                                                   &destination);
        if (who->queued)
            before = BATON_ERROR_HELD;
        else if (before == BATON_ERROR_PENDING)
            before = BATON_OK;
    }
    seen[status]++;
    if (before != BATON_OK)
        CHECK(status == before);
    else if (status == BATON_ERROR_NO_SLOT || (status == BATON_ERROR_MAINTENANCE && meets_an_unknown_line(grant)))
        return;
    else
        CHECK((status != BATON_OK) == refused && (status == BATON_OK || has_reason(grant, status)));
    grant->used = status == BATON_OK;
    forget();
}

static void end(struct grant *grant)
{
    write_all(grant);
    grant->used = false;
    CHECK(baton_end_cpu_access(baton, &grant->access) == BATON_OK);
}

static void one_step(void)
{
    struct grant *grant = &grants[any(HOLDS)];
    struct program_stage *stage = &program_stages[any(PROGRAM_STAGES)];

    machine_noise(&machine, any(4));
    switch (any(14)) {
    case 0:
        if (stage->used)
            close_one(stage);
        else
            open_one(stage);
        break;
    case 1:
        if (stage->used && any(10) == 0)
            cancel_one(stage);
        break;
    case 2:
    case 3:
        if (stage->used)
            signal_one(stage);
        break;
    case 4:
        if (stage->used && any(3) == 0)
            end_quarantine(stage);
        break;
    case 5:
        if (stage->used && !stage->queued && any(3) == 0) {
            stage->queued = true;
            CHECK(baton_fence_queue(baton, stage->fence) == BATON_OK);
        }
        break;
    case 6:
    case 7:
    case 8:
    case 9:
        for (unsigned i = 0; i < 8 && (!stage->used || stage->queued); i++)
            stage = &program_stages[any(PROGRAM_STAGES)];
        if (!grant->used)
            begin(grant, stage->used && any(3) ? (int)(stage - program_stages) : CPU);
        else if (grant->stage == CPU)
            end(grant);
        break;
    default:
        if (runs(grant))
            touch(grant);
        break;
    }
    forget();
    check_exclusive();
    CHECK(machine.trouble[0] == '\0');
}

/* While lines are maintained others finish, give up, and cancel. */
static void others(struct machine *machine_, void *context)
{
    struct program_stage *stage = &program_stages[any(PROGRAM_STAGES)];

    (void)machine_;
    (void)context;
    for (unsigned i = 0; i < 8 && (!stage->started || stage->done); i++)
        stage = &program_stages[any(PROGRAM_STAGES)];
    if (depth > 0 || !stage->used)
        return;
    depth++;
    if (any(8) == 0)
        cancel_one(stage);
    else
        signal_one(stage);
    depth--;
}

static void run_program(void **state)
{
    struct baton_cpu_access access;

    setup(state);
    machine.random = seed * 2654435769u + 1;
    memset(program_stages, 0, sizeof(program_stages));
    memset(grants, 0, sizeof(grants));
    OK(baton_begin_cpu_access(baton, buffer, part(0, SIZE), BATON_OVERWRITE, &access));
    base = machine_offset(&machine, access.data);
    for (uint32_t i = 0; i < SIZE; i++)
        store(BATON_DOMAIN_CACHE, i);
    OK(baton_end_cpu_access(baton, &access));
    machine.meanwhile = others;
    for (step = 1; step <= PROGRAM_STEPS; step++)
        one_step();
    machine.meanwhile = NULL;
    /* Everything can be brought to an end. */
    for (unsigned i = 0; i < HOLDS; i++) {
        if (grants[i].used && grants[i].stage == CPU)
            end(&grants[i]);
    }
    for (unsigned left = PROGRAM_STAGES; left > 0; left--) {
        for (unsigned i = 0; i < PROGRAM_STAGES; i++) {
            if (program_stages[i].used) {
                signal_one(&program_stages[i]);
                end_quarantine(&program_stages[i]);
                close_one(&program_stages[i]);
            }
        }
    }
    check_hold(part(0, SIZE), 0, "", BATON_HOLD_GRANTED);
    OK(baton_begin_cpu_access(baton, buffer, part(0, SIZE), BATON_READ, &access));
    for (uint32_t i = 0; i < SIZE; i++)
        CHECK(cpu_load(&machine, base + i) == shadow[i]);
    OK(baton_end_cpu_access(baton, &access));
    assert_string_equal(machine.trouble, "");
}

static void random_programs(void **state)
{
    const char *one = getenv("BATON_SEED");
    const char *count = getenv("BATON_SEEDS");
    const unsigned long long last = count ? strtoull(count, NULL, 0) : 1000;

    if (one != NULL) {
        seed = strtoull(one, NULL, 0);
        run_program(state);
        return;
    }
    for (seed = 1; seed <= last; seed++)
        run_program(state);
    print_message(
        "# %llu programs: granted %u, busy %u, false sharing %u, quarantined %u, maintenance %u, cancelled %u, "
        "failed %u, timed out %u; stages started or told during maintenance %u\n",
        last, seen[BATON_OK], seen[BATON_ERROR_BUSY], seen[BATON_ERROR_FALSE_SHARING], seen[BATON_ERROR_QUARANTINED],
        seen[BATON_ERROR_MAINTENANCE], seen[BATON_ERROR_CANCELLED], seen[BATON_ERROR_DEVICE], seen[BATON_ERROR_TIMEOUT],
        starts_of_others);
    for (unsigned status = 0; status <= BATON_ERROR_MAINTENANCE; status++) {
        if (seen[status] != 0)
            assert_true(seen[status] > 50);
    }
    assert_true(seen[BATON_ERROR_MAINTENANCE] != 0 && seen[BATON_ERROR_QUARANTINED] != 0 && starts_of_others > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs)};

    return cmocka_run_group_tests_name("random programs of chains", tests, NULL, NULL);
}
