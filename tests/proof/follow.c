/* SPDX-License-Identifier: MIT */
/*
 * Pairs of a state of the core and what may have become of one line by then, breadth first to the fixed point: see follow.h.
 */
#include "tests/proof/follow.h"
#include "tests/proof/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The line's part of a pair in one word: a set of lines.h and a list of track.c. */
enum { SET_BITS = 20, NOT_YET = -1 };

struct pair {
    uint32_t state, line, parent;
};

static struct pair *pairs;
static uint32_t pair_count, pair_room;
static uint32_t *pair_index, index_mask; /* pair + 1 */
static unsigned followed;
static uint64_t transitions;

static void must_have(const void *room)
{
    if (room == NULL) {
        fprintf(stderr, "explore: no room for more pairs\n");
        exit(2);
    }
}

static uint32_t place_for(uint32_t state, uint32_t line)
{
    uint64_t hash = ((uint64_t)state << 32 | line) * 0x9e3779b97f4a7c15u;

    hash ^= hash >> 32;
    return (uint32_t)(hash * 0xff51afd7ed558ccdu >> 32) & index_mask;
}

static void grow(void)
{
    struct pair *more;

    free(pair_index);
    index_mask = index_mask == 0 ? (1u << 20) - 1 : 2 * index_mask + 1;
    pair_room = (index_mask >> 2) * 3;
    pair_index = calloc((size_t)index_mask + 1, sizeof(*pair_index));
    more = realloc(pairs, (size_t)pair_room * sizeof(*pairs));
    must_have(pair_index);
    must_have(more);
    pairs = more;
    for (uint32_t i = 0; i < pair_count; i++) {
        uint32_t at = place_for(pairs[i].state, pairs[i].line);

        while (pair_index[at] != 0)
            at = (at + 1) & index_mask;
        pair_index[at] = i + 1;
    }
}

static void add(uint32_t state, uint32_t line, uint32_t parent)
{
    uint32_t at;

    if (pair_count == pair_room)
        grow();
    for (at = place_for(state, line); pair_index[at] != 0; at = (at + 1) & index_mask) {
        const struct pair *pair = &pairs[pair_index[at] - 1];

        if (pair->state == state && pair->line == line)
            return;
    }
    pairs[pair_count] = (struct pair){state, line, parent};
    pair_index[at] = ++pair_count;
}

static struct tracked unpack(uint32_t line)
{
    return (struct tracked){line & ((1u << SET_BITS) - 1), line >> SET_BITS};
}

static uint32_t pack(struct tracked tracked)
{
    if (tracked.set >> SET_BITS != 0 || tracked.pending >> (32 - SET_BITS) != 0)
        must_have(NULL);
    return tracked.set | tracked.pending << SET_BITS;
}

/* What was made of a line before, by a step (its label) or by a call at work (its actor, and the holders' rights). */
struct memo {
    uint64_t key;
    uint32_t line, made;
};
enum { MEMOS = 1 << 24 };
static struct memo *memos;
static uint32_t memo_count;

static struct memo *remembered(uint64_t key, uint32_t line, bool *known)
{
    uint64_t hash = (key * 0x9e3779b97f4a7c15u ^ line) * 0xff51afd7ed558ccdu;

    if (memos == NULL)
        must_have(memos = calloc(MEMOS, sizeof(*memos)));
    for (uint32_t at = (uint32_t)(hash >> 40);; at = (at + 1) % MEMOS) {
        struct memo *memo = &memos[at];

        *known = memo->key == key && memo->line == line;
        if (*known)
            return memo;
        if (memo->key != 0)
            continue;
        if (++memo_count > MEMOS / 4 * 3)
            must_have(NULL);
        memo->key = key;
        memo->line = line;
        return memo;
    }
}

static const uint32_t *numbers(uint32_t blob)
{
    size_t length;

    return blob_bytes(blob, &length);
}

/* The line after a step, or NOT_YET. */
static uint32_t after_step(uint32_t line, uint32_t label)
{
    bool known;
    struct memo *memo = remembered(1ull << 40 | label, line, &known);

    if (!known) {
        struct tracked tracked = unpack(line);
        size_t length;
        const struct act *list = blob_bytes(label, &length);

        memo->made = track_step(&tracked, list, (unsigned)(length / sizeof(*list))) ? pack(tracked) : (uint32_t)NOT_YET;
    }
    return memo->made;
}

