/* SPDX-License-Identifier: MIT */
/*
 * The core's handoffs, begin and end apart: each edge over sizes; what the core itself takes where nothing is to be maintained, by
 * enforcement, by accesses in flight, and in an interrupt handler.
 */
#include "apps/bench/bench.h"

enum party { CPU, SOURCE, DESTINATION };

struct handoff {
    struct bench_buffer buffer;
    struct baton_range range;
    enum party party;
    enum baton_direction direction;
    enum bench_state state;
    bool end; /* is what is measured; otherwise the begin */

    enum baton_status status;
    struct baton_cpu_access access;
    struct baton_source source;
    struct baton_destination destination;
};

/* One instruction: the return, which counts as the caller's. */
__attribute__((naked)) static void nothing(void)
{
    __asm__("bx lr");
}

/* The real calls, and empty ones of the same shape. */
static enum baton_status (*begin_cpu[2])(struct baton *, baton_buffer, struct baton_range, enum baton_direction,
                                         struct baton_cpu_access *);
static enum baton_status (*end_cpu[2])(struct baton *, struct baton_cpu_access *);
static enum baton_status (*map_to[2])(struct baton *, baton_attachment, struct baton_range, struct baton_source *);
static enum baton_status (*unmap_source[2])(struct baton *, struct baton_source *);
static enum baton_status (*map_from[2])(struct baton *, baton_attachment, struct baton_range, enum baton_direction,
                                        struct baton_destination *);
static enum baton_status (*unmap_destination[2])(struct baton *, struct baton_destination *);

#define REAL_AND_EMPTY(table, real) (table[0] = (real), table[1] = (__typeof__(table[1]))(uintptr_t)nothing)

static void fill_tables(void)
{
    REAL_AND_EMPTY(begin_cpu, baton_begin_cpu_access);
    REAL_AND_EMPTY(end_cpu, baton_end_cpu_access);
    REAL_AND_EMPTY(map_to, baton_map_to_device);
    REAL_AND_EMPTY(unmap_source, baton_unmap_source);
    REAL_AND_EMPTY(map_from, baton_map_from_device);
    REAL_AND_EMPTY(unmap_destination, baton_unmap_destination);
}

static void begin(struct handoff *handoff, bool empty)
{
    if (handoff->party == CPU) {
        handoff->status =
            begin_cpu[empty](bench_baton, handoff->buffer.buffer, handoff->range, handoff->direction, &handoff->access);
    } else if (handoff->party == SOURCE) {
        handoff->status = map_to[empty](bench_baton, handoff->buffer.attachment, handoff->range, &handoff->source);
    } else {
        handoff->status = map_from[empty](bench_baton, handoff->buffer.attachment, handoff->range, handoff->direction,
                                          &handoff->destination);
    }
}

static void end(struct handoff *handoff, bool empty)
{
    if (handoff->party == CPU) {
        handoff->status = end_cpu[empty](bench_baton, &handoff->access);
    } else if (handoff->party == SOURCE) {
        handoff->status = unmap_source[empty](bench_baton, &handoff->source);
    } else {
        handoff->status = unmap_destination[empty](bench_baton, &handoff->destination);
    }
}

static void prepare(void *context)
{
    struct handoff *handoff = context;

    bench_bring(&handoff->buffer, handoff->state);
    if (handoff->end) {
        begin(handoff, false);
        bench_must(handoff->status, "begin");
    }
}

static void work(void *context, bool empty)
{
    struct handoff *handoff = context;

    if (handoff->end) {
        end(handoff, empty);
    } else {
        begin(handoff, empty);
    }
}

static void finish(void *context)
{
    struct handoff *handoff = context;

    bench_must(handoff->status, "handoff");
    if (!handoff->end) {
        end(handoff, false);
        bench_must(handoff->status, "end");
    }
}

/* Lines that the begin has to maintain. */
static uint32_t lines(const struct handoff *handoff)
{
    const uint32_t count = handoff->range.length / platform()->port->granule * bench_levels();
    const bool in_cache = handoff->party == CPU;

    if (handoff->end || count == 0) {
        return 0;
    }
    switch (handoff->state) {
    case BENCH_DIRTY:
        return in_cache ? 0 : count;
    case BENCH_STALE:
        return in_cache && handoff->direction != BATON_OVERWRITE ? count : 0;
    case BENCH_UNKNOWN:
        return 2 * count; /* cleaned, then invalidated */
    default:
        return 0;
    }
}

static void measure(struct handoff *handoff, const char *name, struct bench_row row,
                    void (*how)(const struct bench_experiment *))
{
    static char names[2][48];
    const char *const parts[2] = {" begin", " end"};

    for (unsigned part = 0; part < 2; part++) {
        handoff->end = part != 0;
        char *to = names[part];
        for (const char *from = name; *from != '\0'; from++) {
            *to++ = *from;
        }
        for (const char *from = parts[part]; (*to = *from) != '\0'; from++) {
            to++;
        }
        row.group = "handoff";
        row.name = names[part];
        row.bytes = handoff->range.length;
        row.align = "aligned";
        row.state = bench_state_names[handoff->state];
        row.lines = lines(handoff);
        how(&(struct bench_experiment){
            .row = row, .prepare = prepare, .work = work, .finish = finish, .context = handoff});
    }
}

