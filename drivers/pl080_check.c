/* SPDX-License-Identifier: MIT */
/*
 * Following a list before the controller does. Each entry is a copy that was read once. Touches nothing else: the engine's CPU
 * calls pl080_entry_fault() too.
 */
#include "drivers/pl080_check.h"

#define ENTRY_BYTES ((uint32_t)sizeof(struct pl080_entry))

static bool wraps(uint32_t address, uint32_t bytes)
{
    return bytes - 1 > UINT32_MAX - address;
}

/* Bytes from an address up: none of them is one of the list's. */
static bool apart(const struct pl080_check *what, uint32_t address, uint32_t bytes)
{
    return address > what->address + (what->length - 1) || what->address > address + (bytes - 1);
}

/* Bytes of one end of an entry, from its address up. */
static uint32_t extent(uint32_t bytes, uint32_t unit, bool increments)
{
    return increments ? bytes : unit;
}

const char *pl080_entry_fault(const struct pl080_entry *entry, enum pl080_flow flow)
{
    const bool counted = flow < PL080_PERIPHERAL_TO_PERIPHERAL_BY_DESTINATION;
    const uint32_t control = entry->control;

    if (PL080_SWIDTH(control) > DMA_WIDTH_32 || PL080_DWIDTH(control) > DMA_WIDTH_32) {
        return "a width that is reserved";
    }
    const uint32_t source_unit = 1u << PL080_SWIDTH(control);
    const uint32_t destination_unit = 1u << PL080_DWIDTH(control);
    const uint32_t bytes = PL080_TRANSFERS(control) * source_unit;
    /* Where a peripheral says when it is over, the number of transfers is 0 (DDI 0196, DMACCxControl). */
    if ((bytes != 0) != counted) {
        return counted ? "no transfers" : "a number of transfers, where a peripheral gives it";
    }
    if ((entry->source & (source_unit - 1)) != 0 || (entry->destination & (destination_unit - 1)) != 0) {
        return "an address that is no multiple of its width";
    }
    if (!counted) {
        return NULL;
    }
    if ((bytes & (destination_unit - 1)) != 0) {
        return "a length that is no multiple of the destination's width";
    }
    if (wraps(entry->source, extent(bytes, source_unit, (control & PL080_CONTROL_SI) != 0)) ||
        wraps(entry->destination, extent(bytes, destination_unit, (control & PL080_CONTROL_DI) != 0))) {
        return "an address that wraps";
    }
    return NULL;
}

/* What the controller has not, and what would change the list behind the check. */
static const char *fault_of_use(const struct pl080_check *what, const struct pl080_entry *entry)
{
    const uint32_t control = entry->control;
    const uint32_t bytes = PL080_TRANSFERS(control) << PL080_SWIDTH(control);
    const uint32_t written = extent(bytes, 1u << PL080_DWIDTH(control), (control & PL080_CONTROL_DI) != 0);

    if ((what->limits & PL080_LIMIT_EQUAL_WIDTHS) != 0 && PL080_SWIDTH(control) != PL080_DWIDTH(control)) {
        return "widths that differ, which this controller cannot do";
    }
    if ((what->limits & PL080_LIMIT_ONE_MASTER) != 0 &&
        (control & (PL080_CONTROL_S_MASTER2 | PL080_CONTROL_D_MASTER2)) != 0) {
        return "bus master 2, which this controller has not";
    }
    if (written != 0 && !apart(what, entry->destination, written)) {
        return "a destination in the list itself";
    }
    return NULL;
}

static const char *fault_of_next(const struct pl080_check *what, const struct pl080_entry *entry)
{
    const bool last = entry->next == 0;
    const uint32_t flags = entry->next & PL080_NEXT_RESERVED;

    if (((entry->control & PL080_CONTROL_I) != 0) != last) {
        return last ? "a last entry without its terminal-count interrupt"
                    : "a terminal-count interrupt before the last entry";
    }
    if (last) {
        return NULL;
    }
    if ((flags & ~PL080_NEXT_MASTER2) != 0) {
        return "a reserved bit in the address of the next entry";
    }
    if ((what->limits & PL080_LIMIT_ONE_MASTER) != 0 && flags != 0) {
        return "bus master 2, which this controller has not";
    }
    /* Unsigned: below the list is far beyond it. */
    if (entry->next - flags - what->address > what->length - ENTRY_BYTES) {
        return "a next entry that is not in the mapped list";
    }
    return NULL;
}

const char *pl080_check_list(const struct pl080_check *what, uint32_t *place)
{
    uint32_t at = what->address;

    *place = 0;
    if (what->length < ENTRY_BYTES || (what->address & PL080_NEXT_RESERVED) != 0 || what->address == 0 ||
        wraps(what->address, what->length)) {
        return "not a place for a list";
    }
    /* Entries do not overlap: more of them than there is room for, and it goes round. */
    for (uint32_t n = 0; n < what->length / ENTRY_BYTES; n++) {
        const uint32_t *words = what->words + (at - what->address) / 4;
        const struct pl080_entry entry = {words[0], words[1], words[2], words[3]};
        const char *fault = pl080_entry_fault(&entry, what->flow);

        *place = n;
        if (fault == NULL) {
            fault = fault_of_use(what, &entry);
        }
        if (fault == NULL) {
            fault = fault_of_next(what, &entry);
        }
        if (fault != NULL || entry.next == 0) {
            return fault;
        }
        at = entry.next & ~PL080_NEXT_RESERVED;
    }
    return "a list that goes round";
}
