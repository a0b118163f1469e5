/* SPDX-License-Identifier: MIT */
/*
 * Handles: the tokens that callers hold, and the tables of slots that they lead to.
 *
 * A token is, from the top, 14 bits of generation, 8 bits that name the kind, 10 bits of slot, and differs by a salt from
 * instance to instance. The slot of a live object holds its token: a look-up is one comparison. The slot of a free one holds the
 * token of its next object with the kind cleared. Slots are reused first in, first out, so that a copied handle stays
 * recognisably stale for at least 8192 reuses of its slot. All calls are under the instance's lock.
 */
#ifndef BATON_CORE_HANDLE_H
#define BATON_CORE_HANDLE_H

#include "core/baton.h"

enum handle_kind {
    HANDLE_POOL = 1,
    HANDLE_BUFFER,
    HANDLE_DEVICE,
    HANDLE_ATTACHMENT,
    HANDLE_CPU_ACCESS,  /* these three share a table, */
    HANDLE_SOURCE,      /* so that one limit bounds */
    HANDLE_DESTINATION, /* all accesses in flight */
};

/* Tells the compiler which way to lay out straight. */
#define USUALLY(condition) __builtin_expect(!!(condition), 1)

#define HANDLE_SLOTS 1024u /* most slots of a table */
#define HANDLE_KIND_SHIFT 10
#define HANDLE_GENERATION_SHIFT 18
#define HANDLE_LOW_MASK ((1u << HANDLE_GENERATION_SHIFT) - 1)
/* Above the kind: bit 17 is set in every token, so none is zero; the others make a foreign token unlikely to pass. */
#define HANDLE_MARK (0x16u << (HANDLE_KIND_SHIFT + 3))

/* First member of each object that has handles. */
struct slot {
    uint32_t token;
    struct slot *next; /* while free: the next free one */
};

struct table {
    void *objects;
    uint32_t limit; /* slots */
    struct slot *first_free;
    struct slot **free_end; /* the link that the next slot to become free is hung on */
};

/* Makes every slot of the table free. objects: limit * size bytes. */
void handle_table_init(struct table *table, void *objects, uint32_t limit, size_t size, uint32_t salt);

static inline struct slot *handle_slot(const struct table *table, uint32_t index, size_t size)
{
    return (struct slot *)((char *)table->objects + index * size);
}

/* The slot that a token names if it is of that kind; a value beyond HANDLE_SLOTS if it is of another kind or mark. */
static inline uint32_t handle_index(uint32_t salt, uint32_t token, enum handle_kind kind)
{
    return (token ^ salt ^ (HANDLE_MARK | (uint32_t)kind << HANDLE_KIND_SHIFT)) & HANDLE_LOW_MASK;
}

/* The live object that token names, or NULL. size is the object's, a constant, for speed. */
static inline void *handle_find(const struct table *table, uint32_t salt, uint32_t token, enum handle_kind kind,
                                size_t size)
{
    uint32_t index = handle_index(salt, token, kind);
    struct slot *slot;

    if (!USUALLY(index < table->limit))
        return NULL;
    slot = handle_slot(table, index, size);
    return USUALLY(slot->token == token) ? slot : NULL;
}

/* Why handle_find() found nothing. *ended is the slot of the object that token named, if no other has taken it since; or
 * NULL. */
enum baton_status handle_error(const struct table *table, uint32_t salt, uint32_t token, enum handle_kind kind,
                               size_t size, const struct slot **ended);

/* A free slot, made live, or NULL. */
static inline void *handle_take(struct table *table, enum handle_kind kind)
{
    struct slot *slot = table->first_free;

    if (slot == NULL)
        return NULL;
    table->first_free = slot->next;
    if (slot->next == NULL)
        table->free_end = &table->first_free;
    slot->token ^= (uint32_t)kind << HANDLE_KIND_SHIFT;
    return slot;
}

/* The object ends: its handles are stale from here on. The slot is not free yet. */
static inline void handle_retire(struct slot *slot, enum handle_kind kind)
{
    slot->token = (slot->token ^ (uint32_t)kind << HANDLE_KIND_SHIFT) + (1u << HANDLE_GENERATION_SHIFT);
}

/* A retired slot may be used again. */
static inline void handle_free(struct table *table, struct slot *slot)
{
    slot->next = NULL;
    *table->free_end = slot;
    table->free_end = &slot->next;
}

#endif
