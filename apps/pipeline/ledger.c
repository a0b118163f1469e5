/* SPDX-License-Identifier: MIT */
/* The sums and the table of ledger.h. Called by the pipeline in task context; touches its arguments alone. */
#include "apps/pipeline/ledger.h"

#include <stdio.h>
#include <string.h>

static const char *const stage_names[STAGES] = {"read", "convert", "list", "blit", "display"};

void ledger_init(struct ledger *ledger, uint32_t line)
{
    memset(ledger, 0, sizeof(*ledger));
    ledger->line = line;
    ledger->complete = true;
}

bool ledger_assign(struct ledger *ledger, const struct ledger_entry *entry)
{
    if (ledger->entry_count == LEDGER_ENTRIES) {
        return false;
    }
    ledger->entries[ledger->entry_count++] = *entry;
    return true;
}

static const struct ledger_entry *find(const struct ledger *ledger, const struct baton_record *record)
{
    for (size_t i = 0; i < ledger->entry_count; i++) {
        const struct ledger_entry *const entry = &ledger->entries[i];

        if (strcmp(entry->buffer, record->buffer) == 0 && strcmp(entry->holder, record->holder) == 0) {
            return entry;
        }
    }
    return NULL;
}

/*
 * The streaming DMA API maintains the buffer that is mapped, whole, at each mapping for a device that does not snoop: TO_DEVICE
 * cleans it; FROM_DEVICE cleans or invalidates it before (dirty lines must not be evicted into the device's data) and
 * invalidates it at the unmap (speculative fetches). Linux on ARM, arch/arm/mm/dma-mapping.c, does just that. The access
 * of a CPU costs nothing by itself there: the mappings before and after it have paid.
 */
static void add_whole_buffer(struct ledger_counts *counts, const struct baton_record *record, uint32_t lines)
{
    if (record->domain != BATON_DOMAIN_MEMORY) {
        return;
    }
    if (record->direction == BATON_READ) {
        counts->whole_cleaned += lines;
    } else {
        counts->whole_invalidated += 2 * (uint64_t)lines;
    }
}

/* An acquire of a buffer of so many lines. */
static void add(struct ledger_counts *counts, const struct baton_record *record, uint32_t lines)
{
    counts->handoffs++;
    counts->bytes += record->range.length;
    counts->cleaned += record->published;
    counts->invalidated += record->refreshed;
    add_whole_buffer(counts, record, lines);
}

void ledger_add(struct ledger *ledger, const struct baton_record *record)
{
    const struct ledger_entry *entry;
    uint32_t lines;

    if (record->sequence != ledger->sequence + 1) {
        ledger->complete = false;
    }
    ledger->sequence = record->sequence;
    if (record->verb != BATON_VERB_ACQUIRE) {
        return;
    }
    entry = find(ledger, record);
    if (entry == NULL) {
        ledger->complete = false;
        return;
    }
    lines = (entry->size + ledger->line - 1) / ledger->line;
    add(&ledger->stages[entry->stage], record, lines);
    add(&ledger->total, record, lines);
}

char *ledger_decimal(char *text, uint64_t value)
{
    char *at = text + 20;

    *at = '\0';
    do {
        *--at = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    memmove(text, at, strlen(at) + 1);
    return text;
}

static void print_row(const char *name, const struct ledger_counts *counts, void (*print)(const char *line))
{
    char line[160], t[6][21];

    snprintf(line, sizeof(line), "%-8s %9s %13s  %10s %11s  %10s %11s", name, ledger_decimal(t[0], counts->handoffs),
             ledger_decimal(t[1], counts->bytes), ledger_decimal(t[2], counts->cleaned),
             ledger_decimal(t[3], counts->invalidated), ledger_decimal(t[4], counts->whole_cleaned),
             ledger_decimal(t[5], counts->whole_invalidated));
    print(line);
}

void ledger_print(const struct ledger *ledger, uint32_t frames, void (*print)(const char *line))
{
    const struct ledger_counts *const total = &ledger->total;
    const uint64_t lines = total->cleaned + total->invalidated, whole = total->whole_cleaned + total->whole_invalidated;
    char line[160], t[3][21];

    snprintf(line, sizeof(line),
             "frames %s, handoffs %s; cache maintenance in lines of %u bytes:", ledger_decimal(t[0], frames),
             ledger_decimal(t[1], total->handoffs), (unsigned)ledger->line);
    print(line);
    print("                                  -------- done --------  ---- whole buffers ---");
    print("stage     handoffs         bytes     cleaned invalidated     cleaned invalidated");
    for (unsigned i = 0; i < STAGES; i++) {
        print_row(stage_names[i], &ledger->stages[i], print);
    }
    print_row("total", total, print);
    if (lines == 0) {
        snprintf(line, sizeof(line), "Maintaining the whole buffer at every mapping: %s lines instead of none.",
                 ledger_decimal(t[0], whole));
    } else {
        const uint64_t tenths = (whole * 10 + lines / 2) / lines;

        snprintf(line, sizeof(line), "Maintaining the whole buffer at every mapping: %s lines, %s.%u times as many.",
                 ledger_decimal(t[0], whole), ledger_decimal(t[1], tenths / 10), (unsigned)(tenths % 10));
    }
    print(line);
    if (!ledger->complete) {
        print("(Some records of the trace were lost: the counts are too small.)");
    }
}
