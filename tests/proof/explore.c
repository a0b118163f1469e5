/* SPDX-License-Identifier: MIT */
/*
 * Exhaustive exploration of the core's own code, compiled into this program: every order of acquires, maintenance and releases of
 * some actors on one buffer or two, beside a hostile two-level cache, breadth first to the fixed point.
 *
 *   explore SIZE            one of `sizes` below; explore-bounce has others, with bounce buffers
 *   explore SIZE LINE CASE  plays a case that a failure has printed, step by step; LINE: the line that is followed, or -
 *
 * First the states of the core, and the steps between them. A state is the core's whole state, the memory given to baton_init(), with
 * what only counts or only reports (epochs, sequences, generations, counters, the trace, call sites) set to a constant; each actor;
 * and the stacks of calls in flight. For an acquire lets go while it maintains lines: each actor calls on a stack of its own, which
 * the port's lock() leaves when such a call takes it again; every other actor may go on then, and the call goes on later from a copy of
 * its stack. Then, for each line, what may become of it along these steps (follow.c): why one line at a time is enough is in track.c,
 * what a line is in lines.h.
 *
 * In every state: no holder can load an old byte, no byte is lost, whoever holds may stand beside all others, every access can be
 * ended, a refused call has the status that the conflict table says and changes nothing, each acquire maintains exactly the lines
 * that the rules say, each of them because it can matter, and a buffer that nobody holds can be destroyed with no line left dirty.
 */
#include "core/baton.h"
#include "core/instance.h"
#include "core/range.h"
#include "tests/proof/follow.h"
#include "tests/proof/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---------------------------------------------------------------------------------------------------------------- */
/* What is explored */

#define CACHE BATON_DOMAIN_CACHE
#define MEMORY BATON_DOMAIN_MEMORY
static const struct who cpu = {"cpu", false, CACHE, false, 0}, dma = {"dma", true, MEMORY, false, 0};
#if COLUMNS == 1
static const struct who blit = {"blit", true, MEMORY, false, 0}, snoop = {"snoop", true, CACHE, false, 0};
#else
static const struct who far = {"far", true, MEMORY, true, 0};
static const struct who other_cpu = {"cpu", false, CACHE, false, 1}, other_dma = {"dma", true, MEMORY, false, 1},
                        other_far = {"far", true, MEMORY, true, 1};
#endif

static const struct size sizes[] = {
/*   name, buffers, lines, actors, these, ranges by line, longest range, calls in flight, actors 1 and 2 alike */
#if COLUMNS == 1
    {"line", 1, 1, 3, {&cpu, &dma, &snoop}, false, 2, 3, false},
    {"alike", 1, 1, 3, {&cpu, &dma, &blit}, false, 2, 3, false},
    {"alike-one", 1, 1, 3, {&cpu, &dma, &blit}, false, 2, 3, true},
    {"shared", 1, 2, 2, {&dma, &blit}, false, 3, 1, false},
    {"pair", 1, 2, 3, {&cpu, &dma, &snoop}, true, 4, 3, false},
    {"edges", 1, 2, 3, {&cpu, &dma, &snoop}, false, 4, 3, false},
    {"three-once", 1, 3, 3, {&cpu, &dma, &snoop}, true, 6, 1, false},
    {"three", 1, 3, 3, {&cpu, &dma, &snoop}, true, 6, 3, false},
    {"lines-once", 1, 3, 4, {&cpu, &dma, &blit, &snoop}, true, 6, 1, true},
    {"lines", 1, 3, 4, {&cpu, &dma, &blit, &snoop}, true, 6, 4, true},
    {"edges-three", 1, 3, 3, {&cpu, &dma, &snoop}, false, 6, 1, false},
#else
    {"bounce", 1, 1, 3, {&cpu, &dma, &far}, true, 2, 3, false},
    {"bounces", 1, 2, 3, {&cpu, &dma, &far}, true, 2, 1, false},
    {"buffers", 2, 1, 6, {&cpu, &dma, &far, &other_cpu, &other_dma, &other_far}, true, 1, 1, false},
#endif
};

/* ---------------------------------------------------------------------------------------------------------------- */
/* Steps */

static const char *part_text(struct part part)
{
    static char texts[4][24];
    static unsigned next;
    char *text = texts[next++ % 4];

    if (part.first == part.end)
        snprintf(text, sizeof(texts[0]), "nothing");
    else
        snprintf(text, sizeof(texts[0]), "[%u, %u)", (unsigned)(part.first * CELL), (unsigned)(part.end * CELL));
    return text;
}

