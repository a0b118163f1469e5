/* SPDX-License-Identifier: MIT */
/*
 * Exhaustive exploration of the core's own code, compiled into this program: every order of acquires, maintenance and releases of
 * some actors on one buffer, beside a hostile two-level cache, breadth first to the fixed point.
 *
 *   explore SIZE          line, two, pair, edges or lines: see `sizes` below
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
#include "tests/proof/lines.h"
#include "tests/proof/states.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>

enum {
    CELL = 4,
    GRANULE = CELL * CELLS,
    LINES_MAX = 3,
    ACTORS_MAX = 4,
    RANGES_MAX = 21,
    STACK = 6144,
    PHYSICAL = 0x40000000
};

/* ---------------------------------------------------------------------------------------------------------------- */
/* What is explored */

struct who {
    const char *name;
    bool device;
    enum baton_domain domain;
};

static const struct who cpu = {"cpu", false, BATON_DOMAIN_CACHE}, dma = {"dma", true, BATON_DOMAIN_MEMORY},
                        blit = {"blit", true, BATON_DOMAIN_MEMORY}, snoop = {"snoop", true, BATON_DOMAIN_CACHE};

struct size {
    const char *name;
    unsigned lines, actors;
    const struct who *who[ACTORS_MAX];
    bool by_line;     /* ranges of whole lines only */
    unsigned longest; /* range, in cells */
    unsigned partial; /* releases of a part: 0 none; 1 of any part, a CPU's of nothing; 2 of any part */
    unsigned flights; /* calls in flight at once; those made beside them come back before anybody else goes on */
};

static const struct size sizes[] = {
    {"line", 1, 3, {&cpu, &dma, &snoop}, false, 2, 1, 3},        {"two", 2, 2, {&cpu, &dma}, true, 4, 2, 2},
    {"pair", 2, 3, {&cpu, &dma, &snoop}, true, 4, 1, 1},         {"edges", 2, 3, {&cpu, &dma, &snoop}, false, 4, 1, 1},
    {"lines", 3, 4, {&cpu, &dma, &blit, &snoop}, true, 6, 1, 1},
};

static const struct size *size;

/* In cells of the buffer. */
struct part {
    uint8_t first, end;
};

static struct part ranges[RANGES_MAX];
static unsigned range_count;

/* ---------------------------------------------------------------------------------------------------------------- */
/* The world: what a state consists of */

enum phase { IDLE, CALLING, HOLDING };

/* What one actor does. */
struct doing {
    enum phase phase;
    struct part range, writes; /* writes: where it may store */
    enum baton_direction direction;
    bool partial; /* it will have written only that; said at the begin, since it binds what it does */
    /* Of a call in flight: */
    bool barrier, owed, let_go;
    uint8_t publish, refresh; /* lines to be maintained still: masks */
    uint8_t unknown;          /* those where nobody knows which of the two it needs */
};

struct actor {
    struct doing doing;
    baton_access handle;
    ucontext_t context;
    char *top; /* of what is in use of the stack */
    _Alignas(16) char stack[STACK];
};

static struct actor actors[ACTORS_MAX];
static struct global {
    bool owed; /* a device has released, and no barrier came since */
} global;
static line_set sets[LINES_MAX];

static struct baton *baton;
static _Alignas(8) char memory[16384];
static size_t memory_size;
static baton_buffer buffer;
static baton_attachment attachments[ACTORS_MAX];
static _Alignas(4096) char buffer_memory[4096];
static uint32_t fresh_tokens[ACTORS_MAX];

static const char *violation;
static bool telling;
static unsigned actor_now;
static ucontext_t main_context, template;
static bool call_ended, locked;
static enum baton_status call_status;

static void violated(const char *what)
{
    if (violation == NULL)
        violation = what;
}

static struct access *accesses(void)
{
    return (struct access *)(void *)(baton + 1);
}

static struct buffer *the_buffer(void)
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

static void close_lines(void)
{
    for (unsigned line = 0; line < size->lines; line++)
        close_line(line);
}

static unsigned cells_of(struct part part, unsigned line)
{
    unsigned mask = 0;

    for (unsigned cell = 0; cell < CELLS; cell++) {
        if (line * CELLS + cell >= part.first && line * CELLS + cell < part.end)
            mask |= 1u << cell;
    }
    return mask;
}

static void event_on_part(enum line_event event, struct part part)
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

