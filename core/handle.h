/* SPDX-License-Identifier: MIT */
/*
 * Handles: the tokens that callers hold, and the tables of slots that they lead to.
 *
 * A token is, from the top, 14 bits of generation, a bit that says live, 3 bits of mark, 4 bits of kind and 10 bits
 * of slot; mark and slot are mixed with a salt that differs from instance to instance. A live slot holds its token
 * without the kind, so a look-up that expects a kind is one comparison. Ending an object adds 1 to the live bit: it
 * clears, and the generation goes up. All calls are under the instance's lock.
 */
#ifndef BATON_CORE_HANDLE_H
#define BATON_CORE_HANDLE_H

#include "core/baton.h"

enum handle_kind {
    HANDLE_POOL = 1,
    HANDLE_BUFFER,
    HANDLE_DEVICE,
    HANDLE_ATTACHMENT,
    HANDLE_CPU_ACCESS,  /* these five share a table, */
    HANDLE_SOURCE,      /* so that one limit bounds */
    HANDLE_DESTINATION, /* all accesses in flight: */
    HANDLE_PART,        /* the CPU's, of a mapping that stays held; */
    HANDLE_RESERVATION, /* not granted yet */
    HANDLE_FENCE,
};

#define HANDLE_SLOTS 1024u /* most slots of a table */
#define HANDLE_KIND(kind) ((uint32_t)(kind) << 10)
#define HANDLE_MARK (0x5u << 14)
#define HANDLE_LIVE (1u << 17) /* set in every token that is given out: none is zero */
#define HANDLE_GENERATION_SHIFT 18

/* The part that is salted. */
#define HANDLE_SALTED ((0x7u << 14) | (HANDLE_SLOTS - 1))

/* Tells the compiler which way to lay out straight. */
#define USUALLY(condition) __builtin_expect(!!(condition), 1)

/* First member of each object that has handles. */
struct slot {
    uint32_t token;
    struct slot *next; /* while free: the next free one */
};

/* There are limit slots in use, but memory for mask + 1, a power of two, so that any token leads to one. */
struct table {
    void *objects;
    struct slot *free;
    uint32_t mask, limit;
};

/* How many slots a table of that limit has in memory. */
uint32_t handle_slots(uint32_t limit);

/* Makes every slot of the table free. objects: handle_slots(limit) * size bytes, zeroed. */
void handle_table_init(struct table *table, void *objects, uint32_t limit, size_t size, uint32_t salt);

static inline struct slot *handle_slot(const struct table *table, uint32_t index, size_t size)
{
    return (struct slot *)((char *)table->objects + index * size);
}

/* The live object that token names, or NULL. size is the object's, a constant, for speed. */
static inline void *handle_find(const struct table *table, uint32_t salt, uint32_t token, enum handle_kind kind,
                                size_t size)
{
    struct slot *slot = handle_slot(table, (token ^ salt) & table->mask, size);

    return USUALLY(slot->token == (token ^ HANDLE_KIND(kind))) ? slot : NULL;
}

/* Why handle_find() found nothing. *ended is the slot of the object that token named, if no other has taken it since;
 * or NULL. */
enum baton_status handle_error(const struct table *table, uint32_t salt, uint32_t token, enum handle_kind kind,
                               size_t size, const struct slot **ended);

/* A free slot, made live, or NULL. */
static inline void *handle_take(struct table *table)
{
    struct slot *slot = table->free;

    if (slot == NULL)
        return NULL;
    table->free = slot->next;
    slot->token ^= HANDLE_LIVE;
    return slot;
}

/* What the caller gets to hold. */
static inline uint32_t handle_token(const struct slot *slot, enum handle_kind kind)
{
    return slot->token ^ HANDLE_KIND(kind);
}

/* The object ends: its handles are stale from here on. The slot is not free yet. */
static inline void handle_retire(struct slot *slot)
{
    slot->token += HANDLE_LIVE;
}

/* The object becomes another: the handles of the one that it was are stale, new ones may be made. */
static inline void handle_renew(struct slot *slot)
{
    handle_retire(slot);
    slot->token ^= HANDLE_LIVE;
}

/* A retired slot may be used again. */
static inline void handle_free(struct table *table, struct slot *slot)
{
    slot->next = table->free;
    table->free = slot;
}

#endif