static bool within(struct part part, struct part whole)
{
    return part.first >= whole.first && part.end <= whole.end;
}

enum result { NO_SUCH, NOT_HERE, REFUSED, DONE };

/* The parts that an end may name: none, or any of the ranges that lies within, but not the whole. */
static bool any_part(unsigned choice, struct part whole, struct part *part)
{
    *part = (struct part){whole.first, whole.first};
    if (choice == 0)
        return true;
    *part = ranges[choice - 1];
    return within(*part, whole) && (part->first != whole.first || part->end != whole.end);
}

/* One step of one actor: choice counts through what it could do. */
static enum result step(unsigned who, unsigned choice)
{
    struct doing *doing = &actors[who].doing;
    const struct who *name = size->who[who];
    static const char *const directions[] = {"read", "write", "overwrite"};
    enum result result = DONE;

    for (unsigned line = 0; line < TRACKED_MAX; line++)
        acts[line].count = 0;

    switch (doing->phase) {
    case CALLING:
        if (choice != 0)
            return NO_SUCH;
        if (telling)
            printf("%s's call goes on\n", name->name);
        go_on(who);
        break;
    case HOLDING: {
        struct part written = doing->range;
        const bool complete = choice == 0;

        if (choice > range_count + 1 || (!complete && !writes(doing)))
            return NO_SUCH;
        if (!complete && !any_part(choice - 1, doing->range, &written))
            return NOT_HERE;
        if (telling)
            printf("%s ends%s%s\n", name->name, complete ? "" : " having written only ",
                   complete ? "" : part_text(written));
        end(who, complete, written);
        break;
    }
    case IDLE:
        if (choice >= range_count * 3)
            return NO_SUCH;
        doing->direction = (enum baton_direction)(choice / range_count);
        doing->range = ranges[choice % range_count];
        if (telling)
            printf("%s begins: %s %s\n", name->name, directions[doing->direction], part_text(doing->range));
        result = begin(who) ? REFUSED : DONE;
        break;
    }
    return result;
}

/* With nobody there, the buffers can be destroyed, and no line of them is evicted later. false: somebody is there. */
static bool check_end(void)
{
    bool unknown[BUFFERS_MAX][COLUMNS][LINES_MAX] = {{{false}}};

    for (unsigned i = 0; i < size->actors; i++) {
        if (actors[i].doing.phase != IDLE)
            return false;
    }
    for (unsigned number = 0; number < size->buffers; number++) {
        for (unsigned column = 0; column < COLUMNS; column++) {
            for (unsigned line = 0; line < size->lines; line++)
                unknown[number][column][line] = state_in(place_of(number, column), line) == LINE_UNKNOWN;
        }
    }
    for (unsigned line = 0; line < TRACKED_MAX; line++)
        acts[line].count = 0;
    /* On this stack, in one go. */
    destroying = true;
    actor_now = 0;
    for (unsigned i = 0; i < size->actors; i++) {
        baton_attachment attachment = attachments[i];

        if (size->who[i]->device && baton_detach(baton, &attachment) != BATON_OK)
            violated("an attachment cannot be ended");
    }
    act_everywhere((struct act){.kind = ACT_HOME});
    for (unsigned number = 0; number < size->buffers; number++) {
        baton_buffer ending = buffers[number];

        if (baton_destroy(baton, &ending) != BATON_OK)
            violated("a buffer that nobody holds cannot be destroyed");
        for (unsigned column = 0; column < COLUMNS; column++) {
            for (unsigned line = 0; line < size->lines; line++) {
                if (!unknown[number][column][line])
                    act(number, line, (struct act){.kind = ACT_CLEAN, .column = (uint8_t)column});
            }
        }
    }
    destroying = false;
    return true;
}

/* ---------------------------------------------------------------------------------------------------------------- */

static void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "explore: %s\n", what);
        exit(2);
    }
}