static uint32_t after_work(uint32_t line, unsigned actor, uint32_t rights)
{
    bool known;
    struct memo *memo = remembered((uint64_t)(actor + 2) << 40 | rights, line, &known);

    if (!known) {
        struct tracked tracked = unpack(line);

        memo->made = track_work(&tracked, actor, rights) ? pack(tracked) : (uint32_t)NOT_YET;
    }
    return memo->made;
}

static void tell_step_between(const struct pair *from, const struct pair *to)
{
    const uint32_t rights = numbers(states_rights[from->state])[followed];
    uint32_t count;
    const struct edge *edges = states_edges(from->state, &count);

    for (unsigned actor = 0; from->state == to->state && actor < size->actors; actor++) {
        if (after_work(from->line, actor, rights) == to->line) {
            printf("%u.w,", actor);
            return;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (edges[i].target == to->state && after_step(from->line, numbers(edges[i].label)[followed]) == to->line) {
            tell_step(from->state, edges[i]);
            return;
        }
    }
}

static void tell_steps_to(uint32_t pair)
{
    if (pair == 0)
        return;
    tell_steps_to(pairs[pair].parent);
    tell_step_between(&pairs[pairs[pair].parent], &pairs[pair]);
}

/* Tells what is wrong, and a case; false. actor: whose call's work it was; edge: or which step; neither: the end. */
static bool tell(uint32_t pair, const unsigned *actor, const struct edge *edge)
{
    printf("explore: %s: line %u: %s\nexplore: rerun it with: explore %s %u ", size->name, followed, track_wrong,
           size->name, followed);
    tell_steps_to(pair);
    if (actor != NULL)
        printf("%u.w", *actor);
    if (edge != NULL)
        tell_step(pairs[pair].state, *edge);
    printf("\n");
    return false;
}

static bool expand(uint32_t number)
{
    const struct pair pair = pairs[number];
    const uint32_t *rights = numbers(states_rights[pair.state]);
    uint32_t count, made;
    const struct edge *edges = states_edges(pair.state, &count);

    for (unsigned actor = 0; pair.line >> SET_BITS != 0 && actor < size->actors; actor++) {
        made = after_work(pair.line, actor, rights[followed]);
        if (track_wrong != NULL)
            return tell(number, &actor, NULL);
        if (made == (uint32_t)NOT_YET)
            continue;
        transitions++;
        add(pair.state, made, number);
    }
    for (uint32_t i = 0; i < count; i++) {
        made = after_step(pair.line, numbers(edges[i].label)[followed]);
        if (track_wrong != NULL)
            return tell(number, NULL, &edges[i]);
        if (made == (uint32_t)NOT_YET || lines_size(unpack(made).set) == 0) /* he has not stored there: another run */
            continue;
        transitions++;
        add(edges[i].target, made, number);
    }
    if (states_end[pair.state] != 0) {
        (void)after_step(pair.line, numbers(states_end[pair.state] - 1)[followed]);
        if (track_wrong != NULL)
            return tell(number, NULL, NULL);
    }
    return true;
}

bool follow(unsigned line)
{
    const clock_t begun = clock();
    const uint32_t rights = numbers(states_rights[0])[line];
    double machine_states = 0;

    followed = line;
    pair_count = 0;
    transitions = 0;
    if (pair_index != NULL)
        memset(pair_index, 0, ((size_t)index_mask + 1) * sizeof(*pair_index));
    add(0, pack((struct tracked){lines_close(lines_anything(), rights), 0}), 0);
    for (uint32_t number = 0; number < pair_count; number++) {
        machine_states += lines_size(unpack(pairs[number].line).set);
        if (!expand(number))
            return false;
        if (getenv("EXPLORE_VERBOSE") != NULL && number % 5000000 == 0)
            fprintf(stderr, "%u of %u pairs, %u sets\n", number, pair_count, lines_sets());
    }
    printf(
        "explore: %s: line %u: %u states with it, for %.3g of its caches; %llu transitions; %u sets; %.0f MB, %.0f s\n",
        size->name, line, pair_count, machine_states, (unsigned long long)transitions, lines_sets(),
        (double)pair_count * (sizeof(*pairs) + sizeof(*pair_index)) / 1e6, (double)(clock() - begun) / CLOCKS_PER_SEC);
    return true;
}
