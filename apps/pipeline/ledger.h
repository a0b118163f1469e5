/* SPDX-License-Identifier: MIT */
/*
 * What the handoffs cost, by stage, from the core's trace: every acquire is one handoff, with the lines that were cleaned and
 * invalidated for it. Beside it, what the streaming DMA API's way would have done at the same mappings. Pure; fed by the
 * pipeline, printed at its end.
 */
#ifndef BATON_APPS_PIPELINE_LEDGER_H
#define BATON_APPS_PIPELINE_LEDGER_H

#include "core/baton.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stage { STAGE_READ, STAGE_CONVERT, STAGE_LIST, STAGE_BLIT, STAGE_DISPLAY, STAGES };

struct ledger_counts {
    uint64_t handoffs;
    uint64_t bytes;             /* handed over */
    uint64_t cleaned;           /* lines */
    uint64_t invalidated;       /* lines */
    uint64_t whole_cleaned;     /* lines, had every mapping maintained the whole buffer */
    uint64_t whole_invalidated; /* the same */
};

/* To which stage the acquires of a buffer by a holder belong. */
struct ledger_entry {
    const char *buffer;
    const char *holder; /* a device's name, or "cpu" */
    enum stage stage;
    uint32_t size; /* of the buffer, bytes */
};

#define LEDGER_ENTRIES 32

struct ledger {
    uint32_t line; /* bytes of a line that the core counts: the port's granule */
    struct ledger_entry entries[LEDGER_ENTRIES];
    size_t entry_count;
    uint32_t sequence; /* of the last record seen */
    bool complete;     /* no record was lost, and each belonged to a stage */
    struct ledger_counts stages[STAGES], total;
};

void ledger_init(struct ledger *ledger, uint32_t line);

/* Says where the acquires of a buffer by a holder belong. Names are kept by reference. False: no room for another entry. */
bool ledger_assign(struct ledger *ledger, const struct ledger_entry *entry);

/* Takes the next record of the trace. */
void ledger_add(struct ledger *ledger, const struct baton_record *record);

/* A whole number in decimal, for a printf that may not know 64 bits. text holds 21 bytes; returns text. */
char *ledger_decimal(char *text, uint64_t value);

/* The table, a line at a time: print is called with each, without its line end. */
void ledger_print(const struct ledger *ledger, uint32_t frames, void (*print)(const char *line));

#endif