static void make_world(void)
{
    const struct baton_limits limits = {.pools = COLUMNS,
                                        .buffers = (uint16_t)(COLUMNS * size->buffers),
                                        .devices = (uint16_t)size->actors,
                                        .attachments = (uint16_t)size->actors,
                                        .accesses = (uint16_t)size->actors,
                                        .trace = 1};
    const struct baton_pool_config pool_config = {"pool", buffer_memory, PHYSICAL, sizeof(buffer_memory)};
    const struct baton_pool_config low_config = {"low", bounce_memory, BOUNCE_PHYSICAL, sizeof(bounce_memory)};
    const struct baton_buffer_config config = {.name = "buffer", .size = size->lines * GRANULE};
    const unsigned cells = size->lines * CELLS, unit = size->by_line ? CELLS : 1;
    baton_device devices[ACTORS_MAX];
    baton_pool pool, low = {0};

    for (unsigned first = 0; first < cells; first += unit) {
        for (unsigned end_ = first + unit; end_ <= cells && end_ - first <= size->longest; end_ += unit)
            ranges[range_count++] = (struct part){(uint8_t)first, (uint8_t)end_};
    }
    memory_size = baton_size(&limits);
    must(memory_size <= sizeof(memory), "the instance does not fit");
    must(baton_init(&baton, memory, memory_size, &limits, &port) == BATON_OK, "baton_init");
    for (unsigned i = 0; i < size->actors; i++)
        fresh_tokens[i] = accesses()[i].slot.token;
    must(baton_add_pool(baton, &pool_config, &pool) == BATON_OK, "baton_add_pool");
    if (COLUMNS > 1)
        must(baton_add_pool(baton, &low_config, &low) == BATON_OK, "baton_add_pool");
    for (unsigned number = 0; number < size->buffers; number++)
        must(baton_create(baton, pool, &config, &buffers[number]) == BATON_OK, "baton_create");
    for (unsigned i = 0; i < size->actors; i++) {
        const struct who *who = size->who[i];
        const struct baton_device_config device_config = {
            who->name, who->domain, who->bounced ? BOUNCE_PHYSICAL + sizeof(bounce_memory) - 1 : UINT32_MAX, 0, 1, 0,
            0};
        unsigned known = 0;

        if (!who->device)
            continue;
        while (strcmp(size->who[known]->name, who->name) != 0)
            known++;
        if (known == i)
            must(baton_add_device(baton, &device_config, &devices[i]) == BATON_OK, "baton_add_device");
        if (known == i && who->bounced)
            must(baton_set_bounce_pool(baton, devices[i], low) == BATON_OK, "baton_set_bounce_pool");
        must(baton_attach(baton, buffers[who->buffer], devices[known], &attachments[i]) == BATON_OK, "baton_attach");
    }
    for (unsigned number = 0; number < size->buffers; number++) {
        for (unsigned column = 0; column < COLUMNS; column++)
            starts[number][column] = place_of(number, column)->cpu;
    }
    make_pieces();
    getcontext(&template);
}

enum { CHOICES = 1 << 12 }; /* of an actor */

/* What the step that was made does to each line: a blob of blobs. */
static uint32_t label_of_step(void)
{
    uint32_t labels[TRACKED_MAX];

    for (unsigned line = 0; line < size->buffers * size->lines; line++)
        labels[line] = blob_number(acts[line].list, acts[line].count * sizeof(struct act));
    return blob_number(labels, size->buffers * size->lines * sizeof(*labels));
}

static uint32_t rights_of_all(void)
{
    uint32_t rights[TRACKED_MAX];

    for (unsigned line = 0; line < size->buffers * size->lines; line++)
        rights[line] = rights_of(line / size->lines, line % size->lines);
    return blob_number(rights, size->buffers * size->lines * sizeof(*rights));
}

static void tell_steps(uint32_t state)
{
    if (state == 0)
        return;
    tell_steps(states_parent(state));
    printf("%d.%d,", states_step(state) / CHOICES, states_step(state) % CHOICES);
}

static void tell_case(uint32_t state, unsigned last)
{
    printf("explore: %s\nexplore: rerun it with: explore %s - ", violation, size->name);
    tell_steps(state);
    printf("%u.%u\n", last / CHOICES, last % CHOICES);
}

/* The step of this label from a state to another. */
void tell_step(uint32_t from, struct edge edge)
{
    uint32_t vector[VECTOR], number;

    for (unsigned who = 0; who < size->actors; who++) {
        enum result result = DONE;

        for (unsigned choice = 0; result != NO_SUCH; choice++) {
            restore(states_vector(from));
            result = step(who, choice);
            if (result != DONE)
                continue;
            save(vector, states_vector(from));
            if (!states_add(vector, 0, 0, &number) && number == edge.target && label_of_step() == edge.label) {
                printf("%u.%u,", who, choice);
                return;
            }
        }
    }
}

