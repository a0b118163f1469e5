/* SPDX-License-Identifier: MIT */
/*
 * States as vectors: each a number for every piece that changes by itself. See world.h.
 */
#include "tests/proof/world.h"

#include <string.h>

static uint32_t kind_of(unsigned who)
{
    return (actors[who].handle.token ^ accesses()[who].slot.token) >> 10 & 15;
}

static void set_tokens(unsigned who, uint32_t kind)
{
    const bool live = actors[who].doing.phase != IDLE;

    accesses()[who].slot.token = fresh_tokens[who] ^ (live ? HANDLE_LIVE : 0);
    actors[who].handle.token =
        actors[who].doing.phase == HOLDING ? fresh_tokens[who] ^ HANDLE_LIVE ^ HANDLE_KIND(kind) : 0;
}

/* Exchanges actors 1 and 2 where they are not in order. Neither is in a call, so that no stack points at what is theirs. */
static void exchange(void)
{
    struct doing *one = &actors[1].doing, *two = &actors[2].doing;
    struct access *first = &accesses()[1], *second = &accesses()[2];
    const uint32_t first_kind = kind_of(1), second_kind = kind_of(2);
    const struct doing doing = *one;
    const struct access access = *first;

    if (one->phase == CALLING || two->phase == CALLING || memcmp(one, two, sizeof(doing)) <= 0)
        return;
    *one = *two;
    *two = doing;
    set_tokens(1, second_kind);
    set_tokens(2, first_kind);
    /* What they hold, as far as it is not who they are; the lists are made anew below. */
    first->buffer = second->buffer;
    first->party.buffer = second->party.buffer;
    first->party.range = second->party.range;
    first->manner = second->manner;
    first->lines = second->lines;
    second->buffer = access.buffer;
    second->party.buffer = access.party.buffer;
    second->party.range = access.party.range;
    second->manner = access.manner;
    second->lines = access.lines;
    first->party.holder = one->phase == HOLDING ? size->who[1]->name : NULL;
    second->party.holder = two->phase == HOLDING ? size->who[2]->name : NULL;
    first->attachment = one->phase == HOLDING ? instance_attachment(baton, attachments[1]) : NULL;
    second->attachment = two->phase == HOLDING ? instance_attachment(baton, attachments[2]) : NULL;
}

static void forget_rest(struct directory *directory)
{
    memset(&directory->extents[directory->count], 0,
           sizeof(struct extent) * (DIRECTORY_EXTENTS + 2 - directory->count));
}

static void forget(struct buffer *place)
{
    place->epoch = 0;
    forget_rest(&place->directory);
}

/* What only counts or reports, and what nobody reads again, becomes constant. */
void canonical(void)
{
    struct buffer *whole = the_buffer();
    struct slot **link = &baton->accesses.free;
    struct access **in_list = NULL;
    unsigned entered = 0, idle = 0;

    for (const struct access *access = whole->accesses; access != NULL; access = access->next)
        entered++;
    for (unsigned i = 0; i < size->actors; i++) {
        if (((accesses()[i].slot.token & HANDLE_LIVE) != 0) != (actors[i].doing.phase != IDLE))
            violated("an access is live that nobody has, or the other way round");
    }
    if (size->symmetric)
        exchange();
    baton->sequence = 0;
    memset(&baton->cpu, 0, sizeof(baton->cpu));
    memset(baton->ring, 0, sizeof(*baton->ring) * (baton->ring_mask + 1));
    memset(baton->works, 0, sizeof(*baton->works) * (baton->ring_mask + 1));
    for (unsigned i = 0; i < baton->devices.limit; i++) {
        struct device *device = (struct device *)handle_slot(&baton->devices, i, sizeof(struct device));

        memset(&device->counters, 0, sizeof(device->counters));
    }
    forget(whole);
    if (place_of(1) != NULL) {
        forget(place_of(1));
        whole->bounced->copied = 0;
        forget_rest(&whole->bounced->difference);
    }
    for (unsigned i = 0; i < size->actors; i++) {
        struct access *access = &accesses()[i];
        struct slot *next = access->slot.next;
        const bool live = actors[i].doing.phase != IDLE;

        set_tokens(i, kind_of(i));
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

void make_pieces(void)
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

/* The number of a blob; source: that of the state before, which it mostly still is. */
static uint32_t number_of(const void *bytes, size_t length, uint32_t source)
{
    size_t source_length;
    const void *before = blob_bytes(source, &source_length);

    if (source_length == length && memcmp(before, bytes, length) == 0)
        return source;
    return blob_number(bytes, length);
}

unsigned save(uint32_t *vector, const uint32_t *source)
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

void restore(const uint32_t *vector)
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
