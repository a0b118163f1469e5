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
    /* What they hold, as far as it is not who they are; the lists are made anew later. */
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

static void forget(unsigned number)
{
    for (unsigned column = 0; column < COLUMNS; column++) {
        struct buffer *place = place_of(number, column);

        if (place == NULL)
            continue;
        place->epoch = 0;
        forget_rest(&place->directory);
    }
    if (place_of(number, 1) != NULL) {
        buffer_at(number)->bounced->copied = 0;
        forget_rest(&buffer_at(number)->bounced->difference);
    }
}

static void check_list(unsigned number)
{
    unsigned entered = 0;

    for (const struct access *access = buffer_at(number)->accesses; access != NULL; access = access->next)
        entered++;
    for (unsigned i = 0; i < size->actors; i++)
        entered -= actors[i].doing.phase != IDLE && size->who[i]->buffer == number;
    if (entered != 0)
        violated("an access in flight is not in its buffer's list");
}

/* The order in a buffer's list says only which of several is named in a refusal. */
static void sort_list(unsigned number)
{
    struct access **in_list = &buffer_at(number)->accesses;

    *in_list = NULL;
    for (unsigned i = 0; i < size->actors; i++) {
        struct access *access = &accesses()[i];

        if (actors[i].doing.phase == IDLE || size->who[i]->buffer != number)
            continue;
        access->link = in_list;
        *in_list = access;
        in_list = &access->next;
        access->next = NULL;
    }
}

/* What only counts or reports, and what nobody reads again, becomes constant. */
void canonical(void)
{
    struct slot **link = &baton->accesses.free;

    for (unsigned i = 0; i < size->actors; i++) {
        if (((accesses()[i].slot.token & HANDLE_LIVE) != 0) != (actors[i].doing.phase != IDLE))
            violated("an access is live that nobody has, or the other way round");
    }
    for (unsigned number = 0; number < size->buffers; number++)
        check_list(number);
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
    for (unsigned number = 0; number < size->buffers; number++)
        forget(number);
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
    for (unsigned number = 0; number < size->buffers; number++)
        sort_list(number);
    for (unsigned i = 0; i < size->actors; i++) { /* the free ones in order */
        if (actors[i].doing.phase == IDLE) {
            *link = &accesses()[i].slot;
            link = &accesses()[i].slot.next;
        }
    }
    *link = NULL;
}

/* The memory in pieces that change independently of each other. An access is saved with its actor. */
static struct piece {
    char *start;
    size_t length;
} pieces[16];
static unsigned piece_count;

static void add_piece(char *start, const char *end_)
{
    if (start < end_)
        pieces[piece_count++] = (struct piece){start, (size_t)(end_ - start)};
}

/* The objects of a table apart from each other. */
static char *cut_at(char *at, void *objects, unsigned count, size_t each)
{
    add_piece(at, objects);
    for (unsigned i = 0; i < count; i++)
        add_piece((char *)objects + i * each, (char *)objects + (i + 1) * each);
    return (char *)objects + count * each;
}

void make_pieces(void)
{
    char *at = (char *)(accesses() + size->actors);
    const bool attachments_first = (char *)baton->attachments.objects < (char *)baton->buffers.objects;

    add_piece(memory, (char *)accesses());
    for (unsigned i = 0; i < 2; i++) {
        if ((i == 0) == attachments_first) {
            if (COLUMNS > 1)
                at = cut_at(at, baton->attachments.objects, baton->attachments.limit, sizeof(struct attachment));
        } else {
            at = cut_at(at, baton->buffers.objects, size->buffers * COLUMNS, sizeof(struct buffer));
        }
    }
    add_piece(at, memory + memory_size);
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
    static char saved[sizeof(struct doing) + sizeof(baton_access) + sizeof(struct access) + sizeof(ucontext_t) + STACK];
    unsigned count = 0;

    canonical();
    for (unsigned i = 0; i < piece_count; i++)
        vector[count] = number_of(pieces[i].start, pieces[i].length, source[count]), count++;
    for (unsigned i = 0; i < size->actors; i++) {
        const struct actor *actor = &actors[i];
        size_t length = offsetof(struct actor, context);

        memcpy(saved, actor, length);
        memcpy(saved + length, &accesses()[i], sizeof(struct access));
        length += sizeof(struct access);
        if (actor->doing.phase == CALLING) {
            const size_t used = (size_t)(actor->stack + STACK - actor->top);

            memcpy(saved + length, &actor->context, sizeof(ucontext_t));
            length += sizeof(ucontext_t);
            memcpy(saved + length, actor->top, used);
            length += used;
        }
        vector[count] = number_of(saved, length, source[count]), count++;
    }
    vector[count++] = owed;
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

        memcpy(actor, saved, offsetof(struct actor, context));
        saved += offsetof(struct actor, context);
        memcpy(&accesses()[i], saved, sizeof(struct access));
        saved += sizeof(struct access);
        if (actor->doing.phase == CALLING) {
            memcpy(&actor->context, saved, sizeof(ucontext_t));
            length -= offsetof(struct actor, context) + sizeof(struct access) + sizeof(ucontext_t);
            actor->top = actor->stack + STACK - length;
            memcpy(actor->top, saved + sizeof(ucontext_t), length);
        }
    }
    owed = (uint8_t)*vector;
    locked = false;
}
