/* SPDX-License-Identifier: MIT */
/*
 * Threads on one instance, with a mutex as the port's lock, under the thread sanitizer: CPUs that acquire, devices that are done in their
 * own time, watchdogs that cancel. The memory is real, and only its holder touches it, without any other lock: a grant that should
 * not have been is a data race, as is a field of the core that is read without the lock.
 * What would break it: a lock left out around any part of a verb, a conflict that is not seen, a start that comes twice or never.
 */
// link: core/*.c
// sanitizer: thread
#include "core/baton.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { GRANULE = 64, LINES = 32, WORDS = GRANULE / 4, THREADS = 4, ROUNDS = 4000, STAGES = 3 };

static _Alignas(64) uint32_t bytes[LINES * WORDS];
static _Alignas(8) char memory[65536];
static struct baton *baton;
static baton_pool pool;
static baton_buffer buffer;
static baton_attachment attachments[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static uint32_t ticks; /* under the mutex: now() is called with the lock held, or from nobody else's */
static uint32_t shadow[LINES];

/* What a thread does and has done. */
struct worker {
    pthread_t thread;
    uint64_t random;
    unsigned accesses, refused, chains, cancelled, failed, quarantined, wrong;
};

/* A chain of one thread. Its stages' devices are threads, too. */
struct stage {
    struct worker *worker;
    baton_fence fence;
    struct baton_range range;
    bool writes, last;
    unsigned starts;
    enum baton_status status;
    enum baton_status outcome;
    bool synchronous;
    pthread_t device;
    bool running;
};

static void range_operation(void *context, uintptr_t address, size_t length)
{
    (void)context;
    if (address < (uintptr_t)bytes || address + length > (uintptr_t)bytes + sizeof(bytes))
        abort();
}

static void barrier(void *context, enum baton_barrier why)
{
    (void)context;
    (void)why;
}

static uint32_t lock(void *context)
{
    (void)context;
    pthread_mutex_lock(&mutex);
    return 0;
}

static void unlock(void *context, uint32_t state)
{
    (void)context;
    (void)state;
    pthread_mutex_unlock(&mutex);
}

static uint32_t now(void *context)
{
    (void)context;
    return __atomic_add_fetch(&ticks, 1, __ATOMIC_RELAXED);
}

static const struct baton_port port = {
    .granule = GRANULE,
    .publish = range_operation,
    .refresh = range_operation,
    .barrier = barrier,
    .lock = lock,
    .unlock = unlock,
    .now = now,
};

#define OK(call)                                                                                                       \
    do {                                                                                                               \
        if ((call) != BATON_OK)                                                                                        \
            abort();                                                                                                   \
    } while (0)

static uint32_t any(struct worker *worker, uint32_t bound)
{
    worker->random ^= worker->random >> 12;
    worker->random ^= worker->random << 25;
    worker->random ^= worker->random >> 27;
    return (uint32_t)((worker->random * 2685821657736338717u) >> 33) % bound;
}

static struct baton_range any_lines(struct worker *worker)
{
    const uint32_t first = any(worker, LINES);
    const uint32_t most = LINES - first < 4 ? LINES - first : 4;

    return (struct baton_range){first * GRANULE, (1 + any(worker, most)) * GRANULE};
}

/* Whoever holds the range. */
static void use(struct worker *worker, struct baton_range range, bool write)
{
    for (uint32_t line = range.offset / GRANULE; line < (range.offset + range.length) / GRANULE; line++) {
        for (uint32_t i = 0; i < WORDS; i++) {
            uint32_t *word = &bytes[line * WORDS + i];

            worker->wrong += *word != shadow[line];
            if (write)
                (*word)++;
        }
        if (write)
            shadow[line]++;
    }
}

static void cpu(struct worker *worker)
{
    const struct baton_range range = any_lines(worker);
    const enum baton_direction direction = any(worker, 2) ? BATON_WRITE : BATON_READ;
    struct baton_cpu_access access;

    if (baton_begin_cpu_access(baton, buffer, range, direction, &access) != BATON_OK) {
        worker->refused++;
        return;
    }
    use(worker, range, direction == BATON_WRITE);
    OK(baton_end_cpu_access(baton, &access));
    worker->accesses++;
}

static void device(struct worker *worker)
{
    const baton_attachment attachment = attachments[any(worker, 2)];
    const struct baton_range range = any_lines(worker);
    struct baton_destination destination;

    if (baton_map_from_device(baton, attachment, range, BATON_WRITE, &destination) != BATON_OK) {
        worker->refused++;
        return;
    }
    use(worker, range, true);
    if (any(worker, 4) == 0) {
        OK(baton_quarantine(baton, &destination));
        OK(baton_unmap_destination_partial(baton, &destination, range));
        worker->quarantined++;
    } else {
        OK(baton_unmap_destination(baton, &destination));
    }
    worker->accesses++;
}

static void *run_device(void *context)
{
    struct stage *stage = context;
    struct worker device_worker = {0};

    use(&device_worker, stage->range, stage->writes);
    if (device_worker.wrong != 0)
        abort();
    OK(baton_fence_signal(baton, stage->fence, stage->outcome));
    if (stage->outcome == BATON_ERROR_TIMEOUT)
        OK(baton_fence_halted(baton, stage->fence));
    return NULL;
}

static void start(void *context, enum baton_status status)
{
    struct stage *stage = context;

    stage->starts++;
    stage->status = status;
    if (status != BATON_OK)
        return;
    if (stage->synchronous) {
        run_device(stage);
        return;
    }
    stage->running = true;
    if (pthread_create(&stage->device, NULL, run_device, stage) != 0)
        abort();
}

/* Three stages over lines of their own, or of the stage before. */
static void chain(struct worker *worker)
{
    const baton_attachment attachment = attachments[any(worker, 2)];
    struct stage stages[STAGES];
    unsigned count = 0;

    memset(stages, 0, sizeof(stages));
    for (unsigned i = 0; i < STAGES; i++) {
        struct stage *stage = &stages[i];
        struct baton_fence_config config = {.name = "stage", .start = start, .context = stage};
        struct baton_destination destination;
        struct baton_source source;
        enum baton_status status;

        if (i > 0)
            config.after = stages[i - 1].fence;
        stage->worker = worker;
        stage->range = any_lines(worker);
        stage->writes = any(worker, 2);
        stage->synchronous = any(worker, 2);
        stage->outcome = any(worker, 6) ? BATON_OK : any(worker, 2) ? BATON_ERROR_DEVICE : BATON_ERROR_TIMEOUT;
        OK(baton_fence_open(baton, &config, &stage->fence));
        count++;
        status = stage->writes ? baton_fence_map_from_device(baton, stage->fence, attachment, stage->range, BATON_WRITE,
                                                             &destination)
                               : baton_fence_map_to_device(baton, stage->fence, attachment, stage->range, &source);
        if (status != BATON_OK) {
            worker->refused++;
            if (status == BATON_ERROR_DEVICE || status == BATON_ERROR_TIMEOUT) { /* the one before has failed */
                OK(baton_fence_queue(baton, stage->fence));
                continue;
            }
            count--;
            /* The one before may fail at this moment: then its thread is still with this stage. */
            while ((status = baton_fence_close(baton, &stage->fence)) == BATON_ERROR_HELD)
                ;
            OK(status);
            break;
        }
        OK(baton_fence_queue(baton, stage->fence));
    }
    if (count > 1 && any(worker, 3) == 0)
        worker->cancelled += baton_fence_cancel(baton, stages[count - 1].fence) == BATON_OK;
    for (unsigned i = 0; i < count; i++) {
        enum baton_status status;

        while ((status = baton_fence_status(baton, stages[i].fence)) == BATON_ERROR_PENDING)
            ;
        worker->failed += status != BATON_OK;
        if (stages[i].running)
            pthread_join(stages[i].device, NULL);
        OK(baton_fence_close(baton, &stages[i].fence));
        worker->wrong += stages[i].starts != 1;
    }
    worker->chains += count == STAGES;
}

static void *work(void *context)
{
    struct worker *worker = context;

    for (unsigned i = 0; i < ROUNDS; i++) {
        switch (any(worker, 8)) {
        case 0:
            chain(worker);
            break;
        case 1:
        case 2:
            device(worker);
            break;
        case 3: {
            struct baton_answer answer;

            OK(baton_query(baton, buffer, any_lines(worker), &answer, NULL, 0));
            break;
        }
        default:
            cpu(worker);
            break;
        }
    }
    return NULL;
}

static void threads(void **state)
{
    static const struct baton_limits limits = {
        .pools = 1, .buffers = 1, .devices = 2, .attachments = 2, .accesses = 64, .trace = 32, .fences = 32};
    const struct baton_pool_config pool_config = {"pool", bytes, 0x40000000, sizeof(bytes)};
    const struct baton_buffer_config buffer_config = {.name = "frame", .size = sizeof(bytes)};
    struct worker workers[THREADS], all = {0};
    struct baton_answer answer;

    (void)state;
    OK(baton_init(&baton, memory, sizeof(memory), &limits, &port));
    OK(baton_add_pool(baton, &pool_config, &pool));
    OK(baton_create(baton, pool, &buffer_config, &buffer));
    for (unsigned i = 0; i < 2; i++) {
        const struct baton_device_config config = {
            .name = "device", .domain = (enum baton_domain)i, .dma_mask = UINT32_MAX, .alignment = 1};
        baton_device made;

        OK(baton_add_device(baton, &config, &made));
        OK(baton_attach(baton, buffer, made, &attachments[i]));
    }
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.random = i + 1};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        all.accesses += workers[i].accesses;
        all.refused += workers[i].refused;
        all.chains += workers[i].chains;
        all.cancelled += workers[i].cancelled;
        all.failed += workers[i].failed;
        all.quarantined += workers[i].quarantined;
        all.wrong += workers[i].wrong;
    }
    print_message("# %u accesses, %u refusals, %u whole chains, %u cancelled, %u stages failed, %u quarantines\n",
                  all.accesses, all.refused, all.chains, all.cancelled, all.failed, all.quarantined);
    assert_int_equal(all.wrong, 0);
    assert_true(all.accesses > 1000 && all.chains > 100 && all.failed > 100 && all.quarantined > 100);
    OK(baton_query(baton, buffer, (struct baton_range){0, sizeof(bytes)}, &answer, NULL, 0));
    assert_int_equal(answer.holders, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(threads)};

    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
