/* SPDX-License-Identifier: MIT */
/*
 * Handles, the parts that are not on the path of a handoff: making a table, and telling a stale handle from a foreign
 * one.
 */
#include "core/handle.h"

uint32_t handle_slots(uint32_t limit)
{
    uint32_t slots = 1;

    while (slots < limit)
        slots *= 2;
    return slots;
}

void handle_table_init(struct table *table, void *objects, uint32_t limit, size_t size, uint32_t salt)
{
    table->objects = objects;
    table->mask = handle_slots(limit) - 1;
    table->limit = limit;
    table->free = NULL;
    /* Slots beyond the limit are free as well, but on no list. */
    for (uint32_t i = table->mask + 1; i-- > 0;) {
        struct slot *slot = handle_slot(table, i, size);

        slot->token = (salt & -HANDLE_LIVE & ~HANDLE_LIVE) | ((HANDLE_MARK | i) ^ (salt & HANDLE_SALTED));
        if (i < limit)
            handle_free(table, slot);
    }
}

enum baton_status handle_error(const struct table *table, uint32_t salt, uint32_t token, enum handle_kind kind,
                               size_t size, const struct slot **ended)
{
    const uint32_t generations = 1u << (32 - HANDLE_GENERATION_SHIFT);
    /* What is left of an honest token without salt, mark, live bit and kind is slot and generation. */
    uint32_t plain = token ^ (salt & HANDLE_SALTED) ^ (HANDLE_MARK | HANDLE_LIVE | HANDLE_KIND(kind));
    uint32_t index = plain & ((1u << HANDLE_GENERATION_SHIFT) - 1);
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
    if (behind == 1 && (slot->token & HANDLE_LIVE) == 0)
        *ended = slot;
    return BATON_ERROR_STALE_HANDLE;
}
