/* SPDX-License-Identifier: MIT */
/*
 * Handles, the parts that are not on the path of a handoff: making a table, and telling a stale handle from a foreign one.
 */
#include "core/handle.h"

void handle_table_init(struct table *table, void *objects, uint32_t limit, size_t size, uint32_t salt)
{
    /* The mark's top bit stays set: the low part of the salt leaves it alone. */
    uint32_t base = HANDLE_MARK ^ (salt & HANDLE_LOW_MASK);
    uint32_t generation = salt & ~HANDLE_LOW_MASK;

    table->objects = objects;
    table->limit = limit;
    table->first_free = NULL;
    table->free_end = &table->first_free;
    for (uint32_t i = 0; i < limit; i++) {
        struct slot *slot = handle_slot(table, i, size);

        slot->token = generation | (base ^ i);
        handle_free(table, slot);
    }
}

enum baton_status handle_error(const struct table *table, uint32_t salt, uint32_t token, enum handle_kind kind,
                               size_t size, const struct slot **ended)
{
    const uint32_t generations = 1u << (32 - HANDLE_GENERATION_SHIFT);
    uint32_t index = handle_index(salt, token, kind);
    const struct slot *slot;
    uint32_t behind;

    *ended = NULL;
    if (token == 0) /* what a call that ends an object leaves in the caller's variable */
        return BATON_ERROR_STALE_HANDLE;
    if (index >= table->limit)
        return BATON_ERROR_FOREIGN_HANDLE;
    slot = handle_slot(table, index, size);
    behind = (slot->token >> HANDLE_GENERATION_SHIFT) - (token >> HANDLE_GENERATION_SHIFT);
    behind &= generations - 1;
    if (behind == 0 || behind > generations / 2) /* never issued */
        return BATON_ERROR_FOREIGN_HANDLE;
    /* The next generation, and not live: its kind is 0. */
    if (behind == 1 && ((slot->token ^ salt ^ HANDLE_MARK) & HANDLE_LOW_MASK) == index)
        *ended = slot;
    return BATON_ERROR_STALE_HANDLE;
}