/* A case: steps who.choice, and who.w where that one's call does the next thing that it has to do to the line that is followed. */
static int play(const char *followed, const char *path)
{
    const bool follows = followed[0] != '-';
    const unsigned line = follows ? (unsigned)strtoul(followed, NULL, 10) : 0;
    struct tracked tracked = {lines_anything(), 0};

    must(line < size->buffers * size->lines, "there is no such line");
    tracked.set = lines_close(tracked.set, rights_of(line / size->lines, line % size->lines));
    telling = true;
    while (*path != '\0' && violation == NULL) {
        char *next;
        unsigned who = (unsigned)strtoul(path, &next, 10);

        must(*next == '.' && who < size->actors, "a case is a list of actor.choice, with commas");
        if (next[1] == 'w') {
            printf("%s's call has done something to line %u\n", size->who[who]->name, line);
            must(track_work(&tracked, who, rights_of(line / size->lines, line % size->lines)), "it has nothing to do");
            next += 2;
        } else {
            must(step(who, (unsigned)strtoul(next + 1, &next, 10)) > NOT_HERE || violation != NULL,
                 "there is no such step here");
            must(!follows || track_step(&tracked, acts[line].list, acts[line].count), "its call is not done yet");
        }
        path = *next == ',' ? next + 1 : next;
        canonical();
        violation = violation ? violation : track_wrong;
    }
    if (violation == NULL && check_end() && follows)
        track_step(&tracked, acts[line].list, acts[line].count);
    violation = violation ? violation : track_wrong;
    printf("%s\n", violation != NULL ? violation : "nothing is wrong");
    return violation != NULL;
}

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* All states of the core. */
static bool explore(void)
{
    uint32_t vector[VECTOR], start[VECTOR] = {0}, number;
    uint64_t calls = 0, refusals = 0, in_flight = 0;
    const unsigned length = save(vector, start);

    states_begin(length, 100u * 1000 * 1000);
    states_add(vector, 0, 0, &number);
    states_rights[0] = rights_of_all();
    for (uint32_t state = 0; state < states_count(); state++) {
        const uint32_t *source = states_vector(state);
        bool flying = false;

        for (unsigned who = 0; who < size->actors; who++) {
            enum result result = DONE;

            restore(source);
            flying |= actors[who].doing.phase == CALLING;
            for (unsigned choice = 0; result != NO_SUCH; choice++) {
                result = step(who, choice);
                if (result == DONE || result == REFUSED) {
                    calls++;
                    refusals += result == REFUSED;
                    save(vector, source);
                    if (result == REFUSED && memcmp(vector, source, length * sizeof(*vector)) != 0)
                        violated("a refused call has changed something");
                    if (result == DONE && violation == NULL) {
                        if (states_add(vector, state, (uint16_t)(who * CHOICES + choice), &number))
                            states_rights[number] = rights_of_all();
                        states_edge(state, (struct edge){number, label_of_step()});
                    }
                    restore(source);
                }
                if (violation != NULL)
                    return tell_case(state, who * CHOICES + choice), false;
            }
        }
        if (check_end())
            states_end[state] = label_of_step() + 1;
        if (violation != NULL)
            return tell_case(states_parent(state), states_step(state)), false;
        in_flight += flying;
        if (getenv("EXPLORE_VERBOSE") != NULL && state % 100000 == 0)
            fprintf(stderr, "%u of %u states, %.0f MB\n", state, states_count(), (double)states_bytes() / 1e6);
    }
    printf("explore: %s: %u buffers of %u lines, %u actors, %u ranges: %u states of the core (%llu with a call in "
           "flight), %llu calls "
           "(%llu refused), %llu different steps; %.0f MB, %.0f s\n",
           size->name, size->buffers, size->lines, size->actors, range_count, states_count(),
           (unsigned long long)in_flight, (unsigned long long)calls, (unsigned long long)refusals,
           (unsigned long long)states_edge_count(), (double)states_bytes() / 1e6, seconds());
    return true;
}

int main(int argc, char **argv)
{
    for (unsigned i = 0; argc > 1 && i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (strcmp(argv[1], sizes[i].name) == 0)
            size = &sizes[i];
    }
    must(size != NULL && (argc == 2 || argc == 4),
         "usage: explore SIZE [LINE CASE]; the sizes are in tests/proof/explore.c");
    setvbuf(stdout, NULL, _IOLBF, 0);
    make_world();
    if (argc == 4)
        return play(argv[2], argv[3]);
    if (!explore())
        return 1;
    for (unsigned line = 0; line < size->buffers * size->lines; line++) {
        if (!follow(line))
            return 1;
    }
    return 0;
}
