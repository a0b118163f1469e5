/* SPDX-License-Identifier: MIT */
/*
 * Exhaustive exploration of the core's own code, compiled into this program: every order of acquires, maintenance and releases of
 * some actors on one buffer, beside a hostile two-level cache, breadth first to the fixed point.
 *
 *   explore SIZE          one of `sizes` below; explore-bounce has others, with a bounce buffer
 *   explore SIZE CASE     plays a case that a failure has printed, step by step
 *
 * A state is the core's whole state, the memory given to baton_init(), with what only counts or only reports (epochs, sequences,
 * generations, counters, the trace, call sites) set to a constant; each actor; for each line the set of what may have become of it
 * (lines.h); and the stacks of calls in flight. For an acquire lets go while it maintains lines: each actor calls on a stack of its
 * own, which the port's callbacks leave before the maintenance, between the two levels of cache, and after it; every other actor
 * may go on then, and the call goes on later from a copy of its stack.
 *
 * In every state: no holder can load an old byte, no byte is lost, whoever holds may stand beside all others, every access can be
 * ended, a refused call has the status that the conflict table says and changes nothing, each acquire maintains exactly the lines
 * that the rules say, each of them because it can matter, and a buffer that nobody holds can be destroyed with no line left dirty.
 */
#include "core/baton.h"
#include "core/instance.h"
#include "core/range.h"
#include "tests/proof/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---------------------------------------------------------------------------------------------------------------- */
/* What is explored */

static const struct who cpu = {"cpu", false, BATON_DOMAIN_CACHE, false},
                        dma = {"dma", true, BATON_DOMAIN_MEMORY, false};
#if COLUMNS == 1
static const struct who blit = {"blit", true, BATON_DOMAIN_MEMORY, false},
                        snoop = {"snoop", true, BATON_DOMAIN_CACHE, false};
#else
static const struct who far = {"far", true, BATON_DOMAIN_MEMORY, true};
#endif

static const struct size sizes[] = {
#if COLUMNS == 1
    {"line", 1, 3, {&cpu, &dma, &snoop}, .longest = 2, .partial = 1, .flights = 3},
    {"two", 2, 2, {&cpu, &dma}, .by_line = true, .longest = 4, .partial = 2, .flights = 2},
    {"shared", 2, 2, {&dma, &blit}, .longest = 3, .partial = 1, .flights = 1, .once = true, .nothing = true},
    {"pair", 2, 3, {&cpu, &dma, &snoop}, .by_line = true, .longest = 4, .partial = 1, .flights = 1},
    {"pair-once", 2, 3, {&cpu, &dma, &snoop}, .by_line = true, .longest = 4, .partial = 1, .flights = 1, .once = true},
    {"alike", 1, 3, {&cpu, &dma, &blit}, .longest = 2, .partial = 1, .flights = 1, .once = true},
    {"alike-once",
     1,
     3,
     {&cpu, &dma, &blit},
     .longest = 2,
     .partial = 1,
     .flights = 1,
     .once = true,
     .symmetric = true},
    {"edges", 2, 3, {&cpu, &dma, &snoop}, .longest = 4, .partial = 1, .flights = 1, .once = true},
    {"three", 3, 3, {&cpu, &dma, &snoop}, .by_line = true, .longest = 6, .partial = 1, .flights = 1, .once = true},
    {"lines",
     3,
     4,
     {&cpu, &dma, &blit, &snoop},
     .by_line = true,
     .longest = 6,
     .partial = 1,
     .flights = 1,
     .once = true,
     .symmetric = true},
#else
    {"bounce", 1, 3, {&cpu, &dma, &far}, .longest = 2, .partial = 1, .flights = 3},
    {"bounce-once", 1, 3, {&cpu, &dma, &far}, .longest = 2, .partial = 1, .flights = 1, .once = true},
    {"bounces", 2, 3, {&cpu, &dma, &far}, .longest = 2, .partial = 2, .flights = 1, .once = true},
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
    static uint32_t refused = UINT32_MAX; /* the begin that was refused last */
    enum result result = DONE;

    switch (doing->phase) {
    case CALLING:
        if (choice != 0)
            return NO_SUCH;
        if (telling)
            printf("%s's call goes on\n", name->name);
        go_on(who);
        break;
    case HOLDING: {
        struct part written = doing->writes;
        const bool complete = choice == 0 && !doing->partial;

        if (size->nothing && choice > 1)
            return NO_SUCH;
        const bool device_fails = name->device && writes(doing) && size->partial > 0;

        if (choice != 0 && (!device_fails || !any_part(choice - 1, doing->range, &written)))
            return choice <= range_count + 1 && device_fails ? NOT_HERE : NO_SUCH;
        if (telling)
            printf("%s ends%s%s\n", name->name, complete ? "" : " having written only ",
                   complete ? "" : part_text(written));
        end(who, complete, written);
        break;
    }
    case IDLE: {
        const unsigned parts = name->device || size->partial == 0 ? 1 : size->partial == 1 ? 2 : range_count + 2;
        const unsigned part = choice % parts, range = choice / parts % range_count;

        if (choice >= parts * range_count * 3)
            return NO_SUCH;
        doing->direction = (enum baton_direction)(choice / parts / range_count);
        doing->range = doing->writes = ranges[range];
        doing->partial = part != 0;
        /* Of what it will have written a refusal knows nothing. */
        if (doing->partial && doing->direction != BATON_READ && choice / parts == refused)
            return memset(doing, 0, sizeof(*doing)), NOT_HERE;
        if (doing->partial && (doing->direction == BATON_READ || !any_part(part - 1, doing->range, &doing->writes))) {
            memset(doing, 0, sizeof(*doing));
            return NOT_HERE;
        }
        if (telling)
            printf("%s begins: %s %s%s%s\n", name->name, directions[doing->direction], part_text(doing->range),
                   doing->partial ? ", will write only " : "", doing->partial ? part_text(doing->writes) : "");
        result = begin(who) ? REFUSED : DONE;
        refused = result == REFUSED ? choice / parts : UINT32_MAX;
        break;
    }
    }
    close_lines();
    return result;
}