static bool destroying; /* nobody else is there */

static void both_levels(unsigned mask, enum line_event first, enum line_event second)
{
    if (locked)
        violated("maintenance with the lock held");
    if (!destroying && !actors[actor_now].doing.let_go)
        let_go();
    for (unsigned line = 0; line < size->lines; line++) {
        if ((mask >> line & 1) != 0)
            sets[line] = lines_event(sets[line], first, 0, 0);
    }
    if (!destroying)
        let_go();
    for (unsigned line = 0; line < size->lines; line++) {
        if ((mask >> line & 1) != 0)
            sets[line] = lines_event(sets[line], second, 0, 0);
    }
    if (!destroying) {
        actors[actor_now].doing.let_go = true; /* what follows at once need not do so again */
        let_go();
    }
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

static const struct baton_port port = {
    .granule = GRANULE, .publish = publish, .refresh = refresh, .barrier = barrier, .lock = lock, .unlock = unlock};

/* ---------------------------------------------------------------------------------------------------------------- */
/* Calls */

static struct baton_range bytes_of(struct part part)
{
    return (struct baton_range){part.first * CELL, (uint32_t)(part.end - part.first) * CELL};
}

static void call_begin(void)
{
    struct actor *actor = &actors[actor_now];
    const struct doing *doing = &actor->doing;
    const struct baton_range range = bytes_of(doing->range);

    if (!size->who[actor_now]->device) {
        struct baton_cpu_access access = {.access = {0}};

        call_status = baton_begin_cpu_access(baton, buffer, range, doing->direction, &access);
        actor->handle = access.access;
    } else if (doing->direction == BATON_READ) {
        struct baton_source source = {.access = {0}};

        call_status = baton_map_to_device(baton, attachments[actor_now], range, &source);
        actor->handle = source.access;
    } else {
        struct baton_destination destination = {.access = {0}};

        call_status = baton_map_from_device(baton, attachments[actor_now], range, doing->direction, &destination);
        actor->handle = destination.access;
    }
}

static void on_own_stack(void)
{
    call_begin();
    call_ended = true;
    swapcontext(&actors[actor_now].context, &main_context); /* never comes back */
}

static bool writes(const struct doing *doing)
{
    return doing->direction != BATON_READ;
}

static struct line_range lines_of(struct part part)
{
    return (struct line_range){part.first / CELLS, (part.end + CELLS - 1u) / CELLS};
}

/* The conflict table, and which lines are left to a neighbour (R6). */
static enum baton_status expected_status(unsigned newcomer, unsigned *shared)
{
    const struct doing *wanted = &actors[newcomer].doing;
    const struct line_range lines = lines_of(wanted->range);
    enum baton_status status = BATON_OK;

    *shared = 0;
    for (unsigned i = 0; i < size->actors; i++) {
        const struct doing *other = &actors[i].doing;
        const struct line_range common = lines_in_common(lines, lines_of(other->range));
        const bool one_writes = writes(other) || writes(wanted);

        if (i == newcomer || other->phase == IDLE || common.first >= common.end)
            continue;
        if (one_writes && wanted->range.first < other->range.end && other->range.first < wanted->range.end)
            return BATON_ERROR_BUSY;
        if (one_writes && size->who[i]->domain != size->who[newcomer]->domain)
            status = BATON_ERROR_FALSE_SHARING;
        else if (other->phase == CALLING && status == BATON_OK)
            status = BATON_ERROR_IN_TRANSIT;
        else if (one_writes)
            *shared |= ((1u << (common.end - common.first)) - 1) << common.first;
    }
    return status;
}

/* What the rules say is to be maintained (R1 to R6). */
static void expect_maintenance(unsigned newcomer, unsigned shared)
{
    struct doing *doing = &actors[newcomer].doing;
    const struct line_range lines = lines_of(doing->range);
    const bool cache = size->who[newcomer]->domain == BATON_DOMAIN_CACHE;

    doing->publish = doing->refresh = doing->unknown = 0;
    for (unsigned line = lines.first; line < lines.end; line++) {
        enum line_state state = LINE_CLEAN;
        struct extent found;
        uint32_t cursor = 0;

        if ((shared >> line & 1) != 0 ||
            (cache && doing->direction == BATON_OVERWRITE && cells_of(doing->range, line) == (1u << CELLS) - 1))
            continue;
        if (directory_next(&the_buffer()->directory, (struct line_range){line, line + 1}, &cursor, &found))
            state = found.state;
        if (state == LINE_UNKNOWN)
            doing->unknown |= (uint8_t)(1u << line);
        if (state == LINE_UNKNOWN || (state == LINE_DIRTY && !cache))
            doing->publish |= (uint8_t)(1u << line);
        if (state == LINE_UNKNOWN || (state == LINE_STALE && cache))
            doing->refresh |= (uint8_t)(1u << line);
    }
}

/* The begin has come back. */
static void after_begin(unsigned who)
{
    struct doing *doing = &actors[who].doing;

    if (locked)
        violated("a call comes back with the lock held");
    if (call_status != BATON_OK)
        violated("a call is refused half-way");
    if (doing->publish != 0 || doing->refresh != 0)
        violated("a line is not maintained that the rules name");
    if (size->who[who]->device && !doing->barrier)
        violated("a device is let loose without a barrier");
    if (!size->who[who]->device && doing->owed && global.owed)
        violated("the CPU goes on without a barrier after a device");
    doing->barrier = doing->owed = doing->let_go = false;
    doing->unknown = 0;
    doing->phase = HOLDING;
}

/* Runs a call in flight until it lets go, or comes back. */
static void go_on(unsigned who)
{
    actor_now = who;
    call_ended = false;
    swapcontext(&main_context, &actors[who].context);
    if (call_ended)
        after_begin(who);
}

/* true: it was refused, as it should have been. */
static bool begin(unsigned who)
{
    struct actor *actor = &actors[who];
    enum baton_status expected;
    struct baton *instance = baton;
    struct slot **link = &instance->accesses.free;
    unsigned shared, flights = 0;

    /* Which slot is taken does not matter to the core: each actor takes its own. */
    for (; *link != NULL; link = &(*link)->next) {
        if (*link == &accesses()[who].slot) {
            *link = accesses()[who].slot.next;
            accesses()[who].slot.next = instance->accesses.free;
            instance->accesses.free = &accesses()[who].slot;
            break;
        }
    }
    expected = expected_status(who, &shared);
    actor_now = who;
    if (expected != BATON_OK) {
        call_begin();
        if (call_status != expected)
            violated("a call is not refused as the conflict table says");
        actor->handle.token = 0;
        memset(&actor->doing, 0, sizeof(actor->doing));
        return true;
    }
    expect_maintenance(who, shared);
    actor->doing.owed = global.owed;
    actor->doing.phase = CALLING;
    memset(actor->stack, 0, sizeof(actor->stack));
    actor->context = template;
    actor->context.uc_stack.ss_sp = actor->stack;
    actor->context.uc_stack.ss_size = sizeof(actor->stack);
    makecontext(&actor->context, on_own_stack, 0);
    for (unsigned i = 0; i < size->actors; i++)
        flights += actors[i].doing.phase == CALLING;
    do
        go_on(who);
    while (actor->doing.phase == CALLING && flights > size->flights);
    return false;
}

/* written: of an end that is not complete; first == end: nothing. */
static void end(unsigned who, bool complete, struct part written)
{
    struct actor *actor = &actors[who];
    const struct doing *doing = &actor->doing;
    enum baton_status status;

    actor_now = who;
    if (doing->direction == BATON_OVERWRITE) {
        event_on_part(LINE_WRITTEN, complete ? doing->range : written);
        event_on_part(!complete && size->who[who]->domain == BATON_DOMAIN_CACHE ? LINE_GIVEN_UP : LINE_FORGET,
                      doing->range);
    }
    if (!size->who[who]->device) {
        struct baton_cpu_access access = {.access = actor->handle};

        status = complete ? baton_end_cpu_access(baton, &access)
                          : baton_end_cpu_access_partial(baton, &access, bytes_of(written));
        actor->handle = access.access;
    } else if (doing->direction == BATON_READ) {
        struct baton_source source = {.access = actor->handle};

        status = baton_unmap_source(baton, &source);
        actor->handle = source.access;
    } else {
        struct baton_destination destination = {.access = actor->handle};

        status = complete ? baton_unmap_destination(baton, &destination)
                          : baton_unmap_destination_partial(baton, &destination, bytes_of(written));
        actor->handle = destination.access;
    }
    if (status != BATON_OK || actor->handle.token != 0)
        violated("an access cannot be ended");
    global.owed |= size->who[who]->device;
    memset(&actor->doing, 0, sizeof(actor->doing));
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* States as vectors */

/* What only counts or reports, and what nobody reads again, becomes constant. */
static void canonical(void)
{
    struct buffer *whole = the_buffer();
    struct slot **link = &baton->accesses.free;
    struct access **in_list = NULL;
    unsigned entered = 0, idle = 0;

    for (const struct access *access = whole->accesses; access != NULL; access = access->next)
        entered++;
    baton->sequence = 0;
    memset(&baton->cpu, 0, sizeof(baton->cpu));
    memset(baton->ring, 0, sizeof(*baton->ring) * (baton->ring_mask + 1));
    memset(baton->works, 0, sizeof(*baton->works) * (baton->ring_mask + 1));
    for (unsigned i = 0; i < baton->devices.limit; i++) {
        struct device *device = (struct device *)handle_slot(&baton->devices, i, sizeof(struct device));

        memset(&device->counters, 0, sizeof(device->counters));
    }
    whole->epoch = 0;
    memset(&whole->directory.extents[whole->directory.count], 0,
           sizeof(struct extent) * (DIRECTORY_EXTENTS + 2 - whole->directory.count));
    for (unsigned i = 0; i < size->actors; i++) {
        struct access *access = &accesses()[i];
        struct slot *next = access->slot.next;
        const bool live = (access->slot.token & HANDLE_LIVE) != 0;

        if (live != (actors[i].doing.phase != IDLE))
            violated("an access is live that nobody has, or the other way round");
        if (actors[i].doing.phase == HOLDING) {
            const uint32_t kind = (actors[i].handle.token ^ access->slot.token) >> 10 & 15;

            actors[i].handle.token = fresh_tokens[i] ^ HANDLE_LIVE ^ HANDLE_KIND(kind);
        } else {
            actors[i].handle.token = 0;
        }
        if (!live) {
            memset(access, 0, sizeof(*access));
            access->slot.next = next;
        }
        access->slot.token = fresh_tokens[i] ^ (live ? HANDLE_LIVE : 0);
        access->epoch = 0;
        access->call_site = 0;
    }
    /* The order in the buffer's list says only which of several is named in a refusal. */
    for (unsigned i = 0, listed = 0; i < size->actors; i++) {
        struct access *access = &accesses()[i];

        if (actors[i].doing.phase == IDLE)
            continue;
        if (listed++ == 0)
            in_list = &whole->accesses;
        access->link = in_list;
        *in_list = access;
        in_list = &access->next;
        access->next = NULL;
    }
    for (unsigned i = 0; i < size->actors; i++) { /* the free ones in order */
        if (actors[i].doing.phase == IDLE) {
            idle++;
            *link = &accesses()[i].slot;
            link = &accesses()[i].slot.next;
        }
    }
    *link = NULL;
    if (entered != size->actors - idle)
        violated("an access in flight is not in the buffer's list");
}

/* The memory in pieces that change independently of each other. */
static struct piece {
    char *start;
    size_t length;
} pieces[ACTORS_MAX + 5];
static unsigned piece_count;

static void add_piece(char *start, const char *end_)
{
    if (start < end_)
        pieces[piece_count++] = (struct piece){start, (size_t)(end_ - start)};
}

static void make_pieces(void)
{
    char *at = (char *)accesses();
    char *whole = (char *)the_buffer();

    add_piece(memory, at);
    for (unsigned i = 0; i < size->actors; i++, at += sizeof(struct access))
        add_piece(at, at + sizeof(struct access));
    add_piece(at, whole);
    add_piece(whole, whole + sizeof(struct buffer));
    add_piece(whole + sizeof(struct buffer), memory + memory_size);
}

enum { VECTOR = ACTORS_MAX + 5 + ACTORS_MAX + LINES_MAX + 1 };

/* The number of a blob; source: that of the state before, which it mostly still is. */
static uint32_t number_of(const void *bytes, size_t length, uint32_t source)
{
    size_t source_length;
    const void *before = blob_bytes(source, &source_length);

    if (source_length == length && memcmp(before, bytes, length) == 0)
        return source;
    return blob_number(bytes, length);
}

static unsigned save(uint32_t *vector, const uint32_t *source)
{
    static char saved[sizeof(struct doing) + sizeof(baton_access) + sizeof(ucontext_t) + STACK];
    unsigned count = 0;

    canonical();
    for (unsigned i = 0; i < piece_count; i++)
        vector[count] = number_of(pieces[i].start, pieces[i].length, source[count]), count++;
    for (unsigned i = 0; i < size->actors; i++) {
        const struct actor *actor = &actors[i];
        size_t length = offsetof(struct actor, context);

        memcpy(saved, actor, length);
        if (actor->doing.phase == CALLING) {
            const size_t used = (size_t)(actor->stack + STACK - actor->top);

            memcpy(saved + length, &actor->context, sizeof(ucontext_t));
            length += sizeof(ucontext_t);
            memcpy(saved + length, actor->top, used);
            length += used;
        }
        vector[count] = number_of(saved, length, source[count]), count++;
    }
    for (unsigned line = 0; line < size->lines; line++)
        vector[count++] = sets[line];
    vector[count++] = global.owed;
    return count;
}

static void restore(const uint32_t *vector)
{
    size_t length;

    for (unsigned i = 0; i < piece_count; i++)
        memcpy(pieces[i].start, blob_bytes(*vector++, &length), pieces[i].length);
    for (unsigned i = 0; i < size->actors; i++) {
        struct actor *actor = &actors[i];
        const char *saved = blob_bytes(*vector++, &length);
        const size_t plain = offsetof(struct actor, context);

        memcpy(actor, saved, plain);
        if (actor->doing.phase == CALLING) {
            memcpy(&actor->context, saved + plain, sizeof(ucontext_t));
            length -= plain + sizeof(ucontext_t);
            actor->top = actor->stack + STACK - length;
            memcpy(actor->top, saved + plain + sizeof(ucontext_t), length);
        }
    }
    for (unsigned line = 0; line < size->lines; line++)
        sets[line] = *vector++;
    global.owed = *vector != 0;
    locked = false;
}

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
    struct buffer *whole = the_buffer();
    bool unknown[LINES_MAX] = {false};
    baton_buffer copy = buffer;

    for (unsigned i = 0; i < size->actors; i++) {
        if (actors[i].doing.phase != IDLE)
            return;
    }
    for (unsigned line = 0; line < size->lines; line++) {
        struct extent found;
        uint32_t cursor = 0;

        unknown[line] = directory_next(&whole->directory, (struct line_range){line, line + 1}, &cursor, &found) &&
                        found.state == LINE_UNKNOWN;
    }
    for (unsigned i = 0; i < size->actors; i++) {
        baton_attachment attachment = attachments[i];

        if (size->who[i]->device && baton_detach(baton, &attachment) != BATON_OK)
            violated("an attachment cannot be ended");
    }
    /* On the first actor's stack, as far as it goes in one go. */
    destroying = true;
    actor_now = 0;
    if (baton_destroy(baton, &copy) != BATON_OK)
        violated("a buffer that nobody holds cannot be destroyed");
    destroying = false;
    close_lines();
    for (unsigned line = 0; line < size->lines; line++) {
        if (!unknown[line] && !lines_none_dirty(sets[line], 0))
            violated("a line of a destroyed buffer can still be evicted");
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
    const struct baton_limits limits = {.pools = 1,
                                        .buffers = 1,
                                        .devices = (uint16_t)size->actors,
                                        .attachments = (uint16_t)size->actors,
                                        .accesses = (uint16_t)size->actors,
                                        .trace = 1};
    const struct baton_pool_config pool_config = {"pool", buffer_memory, PHYSICAL, sizeof(buffer_memory)};
    const struct baton_buffer_config config = {.name = "buffer", .size = size->lines * GRANULE};
    const unsigned cells = size->lines * CELLS, unit = size->by_line ? CELLS : 1;
    baton_pool pool;

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
    must(baton_create(baton, pool, &config, &buffer) == BATON_OK, "baton_create");
    for (unsigned i = 0; i < size->actors; i++) {
        const struct who *who = size->who[i];
        const struct baton_device_config device_config = {who->name, who->domain, UINT32_MAX, 0, 1, 0, 0};
        baton_device device;

        if (!who->device)
            continue;
        must(baton_add_device(baton, &device_config, &device) == BATON_OK, "baton_add_device");
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
    must(size != NULL, "usage: explore line|two|pair|edges|lines [CASE]");
    setvbuf(stdout, NULL, _IOLBF, 0);
    make_world();
    return argc > 2 ? play(argv[2]) : explore();
}
