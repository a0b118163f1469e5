/* SPDX-License-Identifier: MIT */
/*
 * The world of an exploration, and the port that the core calls in it: see world.h.
 */
#include "tests/proof/world.h"

#include <string.h>

const struct size *size;
struct part ranges[RANGES_MAX];
unsigned range_count;
ucontext_t main_context, template;

struct actor actors[ACTORS_MAX];
struct global global;
line_set sets[LINES_MAX];

struct baton *baton;
_Alignas(8) char memory[16384];
size_t memory_size;
baton_buffer buffer;
baton_attachment attachments[ACTORS_MAX];
_Alignas(4096) char buffer_memory[4096], bounce_memory[4096];
uint32_t fresh_tokens[ACTORS_MAX];

const char *violation;
bool telling;
unsigned actor_now;
bool call_ended, locked;

void violated(const char *what)
{
    if (violation == NULL)
        violation = what;
}

struct access *accesses(void)
{
    return (struct access *)(void *)(baton + 1);
}

struct buffer *the_buffer(void)
{
    return instance_buffer(baton, buffer);
}

struct buffer *place_of(unsigned column)
{
    const struct attachment *bounced = the_buffer()->bounced;

    return column == 0 ? the_buffer() : bounced != NULL ? bounced->bounce : NULL;
}

enum line_state state_in(const struct buffer *place, unsigned line)
{
    struct extent found;
    uint32_t cursor = 0;

    return directory_next(&place->directory, (struct line_range){line, line + 1}, &cursor, &found) ? found.state
                                                                                                   : LINE_CLEAN;
}

/* What the holders may do with a line, and all that may come of it. */
static void close_line(unsigned line)
{
    struct line_rights rights;

    memset(&rights, 0, sizeof(rights));
    for (unsigned cell = 0; cell < CELLS; cell++) {
        const unsigned at = line * CELLS + cell;
        struct cell_rights *may = &rights.cells[cell];

        for (unsigned i = 0; i < size->actors; i++) {
            const struct doing *doing = &actors[i].doing;

            if (doing->phase != HOLDING || at < doing->range.first || at >= doing->range.end)
                continue;
            if (doing->direction != BATON_OVERWRITE)
                may->readers |= (uint8_t)(1u << (2 * size->who[i]->bounced + size->who[i]->domain));
            if (doing->direction == BATON_READ)
                continue;
            if (may->writes)
                violated("two hold a byte that one of them writes");
            may->writes = at >= doing->writes.first && at < doing->writes.end;
            may->after_store = doing->direction == BATON_OVERWRITE;
            may->view = size->who[i]->domain;
            may->column = size->who[i]->bounced;
            may->noted = size->who[i]->bounced;
        }
    }
    sets[line] = lines_close(sets[line], &rights);
    if (lines_wrong != NULL) {
        violated(lines_wrong);
        lines_wrong = NULL;
    }
}

void close_lines(void)
{
    for (unsigned line = 0; line < size->lines; line++)
        close_line(line);
}

unsigned cells_of(struct part part, unsigned line)
{
    unsigned mask = 0;

    for (unsigned cell = 0; cell < CELLS; cell++) {
        if (line * CELLS + cell >= part.first && line * CELLS + cell < part.end)
            mask |= 1u << cell;
    }
    return mask;
}