/* With nobody there, the buffer can be destroyed, and no line of it is evicted later. */
static void check_end(void)
{
    bool unknown[COLUMNS][LINES_MAX] = {{false}};
    baton_buffer copy = buffer;

    for (unsigned i = 0; i < size->actors; i++) {
        if (actors[i].doing.phase != IDLE)
            return;
    }
    for (unsigned column = 0; column < COLUMNS; column++) {
        for (unsigned line = 0; line < size->lines; line++)
            unknown[column][line] = state_in(place_of(column), line) == LINE_UNKNOWN;
    }
    /* On this stack, in one go. */
    destroying = true;
    actor_now = 0;
    for (unsigned i = 0; i < size->actors; i++) {
        baton_attachment attachment = attachments[i];

        if (size->who[i]->device && baton_detach(baton, &attachment) != BATON_OK)
            violated("an attachment cannot be ended");
    }
    for (unsigned line = 0; line < size->lines; line++) {
        if (!lines_newest_in(sets[line], 0))
            violated("a bounce buffer keeps the newest bytes when it ends");
    }
    if (baton_destroy(baton, &copy) != BATON_OK)
        violated("a buffer that nobody holds cannot be destroyed");
    destroying = false;
    close_lines();
    for (unsigned column = 0; column < COLUMNS; column++) {
        for (unsigned line = 0; line < size->lines; line++) {
            if (!unknown[column][line] && !lines_none_dirty(sets[line], column))
                violated("a line of a destroyed buffer can still be evicted");
        }
    }
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
                                        .buffers = COLUMNS,
                                        .devices = (uint16_t)size->actors,
                                        .attachments = (uint16_t)size->actors,
                                        .accesses = (uint16_t)size->actors,
                                        .trace = 1};
    const struct baton_pool_config pool_config = {"pool", buffer_memory, PHYSICAL, sizeof(buffer_memory)};
    const struct baton_buffer_config config = {.name = "buffer", .size = size->lines * GRANULE};
    const unsigned cells = size->lines * CELLS, unit = size->by_line ? CELLS : 1;
    const struct baton_pool_config low_config = {"low", bounce_memory, BOUNCE_PHYSICAL, sizeof(bounce_memory)};
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
    must(baton_create(baton, pool, &config, &buffer) == BATON_OK, "baton_create");
    for (unsigned i = 0; i < size->actors; i++) {
        const struct who *who = size->who[i];
        const struct baton_device_config device_config = {
            who->name, who->domain, who->bounced ? BOUNCE_PHYSICAL + sizeof(bounce_memory) - 1 : UINT32_MAX, 0, 1, 0,
            0};
        baton_device device;

        if (!who->device)
            continue;
        must(baton_add_device(baton, &device_config, &device) == BATON_OK, "baton_add_device");
        if (who->bounced)
            must(baton_set_bounce_pool(baton, device, low) == BATON_OK, "baton_set_bounce_pool");
        must(baton_attach(baton, buffer, device, &attachments[i]) == BATON_OK, "baton_attach");
    }
    for (unsigned line = 0; line < size->lines; line++)
        sets[line] = lines_anything();
    close_lines();
    make_pieces();
    getcontext(&template);
}

