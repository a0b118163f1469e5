/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ranges=FILE: every byte that was accused, the repeated ones of report.c too, as JSON lines in the order of time. What follows
 * each other in time and memory is one line. Called by report.c.
 */
#include "sim/plugin/plugin.h"

static FILE *file;
static struct {
    uint64_t accusation;
    uint32_t address, bytes; /* bytes 0: none is open */
    unsigned period;
    enum model_kind kind;
    bool lucky;
} open_range;

bool ranges_open(void)
{
    if (!sim.options.ranges)
        return true;
    file = fopen(sim.options.ranges, "w");
    return file != NULL;
}

static void write_open(void)
{
    if (!open_range.bytes)
        return;
    fprintf(file,
            "{\"accusation\":%llu,\"kind\":\"%s\",\"lucky\":%s,\"period\":%u,\"address\":\"0x%08x\",\"bytes\":%u}\n",
            (unsigned long long)open_range.accusation, model_kind_name(open_range.kind),
            open_range.lucky ? "true" : "false", open_range.period, open_range.address, open_range.bytes);
    open_range.bytes = 0;
}

static void add(uint64_t accusation, const struct model_violation *v, uint32_t address, uint32_t bytes)
{
    unsigned period = statistics_periods();

    if (open_range.bytes && open_range.accusation == accusation && open_range.period == period &&
        address == open_range.address + open_range.bytes) {
        open_range.bytes += bytes;
        return;
    }
    write_open();
    open_range.accusation = accusation;
    open_range.address = address;
    open_range.bytes = bytes;
    open_range.period = period;
    open_range.kind = v->kind;
    open_range.lucky = v->lucky;
}

void ranges_add(uint64_t accusation, const struct model_violation *v)
{
    uint32_t address = v->physical;

    if (!file)
        return;
    if (!v->mask)
        add(accusation, v, address, v->bytes);
    for (uint64_t mask = v->mask; mask;) {
        unsigned gap = (unsigned)__builtin_ctzll(mask), length;

        mask >>= gap;
        address += gap;
        length = ~mask ? (unsigned)__builtin_ctzll(~mask) : 64;
        add(accusation, v, address, length);
        mask = length < 64 ? mask >> length : 0;
        address += length;
    }
}

void ranges_end(void)
{
    if (!file)
        return;
    write_open();
    fclose(file);
    file = NULL;
}
