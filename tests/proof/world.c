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
uint8_t owed;

struct baton *baton;
_Alignas(8) char memory[16384];
size_t memory_size;
baton_buffer buffers[BUFFERS_MAX];
baton_attachment attachments[ACTORS_MAX];
char *starts[BUFFERS_MAX][COLUMNS];
_Alignas(PAGE) char buffer_memory[2 * PAGE], bounce_memory[2 * PAGE];
uint32_t fresh_tokens[ACTORS_MAX];
struct acts acts[TRACKED_MAX];

const char *violation;
bool telling;
unsigned actor_now;
bool call_ended, locked, destroying;

void violated(const char *what)
{
    if (violation == NULL)
        violation = what;
}

struct access *accesses(void)
{
    return (struct access *)(void *)(baton + 1);
}

struct buffer *buffer_at(unsigned number)
{
    return instance_buffer(baton, buffers[number]);
}

struct buffer *place_of(unsigned number, unsigned column)
{
    const struct attachment *bounced = buffer_at(number)->bounced;

    return column == 0 ? buffer_at(number) : bounced != NULL ? bounced->bounce : NULL;
}

enum line_state state_in(const struct buffer *place, unsigned line)
{
    struct extent found;
    uint32_t cursor = 0;

    return directory_next(&place->directory, (struct line_range){line, line + 1}, &cursor, &found) ? found.state
                                                                                                   : LINE_CLEAN;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* What is done to lines */

void act(unsigned number, unsigned line, struct act what)
{
    struct acts *to = &acts[number * size->lines + line];

    if (to->count == ACTS_MAX)
        violated("a step does more to a line than the exploration has room for");
    else
        to->list[to->count++] = what;
}

void act_everywhere(struct act what)
{
    for (unsigned number = 0; number < size->buffers; number++) {
        for (unsigned line = 0; line < size->lines; line++)
            act(number, line, what);
    }
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

void act_on_part(unsigned number, enum line_event event, struct part part)
{
    for (unsigned line = 0; line < size->lines; line++) {
        const unsigned cells = cells_of(part, line);

        if (cells != 0)
            act(number, line, (struct act){.kind = ACT_EVENT, .event = event, .cells = (uint8_t)cells});
    }
}

uint32_t rights_of(unsigned number, unsigned line)
{
    struct line_rights rights;

    memset(&rights, 0, sizeof(rights));
    for (unsigned cell = 0; cell < CELLS; cell++) {
        const unsigned at = line * CELLS + cell;
        struct cell_rights *may = &rights.cells[cell];

        for (unsigned i = 0; i < size->actors; i++) {
            const struct doing *doing = &actors[i].doing;

            if (size->who[i]->buffer != number || doing->phase != HOLDING || at < doing->range.first ||
                at >= doing->range.end)
                continue;
            if (may->writes || (doing->direction != BATON_READ && may->readers != 0))
                violated("two hold a byte that one of them writes");
            if (doing->direction != BATON_OVERWRITE)
                may->readers |= (uint8_t)(1u << (2 * size->who[i]->bounced + size->who[i]->domain));
            if (doing->direction == BATON_READ)
                continue;
            may->writes = true;
            may->after_store = doing->direction == BATON_OVERWRITE;
            may->view = size->who[i]->domain;
            may->column = size->who[i]->bounced;
        }
    }
    return lines_rights(&rights);
}

void close_lines(void)
{
    for (unsigned number = 0; number < size->buffers; number++) {
        for (unsigned line = 0; line < size->lines; line++)
            act(number, line, (struct act){.kind = ACT_CLOSE, .rights = rights_of(number, line)});
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

/* Some lines of a buffer, or of its bounce buffer. */
struct span {
    unsigned buffer, column, mask;
};

static struct span span_of(uintptr_t address, size_t length)
{
    const unsigned last = (unsigned)(length / GRANULE);

    for (unsigned number = 0; number < size->buffers; number++) {
        for (unsigned column = 0; column < COLUMNS; column++) {
            const uintptr_t first = (address - (uintptr_t)starts[number][column]) / GRANULE;

            if (address % GRANULE == 0 && length > 0 && length % GRANULE == 0 && first < size->lines &&
                first + last <= size->lines)
                return (struct span){number, column, ((1u << last) - 1) << first};
        }
    }
    violated("lines that are none, not aligned, or outside of a buffer");
    return (struct span){0, 0, 0};
}

/* While a buffer is destroyed nobody comes between; else what is done is done before the lock is taken again. */
static void work_on(struct span span, struct act what)
{
    what.kind = destroying ? ACT_EVENT : ACT_LATER;
    what.actor = (uint8_t)actor_now;
    what.column = (uint8_t)span.column;
    for (unsigned line = 0; line < size->lines; line++) {
        struct act here = what;

        if ((span.mask >> line & 1) == 0)
            continue;
        /* It is maintained because nobody knows. */
        if (what.matters && what.event != LINE_COPY &&
            (COLUMNS == 1 ? (actors[actor_now].doing.unknown >> line & 1) != 0
                          : state_in(place_of(span.buffer, span.column), line) == LINE_UNKNOWN))
            here.matters = false;
        act(span.buffer, line, here);
    }
    if (destroying)
        close_lines();
}

/* Where copies are made the rules name more than the lines of a plan; then what counts is that it can matter. */
static void name_lines(struct span span, uint8_t *named)
{
    if (locked)
        violated("maintenance with the lock held");
    if (COLUMNS == 1 && !destroying && ((span.mask & ~*named) != 0 || span.buffer != size->who[actor_now]->buffer))
        violated("a line is maintained that the rules do not name");
    *named &= (uint8_t)~span.mask;
    actors[actor_now].doing.owed = false;
}

static void publish(void *context, uintptr_t address, size_t length)
{
    const struct span span = span_of(address, length);

    (void)context;
    name_lines(span, &actors[actor_now].doing.publish);
    actors[actor_now].doing.barrier = true;
    work_on(span, (struct act){.event = LINE_CLEAN_INNER, .matters = !destroying});
    work_on(span, (struct act){.event = LINE_CLEAN_OUTER});
}

static void refresh(void *context, uintptr_t address, size_t length)
{
    const struct span span = span_of(address, length);

    (void)context;
    name_lines(span, &actors[actor_now].doing.refresh);
    work_on(span, (struct act){.event = LINE_INVALIDATE_OUTER, .matters = !destroying});
    work_on(span, (struct act){.event = LINE_INVALIDATE_INNER});
}

/* The CPU's copy, of whole lines, from the one to the other. */
static void copy(void *context, void *to, const void *from, size_t length)
{
    const struct span span = span_of((uintptr_t)to, length), source = span_of((uintptr_t)from, length);

    (void)context;
    if (locked)
        violated("a copy with the lock held");
    if (span.mask != source.mask || span.column == source.column || span.buffer != source.buffer)
        violated("a copy of lines to others");
    work_on(span, (struct act){.event = LINE_COPY, .cells = (1u << CELLS) - 1, .matters = true});
}

static void barrier(void *context, enum baton_barrier why)
{
    (void)context;
    if (locked)
        violated("a barrier with the lock held");
    actors[actor_now].doing.barrier |= why == BATON_BARRIER_BEFORE_DEVICE;
    actors[actor_now].doing.owed = false;
}

/* Others go on whenever a call that is in transit takes the lock again: see track.c. */
static uint32_t lock(void *context)
{
    (void)context;
    if (!destroying && actors[actor_now].doing.phase == CALLING &&
        accesses()[actor_now].manner.hold == BATON_HOLD_IN_TRANSIT)
        let_go();
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