enum { CHOICES = 1 << 14 }; /* of an actor */

static void tell_case(uint32_t state, unsigned last)
{
    uint16_t path[4096] = {0};
    unsigned length = 0;

    for (; state != 0 && length < 4096; state = states_parent(state))
        path[length++] = states_step(state);
    printf("explore: rerun it with: explore %s ", size->name);
    while (length-- > 0)
        printf("%u.%u,", path[length] / CHOICES, path[length] % CHOICES);
    printf("%u.%u\n", last / CHOICES, last % CHOICES);
}

static int play(const char *path)
{
    telling = true;
    while (*path != '\0' && violation == NULL) {
        char *next;
        unsigned who = (unsigned)strtoul(path, &next, 10), choice;

        must(*next == '.' && who < size->actors, "a case is a list of actor.choice, with commas");
        choice = (unsigned)strtoul(next + 1, &next, 10);
        path = *next == ',' ? next + 1 : next;
        must(step(who, choice) > NOT_HERE || violation != NULL, "there is no such step here");
        canonical();
    }
    if (violation == NULL)
        check_end();
    printf("%s\n", violation != NULL ? violation : "nothing is wrong");
    return violation != NULL;
}

static int explore(void)
{
    uint32_t vector[VECTOR], start[VECTOR] = {0}, number;
    uint64_t transitions = 0, refusals = 0, in_flight = 0;
    double machine_states = 0;
    const unsigned length = save(vector, start);
    const clock_t begun = clock();

    states_begin(length, 60u * 1000 * 1000);
    states_add(vector, 0, 0, &number);
    for (uint32_t state = 0; state < states_count(); state++) {
        const uint32_t *source = states_vector(state);
        double product = 1;
        bool flying = false;

        for (unsigned line = 0; line < size->lines; line++)
            product *= lines_size(source[length - 1 - size->lines + line]);
        machine_states += product;
        for (unsigned who = 0; who < size->actors; who++) {
            enum result result = DONE;

            restore(source);
            flying |= actors[who].doing.phase == CALLING;
            for (unsigned choice = 0; result != NO_SUCH; choice++) {
                result = step(who, choice);
                if (result == DONE || result == REFUSED) {
                    transitions++;
                    refusals += result == REFUSED;
                    save(vector, source);
                    if (result == REFUSED && memcmp(vector, source, length * sizeof(*vector)) != 0)
                        violated("a refused call has changed something");
                    if (violation == NULL)
                        states_add(vector, state, (uint16_t)(who * CHOICES + choice), &number);
                    restore(source);
                }
                if (violation != NULL) {
                    printf("explore: %s\n", violation);
                    tell_case(state, who * CHOICES + choice);
                    return 1;
                }
            }
        }
        check_end();
        if (violation != NULL) {
            printf("explore: %s\n", violation);
            tell_case(states_parent(state), states_step(state));
            return 1;
        }
        in_flight += flying;
        if (getenv("EXPLORE_VERBOSE") != NULL && state % 100000 == 0)
            fprintf(stderr, "%u of %u states, %u sets, %.0f MB\n", state, states_count(), lines_sets(),
                    (double)states_bytes() / 1e6);
    }
    printf("explore: %s: %u lines, %u actors, %u ranges: %u states (%llu with a call in flight), %llu transitions "
           "(%llu of them "
           "refused)\n",
           size->name, size->lines, size->actors, range_count, states_count(), (unsigned long long)in_flight,
           (unsigned long long)transitions, (unsigned long long)refusals);
    printf("explore: %s: they stand for %.3g states with the caches'; %u sets of a line's; %.0f MB, %.0f s\n",
           size->name, machine_states, lines_sets(), (double)states_bytes() / 1e6,
           (double)(clock() - begun) / CLOCKS_PER_SEC);
    return 0;
}

int main(int argc, char **argv)
{
    for (unsigned i = 0; argc > 1 && i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (strcmp(argv[1], sizes[i].name) == 0)
            size = &sizes[i];
    }
    must(size != NULL, "usage: explore SIZE [CASE]; the sizes are in tests/proof/explore.c");
    setvbuf(stdout, NULL, _IOLBF, 0);
    make_world();
    return argc > 2 ? play(argv[2]) : explore();
}
