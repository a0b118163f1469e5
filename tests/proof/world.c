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
_Alignas(4096) char buffer_memory[4096];
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
                may->readers |= 1u << size->who[i]->domain;
            if (doing->direction == BATON_READ)
                continue;
            if (may->writes)
                violated("two hold a byte that one of them writes");
            may->writes = at >= doing->writes.first && at < doing->writes.end;
            may->after_store = doing->direction == BATON_OVERWRITE;
            may->view = size->who[i]->domain;
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

static unsigned mask_of(uintptr_t address, size_t length)
{
    const uintptr_t first = (address - (uintptr_t)buffer_memory) / GRANULE, count = length / GRANULE;

    if (address % GRANULE != 0 || length == 0 || length % GRANULE != 0 || address < (uintptr_t)buffer_memory ||
        first + count > size->lines)
        violated("maintenance of a range that is empty, not aligned, or outside of the buffer");
    return ((1u << count) - 1) << first;
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

static void both_levels(unsigned mask, enum line_event first, enum line_event second)
{
    if (locked)
        violated("maintenance with the lock held");
    if (!actors[actor_now].doing.let_go)
        others_go_on(false);
    for (unsigned line = 0; line < size->lines; line++) {
        if ((mask >> line & 1) != 0)
            sets[line] = lines_event(sets[line], first, 0, 0);
    }
    others_go_on(true);
    for (unsigned line = 0; line < size->lines; line++) {
        if ((mask >> line & 1) != 0)
            sets[line] = lines_event(sets[line], second, 0, 0);
    }
    actors[actor_now].doing.let_go = true; /* what follows at once need not do so again */
    others_go_on(false);
}

static void publish(void *context, uintptr_t address, size_t length)
{
    const unsigned mask = mask_of(address, length);
    struct doing *doing = &actors[actor_now].doing;

    (void)context;
    for (unsigned line = 0; line < size->lines; line++) {
        if ((mask >> line & 1) != 0 && !lines_clean_matters(sets[line], 0) && !destroying &&
            (doing->unknown >> line & 1) == 0)
            violated("a line is published, which nothing can have made dirty");
    }
    if ((mask & ~doing->publish) != 0 && !destroying)
        violated("a line is published that the rules do not name");
    doing->publish &= (uint8_t)~mask;
    doing->barrier = true;
    doing->owed = global.owed = false;
    both_levels(mask, LINE_CLEAN_INNER, LINE_CLEAN_OUTER);
}

static void refresh(void *context, uintptr_t address, size_t length)
{
    const unsigned mask = mask_of(address, length);
    struct doing *doing = &actors[actor_now].doing;

    (void)context;
    for (unsigned line = 0; line < size->lines; line++) {
        if ((mask >> line & 1) != 0 && !lines_invalidate_matters(sets[line], 0) && (doing->unknown >> line & 1) == 0)
            violated("a line is refreshed, which nothing can have made stale");
    }
    if ((mask & ~doing->refresh) != 0)
        violated("a line is refreshed that the rules do not name");
    doing->refresh &= (uint8_t)~mask;
    doing->owed = global.owed = false;
    both_levels(mask, LINE_INVALIDATE_OUTER, LINE_INVALIDATE_INNER);
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

const struct baton_port port = {
    .granule = GRANULE, .publish = publish, .refresh = refresh, .barrier = barrier, .lock = lock, .unlock = unlock};
