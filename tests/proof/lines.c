/* SPDX-License-Identifier: MIT */
/*
 * Sets of what may have become of a line: see lines.h. Sets are interned, and what comes of them is remembered.
 */
#include "tests/proof/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum place { INNER, OUTER, MEMORY, PLACES };
enum level { INVALID, VALID, DIRTY };
enum { NEWEST = 1, FRESH = 7 };

struct line {
    uint8_t level[COLUMNS][2]; /* INNER, OUTER: enum level */
    uint8_t version[COLUMNS][CELLS][PLACES];
    bool undefined[CELLS]; /* nobody has decided which version it is */
    bool written[CELLS];   /* by the writer who holds it */
};

const char *lines_wrong;

static void wrong(const char *what)
{
    if (lines_wrong == NULL)
        lines_wrong = what;
}

static bool has(const struct line *line, unsigned column, unsigned place)
{
    return place == MEMORY || line->level[column][place] != INVALID;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* As a number, versions renamed in the order in which they are met: equal lines have equal numbers */

static uint64_t pack(const struct line *line)
{
    uint64_t packed = 0;

    for (unsigned column = 0; column < COLUMNS; column++)
        packed = packed << 4 | (uint64_t)(line->level[column][INNER] << 2 | line->level[column][OUTER]);
    for (unsigned cell = 0; cell < CELLS; cell++) {
        uint8_t names[8], count = 0;

        memset(names, 0xff, sizeof(names));
        if (!line->undefined[cell])
            names[NEWEST] = NEWEST;
        for (unsigned column = 0; column < COLUMNS; column++) {
            for (unsigned place = 0; place < PLACES; place++) {
                uint8_t version = line->version[column][cell][place];
                uint8_t name = 0;

                if (has(line, column, place)) {
                    if (names[version] == 0xff) {
                        names[version] = count == NEWEST ? ++count : count;
                        count++;
                    }
                    name = names[version];
                }
                packed = packed << 3 | name;
            }
        }
        packed = packed << 2 | (uint64_t)(line->undefined[cell] << 1 | line->written[cell]);
    }
    return packed;
}

static struct line unpack(uint64_t packed)
{
    struct line line;

    for (unsigned cell = CELLS; cell-- > 0;) {
        line.written[cell] = packed & 1;
        line.undefined[cell] = packed >> 1 & 1;
        packed >>= 2;
        for (unsigned column = COLUMNS; column-- > 0;) {
            for (unsigned place = PLACES; place-- > 0; packed >>= 3)
                line.version[column][cell][place] = packed & 7;
        }
    }
    for (unsigned column = COLUMNS; column-- > 0; packed >>= 4) {
        line.level[column][OUTER] = packed & 3;
        line.level[column][INNER] = packed >> 2 & 3;
    }
    return line;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Sets under construction, and interned ones */

static uint64_t *members; /* of the set under construction, in the order of arrival */
static uint32_t member_count, member_room;
static uint32_t *seen; /* hash table of them: index + 1 */
static uint32_t seen_mask;

static void clear_members(void)
{
    if (seen == NULL) {
        seen_mask = (1u << 18) - 1;
        seen = calloc(seen_mask + 1, sizeof(*seen));
        member_room = 1u << 17;
        members = malloc(member_room * sizeof(*members));
    }
    for (uint32_t i = 0; i < member_count; i++) {
        for (uint32_t at = (uint32_t)(members[i] * 0x9e3779b97f4a7c15u >> 40) & seen_mask; seen[at] != 0;
             at = (at + 1) & seen_mask)
            seen[at] = 0;
    }
    member_count = 0;
}

static void add(const struct line *line)
{
    const uint64_t packed = pack(line);
    uint32_t at = (uint32_t)(packed * 0x9e3779b97f4a7c15u >> 40) & seen_mask;

    for (; seen[at] != 0; at = (at + 1) & seen_mask) {
        if (members[seen[at] - 1] == packed)
            return;
    }
    if (member_count == member_room) {
        fprintf(stderr, "a set of more than %u states\n", member_room);
        exit(2);
    }
    members[member_count++] = packed;
    seen[at] = member_count;
}

struct set {
    uint64_t *members;
    uint32_t count;
    uint64_t hash;
};

static struct set *sets;
static uint32_t set_count, set_room;
static uint32_t *set_index, set_index_mask;

static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static line_set intern(void)
{
    uint64_t hash = member_count;
    uint64_t *sorted = malloc((member_count + 1) * sizeof(*sorted));
    uint32_t at;

    memcpy(sorted, members, member_count * sizeof(*sorted));
    qsort(sorted, member_count, sizeof(*sorted), compare);
    for (uint32_t i = 0; i < member_count; i++)
        hash = (hash ^ sorted[i]) * 0x9e3779b97f4a7c15u, hash ^= hash >> 29;
    if (set_index == NULL) {
        set_index_mask = (1u << 20) - 1;
        set_index = calloc(set_index_mask + 1, sizeof(*set_index));
        set_room = 1u << 19;
        sets = calloc(set_room, sizeof(*sets));
    }
    for (at = (uint32_t)hash & set_index_mask; set_index[at] != 0; at = (at + 1) & set_index_mask) {
        const struct set *set = &sets[set_index[at] - 1];

        if (set->hash == hash && set->count == member_count &&
            memcmp(set->members, sorted, member_count * sizeof(*sorted)) == 0) {
            free(sorted);
            return set_index[at] - 1;
        }
    }
    if (set_count == set_room) {
        fprintf(stderr, "more than %u sets\n", set_room);
        exit(2);
    }
    sets[set_count] = (struct set){sorted, member_count, hash};
    set_index[at] = ++set_count;
    return set_count - 1;
}

/* What was made of a set before. */
struct memo {
    uint64_t key[2];
    line_set made;
    const char *wrong;
    bool used;
};
static struct memo *memos;
static uint32_t memo_count;
enum { MEMOS = 1 << 22 };

static struct memo *remembered(uint64_t a, uint64_t b)
{
    uint64_t hash = (a * 0x9e3779b97f4a7c15u ^ b) * 0xff51afd7ed558ccdu;

    if (memos == NULL)
        memos = calloc(MEMOS, sizeof(*memos));
    for (uint32_t at = (uint32_t)(hash >> 40) % MEMOS;; at = (at + 1) % MEMOS) {
        struct memo *memo = &memos[at];

        if (memo->used && (memo->key[0] != a || memo->key[1] != b))
            continue;
        if (!memo->used && ++memo_count > MEMOS / 4 * 3) {
            fprintf(stderr, "more than %d steps of sets\n", MEMOS / 4 * 3);
            exit(2);
        }
        memo->key[0] = a;
        memo->key[1] = b;
        return memo;
    }
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* What a cache and its users do to a line */

static void move(struct line *line, unsigned column, unsigned from, unsigned to)
{
    for (unsigned cell = 0; cell < CELLS; cell++)
        line->version[column][cell][to] = line->version[column][cell][from];
}

/* The inner level's dirty line goes to the outer level, or past it; both may happen where the outer has it not. */
static void clean_inner(const struct line *line, unsigned column, bool evict)
{
    for (unsigned past = 0; past < 2; past++) {
        struct line next = *line;

        if (line->level[column][INNER] == DIRTY) {
            if (past && line->level[column][OUTER] != INVALID)
                continue;
            move(&next, column, INNER, past ? MEMORY : OUTER);
            if (!past)
                next.level[column][OUTER] = DIRTY;
            next.level[column][INNER] = VALID;
        }
        if (evict && line->level[column][INNER] != INVALID)
            next.level[column][INNER] = INVALID;
        add(&next);
    }
}

static void clean_outer(const struct line *line, unsigned column, bool evict)
{
    struct line next = *line;

    if (line->level[column][OUTER] == DIRTY) {
        move(&next, column, OUTER, MEMORY);
        next.level[column][OUTER] = VALID;
    }
    if (evict)
        next.level[column][OUTER] = INVALID;
    add(&next);
}

static void fill_inner(struct line *line, unsigned column)
{
    if (line->level[column][INNER] != INVALID)
        return;
    move(line, column, line->level[column][OUTER] != INVALID ? OUTER : MEMORY, INNER);
    line->level[column][INNER] = VALID;
}

static void fill_outer(struct line *line, unsigned column)
{
    if (line->level[column][OUTER] != INVALID)
        return;
    move(line, column, MEMORY, OUTER);
    line->level[column][OUTER] = VALID;
}

static unsigned seen_at(const struct line *line, unsigned column, unsigned view)
{
    if (view == VIEW_MEMORY)
        return MEMORY;
    return line->level[column][INNER] != INVALID ? INNER : line->level[column][OUTER] != INVALID ? OUTER : MEMORY;
}

/* A load: of the newest version, or, if nobody has decided which that is, it decides. */
static void load(const struct line *line, unsigned cell, unsigned column, unsigned view)
{
    const uint8_t found = line->version[column][cell][seen_at(line, column, view)];
    struct line next = *line;

    if (!line->undefined[cell]) {
        if (found != NEWEST)
            wrong(view == VIEW_CACHE ? "a load in the cache finds an old byte"
                                     : "a load from memory finds an old byte");
        return;
    }
    for (unsigned at = 0; at < COLUMNS; at++) {
        for (unsigned place = 0; place < PLACES; place++) {
            uint8_t *version = &next.version[at][cell][place];

            *version = *version == found ? NEWEST : *version == NEWEST ? FRESH : *version;
        }
    }
    next.undefined[cell] = false;
    add(&next);
}

static void make_newest(struct line *line, unsigned cell, unsigned column, unsigned place)
{
    for (unsigned at = 0; at < COLUMNS; at++) {
        for (unsigned other = 0; other < PLACES; other++) {
            if (line->version[at][cell][other] == NEWEST)
                line->version[at][cell][other] = FRESH;
        }
    }
    line->version[column][cell][place] = NEWEST;
    line->undefined[cell] = false;
}

static void store(const struct line *line, unsigned cell, const struct cell_rights *rights)
{
    struct line next = *line;

    if (rights->view == VIEW_CACHE) {
        fill_inner(&next, rights->column);
        next.level[rights->column][INNER] = DIRTY;
    }
    make_newest(&next, cell, rights->column, rights->view == VIEW_CACHE ? INNER : MEMORY);
    next.written[cell] = true;
    add(&next);
}

static void check_not_lost(const struct line *line, const struct line_rights *rights)
{
    for (unsigned cell = 0; cell < CELLS; cell++) {
        /* What an overwriter will store is his to lose. */
        bool found = line->undefined[cell] || (rights->cells[cell].after_store && !line->written[cell]);

        for (unsigned column = 0; column < COLUMNS; column++) {
            for (unsigned place = 0; place < PLACES; place++)
                found |= has(line, column, place) && line->version[column][cell][place] == NEWEST;
        }
        if (!found)
            wrong("a byte is lost");
    }
}

/* All that may happen to a line in one move. */
static void expand(const struct line *line, const struct line_rights *rights)
{
    check_not_lost(line, rights);
    for (unsigned column = 0; column < COLUMNS; column++) {
        struct line filled = *line;

        clean_inner(line, column, false);
        clean_inner(line, column, true);
        clean_outer(line, column, false);
        clean_outer(line, column, true);
        fill_inner(&filled, column);
        add(&filled);
        filled = *line;
        fill_outer(&filled, column);
        add(&filled);
    }
    for (unsigned cell = 0; cell < CELLS; cell++) {
        const struct cell_rights *may = &rights->cells[cell];

        for (unsigned reader = 0; reader < 2 * COLUMNS; reader++) {
            if ((may->readers >> reader & 1) != 0)
                load(line, cell, reader / 2, reader % 2);
        }
        if (may->after_store && line->written[cell])
            load(line, cell, may->column, may->view);
        if (may->writes)
            store(line, cell, may);
    }
}

uint32_t lines_rights(const struct line_rights *rights)
{
    uint32_t key = 0;

    for (unsigned cell = 0; cell < CELLS; cell++) {
        const struct cell_rights *may = &rights->cells[cell];

        key = key << 8 |
              (uint32_t)(may->readers | may->writes << 4 | may->after_store << 5 | may->column << 6 | may->view << 7);
    }
    return key;
}

line_set lines_close(line_set set, uint32_t key)
{
    struct line_rights rights;
    struct memo *memo = remembered(set, key);

    for (unsigned cell = 0; cell < CELLS; cell++) {
        const uint32_t may = key >> 8 * (CELLS - 1 - cell);

        rights.cells[cell] = (struct cell_rights){.readers = may & 15,
                                                  .writes = (may >> 4 & 1) != 0,
                                                  .after_store = (may >> 5 & 1) != 0,
                                                  .column = may >> 6 & 1,
                                                  .view = may >> 7 & 1};
    }
    if (!memo->used) {
        const char *before = lines_wrong;

        lines_wrong = NULL;
        clear_members();
        for (uint32_t i = 0; i < sets[set].count; i++) {
            const struct line line = unpack(sets[set].members[i]);

            add(&line);
        }
        for (uint32_t i = 0; i < member_count; i++) { /* grows meanwhile */
            const struct line line = unpack(members[i]);

            expand(&line, &rights);
        }
        memo->made = intern();
        memo->wrong = lines_wrong;
        memo->used = true;
        lines_wrong = before;
    }
    if (memo->wrong != NULL)
        wrong(memo->wrong);
    return memo->made;
}

static void copy(struct line *line, unsigned from, unsigned to, unsigned cells)
{
    fill_inner(line, to);
    line->level[to][INNER] = DIRTY;
    for (unsigned cell = 0; cell < CELLS; cell++) {
        if ((cells >> cell & 1) != 0)
            line->version[to][cell][INNER] = line->version[from][cell][seen_at(line, from, VIEW_CACHE)];
    }
}

static void happen(struct line line, enum line_event event, unsigned column, unsigned cells)
{
    switch (event) {
    case LINE_CLEAN_INNER:
        clean_inner(&line, column, false);
        return;
    case LINE_CLEAN_OUTER:
        clean_outer(&line, column, false);
        return;
    case LINE_INVALIDATE_OUTER:
        line.level[column][OUTER] = INVALID;
        break;
    case LINE_INVALIDATE_INNER:
        line.level[column][INNER] = INVALID;
        break;
    case LINE_COPY:
        copy(&line, COLUMNS - 1 - column, column, cells);
        break;
    case LINE_WRITTEN:
    case LINE_UNTOUCHED:
        for (unsigned cell = 0; cell < CELLS; cell++) {
            if ((cells >> cell & 1) != 0 && line.written[cell] != (event == LINE_WRITTEN))
                return;
        }
        break;
    case LINE_GIVEN_UP:
    case LINE_DROPPED:
    case LINE_UNDEFINED:
    case LINE_FORGET:
        for (unsigned cell = 0; cell < CELLS; cell++) {
            if ((cells >> cell & 1) == 0)
                continue;
            if (event == LINE_UNDEFINED || (event == LINE_GIVEN_UP && !line.written[cell]) ||
                (event == LINE_DROPPED && line.written[cell]))
                line.undefined[cell] = true;
            line.written[cell] = false;
        }
        break;
    }
    add(&line);
}

line_set lines_event(line_set set, enum line_event event, unsigned column, unsigned cells)
{
    struct memo *memo = remembered(set, 1ull << 63 | event << 16 | column << 8 | cells);

    if (!memo->used) {
        clear_members();
        for (uint32_t i = 0; i < sets[set].count; i++)
            happen(unpack(sets[set].members[i]), event, column, cells);
        memo->made = intern();
        memo->used = true;
    }
    return memo->made;
}

line_set lines_anything(void)
{
    struct line line;

    clear_members();
    memset(&line, 0, sizeof(line));
    for (unsigned cell = 0; cell < CELLS; cell++) {
        line.undefined[cell] = true;
        for (unsigned column = 0, version = 2; column < COLUMNS; column++) {
            for (unsigned place = 0; place < PLACES; place++)
                line.version[column][cell][place] = (uint8_t)(version++ & 7);
        }
    }
    for (unsigned levels = 0; levels < (COLUMNS == 1 ? 9u : 81u); levels++) {
        for (unsigned column = 0, rest = levels; column < COLUMNS; column++, rest /= 9) {
            line.level[column][INNER] = rest % 9 % 3;
            line.level[column][OUTER] = rest % 9 / 3;
        }
        add(&line);
    }
    return intern();
}

bool lines_clean_matters(line_set set, unsigned column)
{
    for (uint32_t i = 0; i < sets[set].count; i++) {
        const struct line line = unpack(sets[set].members[i]);

        if (line.level[column][INNER] == DIRTY || line.level[column][OUTER] == DIRTY)
            return true;
    }
    return false;
}

bool lines_invalidate_matters(line_set set, unsigned column)
{
    for (uint32_t i = 0; i < sets[set].count; i++) {
        const struct line line = unpack(sets[set].members[i]);

        for (unsigned cell = 0; cell < CELLS; cell++) {
            const unsigned place = seen_at(&line, column, VIEW_CACHE);

            if (line.version[column][cell][place] != line.version[column][cell][MEMORY] ||
                (line.level[column][OUTER] != INVALID &&
                 line.version[column][cell][OUTER] != line.version[column][cell][MEMORY]))
                return true;
        }
    }
    return false;
}

bool lines_copy_matters(line_set set, unsigned column)
{
    for (uint32_t i = 0; i < sets[set].count; i++) {
        const struct line line = unpack(sets[set].members[i]);
        const unsigned from = COLUMNS - 1 - column;

        for (unsigned cell = 0; cell < CELLS; cell++) {
            const uint8_t copied = line.version[from][cell][seen_at(&line, from, VIEW_CACHE)];

            /* What somebody gave up may differ: nobody has looked. */
            if (line.undefined[cell] || line.version[column][cell][MEMORY] != copied ||
                line.version[column][cell][seen_at(&line, column, VIEW_CACHE)] != copied)
                return true;
        }
    }
    return false;
}

bool lines_newest_in(line_set set, unsigned column)
{
    for (uint32_t i = 0; i < sets[set].count; i++) {
        const struct line line = unpack(sets[set].members[i]);

        for (unsigned cell = 0; cell < CELLS; cell++) {
            bool found = line.undefined[cell];

            for (unsigned place = 0; place < PLACES; place++)
                found |= has(&line, column, place) && line.version[column][cell][place] == NEWEST;
            if (!found)
                return false;
        }
    }
    return true;
}

bool lines_none_dirty(line_set set, unsigned column)
{
    return !lines_clean_matters(set, column);
}

uint32_t lines_size(line_set set)
{
    return sets[set].count;
}

uint32_t lines_sets(void)
{
    return set_count;
}