static const struct edge {
    const char *name;
    enum party party;
    enum baton_direction direction;
    enum bench_state state;
} edges[] = {
    {"CPU reads", CPU, BATON_READ, BENCH_CLEAN},
    {"CPU writes", CPU, BATON_WRITE, BENCH_CLEAN},
    {"CPU writes", CPU, BATON_WRITE, BENCH_DIRTY},
    {"CPU reads", CPU, BATON_READ, BENCH_STALE},
    {"CPU overwrites", CPU, BATON_OVERWRITE, BENCH_STALE},
    {"CPU reads", CPU, BATON_READ, BENCH_UNKNOWN},
    {"device reads", SOURCE, BATON_READ, BENCH_CLEAN},
    {"device reads", SOURCE, BATON_READ, BENCH_DIRTY},
    {"device reads", SOURCE, BATON_READ, BENCH_STALE},
    {"device overwrites", DESTINATION, BATON_OVERWRITE, BENCH_CLEAN},
    {"device overwrites", DESTINATION, BATON_OVERWRITE, BENCH_DIRTY},
    {"device overwrites", DESTINATION, BATON_OVERWRITE, BENCH_STALE},
    {"device writes", DESTINATION, BATON_WRITE, BENCH_UNKNOWN},
};
#define EDGES (sizeof(edges) / sizeof(edges[0]))

static struct handoff handoff_of(const struct edge *edge, struct bench_buffer buffer)
{
    return (struct handoff){.buffer = buffer,
                            .range = {0, buffer.size},
                            .party = edge->party,
                            .direction = edge->direction,
                            .state = edge->state};
}

static const struct bench_row in_task = {.context = "task", .in_flight = 1, .enforcement = "checked"};

static void over_sizes(void)
{
    static const uint32_t sizes[] = {64, 4096, 65536, BENCH_FRAME};

    for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        const struct bench_buffer buffer = bench_buffer("edges", sizes[s], BATON_POLICY_CACHED, BATON_ENFORCE_CHECKED);

        for (unsigned e = 0; e < EDGES; e++) {
            struct handoff handoff = handoff_of(&edges[e], buffer);
            measure(&handoff, edges[e].name, in_task, bench_measure);
        }
    }
}

static void over_enforcement(void)
{
    const struct {
        const char *name;
        const struct baton_enforcement *enforcement;
    } levels[] = {{"none", BATON_ENFORCE_NONE}, {"mmu", BATON_ENFORCE_MMU}};
    struct bench_row row = in_task;

    for (unsigned i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (levels[i].enforcement == BATON_ENFORCE_MMU && platform()->port->protect == NULL) {
            continue;
        }
        const struct bench_buffer buffer = bench_buffer("enforced", 4096, BATON_POLICY_CACHED, levels[i].enforcement);
        row.enforcement = levels[i].name;
        for (unsigned e = 0; e < EDGES; e++) {
            struct handoff handoff = handoff_of(&edges[e], buffer);
            measure(&handoff, edges[e].name, row, bench_measure);
        }
    }
}

/* Others hold other lines of the buffer. */
static void over_accesses(void)
{
    const struct bench_buffer buffer = bench_buffer("shared", 65536, BATON_POLICY_CACHED, BATON_ENFORCE_CHECKED);
    struct baton_cpu_access others[7];
    struct bench_row row = in_task;

    bench_bring(&buffer, BENCH_CLEAN);
    for (uint32_t count = 1; count <= 8; count++) {
        struct handoff handoff = {
            .buffer = buffer, .range = {0, 4096}, .party = CPU, .direction = BATON_READ, .state = BENCH_CLEAN};

        row.in_flight = count;
        /* A state cannot be brought about over what others hold: it stays clean, as nobody writes. */
        handoff.buffer.size = 4096;
        measure(&handoff, "CPU reads what others hold", row, bench_measure);
        if (count < 8) {
            bench_must(baton_begin_cpu_access(bench_baton, buffer.buffer, (struct baton_range){count * 8192, 4096},
                                              BATON_READ, &others[count - 1]),
                       "others");
        }
    }
    for (unsigned i = 0; i < 7; i++) {
        bench_must(baton_end_cpu_access(bench_baton, &others[i]), "others");
    }
}

static void in_interrupts(void)
{
    static const uint32_t sizes[] = {4096, BENCH_FRAME};
    struct bench_row row = in_task;

    row.context = "interrupt";
    for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        const struct bench_buffer buffer =
            bench_buffer("interrupt", sizes[s], BATON_POLICY_CACHED, BATON_ENFORCE_CHECKED);

        for (unsigned e = 0; e < EDGES; e++) {
            struct handoff handoff = handoff_of(&edges[e], buffer);
            measure(&handoff, edges[e].name, row, bench_measure_in_interrupt);
        }
    }
}

void bench_handoffs(void)
{
    fill_tables();
    bench_open();
    over_sizes();
    over_enforcement();
    over_accesses();
    bench_close();
    bench_open();
    in_interrupts();
    bench_close();
}