void event_on_part(enum line_event event, struct part part)
{
    for (unsigned line = 0; line < size->lines; line++) {
        const unsigned cells = cells_of(part, line);

        if (cells != 0)
            sets[line] = lines_event(sets[line], event, 0, cells);
    }
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* The port */

/* The call in flight stops here, and others go on. */
static __attribute__((noinline)) void let_go(void)
{
    struct actor *actor = &actors[actor_now];

    actor->top = (char *)__builtin_frame_address(0) - 128; /* what swapcontext() itself pushes is below the frame */
    swapcontext(&actor->context, &main_context);
}

/* Some lines of the buffer, or of its bounce buffer. */
struct span {
    unsigned column, mask;
};

static struct span span_of(uintptr_t address, size_t length)
{
    const unsigned column = COLUMNS > 1 && address - (uintptr_t)bounce_memory < sizeof(bounce_memory);
    const uintptr_t start = (uintptr_t)(column == 0 ? buffer_memory : bounce_memory);
    const uintptr_t first = (address - start) / GRANULE, count = length / GRANULE;

    if (address % GRANULE != 0 || length == 0 || length % GRANULE != 0 || address < start ||
        first + count > size->lines) {
        violated("lines that are none, not aligned, or outside of the buffer");
        return (struct span){0, 0};
    }
    return (struct span){column, ((1u << count) - 1) << first};
}

bool destroying, closing;

/* Between the levels, and between operations, the cache and the holders of the line go on. Other calls may, too: but lines in
 * transit are nobody's to acquire, and a holder that ends may do less than before. So of the points at which they may go on one shows
 * all that matters. */
static void others_go_on(bool always)
{
    if (destroying)
        return;
    closing = size->once && (!always || actors[actor_now].doing.let_go);
    let_go();
}

static void both_levels(struct span span, enum line_event first, enum line_event second)
{
    if (locked)
        violated("maintenance with the lock held");
    if (!actors[actor_now].doing.let_go)
        others_go_on(false);
    for (unsigned line = 0; line < size->lines; line++) {
        if ((span.mask >> line & 1) != 0)
            sets[line] = lines_event(sets[line], first, span.column, 0);
    }
    others_go_on(true);
    for (unsigned line = 0; line < size->lines; line++) {
        if ((span.mask >> line & 1) != 0)
            sets[line] = lines_event(sets[line], second, span.column, 0);
    }
    actors[actor_now].doing.let_go = true; /* what follows at once need not do so again */
    others_go_on(false);
}

/* Where copies are made the rules name more than the lines of a plan; then what counts is that it can matter. */
static void name_lines(uint8_t *named, unsigned mask)
{
    if (COLUMNS == 1 && !destroying && (mask & ~*named) != 0)
        violated("a line is maintained that the rules do not name");
    *named &= (uint8_t)~mask;
}

/* It is maintained because nobody knows. */
static bool unknown(struct span span, unsigned line)
{
    return COLUMNS == 1 ? (actors[actor_now].doing.unknown >> line & 1) != 0
                        : place_of(span.column) == NULL || state_in(place_of(span.column), line) == LINE_UNKNOWN;
}

static void publish(void *context, uintptr_t address, size_t length)
{
    const struct span span = span_of(address, length);
    struct doing *doing = &actors[actor_now].doing;

    (void)context;
    for (unsigned line = 0; line < size->lines; line++) {
        if ((span.mask >> line & 1) != 0 && !lines_clean_matters(sets[line], span.column) && !destroying &&
            !unknown(span, line))
            violated("a line is published, which nothing can have made dirty");
    }
    name_lines(&doing->publish, span.mask);
    doing->barrier = true;
    doing->owed = global.owed = false;
    both_levels(span, LINE_CLEAN_INNER, LINE_CLEAN_OUTER);
}

static void refresh(void *context, uintptr_t address, size_t length)
{
    const struct span span = span_of(address, length);
    struct doing *doing = &actors[actor_now].doing;

    (void)context;
    for (unsigned line = 0; line < size->lines; line++) {
        if ((span.mask >> line & 1) != 0 && !lines_invalidate_matters(sets[line], span.column) && !destroying &&
            !unknown(span, line))
            violated("a line is refreshed, which nothing can have made stale");
    }
    name_lines(&doing->refresh, span.mask);
    doing->owed = global.owed = false;
    both_levels(span, LINE_INVALIDATE_OUTER, LINE_INVALIDATE_INNER);
}

/* The CPU's copy, of whole lines, from the one to the other. */
static void copy(void *context, void *to, const void *from, size_t length)
{
    const struct span span = span_of((uintptr_t)to, length), source = span_of((uintptr_t)from, length);

    (void)context;
    if (locked)
        violated("a copy with the lock held");
    if (span.mask != source.mask || span.column == source.column)
        violated("a copy of lines to others");
    others_go_on(false);
    for (unsigned line = 0; line < size->lines; line++) {
        if ((span.mask >> line & 1) == 0)
            continue;
        if (!lines_copy_matters(sets[line], span.column))
            violated("a line is copied that is the same in both");
        sets[line] = lines_event(sets[line], LINE_COPY, span.column, (1u << CELLS) - 1);
    }
    others_go_on(true);
}

static void barrier(void *context, enum baton_barrier why)
{
    (void)context;
    if (locked)
        violated("a barrier with the lock held");
    actors[actor_now].doing.barrier |= why == BATON_BARRIER_BEFORE_DEVICE;
    actors[actor_now].doing.owed = global.owed = false;
}

static uint32_t lock(void *context)
{
    (void)context;
    if (locked)
        violated("the lock is taken twice");
    locked = true;
    return 1;
}

static void unlock(void *context, uint32_t state)
{
    (void)context;
    if (!locked || state != 1)
        violated("the lock is given back twice");
    locked = false;
}

const struct baton_port port = {.granule = GRANULE,
                                .publish = publish,
                                .refresh = refresh,
                                .barrier = barrier,
                                .lock = lock,
                                .unlock = unlock,
                                .copy = copy};
